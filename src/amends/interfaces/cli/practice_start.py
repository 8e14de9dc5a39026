"""`amends practice start`: a conversation at the terminal, turn by turn; what was said is kept for this person alone, or not at all."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

import click

from amends import wiring
from amends.core.errors import AmendsError, NoAccountError, UsageError
from amends.core.people import LOCAL_PERSON
from amends.interfaces.cli.engine import config_option
from amends.interfaces.cli.failures import INTERRUPTED, tell
from amends.interfaces.cli.output import open_output
from amends.interfaces.cli.practice_play import SEED
from amends.interfaces.cli.practice_scenes import Aside, Meant, usecases_for
from amends.interfaces.cli.practice_text import PracticeText
from amends.practice.stage import chance

if TYPE_CHECKING:
    from amends.practice.drill import Played
    from amends.practice.session import Session, Voiced
    from amends.usecases.facade import UseCases
    from amends.usecases.practising import Practising

PERSON = "AMENDS_PERSON"
HELP, REPEAT, QUIT = ":help", ":repeat", ":quit"
_HOW = f"""Say what you would say, in as many lines as you like; an empty line ends your turn.
{HELP} says this again, {REPEAT} what was said last, {QUIT} leaves. Ctrl+D ends a turn too, Ctrl+C leaves.
"""
_HELP = """Have a conversation, turn by turn.

Read the brief, answer, and see how the other person takes it. Write your turn in as many lines as you like, and end it with an empty
line. What you say is kept for you alone, so that weak spots come back in `amends practice due`; --unsaved keeps nothing. SCENARIO is an id
of `amends practice list`, or a scenario file that ends in .toml, of which nothing is kept.

