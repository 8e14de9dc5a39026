"""`amends promises list`, `show` and `absence`: what was promised, what asks for something now, and what an absence would break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.interfaces.cli.ledger_acts import ACTS
from amends.interfaces.cli.ledger_desk import TIMES, Desk, at_desk
from amends.interfaces.cli.ledger_new import add, record
from amends.interfaces.cli.ledger_text import LedgerText
from amends.interfaces.cli.result import counted

if TYPE_CHECKING:
    from amends.promises.ledger import LedgerEntry

PAGE = 200
"""How many promises are asked for at once where all are listed."""


def add_ledger(group: click.Group) -> None:
    """Put the commands of the ledger beside those that read messages."""
    for command in (list_promises, show, absence, add, record, *ACTS):
        group.add_command(command)


@click.command("list")
@click.option("--incident", metavar="ID", help="Only those of this incident; a part of its id will do.")
@click.option("--owner", metavar="NAME", help="Only those that this person must keep; `me` is you.")
@click.option("--all", "everything", is_flag=True, help="Also what is kept, moved or withdrawn, the last first.")
@at_desk
def list_promises(desk: Desk, incident: str | None, owner: str | None, everything: bool) -> int:
    """List the promises that ask for something.

    The one due first stands first.

    Exits with 1 while one of them is missed and nobody has answered for it: kept it after all, moved it, or taken it back.
    """
    owner = desk.person if owner == "me" else owner
    incident_id = desk.incident(incident)
    if everything:
        entries = _everything(desk, incident_id, owner)
    else:
        entries = desk.usecases.promising.unsettled(incident_id=incident_id, owner=owner, by=desk.person)
    missed = sum(is_missed(entry) for entry in entries)
    text = LedgerText(desk, entries)
    desk.write(entries, text.many(entries) + _count(entries, missed, everything=everything))
    return 1 if missed else 0


@click.command()
@click.argument("promise", metavar="ID")
@at_desk
def show(desk: Desk, promise: str) -> None:
    """Show a promise with all that happened to it. The beginning or the end of its id will do."""
    entry = desk.promise(promise)
    text = LedgerText(desk, [entry])
    desk.write([entry], text.whole(entry))


@click.command()
@click.argument("person")
@click.option("--from", "leaves", metavar="TIME", required=True, help=f"When the absence begins, {TIMES}; a day counts from its beginning.")
@click.option("--to", "returns", metavar="TIME", required=True, help="When the person is back, written in the same way.")
@at_desk
def absence(desk: Desk, person: str, leaves: str, returns: str) -> int:
    """List the promises that an absence would break.

    Each says what it needs before: handed over, moved, or withdrawn. `me` is you. Exits with 1 while something is left behind.
    """
    person = desk.person if person == "me" else person
    start, end = desk.day(leaves, "from"), desk.day(returns, "to")
    entries = desk.usecases.promising.left_behind(person, start, end, by=desk.person)
    text = LedgerText(desk, entries)
    shown = "\n\n".join("\n".join([*text.entry(entry), *_needed(entry, person, text)]) for entry in entries)
    between = f"from {text.when(start)} to {text.when(end)}"
    number = counted(len(entries), "promise")
    end_line = f"{number} left behind {between}\n" if entries else f"nothing is left behind {between}\n"
    desk.write(entries, (f"{shown}\n\n" if shown else "") + end_line)
    return 1 if entries else 0


def is_missed(entry: LedgerEntry) -> bool:
    """Whether its time has passed and nobody has answered for it."""
    return entry.standing.state == "missed" and not entry.standing.closed


def _everything(desk: Desk, incident_id: str | None, owner: str | None) -> list[LedgerEntry]:
    found: list[LedgerEntry] = []
    before: str | None = None
    while True:
        page = desk.usecases.promising.newest(incident_id=incident_id, owner=owner, limit=PAGE, before=before, by=desk.person)
        found += page
        if len(page) < PAGE:
            return found
        before = page[-1].promise.id


def _count(entries: list[LedgerEntry], missed: int, *, everything: bool) -> str:
    if not entries:
        return "there is no promise yet\n" if everything else "nothing asks for anything now\n"
    number = counted(len(entries), "promise")
    return f"\n{number}{'' if everything else ' to look after'}" + (f", {missed} missed\n" if missed else "\n")


def _needed(entry: LedgerEntry, person: str, text: LedgerText) -> list[str]:
    """What an absence asks for, where it is more than the next step says."""
    if entry.standing.owner != person or entry.standing.step in ("answer", "tell"):
        return []
    name = text.short(entry.promise.id)
    return [" " * (len(name) + 2) + f"  or before the absence: hand-over {name} NAME, move {name} TIME, or withdraw {name} --why …"]
