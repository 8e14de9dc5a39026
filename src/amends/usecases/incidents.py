"""Owning an incident: opened with one sentence, its severity and status kept true, never deleted."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, InputError, require_known
from amends.core.incident import SEVERITIES, STATUSES, Incident
from amends.core.people import LOCAL_PERSON
from amends.core.zones import zone_named
from amends.incidents import gates
from amends.incidents.acting import is_guardrail
from amends.incidents.event import IncidentEvent
from amends.incidents.involved import Invitation
from amends.incidents.stale import StaleError
from amends.store import incidents as rows
from amends.store import involved, record
from amends.usecases import access, stories
from amends.usecases.given import KEY_DIGITS, line, one_meant, passed, require_same, storable
from amends.usecases.given_incident import GivenIncident

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amends.core.ports import Clock, Ids
    from amends.incidents.gates import Gate
    from amends.store.engine import Store, Transaction
    from amends.usecases.checking import Checking

TITLE_LIMIT = 200
"""The longest title, in code points: it must fit a list, a subject line and a chat channel's topic."""
SENTENCE_LIMIT = 300
"""The longest sentence that opens an incident; what it says of time and severity leaves the title."""
REASON_LIMIT = 500
USUAL = "SEV3"
"""How bad it is while nobody has said."""
SENTENCE = "say what happened in one sentence, the rest in a message"


