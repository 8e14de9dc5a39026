"""Action items and what happens to them, as rows that are only ever added."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from sqlalchemy import exists, insert, not_, or_, select

from amends.core.errors import NotFoundError
from amends.incidents.actions import ActionEvent, ActionItem
from amends.store import journal
from amends.store.access import shown_to
from amends.store.parts import in_parts
from amends.store.schema import action_event, action_item, incident, is_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import ColumnElement, Connection, RowMapping, Select

Told = tuple[ActionItem, tuple[ActionEvent, ...]]
"""An action item and its events in the order they were recorded."""

PROPOSED = "action.proposed"
"""The change by which an action item comes into the store."""

_ITEM = tuple(field.name for field in fields(ActionItem))
_EVENT = tuple(field.name for field in fields(ActionEvent))


def add(connection: Connection, new: ActionItem, *, salt: str) -> None:
    """Keep an action item as it was proposed, with a row of the journal that knows it by its hash."""
    row = asdict(new)
    told = {"sha256": journal.record_hash(salt, row)}
    subject = f"action/{new.id}"
    seq = journal.append(connection, at=new.proposed_at, actor=new.proposed_by, what=PROPOSED, subject=subject, data=told)
    connection.execute(insert(action_item), row | {"salt": salt, "journal_seq": seq})


def add_event(connection: Connection, new: ActionEvent, *, at: datetime | None = None) -> None:
    """Keep one thing that happened to an action item, with its row of the journal.

    `at` is when we were told, where that is not when it was recorded: a tracker had recorded it before.
    """
    row = asdict(new)
    salt = connection.execute(select(action_item.c.salt).where(action_item.c.id == new.action_id)).scalar_one()
    told = {"event": new.id, "sha256": journal.record_hash(salt, row)}
    what, subject = f"action.{new.what}", f"action/{new.action_id}"
    seq = journal.append(connection, at=at or new.recorded_at, actor=new.by, what=what, subject=subject, data=told)
    connection.execute(insert(action_event), row | {"journal_seq": seq})


def get(connection: Connection, action_id: str) -> Told:
    """One action item with its events. Raises NotFoundError."""
    row = None
    if is_id(action_id):
        row = connection.execute(_items().where(action_item.c.id == action_id)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"there is no action item {action_id!r}")
    return _with_events(connection, [row])[0]


def of_incident(connection: Connection, incident_id: str) -> list[Told]:
    """The action items of one incident, the one proposed first first. Whether somebody may see the incident was asked before."""
    query = _items().where(action_item.c.incident_id == incident_id).order_by(action_item.c.journal_seq)
    return _with_events(connection, connection.execute(query).mappings().all())


def of_incidents(connection: Connection, ids: Sequence[str]) -> dict[str, list[Told]]:
    """The same of many incidents, in few statements."""
    found: dict[str, list[Told]] = defaultdict(list)
    for part in in_parts(ids):
        query = _items().where(action_item.c.incident_id.in_(part)).order_by(action_item.c.journal_seq)
        for told in _with_events(connection, connection.execute(query).mappings().all()):
            found[told[0].incident_id].append(told)
    return found


def named_like(connection: Connection, part: str, *, seen_by: str) -> list[Told]:
    """The items that somebody may see whose id begins or ends with some characters; none for what cannot be part of an id."""
    if not is_id(part):
        return []
    query = _shown(seen_by).where(or_(action_item.c.id.startswith(part), action_item.c.id.endswith(part)))
    return _with_events(connection, connection.execute(query.order_by(action_item.c.journal_seq)).mappings().all())


def open_ones(connection: Connection, *, seen_by: str | None, incident_id: str | None = None, owner: str | None = None) -> list[Told]:
    """The items that may still ask something of somebody, without those of removed incidents; a few that do not may be among them.

    What they ask, and of whom, is for `incidents.acting.standing` to say. None for `seen_by` is the machinery that follows tickets.
    """
    query = _shown(seen_by).where(not_(_happened("dropped")), not_(_is_verified()))
    if incident_id is not None:
        query = query.where(action_item.c.incident_id == incident_id)
    if owner is not None:
        query = query.where(_happened("accepted", person=owner))
    return _with_events(connection, connection.execute(query.order_by(action_item.c.journal_seq)).mappings().all())


def newest(
    connection: Connection, *, seen_by: str, incident_id: str | None = None, owner: str | None = None, limit: int, before: str | None = None
) -> list[Told]:
    """Items whatever became of them, the one proposed last first, at most `limit`, from the one before id `before` on."""
    query = _shown(seen_by).order_by(action_item.c.journal_seq.desc()).limit(limit)
    if incident_id is not None:
        query = query.where(action_item.c.incident_id == incident_id)
    if owner is not None:
        query = query.where(_happened("accepted", person=owner))
    if before is not None:
        other = action_item.alias()
        query = query.where(action_item.c.journal_seq < select(other.c.journal_seq).where(other.c.id == before).scalar_subquery())
    return _with_events(connection, connection.execute(query).mappings().all())


def _items() -> Select[Any]:
    return select(*(action_item.c[name] for name in _ITEM))


def _shown(seen_by: str | None) -> Select[Any]:
    query = _items().join(incident, incident.c.id == action_item.c.incident_id).where(incident.c.removed_at.is_(None))
    return query if seen_by is None else query.where(shown_to(seen_by))


def _happened(*what: str, person: str | None = None) -> ColumnElement[bool]:
    """Whether an event of these kinds happened to the item and was not taken back; with `person`, one that names them."""
    undoing = action_event.alias()
    own = action_event.c
    undone = exists().where(undoing.c.undoes == own.id)
    found = exists().where(own.action_id == action_item.c.id, own.what.in_(what), not_(undone))
    return found if person is None else found.where(own.person == person)


def _is_verified() -> ColumnElement[bool]:
    """Whether it was shown to help, and nothing since says otherwise."""
    own, later, undoing, undoing_later = action_event.c, action_event.alias(), action_event.alias(), action_event.alias()
    undone = exists().where(undoing.c.undoes == own.id)
    said_otherwise = exists().where(
        later.c.action_id == own.action_id,
        later.c.what.in_(("reopened", "no-help")),
        later.c.recorded_at >= own.recorded_at,
        not_(exists().where(undoing_later.c.undoes == later.c.id)),
    )
    return exists().where(own.action_id == action_item.c.id, own.what == "verified", not_(undone), not_(said_otherwise))


def _with_events(connection: Connection, rows: Sequence[RowMapping]) -> list[Told]:
    events: dict[str, list[ActionEvent]] = defaultdict(list)
    ids = [row["id"] for row in rows]
    for part in in_parts(ids):
        query = select(*(action_event.c[name] for name in _EVENT)).where(action_event.c.action_id.in_(part))
        for row in connection.execute(query.order_by(action_event.c.recorded_at, action_event.c.id)).mappings():
            events[row["action_id"]].append(ActionEvent(**row))
    return [(ActionItem(**row), tuple(events[row["id"]])) for row in rows]
