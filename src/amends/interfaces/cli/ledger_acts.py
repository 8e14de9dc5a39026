"""`amends promises keep`, `move`, `withdraw` and the others: each does one thing to one promise and shows how it stands then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.interfaces.cli.ledger_desk import Desk, at_desk, event_id
from amends.interfaces.cli.ledger_text import LedgerText
from amends.interfaces.cli.terminal import wrapped

if TYPE_CHECKING:
    from amends.promises.ledger import LedgerEntry

_promise = click.argument("promise", metavar="ID")
_why = click.option("--why", metavar="WORDS", help="The reason, for those who will ask.")


@click.command()
@_promise
@click.option("--at", metavar="TIME", help="When it was done, as 2026-03-04T10:50:00+00:00, or 10:50 for today. Default: now.")
@click.option("--commit", metavar="SHA", help="The commit that shows it.")
@click.option("--ticket", metavar="KEY", help="The ticket that shows it.")
@click.option("--deploy", metavar="ID", help="The deploy that shows it.")
@click.option("--message", metavar="ID", help="The message that shows it; a part of its id will do.")
@at_desk
def keep(desk: Desk, promise: str, at: str | None, commit: str | None, ticket: str | None, deploy: str | None, message: str | None) -> None:
    """Say that a promise was kept, and by what that is shown. Without anything that shows it, your word counts."""
    evidence = desk.evidence({"commit": commit, "ticket": ticket, "deploy": deploy, "message": message})
    entry = desk.usecases.promising.keep(desk.promise(promise).promise.id, evidence=evidence, at=desk.past(at), by=desk.person)
    _show(desk, entry)


@click.command()
@_promise
@click.argument("time", nargs=-1, required=True, metavar="TIME…")
@_why
@at_desk
def move(desk: Desk, promise: str, time: tuple[str, ...], why: str | None) -> None:
    """Give a promise another time. A promise for the new time takes its place.

    TIME is written as 15:30, “tomorrow 10:00”, “in 45 min” or 2026-03-04T15:30:00+00:00. Before its time the old promise counts as
    moved, afterwards it stays missed.
    """
    promising = desk.usecases.promising
    old, new = promising.move(desk.promise(promise).promise.id, desk.time(" ".join(time), "time"), why=why, by=desk.person)
    _show(desk, old, new)


@click.command()
@_promise
@click.option("--why", metavar="WORDS", required=True, help="The reason, for those who will ask.")
@at_desk
def withdraw(desk: Desk, promise: str, why: str) -> None:
    """Take back a promise that you made. After its time it stays missed."""
    _show(desk, desk.usecases.promising.withdraw(desk.promise(promise).promise.id, why=why, by=desk.person))


@click.command()
@_promise
@click.option("--owner", metavar="NAME", help="For whom, where you write down the word of somebody else.")
@at_desk
def accept(desk: Desk, promise: str, owner: str | None) -> None:
    """Take on a promise that was proposed to you, or handed over."""
    _show(desk, desk.usecases.promising.accept(desk.promise(promise).promise.id, owner=owner, by=desk.person))


@click.command()
@_promise
@_why
@at_desk
def decline(desk: Desk, promise: str, why: str | None) -> None:
    """Refuse a promise that was proposed to you, or handed over. It goes back to who made or held it."""
    _show(desk, desk.usecases.promising.decline(desk.promise(promise).promise.id, why=why, by=desk.person))


@click.command("hand-over")
@_promise
@click.argument("name")
@_why
@at_desk
def hand_over(desk: Desk, promise: str, name: str, why: str | None) -> None:
    """Ask somebody to take over a promise. Until they accept, it stays with its owner."""
    _show(desk, desk.usecases.promising.offer(desk.promise(promise).promise.id, name, why=why, by=desk.person))


@click.command()
@_promise
@click.argument("name", required=False)
@at_desk
def told(desk: Desk, promise: str, name: str | None) -> None:
    """Say that those who were promised have heard.

    Of the change to the promise, that is: it was moved, withdrawn or handed over. NAME is who heard.
    """
    _show(desk, desk.usecases.promising.tell(desk.promise(promise).promise.id, name, by=desk.person))


@click.command()
@_promise
@click.argument("time", nargs=-1, required=True, metavar="TIME…")
@at_desk
def snooze(desk: Desk, promise: str, time: tuple[str, ...]) -> None:
    """Hold the reminders of a promise: for 45m, or until a time. Its own time stays as it is."""
    until = desk.time(" ".join(time), "time")
    _show(desk, desk.usecases.promising.snooze(desk.promise(promise).promise.id, until, by=desk.person))


@click.command()
@_promise
@click.argument("event", required=False)
@at_desk
def undo(desk: Desk, promise: str, event: str | None) -> None:
    """Undo what happened last to a promise, or EVENT.

    An event is named by the end of its id, as `amends promises show` lists them. Both stay in the history.
    A moved promise is moved again instead.
    """
    entry = desk.promise(promise)
    undone = event_id(entry.events, event, "promise", "amends promises show ID") if event is not None else None
    _show(desk, desk.usecases.promising.take_back(entry.promise.id, undone, by=desk.person))


ACTS = (keep, move, withdraw, accept, decline, hand_over, told, snooze, undo)


def _show(desk: Desk, entry: LedgerEntry, successor: LedgerEntry | None = None) -> None:
    """A promise as it stands now, what took its place, and how to begin telling those who must hear of the change."""
    from amends.promises.telling import told_text

    entries = [entry, *([successor] if successor else [])]
    tell = told_text(entry, successor.promise if successor else None, desk.zone) if entry.standing.untold else None
    text = LedgerText(desk, entries).many(entries)
    if tell is not None:
        text += "\n" + "\n".join(["To tell them, you could begin with:", "", *wrapped(tell, desk.width, "  ", "  ")]) + "\n"
    desk.write(entries, text, tell=tell)