\b
Examples:
  amends practice start charged-twice
  amends practice start red-build --difficulty 2 --no-help
  amends practice start charged-twice-later --after K7M2QP"""


class Conversation(Protocol):
    """A conversation that goes on, wherever it is kept."""

    played: Played

    def say(self, text: str) -> Played:
        """The conversation after one more turn."""


class Kept:
    """A conversation that is kept for the person who has it."""

    def __init__(self, usecases: UseCases, person: str, session: Session) -> None:
        self._practising = usecases.practising
        self._usecases = usecases
        self._person = person
        self.id = session.id
        self.played = session.played
        self.voices: tuple[Voiced, ...] = ()

    def say(self, text: str) -> Played:
        """The conversation after one more turn. Raises TooLargeError, InputError, and then the turn was not said."""
        turn = len(self.played.turns) + 1
        said = self._practising.say(self._person, self.id, text, turn)
        if said.sitting.voice:
            said = self._usecases.voicing.voiced(said)
        self.played, self.voices = said.played, said.voices
        return self.played

    @property
    def later(self) -> str | None:
        """The scenario that is the day after this one."""
        here = self.played.stage.scenario.id
        return next((one.id for one in self._practising.scenarios() if one.later_of == here), None)

    def leave(self) -> None:
        """Leave it as it stands."""
        self._practising.leave(self._person, self.id)


@click.command("start", help=_HELP)
@click.argument("scenario", metavar="SCENARIO")
@click.option("--difficulty", type=int, metavar="N", help="The level. Default: the easiest that the scenario has.")
@click.option("--variant", metavar="NAME", help="The names and figures that are filled in. Default: by chance.")
@click.option("--seed", type=SEED, help="The same number gives the same wordings. Default: by chance.")
@click.option("--no-help", "alone", is_flag=True, help="No remarks until the end, to see what you can do without.")
@click.option("--unsaved", is_flag=True, help="Keep nothing of it.")
@click.option("--voice", is_flag=True, help="Let the model that is set up voice the other person, where an owner allowed it.")
@click.option("--after", metavar="ID", help="The drill of yours that this day after comes back to, by the end of its id.")
@click.option("--as", "acting", metavar="PERSON", help=f"Who you are. Default: {PERSON}, else the one person of this machine.")
@config_option
def start(
    scenario: str,
    difficulty: int | None,
    variant: str | None,
    seed: int | None,
    alone: bool,
    unsaved: bool,
    voice: bool,
    after: str | None,
    acting: str | None,
    config: str | None,
) -> int:
    """What `_HELP` says."""
    usecases, name = usecases_for(scenario, config)
    person = acting or wiring.environment(PERSON) or LOCAL_PERSON
    try:
        with Meant():
            told = usecases.drills.scenario(name)
        if voice and (unsaved or scenario.endswith(".toml")):
            raise UsageError("a model voices only what is kept", hint="leave out --unsaved, or --voice")
        if unsaved or scenario.endswith(".toml"):
            chosen = chance(0, wiring.ids().new()) % 1_000_000 if seed is None else seed
            return hold(Aside(usecases.drills, told.id, chosen, difficulty, variant), aided=not alone)
        before = after and session_meant(usecases.practising, person, after)
        offer = usecases.voicing.require(person) if voice else None
        made = usecases.practising.begin(
            person, told.id, difficulty=difficulty, variant=variant, seed=seed, aided=not alone, after=before or None
        )
        if offer is not None:
            usecases.voicing.switch(person, made.id, on=True)
            click.echo(f"The other person is voiced by {offer}: what both of you say goes there.\n", err=True)
        return hold(Kept(usecases, person, made), aided=not alone)
    except NoAccountError as error:
        error.hint = f"this workspace has accounts: say which one is yours with --as NAME, or in {PERSON}"
        raise
    finally:
        usecases.close()


def session_meant(practising: Practising, person: str, part: str) -> str:
    """The id of the drill of this person that an id, or the beginning or the end of one, means. Raises NotFoundError, UsageError."""
    from amends.core.errors import NotFoundError, UsageError

    known = [one.id for one in practising.sessions(person, 500)]
    found = [id for id in known if part and (id.startswith(part.upper()) or id.endswith(part.upper()))]
    if not found:
        raise NotFoundError(
            f"there is no drill {part[:40]!r} of yours", hint="`amends practice history` lists them, with the end of each id"
        )
    if len(found) > 1:
        raise UsageError(f"{part[:40]!r} could be several drills", hint=f"give more of the id: {', '.join(found[:5])}")
    return found[0]


def hold(talk: Conversation, *, aided: bool) -> int:
    """The conversation itself: a turn, its answer, until it ends or is left. Gives the exit status."""
    text = PracticeText.for_output()
    out = open_output(None, machine=False)
    out.write(text.brief(talk.played))
    click.echo(_HOW, err=True)
    try:
        while not talk.played.over:
            said = _turn(talk.played, text)
            if said is None:
                return _left(talk, 0)
            try:
                talk.say(said)
            except AmendsError as error:
                tell(error)
                continue
            voices = talk.voices if isinstance(talk, Kept) else ()
            out.write("\n" + text.after(talk.played, len(talk.played.turns), aided=aided, voices=voices))
    except (KeyboardInterrupt, click.Abort):
        click.echo("", err=True)
        return _left(talk, INTERRUPTED)
    out.write(text.outcome(talk.played) + _next(talk))
    return 0


def _left(talk: Conversation, status: int) -> int:
    if isinstance(talk, Kept):
        talk.leave()
        click.echo(f"You left. What you said is kept: amends practice history {talk.id[-6:]}", err=True)
    else:
        click.echo("You left. Nothing was kept.", err=True)
    return status


def _next(talk: Conversation) -> str:
    """Where it goes on: the day after, which knows what was promised, and where it is kept."""
    if not isinstance(talk, Kept):
        return ""
    short = talk.id[-6:]
    later = f"The day after: amends practice start {found} --after {short}\n" if (found := talk.later) else ""
    return f"\n{later}Kept for you alone: amends practice history {short}\n"


def _turn(played: Played, text: PracticeText) -> str | None:
    """What is typed as one turn; None where the person leaves. An empty line or the end of the input ends it."""
    lines: list[str] = []
    while True:
        _prompt(first=not lines)
        line = sys.stdin.readline()
        word = line.strip()
        if not lines and word in (HELP, REPEAT, QUIT):
            if word == QUIT:
                return None
            click.echo(_HOW if word == HELP else _last(played, text), err=True)
        elif word:
            lines.append(line.rstrip("\r\n"))
        elif lines:
            return "\n".join(lines)
        elif not line:
            return None


def _prompt(*, first: bool) -> None:
    if sys.stdin.isatty():
        click.echo("> " if first else "  ", err=True, nl=False)


def _last(played: Played, text: PracticeText) -> str:
    """What was said last, for who has lost the thread."""
    said = played.steps[-1].lines if played.steps else (played.opening,)
    return "\n".join(part for line in said for part in text.line(line))
