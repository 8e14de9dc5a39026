"""`amends trust break`: whose trust broke, in what, in which direction, and what they fear now."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import click

from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.trust_desk import break_meant, withdrawn_meant, write_board, write_break
from amends.trust.breakmap import DIRECTIONS, KINDS, SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Callable

_incident = click.argument("incident", metavar="INCIDENT")
_OPTIONS = (
    click.option("--subject", type=click.Choice(SUBJECTS), help="What they rely on less: the system, or how we behave."),
    click.option("--direction", type=click.Choice(DIRECTIONS), help="Inside the team, upward, or outward."),
    click.option("--kind", type=click.Choice(KINDS), help="What they doubt: that we can, that we say what is so, that it matters to us."),
    click.option("--fear", metavar="WORDS", help="What they fear will happen again, in their words."),
    click.option("--heard-from", metavar="WHO", help="Who said it."),
    click.option("--heard-at", metavar="TIME", help="When they said it, as 10:50 for today or with its day. Default: now."),
    click.option("--asked", metavar="WHO", help="Who was asked and has not answered."),
    click.option("--asked-at", metavar="TIME", help="When they were asked. Default: now."),
)


def _place(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where a break stands."""
    return reduce(lambda inner, option: option(inner), reversed(_OPTIONS), command)


def _read(desk: Desk, given: dict[str, str | None]) -> dict[str, Any]:
    times = {name: desk.past(given[name]) for name in ("heard_at", "asked_at") if given.get(name)}
    return {**{name: value for name, value in given.items() if value is not None}, **times}


@click.group("break")
def break_() -> None:
    """Put broken trust on the map.

    A break is a point of the account. What was closed is closed there: `amends account revise ID --answer WORDS`.
    """


@break_.command()
@_incident
@click.argument("words", nargs=-1, required=True, metavar="WORDS…")
@click.option("--whose", metavar="GROUP", required=True, help="Whose trust it was, as they call themselves.")
@_place
@at_desk
def add(desk: Desk, /, incident: str, words: tuple[str, ...], whose: str, **given: str | None) -> None:
    """State a broken trust, and place it on the map.

    A fear needs who said it. For a group that nobody asked yet, `not-asked` is the honest row.
    """
    name = desk.incident_id(incident)
    made = desk.usecases.repairing.add_break(name, " ".join(words), whose=whose, by=desk.person, **_read(desk, given))
    write_break(desk, name, made)


@break_.command()
@_incident
@click.argument("item", metavar="ID")
@click.option("--whose", metavar="GROUP", help="Whose trust it was.")
@_place
@at_desk
def place(desk: Desk, /, incident: str, item: str, **given: str | None) -> None:
    """Say where a broken trust stands. What is not given stays, an empty text takes away."""
    name = desk.incident_id(incident)
    known = break_meant(desk, name, item)
    write_break(desk, name, desk.usecases.repairing.place(name, known.item, by=desk.person, **_read(desk, given)))


@break_.command("not-asked")
@_incident
@click.argument("group", nargs=-1, required=True, metavar="GROUP…")
@at_desk
def not_asked(desk: Desk, incident: str, group: tuple[str, ...]) -> None:
    """Put a group on the map that was hit, and that nobody has asked yet."""
    name = desk.incident_id(incident)
    write_break(desk, name, desk.usecases.repairing.not_asked(name, " ".join(group), by=desk.person))


@break_.command()
@_incident
@click.argument("item", metavar="ID")
@click.option("--why", metavar="WORDS", required=True, help="The reason, for those who will ask.")
@at_desk
def withdraw(desk: Desk, incident: str, item: str, why: str) -> None:
    """Take a wrong row of the map back. Its point of the account goes with it; both stay to be read, and `restore` undoes this."""
    name = desk.incident_id(incident)
    known = break_meant(desk, name, item)
    write_board(desk, desk.usecases.repairing.withdraw_break(name, known.item, why=why, by=desk.person))


@break_.command()
@_incident
@click.argument("item", metavar="ID")
@at_desk
def restore(desk: Desk, incident: str, item: str) -> None:
    """Undo `withdraw`: the row stands where it stood."""
    name = desk.incident_id(incident)
    write_board(desk, desk.usecases.repairing.restore_break(name, withdrawn_meant(desk, name, item), by=desk.person))
