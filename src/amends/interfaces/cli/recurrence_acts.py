"""`amends recurrence judge`, `declare`, `fired` and the others: each says one thing that only people know."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import click

from amends.core.errors import NotFoundError, UsageError
from amends.incidents.actions import ACTION_EVIDENCE
from amends.interfaces.cli.action_acts import EVIDENCE as SHOWN
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.recurrence_text import JUDGED, RecurrenceText, answer_met, answer_over_time
from amends.interfaces.cli.result import counted
from amends.recurrence import report
from amends.recurrence.matching import VERDICTS
from amends.recurrence.prevention import HAPPENED

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.recurrence.prevention import Prevention
    from amends.recurrence.told import Mistake


def _evidence(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each kind of evidence."""
    options = [click.option(f"--{kind}", metavar=SHOWN[kind][0], help=SHOWN[kind][1]) for kind in reversed(ACTION_EVIDENCE)]
    came = click.option("--came", metavar="ID", help="The incident that came in spite of it.")
    return reduce(lambda inner, option: option(inner), [came, *options], command)


@click.command(short_help="Say whether it is an earlier one again.")
@click.argument("incident", metavar="ID")
@click.argument("earlier", metavar="EARLIER")
@click.argument("verdict", type=click.Choice(VERDICTS))
@click.option("--why", metavar="WORDS", help="The reason, for those who will ask.")
@at_desk
def judge(desk: Desk, incident: str, earlier: str, verdict: str, why: str | None) -> None:
    """Say whether an incident is an earlier one again (repeat), has to do with it (related), or is another one (new).

    The last word counts. The program need not have found it.
    """
    own, other = desk.incident_id(incident), desk.incident_id(earlier)
    told = desk.usecases.recurring.judge(own, other, verdict, why=why, by=desk.person)
    answer_met(desk, told, f"{other[-6:]} counts as {JUDGED[verdict]} from now on\n\n")


@click.command(short_help="Say what it is, where its words do not.")
@click.argument("incident", metavar="ID")
@click.option("--category", metavar="KIND", help="What kind of thing failed; `amends recurrence kinds` lists them.")
@click.option("--component", metavar="NAMES", help="What it happened in; several with commas between.")
@click.option("--condition", metavar="NAMES", help="What made it possible; kinds or words of your own, with commas between.")
@click.option("--trigger", metavar="KIND", help="What set it off.")
@at_desk
def declare(desk: Desk, /, incident: str, **parts: str | None) -> None:
    """Say what an incident is, where its words do not say it. An empty value leaves a part to the words again."""
    if all(value is None for value in parts.values()):
        raise UsageError("nothing is declared", hint="give --category, --component, --condition or --trigger")
    answer_met(desk, desk.usecases.recurring.declare(desk.incident_id(incident), by=desk.person, **parts))


@click.command("kinds", short_help="List what can be declared.")
@at_desk
def list_kinds(desk: Desk) -> None:
    """List the categories, triggers and conditions that an incident can be declared with."""
    told = report.kinds_as_dict()
    desk.answer(told, told["kinds"], RecurrenceText(desk).kinds(told["kinds"]))


@click.command(short_help="Write down what a guardrail did.")
@click.argument("guardrail", metavar="ID")
@click.argument("what", type=click.Choice(HAPPENED[:-1]))
@click.option("--incident", metavar="ID", required=True, help="The incident that the guardrail comes from; a part of its id will do.")
@click.option("--at", metavar="TIME", help="When it was, as 2026-03-04T10:50:00+00:00, or 10:50 for today. Default: now.")
@click.option("--text", metavar="WORDS", help="What else there is to say.")
@_evidence
@at_desk
def guardrail(desk: Desk, /, guardrail: str, what: str, incident: str, at: str | None, text: str | None, **shown: str | None) -> None:
    """Write down that a guardrail fired, would have fired, or let something pass, and what shows it.

    A guardrail is an action item, a promise of prevention or a commit; a part of its id will do.
    """
    own = desk.incident_id(incident)
    (mistake,) = desk.usecases.recurring.guardrails(incident_id=own, by=desk.person)
    meant = _meant(mistake, guardrail)
    shown["incident"] = desk.incident(shown.pop("came"))
    found = desk.usecases.recurring.tell_guardrail(
        own, meant.kind, meant.id, what, at=desk.past(at), evidence=desk.evidence(shown), text=text, by=desk.person
    )
    _show(desk, found)


@click.command(short_help="Take back what a guardrail was said to do.")
@click.argument("event", metavar="EVENT")
@click.option("--incident", metavar="ID", required=True, help="The incident that the guardrail comes from; a part of its id will do.")
@at_desk
def undo(desk: Desk, event: str, incident: str) -> None:
    """Take back what was told of a guardrail. It stays in the history."""
    (mistake,) = desk.usecases.recurring.guardrails(incident_id=desk.incident_id(incident), by=desk.person)
    told = [one.id for guard in mistake.guarded for one in guard.events]
    _show(
        desk, desk.usecases.recurring.undo_guardrail(_only(told, event, "nothing of the id {} was told of its guardrails"), by=desk.person)
    )


@click.command("look-again", short_help="Look at every incident anew.")
@at_desk
def look_again(desk: Desk) -> None:
    """Look for what every incident may be again, such as after an import.

    An incident is looked at when it is opened, and whenever somebody looks at it after its words changed; what came from elsewhere was not.
    """
    looked = desk.usecases.recurring.look_again(by=desk.person)
    answer_over_time(desk, f"looked at {counted(looked, 'incident')}", looked=looked)


def _meant(mistake: Mistake, part: str) -> Prevention:
    own = {one.prevention.id: one.prevention for one in mistake.guarded}
    return own[_only(list(own), part, "there is no guardrail {} of this incident")]


def _only(ids: list[str], part: str, missing: str) -> str:
    """The one id that a part of it means. Raises NotFoundError, and UsageError where it could be several."""
    found = [one for one in ids if one.startswith(part.upper()) or one.endswith(part.upper())]
    if not found:
        raise NotFoundError(missing.format(repr(part[:40])), hint="`amends recurrence guardrails --incident ID` lists them")
    if len(found) > 1:
        raise UsageError(f"{part[:40]!r} could be several", hint=f"give more of the id: {', '.join(found[:5])}")
    return found[0]


def _show(desk: Desk, found: Mistake) -> None:
    told = report.guardrails_as_dict([found])
    desk.answer(told, told["mistakes"], RecurrenceText(desk).mistakes([found]))


ACTS = (judge, declare, list_kinds, guardrail, undo, look_again)
