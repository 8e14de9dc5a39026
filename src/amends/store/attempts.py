"""Signing in that failed, counted for each name from each address, so that guessing is slow whichever process is asked.

Names and addresses are kept as hashes: people type passwords into the field of the name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, select, update

from amends.store.schema import sign_in_attempt
from amends.store.sessions import hash_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

_own = sign_in_attempt.c


def pair(connection: Connection, name: str, address: str) -> tuple[int, datetime | None, bool]:
    """Failures since the last success of this name from this address, when the last was, and whether it ever succeeded from there."""
    query = select(_own.failures, _own.last_at, _own.succeeded_at).where(_of(name, address))
    row = connection.execute(query).one_or_none()
    return (0, None, False) if row is None else (row.failures, row.last_at, row.succeeded_at is not None)


def of_address(connection: Connection, address: str, since: datetime) -> tuple[int, datetime | None]:
    """Failures from an address whatever the name, and when the last was."""
    query = select(func.coalesce(func.sum(_own.failures), 0), func.max(_own.last_at))
    row = connection.execute(query.where(_own.address_sha256 == hash_of(address), _own.last_at >= since)).one()
    return int(row[0]), row[1]


def of_name(connection: Connection, name: str, since: datetime) -> tuple[int, datetime | None]:
    """Failures of a name whatever the address, and when the last was."""
    query = select(func.coalesce(func.sum(_own.failures), 0), func.max(_own.last_at))
    row = connection.execute(query.where(_own.name_sha256 == hash_of(name), _own.last_at >= since)).one()
    return int(row[0]), row[1]


def failed(connection: Connection, name: str, address: str, at: datetime, *, forget_before: datetime) -> None:
    """Count one that failed, and forget what is long past."""
    connection.execute(delete(sign_in_attempt).where(_own.last_at < forget_before))
    values = {"failures": _own.failures + 1, "last_at": at}
    if not connection.execute(update(sign_in_attempt).where(_of(name, address)).values(**values)).rowcount:
        row = {"name_sha256": hash_of(name), "address_sha256": hash_of(address), "failures": 1, "last_at": at}
        connection.execute(insert(sign_in_attempt), row)


def succeeded(connection: Connection, name: str, address: str, at: datetime) -> None:
    """Begin to count anew, and remember that this address is one of theirs."""
    values = {"failures": 0, "last_at": at, "succeeded_at": at}
    if not connection.execute(update(sign_in_attempt).where(_of(name, address)).values(**values)).rowcount:
        connection.execute(insert(sign_in_attempt), {"name_sha256": hash_of(name), "address_sha256": hash_of(address), **values})


def _of(name: str, address: str) -> ColumnElement[bool]:
    return and_(_own.name_sha256 == hash_of(name), _own.address_sha256 == hash_of(address))
