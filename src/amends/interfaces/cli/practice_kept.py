"""`amends practice due`, `history`, `export` and `forget`: what is kept of somebody's practice, shown to nobody but them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.core.errors import UsageError
from amends.interfaces.cli.as_json import dumps
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.output import open_output
from amends.interfaces.cli.practice_own import agreed
from amends.interfaces.cli.practice_text import PracticeText
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import safe, wrapped
from amends.practice import session_report as report
from amends.practice.acts import SKILLS
from amends.practice.session import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.practice.history import History, OfForm
    from amends.practice.session import Card, Session, Sitting

_ENDS = {None: "not finished", True: "passed", False: "not passed"}
_NOT_DUE = "nothing is due today; what went wrong comes back on another day, and `amends practice list` shows what there is"
_WHY = (
    "first tries without help, since remarks say what to write, and who plays a scenario again knows it. "
    "To make one count, start a scenario that is new to you with --no-help."
)


@click.command()
@at_desk
def due(desk: Desk) -> None:
    """Show what to practise today.

    At most three weak spots, each with a scenario that is another than the last one.
    """
    cards = desk.usecases.practising.due(desk.person)
    told = report.due_as_values(cards)
    lines = [part for one in cards for part in _card_lines(desk, one)]
    text = "\n".join(lines) + "\n" if lines else f"{_NOT_DUE}\n"
    desk.answer(told, told["due"], text)


def _card_lines(desk: Desk, one: Card) -> list[str]:
    lines = wrapped(f"{SKILLS.get(one.skill, one.skill)}, in a {one.form.replace('-', ' ')}", desk.width)
    lines[0] = desk.paint("bold", lines[0])
    start = f"amends practice start {one.scenario_id}" if one.scenario_id else "no scenario exercises it any more"
    return [*lines, f"  {start}"]


@click.command()
@click.argument("drill", metavar="[ID]", required=False)
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="How many drills to list.")
@at_desk
def history(desk: Desk, drill: str | None, limit: int) -> None:
    """Show your drills, or one of them with the whole conversation.

    Only first tries without help count, and nothing is called a trend before there are enough of them.
    """
    practising = desk.usecases.practising
    if drill is not None:
        session = practising.session(desk.person, practising.meant(desk.person, drill).id)
        whole = report.session_as_values(session)
        desk.answer(whole, [whole], _conversation(desk, session))
        return
    sittings, told = practising.sessions(desk.person, limit), practising.history(desk.person)
    rows = [report.sitting_as_values(one) for one in sittings]
    desk.answer({**report.history_as_values(told), "sessions": rows}, rows, "\n".join(_history(desk, told, sittings)) + "\n")


def _conversation(desk: Desk, session: Session) -> str:
    text = PracticeText.for_output()
    changed = "This scenario is another now than on that day; the score is that of the day.\n\n" if session.changed else ""
    head = f"{_line(desk, session.sitting)}\n\n{changed}"
    voices = () if session.changed else session.voices
    return head + text.brief(session.played) + text.conversation(session.played, voices) + text.outcome(session.played)


def _history(desk: Desk, told: History, sittings: tuple[Sitting, ...]) -> Iterator[str]:
    if not sittings:
        yield "you have not practised yet; `amends practice list` shows what there is"
        return
    yield from (_line(desk, one) for one in sittings)
    yield ""
    whole = f"{counted(told.drills, 'drill')} to the end, of which {told.counted} count"
    yield from wrapped(f"{whole}: {_WHY}", desk.width)
    for form in told.forms:
        yield from wrapped(_form(form), desk.width, "  ", "    ")
    for skill in told.skills:
        yield from wrapped(f"{SKILLS.get(skill.skill, skill.skill)}: {skill.kept} of {skill.kept + skill.missed}", desk.width, "  ", "    ")
    for one in told.delivery:
        usual = f"{one.name}: {one.last:g} {one.unit} the last time, {one.usual:g} usually ({counted(one.turns, 'turn')})"
        yield from wrapped(usual, desk.width, "  ", "    ")


def _form(one: OfForm) -> str:
    scores = ", ".join(str(point.score) for point in one.points[-10:])
    waiting = f" ({one.needed} more to tell)" if one.needed else ""
    return f"{one.form.replace('-', ' ')}: {scores}; {one.trend}{waiting}"


def _line(desk: Desk, one: Sitting) -> str:
    score = "" if one.score is None else f", {one.score} of 100"
    result = f"ended early{score}, counts for nothing" if one.left else f"{_ENDS[one.passed]}{score}"
    help = "" if one.aided else ", without help"
    title = f"{KINDS[one.kind]}{safe(one.title)}"
    return f"{one.id[-6:]}  {one.started_at.astimezone(desk.zone):%Y-%m-%d %H:%M}  {title}: {result}{help}"


@click.command()
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output.")
@at_desk
def export(desk: Desk, output: str | None) -> None:
    """Take along everything that is kept of your practice.

    As JSON: every word that you said, every score, what is due again and when, and the conversations that you described.
    """
    whole = desk.usecases.practising.export(desk.person)
    with open_output(output, machine=True) as out:
        out.write(f"{dumps(whole)}\n")
        out.done()


@click.command()
@click.argument("drill", metavar="[ID]", required=False)
@click.option("--all", "everything", is_flag=True, help="Everything: every drill, what is due again, conversations of your own.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@at_desk
def forget(desk: Desk, drill: str | None, everything: bool, yes: bool) -> int:
    """Forget one drill with what followed from it, or everything.

    It cannot be undone, so it asks first.
    """
    if (drill is None) != everything:
        raise UsageError("say what to forget: the id of a drill, or --all", hint="`amends practice history` lists your drills")
    practising = desk.usecases.practising
    meant = None if drill is None else practising.meant(desk.person, drill)
    name, what = (None, "everything of your practice") if meant is None else (meant.id, safe(meant.title))
    if not yes and not agreed(what):
        click.echo("nothing was forgotten", err=True)
        return 1
    practising.forget(desk.person, name)
    gone = {"schema": "amends.practice-forgotten/1", "session": name, "everything": everything}
    desk.answer(gone, [gone], f"forgotten: {what}\n")
    return 0


KEPT = (due, history, export, forget)
