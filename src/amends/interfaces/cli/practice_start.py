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
from amends.interfaces.cli.practice_own import scenario_meant
from amends.interfaces.cli.practice_play import SEED
from amends.interfaces.cli.practice_scenes import Aside, naming_nearest, usecases_for
from amends.interfaces.cli.practice_text import PracticeText
from amends.interfaces.cli.practice_turns import HOW, REPEAT, LeftError, Typist
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import columns, wrapped
from amends.practice.drill import no_day_after
from amends.practice.stage import chance

if TYPE_CHECKING:
    from amends.practice.drill import Played
    from amends.practice.session import Session, Voiced
    from amends.usecases.facade import UseCases
    from amends.usecases.practising import Practising

PERSON = "AMENDS_PERSON"
_NO_DAY_AFTER = {
    "failure": "It has a day after, which comes once the other person does not break it off.",
    "promise": "It has a day after, which comes back to what you promised; nothing with a time was promised here.",
}
_HELP = """Have a conversation, turn by turn.

Read the brief, answer, and see how the other person takes it. Write your turn in as many lines as you like, and end it with an empty
line. What you say is kept for you alone, so that weak spots come back in `amends practice due`; --unsaved keeps nothing. SCENARIO is an id
of `amends practice list`, or a scenario file that ends in .toml, of which nothing is kept. Going away ends nothing: --go-on goes on.

\b
Examples:
  amends practice start charged-twice
  amends practice start red-build --difficulty 2 --no-help
  amends practice start charged-twice-later --after K7M2QP
  amends practice start --go-on K7M2QP"""


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

    def end(self) -> None:
        """End it as it stands."""
        self.played = self._practising.leave(self._person, self.id).played

    def forget(self) -> None:
        """Keep nothing of it."""
        self._practising.forget(self._person, self.id)

    @property
    def later(self) -> tuple[str | None, str]:
        """The scenario of the day after, where something of this one can come back; else what would bring it, if it has one."""
        later, _ = self._practising.beside(self.played.stage.scenario.id)
        if later is None:
            return None, ""
        why = no_day_after(self.played, self._practising.scenario(later))
        return (later, "") if why is None else (None, _NO_DAY_AFTER[why])


