"""Secret addresses of calendars. An address is known here by its hash only, so that who reads the database cannot use one."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from amends.core.errors import NotFoundError
from amends.store.schema import calendar_address, is_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

_own = calendar_address.c
_COLUMNS = (_own.id, _own.person, _own.incident_id, _own.created_at, _own.made_by, _own.revoked_at)


@dataclass(frozen=True, slots=True)
class CalendarAddress:
    """A calendar that somebody subscribed to: of one person, or of one incident.

    It shows what `made_by`, who asked for its address, may see at the time, and answers until it is revoked.
    """

    id: str
    person: str | None
    incident_id: str | None
    created_at: datetime
    made_by: str
    revoked_at: datetime | None = None


def add(connection: Connection, new: CalendarAddress, token: str) -> None:
    """Remember an address."""
    row = {"id": new.id, "person": new.person, "incident_id": new.incident_id, "created_at": new.created_at}
    row["made_by"] = new.made_by
    connection.execute(insert(calendar_address), row | {"token_sha256": _hash(token)})


def by_token(connection: Connection, token: str) -> CalendarAddress:
    """The calendar behind an address that was not revoked. Raises NotFoundError; what is asked of the database is always the same."""
    row = connection.execute(select(*_COLUMNS).where(_own.token_sha256 == _hash(token), _own.revoked_at.is_(None))).one_or_none()
    if row is None:
        raise nothing_here()
    return CalendarAddress(*row)


def nothing_here() -> NotFoundError:
    """The one answer for an address that shows nothing, whatever the reason."""
    return NotFoundError("there is no calendar at this address", hint="subscribe again, and put the new address into your calendar")


def get(connection: Connection, address_id: str) -> CalendarAddress:
    """One calendar, revoked or not. Raises NotFoundError."""
    row = connection.execute(select(*_COLUMNS).where(_own.id == address_id)).one_or_none() if is_id(address_id) else None
    if row is None:
        raise NotFoundError(f"there is no calendar {address_id!r}")
    return CalendarAddress(*row)


def in_use(connection: Connection, *, person: str | None, incident_id: str | None) -> tuple[CalendarAddress, ...]:
    """The calendars of a person or an incident that still answer, the oldest first."""
    query = select(*_COLUMNS).where(_own.revoked_at.is_(None)).order_by(_own.created_at, _own.id)
    query = query.where(_own.person.is_not_distinct_from(person), _own.incident_id.is_not_distinct_from(incident_id))
    return tuple(CalendarAddress(*row) for row in connection.execute(query))


def revoke(connection: Connection, address_id: str, at: datetime) -> None:
    """Let an address answer no more."""
    connection.execute(update(calendar_address).where(_own.id == address_id, _own.revoked_at.is_(None)).values(revoked_at=at))


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
