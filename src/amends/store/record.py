"""The record of incidents: what happened to each, as rows that are only ever added."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from amends.core.errors import NotFoundError
from amends.incidents.event import IncidentEvent
from amends.store import journal
from amends.store.schema import incident_event, is_id

if TYPE_CHECKING:
    from sqlalchemy import Connection

_NAMES = tuple(field.name for field in fields(IncidentEvent))
_OLDER = {"status": "incident.status-changed", "severity": "incident.severity-changed"}
"""Changes that the journal knew by these names before there was a record."""


def add(connection: Connection, new: IncidentEvent, *, salt: str, **told: object) -> None:
    """Keep one thing that happened, with its row of the journal, which holds none of its words; `told` stands in that row besides."""
    row = asdict(new)
    data = {"event": new.id, "sha256": journal.record_hash(salt, row), **told}
    what = _OLDER.get(new.what, f"incident.{new.what}")
    seq = journal.append(connection, at=new.recorded_at, actor=new.by, what=what, subject=f"incident/{new.incident_id}", data=data)
    connection.execute(insert(incident_event), row | {"salt": salt, "journal_seq": seq})


def events_of(connection: Connection, incident_id: str) -> tuple[IncidentEvent, ...]:
    """Everything that happened to an incident, in the order in which it was recorded."""
    query = select(*(incident_event.c[name] for name in _NAMES)).where(incident_event.c.incident_id == incident_id)
    return tuple(IncidentEvent(**row) for row in connection.execute(query.order_by(incident_event.c.journal_seq)).mappings())


def get(connection: Connection, incident_id: str, event_id: str) -> IncidentEvent:
    """One event of an incident. Raises NotFoundError."""
    row = None
    if is_id(event_id):
        own = incident_event.c
        query = select(*(own[name] for name in _NAMES)).where(own.id == event_id, own.incident_id == incident_id)
        row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"nothing of the id {event_id[:40]!r} happened to this incident")
    return IncidentEvent(**row)