@click.command("start", help=_HELP)
@click.argument("scenario", metavar="[SCENARIO]", required=False)
@click.option("--go-on", "going", metavar="ID", help="Go on with a drill of yours that is not finished, by the end of its id.")
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
    scenario: str | None,
    going: str | None,
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
    if (scenario is None) == (going is None):
        raise UsageError(
            "say which scenario, or --go-on ID", hint="`amends practice list` shows them, `amends practice history` your drills"
        )
    usecases, name = usecases_for(scenario or "", config)
    person = acting or wiring.environment(PERSON) or LOCAL_PERSON
    unkept = unsaved or name_of_file(scenario)
    try:
        if going is not None:
            return _go_on(usecases, person, usecases.practising.meant(person, going).id)
        with naming_nearest():
            name = scenario_meant(usecases, person, name, unkept=unkept)
        if voice and unkept:
            raise UsageError("a model voices only what is kept", hint="leave out --unsaved, or --voice")
        if unkept:
            chosen = chance(0, wiring.ids().new()) % 1_000_000 if seed is None else seed
            return hold(Aside(usecases.drills, name, chosen, difficulty, variant), aided=not alone)
        before = after and usecases.practising.meant(person, after).id
        if not before and (open_one := _unfinished(usecases.practising, person, name)):
            return _go_on(usecases, person, open_one)
        _say_what_counts(usecases.practising, person, name, aided=not alone)
        offer = usecases.voicing.require(person) if voice else None
        made = usecases.practising.begin(
            person, name, difficulty=difficulty, variant=variant, seed=seed, aided=not alone, after=before or None
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


def name_of_file(scenario: str | None) -> bool:
    """Whether a scenario is named by its file, of which nothing is kept."""
    return scenario is not None and scenario.endswith(".toml")


def _unfinished(practising: Practising, person: str, scenario: str) -> str | None:
    """The drill of this scenario that was not finished, where somebody is there who wants to go on with it; else it is only told of."""
    found = next((one for one in practising.sessions(person) if one.scenario_id == scenario and one.ended_at is None and one.turns), None)
    if found is None:
        return None
    said = f"One of these is not finished: {counted(found.turns, 'turn')}, begun {found.started_at:%Y-%m-%d}."
    if sys.stdin.isatty():
        return found.id if click.confirm(f"{said} Go on with it?", default=True, err=True) else None
    click.echo(f"{said} Go on with it: amends practice start --go-on {found.id[-6:]}\n", err=True)
    return None


def _say_what_counts(practising: Practising, person: str, scenario: str, *, aided: bool) -> None:
    """Say, before it is too late, whether this counts in the history: only a first try without help does."""
    if not aided:
        return
    if not any(one.scenario_id == scenario and one.turns for one in practising.sessions(person, 500)):
        told = "With remarks after each turn this does not count in your history. Only a first try with --no-help does."
        click.echo("\n".join(wrapped(told, columns(sys.stderr, wiring.environment))) + "\n", err=True)


def _go_on(usecases: UseCases, person: str, name: str) -> int:
    """Go on with a drill; one that is over is only told of. Gives the exit status."""
    session = usecases.practising.session(person, name)
    if session.ended_at is not None:
        raise UsageError(f"the drill {name[-6:]} is over", hint=f"look back at it with `amends practice history {name[-6:]}`")
    talk = Kept(usecases, person, session)
    talk.voices = session.voices
    return hold(talk, aided=session.aided)


def hold(talk: Conversation, *, aided: bool) -> int:
    """The conversation itself: a turn, its answer, until it ends or somebody goes away. Gives the exit status."""
    text = PracticeText.for_output()
    out = open_output(None, machine=False)
    out.write(text.brief(talk.played) + text.conversation(talk.played, _voices(talk), aided=aided))
    how = text.paragraphs(HOW)
    typist = Typist(lambda word: _last(talk.played, text) if word == REPEAT else how)
    click.echo(f"{how}\n", err=True)
    try:
        while not talk.played.over:
            click.echo(_count(talk.played), err=True)
            try:
                talk.say(typist.turn())
            except AmendsError as error:
                tell(error)
                continue
            except LeftError as left:
                if not left.ended:
                    return _away(talk, 0)
                if not _sure():
                    continue
                if isinstance(talk, Kept):
                    talk.end()
                break
            out.write("\n" + text.after(talk.played, len(talk.played.turns), aided=aided, voices=_voices(talk)))
    except (KeyboardInterrupt, click.Abort):
        click.echo("", err=True)
        return _away(talk, INTERRUPTED)
    typist.forget_ahead()
    out.write(text.outcome(talk.played) + _next(talk, text))
    return 0


def _voices(talk: Conversation) -> tuple[Voiced, ...]:
    return talk.voices if isinstance(talk, Kept) else ()


def _count(played: Played) -> str:
    """Which turn comes; the last one is said to be the last."""
    turn, most = len(played.turns) + 1, played.stage.level.turns
    return f"turn {turn} of {most}{', the last one' if turn == most else ''}"


def _sure() -> bool:
    """Whether whoever is there wants to end it; where nobody can be asked, they said so."""
    return not sys.stdin.isatty() or click.confirm("End it here? It cannot be gone on with then.", err=True)


def _away(talk: Conversation, status: int) -> int:
    """Somebody goes away: what was said stays, and they can go on."""
    if not isinstance(talk, Kept):
        said = "You left. Nothing was kept."
    elif talk.played.turns:
        said = f"It stays open. Go on later:\n  amends practice start --go-on {talk.id[-6:]}"
    else:
        talk.forget()
        said = "Nothing was said, so nothing was kept."
    click.echo(said, err=True)
    return status


def _next(talk: Conversation, text: PracticeText) -> str:
    """Where it goes on: the day after, which knows what was promised, and where it is kept."""
    if not isinstance(talk, Kept):
        return ""
    short = talk.id[-6:]
    found, told = talk.later
    later = f"The day after:\n{text.command(f'amends practice start {found} --after {short}')}\n" if found else ""
    later = later or (f"{text.paragraphs(told)}\n" if told else "")
    return f"\n{later}Kept for you alone:\n{text.command(f'amends practice history {short}')}\n"


def _last(played: Played, text: PracticeText) -> str:
    """What was said last, for who has lost the thread."""
    said = played.steps[-1].lines if played.steps else (played.opening,)
    return "\n".join(part for line in said for part in text.line(line))
