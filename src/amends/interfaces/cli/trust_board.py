"""`amends trust board`: the map, the repairs and the reviews of an incident, and what they lack."""

from __future__ import annotations

import click

from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.trust_desk import write_board


@click.command()
@click.argument("incident", metavar="INCIDENT")
@at_desk
def board(desk: Desk, incident: str) -> int:
    """Show the map of broken trust, the repairs, the reviews, and what is still missing. Exits with 1 while something is missing."""
    name = desk.incident_id(incident)
    found = desk.usecases.repairing.board(name, by=desk.person)
    write_board(desk, found)
    return 1 if (*found.map_lacks, *found.repairs_lack) else 0
