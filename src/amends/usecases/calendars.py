"""Promises as calendars: a person or an incident has secret addresses, and whatever knows one reads what is due there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import ForbiddenError, InputError, NotFoundError
from amends.core.people import LOCAL_PERSON
from amends.integrations.calendar import Entry, calendar
from amends.promises.ledger import LedgerEntry, by_urgency, entry_of
from amends.promises.reminding import planned
from amends.store import calendars as rows
from amends.store import incidents, journal, promises
from amends.store.access import has_accounts, is_shown
from amends.usecases import access
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
        """Make a calendar of one person's promises, or of one incident's. Raises InputError unless it is one of both, NotFoundError.

        Where there are accounts, a person's calendar is for that person alone: it shows what is private to them.
        """
        if (person is None) == (incident_id is None):
            raise InputError("a calendar is of one person or of one incident", hint="name one of them", field="person")
        person = line(person, "person", 100) if person is not None else None
        new = rows.CalendarAddress(self._ids.new(), person, incident_id, self._clock.now(), by)
        token = self._new_secret()
        with self._store.writing() as connection:
            access.require(connection, by, "read")
            if incident_id is not None:
                access.seen(connection, incident_id, by)
            elif person != by and has_accounts(connection):
                hint = "each subscribes to their own"
                raise ForbiddenError(f"the calendar of {person} is theirs to subscribe to", hint=hint)
            rows.add(connection, new, token)
            self._note(connection, new, "calendar.subscribed", by)
        return Subscription(new, token)

    def list(self, *, person: str | None = None, incident_id: str | None = None, by: str = LOCAL_PERSON) -> tuple[CalendarAddress, ...]:
        """The calendars of a person or an incident in use that `by` made, or all of them for who manages the workspace.

        Their addresses are known to who subscribed only. Raises NotFoundError, ForbiddenError.
        """
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            if incident_id is not None:
                access.seen(connection, incident_id, by)
            all_of_them = access.can(connection, by, "manage")
            found = rows.in_use(connection, person=person, incident_id=incident_id)
        return tuple(one for one in found if all_of_them or one.made_by == by)

    def revoke(self, calendar_id: str, *, by: str = LOCAL_PERSON) -> CalendarAddress:
        """Let an address answer no more; whoever should go on reading subscribes anew.

        Raises NotFoundError, also for one of somebody else where `by` does not manage the workspace.
        """
        with self._store.writing() as connection:
            access.require(connection, by, "read")
            before = rows.get(connection, calendar_id)
            if before.made_by != by and not access.can(connection, by, "manage"):
                raise access.denied(NotFoundError(f"there is no calendar {calendar_id!r}"), by, "manage", f"calendar/{calendar_id}")
            if before.revoked_at is None:
                rows.revoke(connection, calendar_id, self._clock.now())
                self._note(connection, before, "calendar.revoked", by)
            return rows.get(connection, calendar_id)

    def feed(self, token: str) -> bytes:
        """The calendar at an address, as a file of iCalendar. Raises NotFoundError for an address that is unknown or was revoked.

        It shows what who made it may see now, and is not there where that is nothing: an incident they may not see, an account disabled.
        """
        now = self._clock.now()
        with self._store.reading() as connection:
            address = rows.by_token(connection, token)
            by = address.made_by
            shown_at_all = address.incident_id is None or is_shown(connection, address.incident_id, by)
            if not shown_at_all or not access.can(connection, by, "read"):
                raise rows.nothing_here()
            title = incidents.get(connection, address.incident_id).title if address.incident_id is not None else address.person
            found = promises.newest(connection, seen_by=by, incident_id=address.incident_id, limit=SHOWN)
            found += promises.unsettled(connection, seen_by=by, incident_id=address.incident_id)
        told = {one[0].id: entry_of(one, now) for one in found}
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