class Incidents:
    """What a person can do with incidents. `by` is who does it; a private incident is there for those who were invited."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: Ids,
        checking: Callable[[], Checking] | None = None,
        *,
        opened: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._checking = checking
        self._opened = opened

    # Opening

    def open(
        self,
        title: str,
        *,
        severity: str | None = None,
        started_at: datetime | None = None,
        private: bool = False,
        follows: str | None = None,
        tz: str | None = None,
        once: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> Incident:
        """Begin to own what went wrong, with one sentence that says it.

        A severity and a time that has passed are read from the sentence where they are not given, in the zone `tz` (None for UTC), and
        leave the title; else it is SEV3, and began now. `follows` is the incident whose fix brought this one. `once`, from
        `given.id_once`, makes a second try give back what the first one opened.
        Raises InputError for an empty, long or many-lined title or a time without an offset or to come, UnknownNameError for a severity,
        NotFoundError for an earlier incident, ForbiddenError.
        """
        words = line(title, "title", SENTENCE_LIMIT, SENTENCE)
        read = self._read(words, severity, started_at, tz)
        with self._store.writing() as connection:
            if once is not None:
                access.require(connection, by, "write")
                if known := rows.named_like(connection, once[:KEY_DIGITS], by):
                    require_same(known[0].id, once)
                    return known[0]
            new = self.open_within(
                connection,
                read.title,
                severity=severity or read.severity or USUAL,
                started_at=started_at or read.started_at,
                private=private,
                follows=follows,
                words=words,
                incident_id=once,
                by=by,
            )
        self._opened(new.id)
        return new

    def open_within(
        self,
        connection: Transaction,
        title: str,
        *,
        severity: str = USUAL,
        started_at: datetime | None = None,
        status: str = "investigating",
        origin: str = "own",
        private: bool = False,
        follows: str | None = None,
        words: str | None = None,
        incident_id: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> Incident:
        """The same inside a transaction that does more, with the title as it is; `words` is the sentence that it was read from."""
        access.require(connection, by, "write")
        title = line(title, "title", TITLE_LIMIT, SENTENCE)
        require_known("severity", severity, SEVERITIES)
        require_known("status", status, STATUSES)
        now = self._clock.now()
        began = passed(started_at, now, "started_at")
        if follows is not None:
            access.seen(connection, follows, by)
        visibility = "private" if private else "open"
        new = Incident(incident_id or self._ids.new(), title, severity, status, began, now, origin, None, visibility, follows)
        rows.add(connection, new)
        told = {"severity": severity, "status": status, "origin": origin}
        self._happened(connection, new, "opened", by, text=words or title, told=told)
        if private:
            involved.invite(connection, Invitation(new.id, by, now, by))
        return new

    def _read(self, words: str, severity: str | None, started_at: datetime | None, tz: str | None) -> GivenIncident:
        if self._checking is None or (severity is not None and started_at is not None):
            return GivenIncident(words)
        now = self._clock.now()
        zone = zone_named(tz)
        at = now.astimezone(zone) if zone is not None else now
        return self._checking().incident_in(words, at, tz if zone else None, dated=started_at is not None, rated=severity is not None)

    # Looking

    def get(self, incident_id: str, *, by: str = LOCAL_PERSON) -> Incident:
        """One incident, removed or not. Raises NotFoundError, ForbiddenError."""
        with self._store.reading() as connection:
            return access.seen(connection, incident_id, by)

    def meant(self, part: str, *, by: str = LOCAL_PERSON) -> Incident:
        """The one incident whose id is, begins with or ends with `part`. Raises NotFoundError, UsageError where it could be several."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            found = rows.named_like(connection, part.upper(), by)
        return one_meant("incident", part, [(one.id, one.title, one) for one in found])

    def list(
        self,
        *,
        limit: int = 100,
        statuses: tuple[str, ...] | None = None,
        severities: tuple[str, ...] | None = None,
        words: str | None = None,
        before: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> tuple[Incident, ...]:
        """Incidents that were not removed, the one that started last first; `before` is the id of the last one of the page before.

        `words` must all be in the title, in any case and order; what else was written is found by searching.
        Raises UnknownNameError for a status or severity, InputError for words that cannot be, NotFoundError for `before`, ForbiddenError.
        """
        for status in statuses or ():
            require_known("status", status, STATUSES)
        for severity in severities or ():
            require_known("severity", severity, SEVERITIES)
        titled = tuple(storable(words, "words").split()) if words else ()
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            last = access.seen(connection, before, by) if before is not None else None
            return rows.newest(connection, by=by, limit=limit, statuses=statuses, severities=severities, words=titled, before=last)

    # Changing what it is

    def change(
        self,
        incident_id: str,
        *,
        title: str | None = None,
        severity: str | None = None,
        status: str | None = None,
        reason: str | None = None,
        reached_at: datetime | None = None,
        started_at: datetime | None = None,
        private: bool | None = None,
        version: int | None = None,
        by: str = LOCAL_PERSON,
    ) -> Incident:
        """Change what is given, all of it or nothing, having seen `version` (None for whatever stands); each change stands in the record.

        What stands already as it is wanted changes nothing. A gate that is shut before a status is passed with a written `reason` only,
        which stays in the record, once for each gate. Who makes it private is invited, and so is everybody who holds a function in it or
        wrote a message about it. `reached_at` is when the status was reached, None for now: who was busy writes it down later.
        Raises GateError with the gates, StaleError where it changed since, InputError, UnknownNameError, NotFoundError, ForbiddenError.
        """
        wanted: dict[str, object] = {}
        if title is not None:
            wanted["title"] = line(title, "title", TITLE_LIMIT, SENTENCE)
        if severity is not None:
            wanted["severity"] = require_known("severity", severity, SEVERITIES)
        if status is not None:
            wanted["status"] = require_known("status", status, STATUSES)
        if started_at is not None:
            wanted["started_at"] = passed(started_at, self._clock.now(), "started_at").astimezone(UTC)
        if private is not None:
            wanted["visibility"] = "private" if private else "open"
        why = line(reason, "reason", REASON_LIMIT) if reason and reason.strip() else None
        reached = passed(reached_at, self._clock.now(), "reached_at").astimezone(UTC)
        with self._store.writing() as connection:
            before = access.changed(connection, incident_id, by)
            columns = {name: value for name, value in wanted.items() if getattr(before, name) != value}
            if reached_at is not None:
                _require_reached(before, record.events_of(connection, incident_id), status, reached)
            if columns and version not in (None, before.version):
                raise StaleError("somebody else changed this incident meanwhile", before, title)
            self._pass_gates(connection, before, str(columns.get("status", before.status)), why, by)
            if columns.get("visibility") == "private":
                self._invite_concerned(connection, before, by)
            for name, value in columns.items():
                said, at = (why, reached) if name == "status" else (None, None)
                self._changed(connection, before, _EVENT[name], by, getattr(before, name), value, said, at)
            if columns:
                rows.change(connection, incident_id, **columns)
            return rows.get(connection, incident_id)

    def rename(self, incident_id: str, title: str, *, version: int, by: str = LOCAL_PERSON) -> Incident:
        """Give it another title; see `change`."""
        return self.change(incident_id, title=title, version=version, by=by)

    def change_severity(self, incident_id: str, severity: str, *, version: int | None = None, by: str = LOCAL_PERSON) -> Incident:
        """Say how bad it is; see `change`."""
        return self.change(incident_id, severity=severity, version=version, by=by)

    def change_status(
        self,
        incident_id: str,
        status: str,
        *,
        reason: str | None = None,
        reached_at: datetime | None = None,
        version: int | None = None,
        by: str = LOCAL_PERSON,
    ) -> Incident:
        """Say how far we are, and since when (None for now), past shut gates with a reason; see `change`."""
        return self.change(incident_id, status=status, reason=reason, reached_at=reached_at, version=version, by=by)

    def change_start(self, incident_id: str, started_at: datetime, *, version: int | None = None, by: str = LOCAL_PERSON) -> Incident:
        """Say when it began; see `change`."""
        return self.change(incident_id, started_at=started_at, version=version, by=by)

    def set_private(self, incident_id: str, private: bool, *, version: int | None = None, by: str = LOCAL_PERSON) -> Incident:
        """Show it to invited people only, or to everybody here again; see `change`."""
        return self.change(incident_id, private=private, version=version, by=by)

    def gates(self, incident_id: str, status: str, *, by: str = LOCAL_PERSON) -> tuple[Gate, ...]:
        """What keeps an incident from a status now; nothing is changed. Raises NotFoundError, UnknownNameError, ForbiddenError."""
        require_known("status", status, STATUSES)
        with self._store.reading() as connection:
            return self._shut(connection, access.seen(connection, incident_id, by), status)

    def follow(self, incident_id: str, earlier_id: str | None, *, by: str = LOCAL_PERSON) -> Incident:
        """Say which incident this one follows from, None for none.

        Raises ConflictError where that would be a circle, NotFoundError, ForbiddenError.
        """
        with self._store.writing() as connection:
            before = access.changed(connection, incident_id, by)
            if earlier_id is not None:
                earlier = access.seen(connection, earlier_id, by)
                chain = {earlier.id, *(one.id for one in rows.before(connection, earlier.id, None))}
                if incident_id in chain:
                    hint = "say which of the two was there first, and let the other one follow from it"
                    raise ConflictError("an incident cannot follow from itself", hint=hint)
            if earlier_id == before.follows:
                return before
            self._changed(connection, before, "follows", by, before.follows, earlier_id)
            rows.change(connection, incident_id, follows=earlier_id)
            return rows.get(connection, incident_id)

    def remove(self, incident_id: str, *, by: str = LOCAL_PERSON) -> Incident:
        """Take an incident and its drafts out of every list; `restore` brings them back. Raises NotFoundError, ForbiddenError."""
        return self._hide(incident_id, self._clock.now(), "removed", by)

    def restore(self, incident_id: str, *, by: str = LOCAL_PERSON) -> Incident:
        """Undo `remove`. Raises NotFoundError, ForbiddenError."""
        return self._hide(incident_id, None, "restored", by)

    # Within

    def _hide(self, incident_id: str, at: datetime | None, what: str, by: str) -> Incident:
        with self._store.writing() as connection:
            before = access.changed(connection, incident_id, by)
            if (before.removed_at is None) == (at is None):
                return before
            self._happened(connection, before, what, by)
            rows.change(connection, incident_id, removed_at=at)
            return rows.get(connection, incident_id)

    def _shut(self, connection: Transaction, before: Incident, status: str) -> tuple[Gate, ...]:
        if STATUSES.index(status) < STATUSES.index("resolved"):
            return ()
        now = self._clock.now()
        promises = stories.promises_within(connection, before.id, now, None)
        guarded = any(is_guardrail(one) for one in stories.actions_within(connection, before.id, now))
        return gates.closed(status, before.status, promises, record.events_of(connection, before.id), now, guarded=guarded)

    def _pass_gates(self, connection: Transaction, before: Incident, status: str, why: str | None, by: str) -> None:
        shut = self._shut(connection, before, status) if status != before.status else ()
        if shut and why is None:
            raise gates.GateError(status, shut)
        for gate in shut:
            self._happened(connection, before, "gate", by, kind=gate.id, text=why, value=status, told={"gate": gate.id})

    def _invite_concerned(self, connection: Transaction, before: Incident, by: str) -> None:
        now = self._clock.now()
        for person in dict.fromkeys((by, *involved.concerned(connection, before.id))):
            involved.invite(connection, Invitation(before.id, person, now, by))

    def _changed(
        self,
        connection: Transaction,
        before: Incident,
        what: str,
        by: str,
        was: object,
        became: object,
        why: str | None = None,
        at: datetime | None = None,
    ) -> None:
        """Write down what a field became and what it was."""
        old, new = _text(was), _text(became)
        told = {"before": old, "after": new} if what in ("status", "severity") else {}
        kind, text = (None, new) if what == "renamed" else (new, why)
        self._happened(connection, before, what, by, at=at, kind=kind, text=text, value=old, told=told)

    def _happened(
        self,
        connection: Transaction,
        about: Incident,
        what: str,
        by: str,
        *,
        at: datetime | None = None,
        kind: str | None = None,
        text: str | None = None,
        value: str | None = None,
        told: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        now = self._clock.now()
        event = IncidentEvent(self._ids.new(), about.id, what, at or now, now, by, kind, text, value)
        record.add(connection, event, salt=self._ids.new(), **told)


_EVENT = {"title": "renamed", "severity": "severity", "status": "status", "started_at": "started", "visibility": "visibility"}
"""What the record calls a change of each column, in the order in which they are written down."""


def _require_reached(before: Incident, events: tuple[IncidentEvent, ...], status: str | None, at: datetime) -> None:
    """Raises InputError for a time that no change of the status has, or that is before the incident began."""
    if status is None:
        raise InputError("no status is given that was reached then", hint="give the status as well", field="reached_at")
    last = next((one.at for one in reversed(events) if one.what == "status"), None)
    if status == before.status and at != last:
        hint = "write down when by a milestone, such as `contained` or `recovered` with its time"
        raise InputError(f"it is {status} already", hint=hint, field="reached_at")
    if at < before.started_at:
        raise InputError("that is before the incident began", hint="correct the time, or when it began", field="reached_at")


def _text(value: object) -> str | None:
    return value.isoformat() if isinstance(value, datetime) else None if value is None else str(value)
