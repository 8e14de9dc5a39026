"""`amends trust signs`: warning signs that a repair is executed and does not land."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.terminal import safe, wrapped
from amends.trust.signs import report

if TYPE_CHECKING:
    from amends.trust.signs.records import Sign


@click.command()
@click.argument("incident", metavar="INCIDENT")
@at_desk
def signs(desk: Desk, incident: str) -> None:
    """Look for signs that the repair is executed and does not land.

    Nine signs, each with what was seen, where, and one thing to do. None is about a person. Silence is no proof: a sign that data cannot
    show, or of which there are too few, is not told.
    """
    name = desk.incident_id(incident)
    found = desk.usecases.signs.of(name, by=desk.person)
    told = report.as_dict(name, found)
    lines = [line for one in found for line in _sign(desk, one)] or [
        "No warning sign shows. What the data cannot show, only people can tell."
    ]
    desk.answer(told, told["signs"], "".join(f"{line}\n" for line in lines))


def _sign(desk: Desk, one: Sign) -> list[str]:
    lines = [one.title, *wrapped(safe(one.saw), desk.width, "  ", "  ")]
    for ref in one.where:
        lines += wrapped(f"- “{safe(ref.words)}” ({ref.kind} {ref.id[-6:]})", desk.width, "  ", "    ")
    return [*lines, *wrapped(f"Do: {one.ask}", desk.width, "  ", "  "), ""]
