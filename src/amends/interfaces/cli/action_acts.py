"""`amends action propose`, `accept`, `done` and the others: each does one thing to one action item and shows how it stands then."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import click

from amends.incidents import action_report as report
from amends.incidents.actions import ACTION_EVIDENCE, ACTION_KINDS
from amends.interfaces.cli.action_desk import meant, write
from amends.interfaces.cli.action_text import ActionText
from amends.interfaces.cli.ledger_desk import TIMES, Desk, at_desk, event_id
from amends.interfaces.cli.result import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.incidents.acting import ActionStanding

EVIDENCE = {
    "measure": ("WORDS", "What was counted, such as “0 of 212 deploys”."),
    "alert": ("NAME", "The alert that fired in time."),
    "test": ("NAME", "The test that is red without it."),
    "message": ("ID", "The message that shows it."),
    "commit": ("SHA", "The commit that shows it."),
    "ticket": ("KEY", "The ticket that shows it."),
    "deploy": ("ID", "The deploy that shows it."),
    "person": ("NAME", "Whose word it is, where that is all there is."),
}
"""How each kind of evidence is named and told."""

_item = click.argument("action", metavar="ID")
_why = click.option("--why", metavar="WORDS", help="The reason, for those who will ask.")
_needs_why = click.option("--why", metavar="WORDS", required=True, help="The reason, for those who will ask.")
_at = click.option("--at", metavar="TIME", help="When it was, as 2026-03-04T10:50:00+00:00, or 10:50 for today. Default: now.")


def _shown(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each kind of evidence."""
    options = [click.option(f"--{kind}", metavar=EVIDENCE[kind][0], help=EVIDENCE[kind][1]) for kind in reversed(ACTION_EVIDENCE)]
    return reduce(lambda inner, option: option(inner), options, command)


@click.command()
@click.argument("title", nargs=-1, required=True, metavar="TITLE…")
@click.option("--incident", metavar="ID", required=True, help="The incident that it comes from; a part of its id will do.")
@click.option("--kind", type=click.Choice(ACTION_KINDS), default="other", show_default=True, help="What it puts in place.")
@click.option("--detail", metavar="WORDS", help="What else whoever does it must know.")
@at_desk
def propose(desk: Desk, title: tuple[str, ...], incident: str, kind: str, detail: str | None) -> None:
    """Write down an idea of what would keep it from happening again. It binds nobody before somebody accepts it."""
    words = " ".join(title)
    made = desk.usecases.acting.propose(desk.incident(incident) or "", words, kind=kind, detail=detail, by=desk.person)
    _show(desk, made)


@click.command()
@_item
@click.option("--helps-when", metavar="WORDS", required=True, help="What would show that it helps.")
@click.option("--due", metavar="TIME", help=f"Until when, {TIMES}. Default: the rule for the severity of the incident.")
@click.option("--person", metavar="NAME", help="For whom, where you write down the word of somebody else.")
@at_desk
def accept(desk: Desk, action: str, helps_when: str, due: str | None, person: str | None) -> None:
    """Take an idea on until a time, and say what would show that it helps."""
    acting = desk.usecases.acting
    now = meant(desk, action)
    until = desk.time(due, "due") if due is not None else None
    if until is None and now.state == "idea":
        rule = acting.due_rule(now.item.incident_id, by=desk.person)
        until = rule.until(desk.local_now)
        desk.assume(f"due in {rule.days} days, as for every {rule.severity}: {rule.source}")
    _show(desk, acting.accept(now.item.id, helps_when=helps_when, due=until, person=person, by=desk.person))


@click.command()
@_item
@_why
@at_desk
def decline(desk: Desk, action: str, why: str | None) -> None:
    """Give back what you had accepted. It is an idea again."""
    _show(desk, desk.usecases.acting.decline(meant(desk, action).item.id, why=why, by=desk.person))


@click.command()
@_item
@click.argument("time", nargs=-1, required=True, metavar="TIME…")
@_why
@at_desk
def move(desk: Desk, action: str, time: tuple[str, ...], why: str | None) -> None:
    """Give an action item another time.

    Before it was due that is honest; afterwards it stays late. The old time stays visible.
    """
    now = meant(desk, action)
    _show(desk, desk.usecases.acting.move(now.item.id, desk.time(" ".join(time), "time"), why=why, by=desk.person))


@click.command()
@_item
@_at
@_shown
@at_desk
def done(desk: Desk, /, action: str, at: str | None, **shown: str | None) -> None:
    """Say that an action item is done, and by what that is shown. Without anything that shows it, your word counts."""
    now = meant(desk, action)
    _show(desk, desk.usecases.acting.done(now.item.id, evidence=desk.evidence(shown), at=desk.past(at), by=desk.person))


