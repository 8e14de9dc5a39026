"""Promises and what happens to them, as rows that are only ever added."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, insert, not_, or_, select

from amends.core.errors import NotFoundError
from amends.promises.promise import Event, Evidence, Promise
from amends.store import access, journal
from amends.store.parts import in_parts
from amends.store.schema import incident, is_id, promise, promise_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from sqlalchemy import Connection, RowMapping, Select

Told = tuple[Promise, tuple[Event, ...]]
"""A promise and its events in the order they were recorded."""

_NAMES = tuple(field.name for field in fields(Promise))
MADE = "promise.made"
"""The change by which a promise comes into the ledger."""


def add(connection: Connection, new: Promise, *, salt: str, by: str) -> None:
    """Keep a promise as it was made, with a row of the journal that knows it by its hash."""
    row = asdict(new) | {"proposed": int(new.proposed), "private": int(new.private)}
    told = {"sha256": journal.record_hash(salt, row)}
    seq = journal.append(connection, at=new.recorded_at, actor=by, what=MADE, subject=f"promise/{new.id}", data=told)
    connection.execute(insert(promise), row | {"salt": salt, "journal_seq": seq})


def add_event(connection: Connection, new: Event) -> None:
    """Keep one thing that happened to a promise, with its row of the journal."""
    row = asdict(new)
    evidence = row.pop("evidence") or {"kind": None, "reference": None}
    row |= {"evidence_kind": evidence["kind"], "evidence": evidence["reference"]}
    salt = connection.execute(select(promise.c.salt).where(promise.c.id == new.promise_id)).scalar_one()
    told = {"event": new.id, "sha256": journal.record_hash(salt, row)}
    what, subject = f"promise.{new.what}", f"promise/{new.promise_id}"
    seq = journal.append(connection, at=new.recorded_at, actor=new.by, what=what, subject=subject, data=told)
    connection.execute(insert(promise_event), row | {"journal_seq": seq})


def get(connection: Connection, promise_id: str, *, seen_by: str | None) -> Told:
    """One promise with its events. Raises NotFoundError, also where it is about an incident that `seen_by` may not see.

    Here as below, None for `seen_by` is the machinery, which must know of everything and shows nothing to anybody by itself.
    """
    row = None
    if is_id(promise_id):
        row = connection.execute(_promises(seen_by).where(promise.c.id == promise_id)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"there is no promise {promise_id!r}")
    return _with_events(connection, [row])[0]


def unsettled(connection: Connection, *, seen_by: str | None, incident_id: str | None = None) -> list[Told]:
    """The promises that may still ask something of somebody, the one due first first; without those of removed incidents.

    A few that ask nothing any more may be among them: what they ask is for `promises.promise.standing` to say.
    """
    query = _shown(seen_by).where(
        not_(_happened("kept")), not_(and_(_happened("moved", "withdrawn"), or_(_happened("told"), _has_no_listeners())))
    )
    if incident_id is not None:
        query = query.where(promise.c.incident_id == incident_id)
    return _with_events(connection, connection.execute(query.order_by(promise.c.due, promise.c.id)).mappings().all())


def newest(
    connection: Connection, *, seen_by: str | None, incident_id: str | None = None, limit: int, before: str | None = None
) -> list[Told]:
    """Promises whatever became of them, the one recorded last first, at most `limit`, from the one before id `before` on."""
    query = _shown(seen_by).order_by(promise.c.journal_seq.desc()).limit(limit)
    if incident_id is not None:
        query = query.where(promise.c.incident_id == incident_id)
    if before is not None:
        other = promise.alias()
        query = query.where(promise.c.journal_seq < select(other.c.journal_seq).where(other.c.id == before).scalar_subquery())
    return _with_events(connection, connection.execute(query).mappings().all())


def named_like(connection: Connection, part: str, *, seen_by: str | None) -> list[Told]:
    """The promises whose id begins or ends with some characters; none for what cannot be part of an id."""
    if not is_id(part):
        return []
    query = _promises(seen_by).where(or_(promise.c.id.startswith(part), promise.c.id.endswith(part))).order_by(promise.c.journal_seq)
    return _with_events(connection, connection.execute(query).mappings().all())


def several(connection: Connection, promise_ids: Sequence[str], *, seen_by: str | None) -> list[Told]:
    """The promises of these ids that there are."""
    found: list[Told] = []
    for part in in_parts(promise_ids):
        query = _promises(seen_by).where(promise.c.id.in_(part))
        found += _with_events(connection, connection.execute(query).mappings().all())
    return found


def settled_by(connection: Connection, message_id: str, *, seen_by: str | None) -> list[Told]:
    """The promises that a message kept at some time, also where that was taken back."""
    own = promise_event.c
    kept = select(own.promise_id).where(own.evidence_kind == "message", own.evidence == message_id)
    query = _promises(seen_by).where(promise.c.id.in_(kept)).order_by(promise.c.journal_seq)
    return _with_events(connection, connection.execute(query).mappings().all())


def next_updates(connection: Connection, incident_id: str, audience: str | None) -> list[Told]:
    """Every promise of a next update about an incident to an audience, whatever became of it."""
    query = _promises(None).where(promise.c.incident_id == incident_id, promise.c.kind == "next_update")
    query = query.where(promise.c.audience.is_not_distinct_from(audience)).order_by(promise.c.made_at, promise.c.journal_seq)
    return _with_events(connection, connection.execute(query).mappings().all())


def of_message(connection: Connection, message_id: str, *, seen_by: str | None) -> list[Told]:
    """The promises that a message made, in the order of its text."""
    query = _promises(seen_by).where(promise.c.message_id == message_id).order_by(promise.c.journal_seq)
    return _with_events(connection, connection.execute(query).mappings().all())


def of_incident(connection: Connection, incident_id: str) -> list[Told]:
    """The promises of an incident, whatever became of them, in the order in which they were recorded; asked for in two statements."""
    query = _promises(None).where(promise.c.incident_id == incident_id).order_by(promise.c.journal_seq)
    made = connection.execute(query).mappings().all()
    own = promise_event.c
    happened = select(promise_event).join_from(promise_event, promise, promise.c.id == own.promise_id)
    happened = happened.where(promise.c.incident_id == incident_id).order_by(own.recorded_at, own.id)
    events: dict[str, list[Event]] = defaultdict(list)
    for event in _events(connection.execute(happened).mappings()):
        events[event.promise_id].append(event)
    return [(_promise(row), tuple(events[row["id"]])) for row in made]


def of_incidents(connection: Connection, ids: Sequence[str]) -> dict[str | None, list[Told]]:
    """The same of many incidents, in few statements."""
    found: dict[str | None, list[Told]] = defaultdict(list)
    for part in in_parts(ids):
        query = _promises(None).where(promise.c.incident_id.in_(part)).order_by(promise.c.journal_seq)
        for told in _with_events(connection, connection.execute(query).mappings().all()):
            found[told[0].incident_id].append(told)
    return found


def _promises(seen_by: str | None) -> Select[Any]:
    query = select(*(promise.c[name] for name in _NAMES))
    query = query.join_from(promise, incident, incident.c.id == promise.c.incident_id, isouter=True)
    return query if seen_by is None else query.where(or_(promise.c.incident_id.is_(None), access.shown_to(seen_by)))


def _shown(seen_by: str | None) -> Select[Any]:
    return _promises(seen_by).where(or_(promise.c.incident_id.is_(None), incident.c.removed_at.is_(None)))


def _happened(*what: str) -> Any:
    """Whether an event of these kinds happened to the promise and was not taken back."""
    undoing = promise_event.alias()
    own = promise_event.c
    undone = exists().where(undoing.c.undoes == own.id)
    return exists().where(own.promise_id == promise.c.id, own.what.in_(what), not_(undone))


def _has_no_listeners() -> Any:
    return and_(promise.c.audience.is_(None), promise.c.made_to.is_(None))


def _with_events(connection: Connection, rows: Sequence[RowMapping]) -> list[Told]:
    events: dict[str, list[Event]] = defaultdict(list)
    ids = [row["id"] for row in rows]
    for part in in_parts(ids):
        query = select(promise_event).where(promise_event.c.promise_id.in_(part))
        for event in _events(connection.execute(query.order_by(promise_event.c.recorded_at, promise_event.c.id)).mappings()):
            events[event.promise_id].append(event)
    return [(_promise(row), tuple(events[row["id"]])) for row in rows]


def _promise(row: RowMapping) -> Promise:
    return Promise(**{**row, "proposed": bool(row["proposed"]), "private": bool(row["private"])})


def _events(rows: Iterable[RowMapping]) -> Iterable[Event]:
    for row in rows:
        kept = {name: value for name, value in row.items() if name not in ("evidence_kind", "evidence", "journal_seq")}
        evidence = Evidence(row["evidence_kind"], row["evidence"]) if row["evidence_kind"] else None
        yield Event(**kept, evidence=evidence)
