"""`amends recurrence`: what was met before and what was promised then, guardrails and what shows that they fired, days that look back."""

from __future__ import annotations

import click

from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.recurrence_acts import ACTS
from amends.interfaces.cli.recurrence_text import RecurrenceText, answer_met, answer_over_time
from amends.recurrence import report
from amends.recurrence.matching import MODES
from amends.usecases.recurring import WINDOW


@click.group()
def recurrence() -> None:
    """You have met this before: what was promised then, whether it was done, and whether it held.

    An incident is named by its id; the beginning or the end of it is enough.
    """


@recurrence.command("met-before", short_help="Show what it may be again, and why.")
@click.argument("incident", metavar="ID")
@at_desk
def met_before(desk: Desk, incident: str) -> int:
    """Show the earlier incidents that this one may be again, why, and what was promised then.

    Exits with 1 where the same failure was met before.
    """
    told = desk.usecases.recurring.met_before(desk.incident_id(incident), by=desk.person)
    answer_met(desk, told)
    return 1 if told.same else 0


@recurrence.command(short_help="List guardrails, and whether they held.")
@click.option("--incident", metavar="ID", help="Only those of this incident; a part of its id will do.")
@at_desk
def guardrails(desk: Desk, incident: str | None) -> int:
    """List mistakes with what keeps each from coming back, and what shows that it fired or would have.

    Exits with 1 where a guardrail did not hold.
    """
    own = desk.incident(incident)
    found = list(desk.usecases.recurring.guardrails(incident_id=own, by=desk.person))
    while own is None and found and (more := desk.usecases.recurring.guardrails(before=found[-1].incident.id, by=desk.person)):
        found += more
    told = report.guardrails_as_dict(found)
    desk.answer(told, told["mistakes"], RecurrenceText(desk).mistakes(found))
    return 1 if any(guard.held == "did-not-hold" for one in found for guard in one.guarded) else 0


@recurrence.command("on-this-day", short_help="Show what began a year ago today.")
@at_desk
def on_this_day(desk: Desk) -> None:
    """Show what began on this date a year ago and two, and what was promised then."""
    found = desk.usecases.recurring.on_this_day(tz=desk.tz, by=desk.person)
    told = report.days_as_dict(found)
    desk.answer(told, told["incidents"], RecurrenceText(desk).days(found))


@recurrence.command("mode", short_help="Choose whether matches are shown.")
@click.argument("mode", type=click.Choice(MODES), required=False)
@click.option("--days", type=click.IntRange(1, 3650), default=WINDOW, show_default=True, help="In how many days repeats are counted.")
@at_desk
def mode(desk: Desk, mode: str | None, days: int) -> None:
    """Show, or as an owner choose, whether matches are looked for and shown; with repeats, and how often matches were right.

    `shadow` keeps matches and shows them to nobody before the review, where people judge them.
    """
    recurring = desk.usecases.recurring
    now = recurring.set_mode(mode, by=desk.person) if mode else recurring.mode(by=desk.person)
    answer_over_time(desk, f"recurrence is {now}", days)


for _command in ACTS:
    recurrence.add_command(_command)
