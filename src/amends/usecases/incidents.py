"""Owning an incident: opened with one sentence, its severity and status kept true, never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import UnknownNameError
from amends.core.incident import SEVERITIES, STATUSES, Incident
from amends.core.people import LOCAL_PERSON
from amends.store import incidents as rows
from amends.store import journal
from amends.usecases.given import aware, line, one_meant

if TYPE_CHECKING:
    from datetime import datetime

    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store, Transaction

TITLE_LIMIT = 200
"""The longest title, in code points: it must fit a list, a subject line and a chat channel's topic."""


class Incidents:
    """What a person can do with incidents. `by` is who does it, for the journal."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    def open(self, title: str, *, severity: str = "SEV3", started_at: datetime | None = None, by: str = LOCAL_PERSON) -> Incident:
        """Begin to own what went wrong. `started_at` is when it began, None for now.

        Raises InputError for an empty, long or many-lined title or a time without an offset, UnknownNameError for a severity.
        """
        with self._store.writing() as connection:
            return self.open_within(connection, title, severity=severity, started_at=started_at, by=by)

    def open_within(
        self,
        connection: Transaction,
        title: str,
        *,
        severity: str,
        started_at: datetime | None = None,
        status: str = "investigating",
        origin: str = "own",
        by: str = LOCAL_PERSON,
    ) -> Incident:
        """The same inside a transaction that does more; see `open`."""
        title = line(title, "title", TITLE_LIMIT, "say what happened in one sentence, the rest in a message")
        _known("severity", severity, SEVERITIES)
        _known("status", status, STATUSES)
        now = self._clock.now()
        began = now if started_at is None else aware(started_at, "started_at")
        new = Incident(self._ids.new(), title, severity, status, began, now, origin)
        rows.add(connection, new)
        self._note(connection, "incident.opened", new, by, now, severity=severity, status=status, origin=origin)
        return new

    def get(self, incident_id: str) -> Incident:
        """One incident, removed or not. Raises NotFoundError."""
        with self._store.reading() as connection:
            return rows.get(connection, incident_id)

    def meant(self, part: str) -> Incident:
        """The one incident whose id is, begins with or ends with `part`. Raises NotFoundError, UsageError where it could be several."""
        with self._store.reading() as connection:
            found = rows.named_like(connection, part.upper())
        return one_meant("incident", part, [(one.id, one.title, one) for one in found])

    def list(self, *, limit: int = 100, statuses: tuple[str, ...] | None = None) -> tuple[Incident, ...]:
        """Incidents that were not removed, the one that started last first. Raises UnknownNameError for a status."""
        for status in statuses or ():
            _known("status", status, STATUSES)
        with self._store.reading() as connection:
            return rows.newest(connection, limit=limit, statuses=statuses)

    def change_severity(self, incident_id: str, severity: str, *, by: str = LOCAL_PERSON) -> Incident:
        """Say how bad it is. Raises NotFoundError and UnknownNameError."""
        _known("severity", severity, SEVERITIES)
        with self._store.writing() as connection:
            before = rows.get(connection, incident_id)
            if severity != before.severity:
                rows.set_severity(connection, incident_id, severity)
                self._note(connection, "incident.severity-changed", before, by, self._clock.now(), before=before.severity, after=severity)
            return rows.get(connection, incident_id)

    def change_status(self, incident_id: str, status: str, *, by: str = LOCAL_PERSON) -> Incident:
        """Say how far we are. Raises NotFoundError and UnknownNameError."""
        _known("status", status, STATUSES)
        with self._store.writing() as connection:
            before = rows.get(connection, incident_id)
            if status != before.status:
                rows.set_status(connection, incident_id, status)
                self._note(connection, "incident.status-changed", before, by, self._clock.now(), before=before.status, after=status)
            return rows.get(connection, incident_id)

    def remove(self, incident_id: str, *, by: str = LOCAL_PERSON) -> Incident:
        """Take an incident and its drafts out of every list; `restore` brings them back. Raises NotFoundError."""
        return self._hide(incident_id, self._clock.now(), "incident.removed", by)

    def restore(self, incident_id: str, *, by: str = LOCAL_PERSON) -> Incident:
        """Undo `remove`. Raises NotFoundError."""
        return self._hide(incident_id, None, "incident.restored", by)

    def _hide(self, incident_id: str, at: datetime | None, what: str, by: str) -> Incident:
        with self._store.writing() as connection:
            before = rows.get(connection, incident_id)
            if (before.removed_at is None) != (at is None):
                rows.set_removed(connection, incident_id, at)
                self._note(connection, what, before, by, at or self._clock.now())
            return rows.get(connection, incident_id)

    def _note(self, connection: Transaction, what: str, about: Incident, by: str, at: datetime, **data: str) -> None:
        journal.append(connection, at=at, actor=by, what=what, subject=f"incident/{about.id}", data=data)


def _known(what: str, name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise UnknownNameError(what, name, known)
