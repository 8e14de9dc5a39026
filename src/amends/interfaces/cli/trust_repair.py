"""`amends trust repair`: action items that repair trust, and why."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import click

from amends.incidents.actions import ACTION_KINDS
from amends.interfaces.cli.action_desk import meant as action_meant
from amends.interfaces.cli.ledger_desk import TIMES, Desk, at_desk
from amends.interfaces.cli.trust_desk import breaks_meant, repair_meant, write_repair
from amends.trust.repair import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

_OPTIONS = (
    click.option("--kind", type=click.Choice(KINDS), required=True, help="What it changes; `other` needs --why-other."),
    click.option("--break", "breaks", metavar="ID", multiple=True, required=True, help="The broken trust that it answers; several times."),
    click.option("--uncertainty", metavar="WORDS", required=True, help="What people will know, and by when, that they do not know today."),
    click.option("--visible", metavar="WORDS", help="How somebody outside the team sees it."),
    click.option("--check-at", metavar="TIME", help=f"When you look whether it helped, {TIMES}."),
    click.option("--why-other", metavar="WORDS", help="Why it is none of the four kinds."),
)


def _tied(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say why it repairs trust."""
    return reduce(lambda inner, option: option(inner), reversed(_OPTIONS), command)


def _read(desk: Desk, incident_id: str, given: dict[str, Any]) -> dict[str, Any]:
    at = given.pop("check_at")
    return {
        **given,
        "breaks": breaks_meant(desk, incident_id, given["breaks"]),
        "check_at": desk.time(at, "check_at") if at is not None else None,
    }


@click.group()
def repair() -> None:
    """Tie visible changes to broken trust.

    Three to five are what people can follow. Who does it until when, whether it is done and whether it helped are the action item's:
    `amends action accept`, `done`, `verify`.
    """


@repair.command()
@click.argument("incident", metavar="INCIDENT")
@click.argument("title", nargs=-1, required=True, metavar="TITLE…")
@click.option("--item-kind", type=click.Choice(ACTION_KINDS), default="other", show_default=True, help="What it puts in place.")
@_tied
@at_desk
def propose(desk: Desk, /, incident: str, title: tuple[str, ...], item_kind: str, **given: Any) -> None:
    """Write down a new action item that repairs trust. The first one plans both reviews."""
    name = desk.incident_id(incident)
    made = desk.usecases.repairing.propose(name, " ".join(title), item_kind=item_kind, by=desk.person, **_read(desk, name, given))
    write_repair(desk, name, made)


@repair.command()
@click.argument("action", metavar="ID")
@_tied
@at_desk
def tie(desk: Desk, /, action: str, **given: Any) -> None:
    """Say why an action item repairs trust, and which. Saying it again takes the place of what was said."""
    item = action_meant(desk, action).item
    made = desk.usecases.repairing.tie(item.incident_id, item.id, by=desk.person, **_read(desk, item.incident_id, given))
    write_repair(desk, item.incident_id, made)


@repair.command()
@click.argument("action", metavar="ID")
@at_desk
def show(desk: Desk, action: str) -> None:
    """Show a repair, and what it lacks."""
    found = repair_meant(desk, action)
    write_repair(desk, found.action.incident_id, found)


@repair.command()
@click.argument("action", metavar="ID")
@click.option("--why", metavar="WORDS", required=True, help="The reason, for those who will ask.")
@at_desk
def withdraw(desk: Desk, action: str, why: str) -> None:
    """Say that an action item is no repair of trust any more. The item stays, and `restore` undoes this."""
    found = repair_meant(desk, action)
    desk.usecases.repairing.withdraw(found.action.incident_id, found.action.action_id, why=why, by=desk.person)
    told = {"schema": "amends.trust-repair-withdrawn/1", "incident": found.action.incident_id, "action": found.action.action_id, "why": why}
    desk.answer(told, [told], f"no repair of trust any more: {found.now.item.title}\n")


@repair.command()
@click.argument("action", metavar="ID")
@at_desk
def restore(desk: Desk, action: str) -> None:
    """Undo `withdraw`."""
    item = action_meant(desk, action).item
    write_repair(desk, item.incident_id, desk.usecases.repairing.restore(item.incident_id, item.id, by=desk.person))
