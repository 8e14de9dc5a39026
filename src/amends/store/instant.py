"""How an instant is stored: as itself where the database knows time zones, as sortable text in UTC where it does not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import TIMESTAMP, Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine


def stamp(at: datetime) -> str:
    """An instant as text in UTC with microseconds, of fixed width, so that text order is time order.

    Raises ValueError for a time without an offset: it names no instant.
    """
    if at.utcoffset() is None:
        raise ValueError(f"{at!r} has no offset, so it is no instant")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


class Instant(TypeDecorator[datetime]):
    """A column of aware datetimes: `timestamp with time zone` on PostgreSQL, text on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column type of this database."""
        return dialect.type_descriptor(TIMESTAMP(timezone=True) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """From the program to the database, always in UTC; a time without an offset is refused on both databases."""
        if value is None:
            return None
        text = stamp(value)
        return value.astimezone(UTC) if dialect.name == "postgresql" else text

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From the database to the program, always in UTC."""
        if value is None:
            return None
        read: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
        return read.astimezone(UTC)
