"""`amends account entries`: the timeline of an incident with the ids by which its entries are chosen and cited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.terminal import safe, wrapped
from amends.timeline.entry import UNDATED

if TYPE_CHECKING:
    from amends.timeline.notes import Entry

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 200
"""Characters of an entry that are shown; `amends account behind` shows all of one that is cited."""


@click.command()
@click.argument("incident", metavar="INCIDENT")
@click.option("--pinned", is_flag=True, help="Only those that somebody pinned.")
@click.option("--all", "everything", is_flag=True, help="Also those that somebody hid.")
@at_desk
def entries(desk: Desk, incident: str, pinned: bool, everything: bool) -> None:
    """List the timeline, each entry with the id to choose or cite it by.

    What the account cites is marked with *.
    """
    name = desk.incident_id(incident)
    cited = {one.ref for point in desk.usecases.narrating.get(name, by=desk.person).points for one in point.evidence}
    found = [
        one
        for one in desk.usecases.timelines.get(name, by=desk.person).entries
        if (everything or not one.marks.hidden) and (one.marks.pinned or not pinned)
    ]
    rows = [_as_dict(one, cited=one.id in cited) for one in found]
    lines = [line for one in found for line in _lines(desk, one, cited=one.id in cited)]
    none = "this incident has no timeline; evidence is added in the workbench, or with POST /api/v1/incidents/ID/evidence\n"
    text = "".join(f"{line}\n" for line in lines) or none
    desk.answer({"schema": "amends.account-entries/1", "incident": name, "entries": rows}, rows, text)


def _lines(desk: Desk, one: Entry, *, cited: bool) -> list[str]:
    at = "" if one.time == UNDATED else f"{(_EPOCH + timedelta(microseconds=one.time)).astimezone(desk.zone):%m-%d %H:%M:%S}"
    text = " ".join(str(one.row["text"]).split())
    head = f"{'*' if cited else ' '} {one.id}  {at:<14}  "
    return wrapped(safe(text if len(text) <= _LONGEST else text[:_LONGEST] + "…"), desk.width, head, "      ")


def _as_dict(one: Entry, *, cited: bool) -> dict[str, Any]:
    """An entry in the form of the contract, with its time after corrections."""
    at = None if one.time == UNDATED else (_EPOCH + timedelta(microseconds=one.time)).isoformat()
    return {**one.row, "at": at, "pinned": one.marks.pinned, "hidden": one.marks.hidden, "cited": cited}
