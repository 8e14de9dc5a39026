"""`amends trust board`: the map, the repairs and the reviews of an incident, and what they lack."""

from __future__ import annotations

import click

from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.trust_text import TrustText
from amends.trust import board_report


@click.command()
@click.argument("incident", metavar="INCIDENT")
@at_desk
def board(desk: Desk, incident: str) -> int:
    """Show the map of broken trust, the repairs, the reviews, and what is still missing. Exits with 1 while something is missing."""
    name = desk.incident_id(incident)
    found = desk.usecases.repairing.board(name, by=desk.person)
    reviews = desk.usecases.trust_reviews.of_incident(name, by=desk.person)
    lacks = (*found.map_lacks, *found.repairs_lack)
    told = board_report.as_dict(name, found.map, found.repairs, found.since, lacks, reviews)
    among = [*(one.item for one in found.map.breaks), *(one.action.action_id for one in found.repairs), *(one.id for one in reviews)]
    desk.answer(told, told["breaks"], TrustText(desk, among).board(found, reviews))
    return 1 if lacks else 0