@click.command()
@_item
@_needs_why
@click.option("--due", metavar="TIME", help=f"Until when it must be done now, {TIMES}. Default: as before.")
@at_desk
def reopen(desk: Desk, action: str, why: str, due: str | None) -> None:
    """Say that an action item is not done after all, or must be done otherwise."""
    until = desk.time(due, "due") if due is not None else None
    _show(desk, desk.usecases.acting.reopen(meant(desk, action).item.id, why=why, due=until, by=desk.person))


@click.command()
@_item
@_at
@click.option("--note", metavar="WORDS", help="What else there is to say about it.")
@_shown
@at_desk
def verify(desk: Desk, /, action: str, at: str | None, note: str | None, **shown: str | None) -> None:
    """Show by evidence that what was done helps.

    Somebody's word counts only where it is called that: --person NAME.
    """
    now = meant(desk, action)
    evidence = desk.evidence(shown)
    _show(desk, desk.usecases.acting.verify(now.item.id, evidence, at=desk.past(at), note=note, by=desk.person))


@click.command("no-help")
@_item
@_needs_why
@_at
@_shown
@at_desk
def no_help(desk: Desk, /, action: str, why: str, at: str | None, **shown: str | None) -> None:
    """Say that what was done did not help, and how that was seen."""
    now = meant(desk, action)
    evidence = desk.evidence(shown)
    _show(desk, desk.usecases.acting.no_help(now.item.id, why=why, evidence=evidence, at=desk.past(at), by=desk.person))


@click.command()
@_item
@_needs_why
@at_desk
def drop(desk: Desk, action: str, why: str) -> None:
    """Say that nobody will do it, and why."""
    _show(desk, desk.usecases.acting.drop(meant(desk, action).item.id, why=why, by=desk.person))


@click.command()
@_item
@click.argument("event", required=False)
@at_desk
def undo(desk: Desk, action: str, event: str | None) -> None:
    """Undo what happened last to an action item, or EVENT, named by the end of its id. Both stay in the history."""
    now = meant(desk, action)
    undone = event_id(now.events, event, "action item", "amends action show ID") if event is not None else None
    _show(desk, desk.usecases.acting.undo(now.item.id, undone, by=desk.person))


@click.command()
@_item
@click.option("--tracker", metavar="NAME", help="Which tracker of amends.toml, where there are several.")
@click.option("--private-too", is_flag=True, help="Send it though its incident is private: its title, and nothing else.")
@at_desk
def push(desk: Desk, action: str, tracker: str | None, private_too: bool) -> None:
    """Make an action item a ticket of GitHub, GitLab or Jira.

    Once: what broke off is found by the next try, and no ticket is made twice.
    """
    now = meant(desk, action)
    pushed, found = desk.usecases.tracking.push(now.item.id, tracker, private_too=private_too, by=desk.person)
    if found:
        desk.assume("the ticket was there already, from an earlier try")
    _show(desk, pushed)


@click.command()
@click.argument("action", metavar="ID", required=False)
@at_desk
def follow(desk: Desk, action: str | None) -> int:
    """Ask the trackers how the tickets stand: of one action item, or of all that are open.

    A closed ticket does not make an item done; it asks its owner. For cron, without ID: at most 50 tickets at once, the next ones next
    time. Exits with 2 when a tracker could not be asked.
    """
    tracking = desk.usecases.tracking
    if action is not None:
        _show(desk, tracking.follow(meant(desk, action).item.id, by=desk.person))
        return 0
    look = tracking.follow_all(by=desk.person)
    for problem in look.problems:
        click.echo(f"amends: {problem.message}\n  {problem.hint}", err=True)
    text = ActionText(desk, look.news).many(look.news)
    asked = f"{counted(look.asked, 'ticket')} looked at, news of {len(look.news)}\n"
    write(desk, look.news, f"{text}\n{asked}" if text else asked)
    return 2 if look.problems else 0


ACTS = (propose, accept, decline, move, done, reopen, verify, no_help, drop, undo, push, follow)


def _show(desk: Desk, now: ActionStanding) -> None:
    remarks = desk.usecases.acting.remarks_on(now, by=desk.person) if now.state in ("idea", "accepted") else ()
    text = ActionText(desk, [now])
    write(desk, [now], text.many([now]) + text.remarks(remarks), remarks=report.remarks_as_dict(remarks))
