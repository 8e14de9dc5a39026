"""Which runs of a program are alive, told by locks that the database or the system lets go of when a process ends, however it ends.

A time limit could not tell it: a machine that slept, or whose clock was set, would take a living run for a dead one. A run is known by
a name that no other run has. On PostgreSQL it holds an advisory lock in a connection of its own; beside a SQLite file it holds a lock on
a small file, which is also how SQLite itself guards its databases, on every system.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from amends.store.engine import Store

_HERE: set[str] = set()
_GUARD = Lock()


@contextmanager
def present(store: Store, run: str) -> Iterator[None]:
    """Be known as alive under a name, until the end of the block or of the process. Raises StoreError."""
    with _held(store, run):
        with _GUARD:
            _HERE.add(run)
        try:
            yield
        finally:
            with _GUARD:
                _HERE.discard(run)


def is_alive(connection: Connection, run: str) -> bool:
    """Whether a run still lives, in this process or in another one."""
    with _GUARD:
        if run in _HERE:
            return True
    if connection.dialect.name == "postgresql":
        return not connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _key(run)}).scalar_one()
    path = _file(connection.engine.url.database, run)
    return path is not None and path.exists() and not _left_behind(path)


@contextmanager
def _held(store: Store, run: str) -> Iterator[None]:
    if store.kind == "postgresql":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _key(run)})
            try:
                yield
            finally:
                connection.invalidate()  # ends the session, and the lock with it, even where the server does not answer
        return
    path = _file(store.engine.url.database, run)
    if path is None:
        yield
        return
    path.parent.mkdir(mode=0o700, exist_ok=True)
    lock = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        lock.close()
        path.unlink(missing_ok=True)


def _left_behind(path: Path) -> bool:
    """Whether nobody holds the lock of a file any more; it is then removed."""
    lock = sqlite3.connect(path, isolation_level=None, timeout=0)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return False
    finally:
        lock.close()
    with suppress(OSError):
        path.unlink()
    return True


def _key(run: str) -> int:
    return int.from_bytes(sha256(f"amends run {run}".encode()).digest()[:8], "big", signed=True)


def _file(database: str | None, run: str) -> Path | None:
    """The file that stands for a run; None for a store in memory, which no other process can see."""
    return Path(f"{database}-runs") / run if database and database != ":memory:" else None
