"""Reminders as rows: planned, claimed by one run before they are sent, and marked when they have gone out.

A row's state is only ever changed by a statement that names the state it must be in, so that of two runs one wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, insert, or_, select, update

from amends.core.errors import NotFoundError
from amends.store.parts import in_parts
from amends.store.schema import incident, is_id, reminder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection

_own = reminder.c


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder: of what (`subject`, such as `promise/ID`), which moment, when and through which channel, and how far it is.

    `claimed_by` is the run that sends it or tried to, `claimed_at` when; `repeated` says that it was, or will be, sent once more because
    nobody can tell whether it went out; `failure` is what went wrong the last time.
    """

    id: str
    subject: str
    moment: str
    remind_at: datetime
    channel: str
    state: str = "planned"
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    repeated: bool = False
    failure: str | None = None

    @property
    def promise_id(self) -> str | None:
        """The promise that it is of, None where it is of something else."""
        kind, _, name = self.subject.partition("/")
        return name if kind == "promise" else None


def add(connection: Connection, reminders: Iterable[Reminder]) -> None:
    """Plan reminders that were never planned before."""
    rows = [
        {"id": one.id, "subject": one.subject, "moment": one.moment, "remind_at": one.remind_at, "channel": one.channel}
        | {"state": "planned", "attempts": 0, "repeated": 0}
        for one in reminders
    ]
    if rows:
        connection.execute(insert(reminder), rows)


def get(connection: Connection, reminder_id: str) -> Reminder:
    """One reminder. Raises NotFoundError."""
    row = None
    if is_id(reminder_id):
        row = connection.execute(select(reminder).where(_own.id == reminder_id)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"there is no reminder {reminder_id!r}")
    return _read(row)


def of_subject(connection: Connection, subject: str) -> tuple[Reminder, ...]:
    """Every reminder of one thing, in order of time."""
    return _several(connection, _own.subject == subject)


def concerning(connection: Connection, subjects: Sequence[str]) -> tuple[Reminder, ...]:
    """Every reminder of these things, and those of others that are still planned."""
    found = list(_several(connection, _own.state == "planned"))
    for part in in_parts(subjects):
        found += _several(connection, and_(_own.state != "planned", _own.subject.in_(part)))
    return tuple(found)


def to_send(connection: Connection, now: datetime) -> tuple[Reminder, ...]:
    """What may have to be sent: planned until now, or claimed by somebody who may have died."""
    return _several(connection, or_(and_(_own.state == "planned", _own.remind_at <= now), _own.state == "sending"))


def sample_incidents(connection: Connection) -> frozenset[str]:
    """The incidents that never happened: nobody is reminded of what was promised in a sample."""
    return frozenset(connection.execute(select(incident.c.id).where(incident.c.origin == "sample")).scalars())


def known_since(connection: Connection, incident_ids: Iterable[str]) -> dict[str, datetime]:
    """When we were told of these incidents."""
    ids = sorted(set(incident_ids))
    found: dict[str, datetime] = {}
    for part in in_parts(ids):
        query = select(incident.c.id, incident.c.recorded_at).where(incident.c.id.in_(part))
        found |= {row[0]: row[1] for row in connection.execute(query)}
    return found


def failed(connection: Connection) -> tuple[Reminder, ...]:
    """What could not be sent however often it was tried, and what did not go out at the last try and is tried again."""
    return _several(connection, or_(_own.state == "failed", and_(_own.state == "planned", _own.failure.is_not(None))))


def failed_promises(connection: Connection) -> tuple[str, ...]:
    """The promises that `failed` speaks of."""
    return tuple({one.promise_id for one in failed(connection) if one.promise_id is not None})


def change(connection: Connection, before: Reminder, **values: Any) -> bool:
    """Change a reminder that is still as it was read; False when somebody else was quicker."""
    same = and_(_own.id == before.id, _own.state == before.state, _own.attempts == before.attempts)
    same = and_(same, _own.claimed_by.is_not_distinct_from(before.claimed_by))
    changed = connection.execute(update(reminder).where(same).values(**values))
    return bool(changed.rowcount == 1)


def _several(connection: Connection, which: Any) -> tuple[Reminder, ...]:
    query = select(reminder).where(which).order_by(_own.remind_at, _own.id)
    return tuple(_read(row) for row in connection.execute(query).mappings())


def _read(row: Any) -> Reminder:
    return Reminder(**{**row, "repeated": bool(row["repeated"])})
