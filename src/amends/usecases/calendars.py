"""Promises as calendars: a person or an incident has secret addresses, and whatever knows one reads what is due there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import InputError
from amends.core.people import LOCAL_PERSON
from amends.integrations.calendar import Entry, calendar
from amends.promises.ledger import LedgerEntry, by_urgency
from amends.promises.promise import standing
from amends.promises.reminding import planned
from amends.store import calendars as rows
from amends.store import incidents, journal, promises
from amends.usecases.given import line

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.core.ports import Clock, Ids
    from amends.store.calendars import CalendarAddress
    from amends.store.engine import Store, Transaction
    from amends.usecases.due import Reminding

SHOWN = 500
"""How many promises a calendar shows beside those that are open: the newest ones. Programs fetch all of it each time."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A new calendar and the secret in its address, which is shown this once and kept nowhere."""

    calendar: CalendarAddress
    token: str


class Calendars:
    """What people can do with calendars. `by` is who does it."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, new_secret: Callable[[], str], team: Callable[[], Reminding]) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._new_secret = new_secret
        self._team = team

    def subscribe(self, *, person: str | None = None, incident_id: str | None = None, by: str = LOCAL_PERSON) -> Subscription:
        """Make a calendar of one person's promises, or of one incident's. Raises InputError unless it is one of both, NotFoundError."""
        if (person is None) == (incident_id is None):
            raise InputError("a calendar is of one person or of one incident", hint="name one of them", field="person")
        person = line(person, "person", 100) if person is not None else None
        new = rows.CalendarAddress(self._ids.new(), person, incident_id, self._clock.now())
        token = self._new_secret()
        with self._store.writing() as connection:
            if incident_id is not None:
                incidents.get(connection, incident_id)
            rows.add(connection, new, token)
            self._note(connection, new, "calendar.subscribed", by)
        return Subscription(new, token)

    def list(self, *, person: str | None = None, incident_id: str | None = None) -> tuple[CalendarAddress, ...]:
        """The calendars of a person or an incident that are in use; their addresses are known to who subscribed only."""
        with self._store.reading() as connection:
            return rows.in_use(connection, person=person, incident_id=incident_id)

    def revoke(self, calendar_id: str, *, by: str = LOCAL_PERSON) -> CalendarAddress:
        """Let an address answer no more; whoever should go on reading subscribes anew. Raises NotFoundError."""
        with self._store.writing() as connection:
            before = rows.get(connection, calendar_id)
            if before.revoked_at is None:
                rows.revoke(connection, calendar_id, self._clock.now())
                self._note(connection, before, "calendar.revoked", by)
            return rows.get(connection, calendar_id)

    def feed(self, token: str) -> bytes:
        """The calendar at an address, as a file of iCalendar. Raises NotFoundError for an address that is unknown or was revoked."""
        now = self._clock.now()
        with self._store.reading() as connection:
            address = rows.by_token(connection, token)
            title = incidents.get(connection, address.incident_id).title if address.incident_id is not None else address.person
            found = promises.newest(connection, incident_id=address.incident_id, limit=SHOWN)
            found += promises.unsettled(connection, incident_id=address.incident_id)
        told = {promise.id: LedgerEntry(promise, events, standing(promise, events, now)) for promise, events in found}
        shown = by_urgency(entry for entry in told.values() if entry.promise.due is not None and _belongs(entry, address))
        team = self._team()
        link = f"{team.link.rstrip('/')}/promises/" if team.link else None
        return calendar(
            f"Promises: {title}",
            [
                Entry(entry, tuple(one.at for one in planned(entry.promise, entry.standing, team.plan)), link and link + entry.promise.id)
                for entry in shown
            ],
            now,
        )

    def _note(self, connection: Transaction, about: CalendarAddress, what: str, by: str) -> None:
        of = {"person": about.person, "incident": about.incident_id}
        journal.append(connection, at=self._clock.now(), actor=by, what=what, subject=f"calendar/{about.id}", data=of)


def _belongs(entry: LedgerEntry, address: CalendarAddress) -> bool:
    """Whether a calendar shows a promise: an incident's shows what is not private, a person's what they must keep."""
    if address.person is None:
        return not entry.promise.private
    return address.person == (entry.standing.owner or entry.promise.maker)
