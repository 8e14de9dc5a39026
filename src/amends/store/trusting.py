"""Trust as rows that are only ever added: breaks as they were placed, repairs as they were tied, reviews and what happened to them."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import exists, insert, not_, or_, select

from amends.core.errors import NotFoundError
from amends.store import journal
from amends.store.access import shown_to
from amends.store.parts import in_parts
from amends.store.schema import incident, is_id, repair_action, trust_break, trust_review, trust_review_event
from amends.trust.breakmap import Placed
from amends.trust.repair import RepairAction
from amends.trust.review import PlannedReview, ReviewEvent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, RowMapping, Select, Table

Record = TypeVar("Record", Placed, RepairAction, PlannedReview, ReviewEvent)
Told = tuple[PlannedReview, tuple[ReviewEvent, ...]]
"""A review and its events in the order in which they were recorded."""

PLACED, REMOVED, PLANNED = "trust.placed", "trust.break-withdrawn", "trust.review-planned"
TIED, LOOSED = "trust.repair-tied", "trust.repair-withdrawn"
"""The changes that bring a row; what happens to a review is `trust.review-` and one of `trust.review.REVIEW_EVENTS`."""


def add_placed(connection: Connection, new: Placed, *, salt: str) -> None:
    """Keep where somebody placed a break, or why it was withdrawn, with its row of the journal, which holds none of its words."""
    _add(connection, trust_break, new, PLACED if new.withdrawn is None else REMOVED, {"placed": new.id, "item": new.item}, salt)


def add_repair(connection: Connection, new: RepairAction, *, salt: str) -> None:
    """Keep why an action item repairs trust, or why it does not any more."""
    what = TIED if new.withdrawn is None else LOOSED
    _add(connection, repair_action, new, what, {"repair": new.id, "action": new.action_id}, salt)


def add_review(connection: Connection, new: PlannedReview, *, salt: str) -> None:
    """Keep that a review is planned."""
    _add(connection, trust_review, new, PLANNED, {"review": new.id, "which": new.which}, salt)


def add_event(connection: Connection, new: ReviewEvent, *, salt: str) -> None:
    """Keep one thing that happened to a review."""
    _add(connection, trust_review_event, new, f"trust.review-{new.what}", {"review_event": new.id, "of": new.review_id}, salt)


def placed_of(connection: Connection, incident_id: str) -> tuple[Placed, ...]:
    """Every placing of every break of an incident, in the order in which they were recorded."""
    return tuple(Placed(**row) for row in _of_incident(connection, trust_break, Placed, incident_id))


def repairs_of(connection: Connection, incident_id: str) -> tuple[RepairAction, ...]:
    """Every row of every repair action of an incident, in the order in which they were recorded."""
    return tuple(_repair(row) for row in _of_incident(connection, repair_action, RepairAction, incident_id))


def reviews_of(connection: Connection, incident_id: str) -> list[Told]:
    """The reviews of an incident with all that happened to them, the one due first first."""
    query = _select(trust_review, PlannedReview).where(trust_review.c.incident_id == incident_id).order_by(trust_review.c.due_at)
    return _told(connection, connection.execute(query).mappings().all())


def reviews_of_incidents(connection: Connection, ids: Sequence[str]) -> dict[str, list[Told]]:
    """The same of many incidents, in few statements."""
    found: dict[str, list[Told]] = defaultdict(list)
    for part in in_parts(ids):
        query = _select(trust_review, PlannedReview).where(trust_review.c.incident_id.in_(part)).order_by(trust_review.c.due_at)
        for told in _told(connection, connection.execute(query).mappings().all()):
            found[told[0].incident_id].append(told)
    return found


def review(connection: Connection, review_id: str) -> Told:
    """One review by its id. Raises NotFoundError."""
    rows: Sequence[RowMapping] = ()
    if is_id(review_id):
        rows = connection.execute(_select(trust_review, PlannedReview).where(trust_review.c.id == review_id)).mappings().all()
    if not rows:
        raise NotFoundError(f"there is no trust review {review_id!r}")
    return _told(connection, rows)[0]


def reviews_like(connection: Connection, part: str, *, seen_by: str) -> list[Told]:
    """The reviews that somebody may see whose id begins or ends with some characters."""
    if not is_id(part):
        return []
    own = trust_review.c
    query = _select(trust_review, PlannedReview).join(incident, incident.c.id == own.incident_id).where(shown_to(seen_by))
    query = query.where(or_(own.id.startswith(part), own.id.endswith(part))).order_by(own.journal_seq)
    return _told(connection, connection.execute(query).mappings().all())


def open_reviews(connection: Connection, *, seen_by: str | None = None) -> list[Told]:
    """The reviews that may still have to be held, of incidents that are there; a held one that was reopened is among them.

    None for `seen_by` is the machinery that reminds.
    """
    own = trust_review.c
    held, again = trust_review_event.alias(), trust_review_event.alias()
    done = exists().where(held.c.review_id == own.id, held.c.what == "held")
    reopened = exists().where(again.c.review_id == own.id, again.c.what == "reopened")
    query = _select(trust_review, PlannedReview).join(incident, incident.c.id == own.incident_id).where(incident.c.removed_at.is_(None))
    query = query.where(or_(not_(done), reopened)).order_by(own.due_at, own.id)
    if seen_by is not None:
        query = query.where(shown_to(seen_by))
    return _told(connection, connection.execute(query).mappings().all())


def _add(connection: Connection, table: Table, new: Record, what: str, told: dict[str, object], salt: str) -> None:
    row = asdict(new)
    if "breaks" in row:
        row["breaks"] = json.dumps(row["breaks"])
    data = {**told, "sha256": journal.record_hash(salt, row)}
    seq = journal.append(connection, at=new.recorded_at, actor=new.by, what=what, subject=f"incident/{new.incident_id}", data=data)
    connection.execute(insert(table), row | {"salt": salt, "journal_seq": seq})


def _of_incident(connection: Connection, table: Table, kind: type[Record], incident_id: str) -> Sequence[RowMapping]:
    query = _select(table, kind).where(table.c.incident_id == incident_id).order_by(table.c.journal_seq)
    return connection.execute(query).mappings().all()


def _told(connection: Connection, rows: Sequence[RowMapping]) -> list[Told]:
    events: dict[str, list[ReviewEvent]] = defaultdict(list)
    own = trust_review_event.c
    for part in in_parts([row["id"] for row in rows]):
        query = _select(trust_review_event, ReviewEvent).where(own.review_id.in_(part)).order_by(own.journal_seq)
        for row in connection.execute(query).mappings():
            events[row["review_id"]].append(ReviewEvent(**row))
    return [(PlannedReview(**row), tuple(events[row["id"]])) for row in rows]


def _repair(row: RowMapping) -> RepairAction:
    return RepairAction(**{**row, "breaks": tuple(json.loads(row["breaks"]))})


def _select(table: Table, kind: type[Record]) -> Select[Any]:
    return select(*(table.c[field.name] for field in fields(kind)))
