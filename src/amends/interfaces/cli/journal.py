"""`amends journal`: what was changed by whom, the proof that nothing was touched, and erasing what a person asked to have erased."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from amends.core.errors import UsageError
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import safe

if TYPE_CHECKING:
    from amends.core.incident import JournalEntry
    from amends.usecases.erasing import Erasure


@click.group()
def journal() -> None:
    """The record of every change: show it, prove that it holds, erase what must go."""


@journal.command()
@click.option("--head", metavar="HASH", help="What `amends journal head` gave at an earlier time: proves that no end was cut off.")
@at_desk
def verify(desk: Desk, head: str | None) -> int:
    """Prove that nothing was changed behind the program.

    Reads every row of the journal and everything that it vouches for. Exits with 1, and the list, where something does not fit.
    """
    problems = desk.usecases.journal.verify(head=head, by=desk.person)
    seq, last = desk.usecases.journal.head(by=desk.person)
    rows = [{"code": one.code, "at": one.field, "message": one.message, "hint": one.hint} for one in problems]
    lines = [f"{one.field}: {safe(one.message)}\n" for one in problems]
    if problems:
        fits = "does not fit" if len(problems) == 1 else "do not fit"
        lines.append(f"\n{counted(len(problems), 'thing')} {fits}; {problems[0].hint}\n")
    else:
        lines.append(f"{counted(seq, 'change')}, all as they were written; the last one is {last}\n")
    desk.answer({"schema": "amends.journal-proof/1", "seq": seq, "hash": last, "problems": rows}, rows, "".join(lines))
    return 1 if problems else 0


@journal.command()
@click.argument("subject", required=False)
@click.option("--after", type=click.IntRange(min=0), default=0, help="Begin behind the change of this number.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="The most changes to show.")
@at_desk
def show(desk: Desk, subject: str | None, after: int, limit: int) -> None:
    """Show the changes in order, of everything or of one thing such as incident/ID."""
    if subject is not None:
        entries = tuple(one for one in desk.usecases.journal.about(subject, by=desk.person) if one.seq > after)[:limit]
    else:
        entries = desk.usecases.journal.entries(after=after, limit=limit, by=desk.person)
    rows = [_as_dict(entry) for entry in entries]
    lines = [safe(f"{one.seq:>6}  {_at(desk, one)}  {one.actor}  {one.what}  {one.subject}") for one in entries]
    text = "".join(f"{line}\n" for line in lines) or "there is no such change\n"
    desk.answer({"schema": "amends.journal/1", "entries": rows}, rows, text)


@journal.command()
@at_desk
def head(desk: Desk) -> None:
    """Print the number and the hash of the last change.

    Keep them elsewhere: with `verify --head` they prove later that no end of the journal was cut off.
    """
    seq, last = desk.usecases.journal.head(by=desk.person)
    row = {"schema": "amends.journal-head/1", "seq": seq, "hash": last}
    desk.answer(row, [row], f"{seq} {last}\n")


@journal.command()
@click.argument("subject")
@click.option("--why", required=True, metavar="REASON", help="Who asked for it and on what ground, in one line, without the words.")
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@at_desk
def erase(desk: Desk, subject: str, why: str, yes: bool) -> None:
    """Erase the words of a person for good.

    A subject is message/ID, event/ID (a fact or comment), promise/ID, action/ID, document/ID, draft/ID, note/ID, stakeholder/ID,
    link/ID, incident/ID (its title), or person/NAME. Only an owner may. It cannot be undone.
    """
    plan = desk.usecases.erasing.plan(subject, by=desk.person)
    if not yes:
        _ask(plan)
    done = desk.usecases.erasing.erase(subject, why, by=desk.person)
    row = {"schema": "amends.erasure/1", "subject": done.subject, "rows": done.rows, "left": list(done.left)}
    desk.answer(row, [row], f"erased: {_what(done)}\n" + "".join(f"{line}\n" for line in done.left))


def _ask(plan: Erasure) -> None:
    if not sys.stdin.isatty():
        raise UsageError("erasing cannot be undone, and nobody is here to be asked", hint="add --yes if that is what you want")
    click.echo(f"This erases {_what(plan)}. It cannot be undone.", err=True)
    for line in plan.left:
        click.echo(line, err=True)
    click.confirm("Erase it?", abort=True, err=True)


def _what(erasure: Erasure) -> str:
    rows = ", ".join(f"{number} of {name.replace('_', ' ')}" for name, number in erasure.rows.items())
    return f"{erasure.subject} ({rows})"


def _at(desk: Desk, entry: JournalEntry) -> str:
    return entry.at.astimezone(desk.zone).strftime("%Y-%m-%d %H:%M:%S")


def _as_dict(entry: JournalEntry) -> dict[str, Any]:
    import json

    told = {"seq": entry.seq, "at": entry.at.isoformat(), "by": entry.actor, "what": entry.what, "subject": entry.subject}
    return told | {"data": json.loads(entry.data), "previous": entry.previous, "hash": entry.hash}
