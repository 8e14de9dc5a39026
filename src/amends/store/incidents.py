"""Incidents as rows."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import exists, insert, or_, select, update

from amends.core.errors import NotFoundError
from amends.core.incident import Incident
from amends.store.schema import incident, is_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def add(connection: Connection, new: Incident) -> None:
    """Keep a new incident."""
    connection.execute(insert(incident), asdict(new))


def get(connection: Connection, incident_id: str) -> Incident:
    """One incident, removed or not. Raises NotFoundError."""
    row = None
    if is_id(incident_id):
        row = connection.execute(select(incident).where(incident.c.id == incident_id)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"there is no incident {incident_id!r}")
    return Incident(**row)


def named_like(connection: Connection, part: str) -> tuple[Incident, ...]:
    """The incidents whose id begins or ends with some characters, removed or not; none for what cannot be part of an id."""
    if not is_id(part):
        return ()
    query = select(incident).where(or_(incident.c.id.startswith(part), incident.c.id.endswith(part))).order_by(incident.c.id)
    return tuple(Incident(**row) for row in connection.execute(query).mappings())


def newest(connection: Connection, *, limit: int, statuses: tuple[str, ...] | None) -> tuple[Incident, ...]:
    """Incidents that were not removed, the one that started last first; of some statuses or of all."""
    query = (
        select(incident).where(incident.c.removed_at.is_(None)).order_by(incident.c.started_at.desc(), incident.c.id.desc()).limit(limit)
    )
    if statuses is not None:
        query = query.where(incident.c.status.in_(statuses))
    return tuple(Incident(**row) for row in connection.execute(query).mappings())


def any_was_opened(connection: Connection) -> bool:
    """Whether this store has, or ever had, an incident; those that were removed count too."""
    return bool(connection.execute(select(exists().where(incident.c.id.is_not(None)))).scalar())


def set_severity(connection: Connection, incident_id: str, severity: str) -> None:
    """Change how bad it is."""
    connection.execute(update(incident).where(incident.c.id == incident_id).values(severity=severity))


def set_status(connection: Connection, incident_id: str, status: str) -> None:
    """Change how far we are."""
    connection.execute(update(incident).where(incident.c.id == incident_id).values(status=status))


def set_removed(connection: Connection, incident_id: str, at: datetime | None) -> None:
    """Hide an incident, or with None show it again."""
    connection.execute(update(incident).where(incident.c.id == incident_id).values(removed_at=at))
