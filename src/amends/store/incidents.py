"""Incidents as rows."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import exists, insert, literal, or_, select, update

from amends.core.errors import NotFoundError
from amends.core.incident import Incident
from amends.store.access import shown_to
from amends.store.schema import incident, is_id

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Connection, Select

_LONGEST = 100
"""Steps of a chain that are followed, far more than any story has."""

_WORDS = 10
"""Words of a title that are looked for."""


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


def named_like(connection: Connection, part: str, by: str) -> tuple[Incident, ...]:
    """The incidents that somebody may see whose id begins or ends with some characters, removed or not."""
    if not is_id(part):
        return ()
    meant = or_(incident.c.id.startswith(part), incident.c.id.endswith(part))
    query = select(incident).where(meant, shown_to(by)).order_by(incident.c.id)
    return tuple(Incident(**row) for row in connection.execute(query).mappings())


def newest(
    connection: Connection,
    *,
    by: str,
    limit: int,
    statuses: tuple[str, ...] | None = None,
    severities: tuple[str, ...] | None = None,
    words: tuple[str, ...] = (),
    before: Incident | None = None,
) -> tuple[Incident, ...]:
    """Incidents that somebody may see and that were not removed, the one that started last first.

    Of some statuses and severities, or of all; with all `words` in the title; from the one behind `before` on.
    """
    own = incident.c
    query = select(incident).where(own.removed_at.is_(None), shown_to(by)).order_by(own.started_at.desc(), own.id.desc()).limit(limit)
    if statuses is not None:
        query = query.where(own.status.in_(statuses))
    if severities is not None:
        query = query.where(own.severity.in_(severities))
    for word in words[:_WORDS]:
        query = query.where(own.title.icontains(word, autoescape=True))
    if before is not None:
        later = or_(own.started_at < before.started_at, own.id < before.id)
        query = query.where(own.started_at <= before.started_at, later)
    return tuple(Incident(**row) for row in connection.execute(query).mappings())


def any_was_opened(connection: Connection) -> bool:
    """Whether this store has, or ever had, an incident; those that were removed count too."""
    return bool(connection.execute(select(exists().where(incident.c.id.is_not(None)))).scalar())


def change(connection: Connection, incident_id: str, **values: Any) -> None:
    """Give columns of an incident other values, and the incident its next version."""
    own = incident.c
    connection.execute(update(incident).where(own.id == incident_id).values(version=own.version + 1, **values))


# Chains


def before(connection: Connection, incident_id: str, by: str | None) -> tuple[Incident, ...]:
    """What an incident follows from, and what that followed from, the nearest last; of those that `by` may see, None for all."""
    own = incident.c
    walk = select(own.follows.label("id"), literal(1).label("depth")).where(own.id == incident_id).cte("earlier", recursive=True)
    further = select(own.follows, walk.c.depth + 1).where(own.id == walk.c.id, walk.c.depth < _LONGEST)
    walk = walk.union_all(further)
    return _chained(connection, select(incident).join(walk, walk.c.id == own.id).order_by(walk.c.depth.desc()), by)


def after(connection: Connection, incident_id: str, by: str) -> tuple[Incident, ...]:
    """What followed from an incident, and what followed from that, the one that started first first; of those that `by` may see."""
    own = incident.c
    walk = select(own.id, literal(1).label("depth")).where(own.follows == incident_id).cte("later", recursive=True)
    walk = walk.union_all(select(own.id, walk.c.depth + 1).where(own.follows == walk.c.id, walk.c.depth < _LONGEST))
    query = select(incident).join(walk, walk.c.id == own.id).where(own.removed_at.is_(None))
    return _chained(connection, query.order_by(own.started_at, own.id), by)


def _chained(connection: Connection, query: Select[Any], by: str | None) -> tuple[Incident, ...]:
    if by is not None:
        query = query.where(shown_to(by))
    return tuple(Incident(**row) for row in connection.execute(query).mappings())
