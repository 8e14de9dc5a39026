"""Doubles for tests, ours and those of people who build on Amends: a clock that stands still, ids that count, a store in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store
    from amends.usecases.facade import UseCases

START = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)


class FixedClock:
    """A clock that moves only when it is told to."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        """The instant it stands at."""
        return self._now

    def advance(self, **length: float) -> datetime:
        """Move forward by a length as `timedelta` takes it (`minutes=5`), and tell the time then."""
        self._now += timedelta(**length)
        return self._now


class CountingIds:
    """Ids that count from 1: 26 characters, sortable, the same in every run. Safe to share between threads."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self) -> str:
        """The next id."""
        return f"{next(self._numbers):026d}"


def memory_store() -> Store:
    """A store in memory with all tables, gone when it is closed. The real thing, on SQLite; needs the `server` extra."""
    from amends.store.engine import open_store

    store = open_store("sqlite://")
    with store.reading() as connection:
        driver: Any = connection.connection.driver_connection
        driver.deserialize(_all_tables())
    return store


@cache
def _all_tables() -> bytes:
    """An empty database, kept, because making its tables takes longer than most tests."""
    from amends.store.engine import open_store
    from amends.store.migrate import create

    store = open_store("sqlite://")
    create(store)
    with store.reading() as connection:
        driver: Any = connection.connection.driver_connection
        made: bytes = driver.serialize()
    store.close()
    return made


def memory_usecases(clock: Clock | None = None, ids: Ids | None = None) -> UseCases:
    """Everything a user can do, over a store in memory and our own rules; by default the clock stands still and ids count."""
    from amends.usecases.checking import Checking
    from amends.usecases.facade import UseCases

    return UseCases(Checking, memory_store, clock or FixedClock(), ids or CountingIds())
