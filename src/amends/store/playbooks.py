"""Runs of playbooks as rows that are only ever added: what was begun, pinned as it was then, and everything that happened in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from amends.core.errors import ConflictError, NotFoundError
from amends.playbooks.run import Run, RunEvent
from amends.store import journal
from amends.store.access import shown_to
from amends.store.parts import in_parts
from amends.store.schema import incident, is_id, playbook_event, playbook_run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping, Select

Told = tuple[Run, tuple[RunEvent, ...]]
"""A run and its events, oldest first."""

BEGUN = "playbook.begun"
"""The change that brings a run; what happens in it is `playbook.` and one of `playbooks.run.EVENTS`."""

_RUN = tuple(field.name for field in fields(Run))
_EVENT = tuple(field.name for field in fields(RunEvent))


def add(connection: Connection, new: Run, *, salt: str) -> None:
    """Keep a run with the whole playbook as it was begun, and a row of the journal, which holds none of its words."""
    row = asdict(new)
    told = {"run": new.id, "playbook": new.playbook_id, "playbook_sha256": new.sha256, "sha256": journal.record_hash(salt, row)}
    subject = f"incident/{new.incident_id}"
    seq = journal.append(connection, at=new.started_at, actor=new.by, what=BEGUN, subject=subject, data=told)
    connection.execute(insert(playbook_run), row | {"salt": salt, "journal_seq": seq})


def add_event(connection: Connection, new: RunEvent, *, salt: str) -> None:
    """Keep one thing that happened in a run. Raises ConflictError where somebody else wrote the event of this number first."""
    row = asdict(new)
    told = {"run_event": new.id, "of_run": new.run_id, "number": new.number, "sha256": journal.record_hash(salt, row)}
    what, subject = f"playbook.{new.what}", f"incident/{new.incident_id}"
    seq = journal.append(connection, at=new.recorded_at, actor=new.by, what=what, subject=subject, data=told)
    try:
        connection.execute(insert(playbook_event), row | {"salt": salt, "journal_seq": seq})
    except IntegrityError as error:
        raise ConflictError("somebody else acted in this run at the same moment", hint="look at it again, then do it again") from error


def get(connection: Connection, run_id: str) -> Told:
    """One run with its events. Raises NotFoundError."""
    rows: Sequence[RowMapping] = ()
    if is_id(run_id):
        rows = connection.execute(_runs().where(playbook_run.c.id == run_id)).mappings().all()
    if not rows:
        raise NotFoundError(f"there is no run {run_id[:40]!r} of a playbook")
    return _told(connection, rows)[0]


def of_incident(connection: Connection, incident_id: str) -> list[Told]:
    """The runs of an incident, the one begun first first. Whether somebody may see the incident was asked before."""
    query = _runs().where(playbook_run.c.incident_id == incident_id).order_by(playbook_run.c.journal_seq)
    return _told(connection, connection.execute(query).mappings().all())


def begun_since(connection: Connection, since: datetime) -> list[Told]:
    """The runs that were begun since a moment, of incidents that are there; for what reminds, and asks for nobody."""
    query = _runs().join(incident, incident.c.id == playbook_run.c.incident_id).where(incident.c.removed_at.is_(None))
    query = query.where(playbook_run.c.started_at >= since).order_by(playbook_run.c.journal_seq)
    return _told(connection, connection.execute(query).mappings().all())


def named_like(connection: Connection, part: str, *, seen_by: str) -> list[Told]:
    """The runs of incidents that somebody may see whose id begins or ends with some characters."""
    if not is_id(part):
        return []
    own = playbook_run.c
    query = _runs().join(incident, incident.c.id == own.incident_id).where(shown_to(seen_by))
    query = query.where(or_(own.id.startswith(part), own.id.endswith(part))).order_by(own.journal_seq)
    return _told(connection, connection.execute(query).mappings().all())


def last_number(connection: Connection, run_id: str) -> int:
    """The number of the newest event of a run, 0 before the first."""
    found = connection.execute(select(func.max(playbook_event.c.number)).where(playbook_event.c.run_id == run_id)).scalar()
    return found or 0


def _runs() -> Select[Any]:
    return select(*(playbook_run.c[name] for name in _RUN))


def _told(connection: Connection, rows: Sequence[RowMapping]) -> list[Told]:
    events: dict[str, list[RunEvent]] = defaultdict(list)
    own = playbook_event.c
    for part in in_parts([row["id"] for row in rows]):
        query = select(*(own[name] for name in _EVENT)).where(own.run_id.in_(part)).order_by(own.run_id, own.number)
        for row in connection.execute(query).mappings():
            events[row["run_id"]].append(RunEvent(**row))
    return [(Run(**row), tuple(events[row["id"]])) for row in rows]
