"""Which runs of a program are alive, told by locks that the database or the system lets go of when a process ends, however it ends.

A time limit could not tell it: a machine that slept, or whose clock was set, would take a living run for a dead one. A run is known by
a name that no other run has. On PostgreSQL it holds an advisory lock in a connection of its own; beside a SQLite file it holds a lock on
a small file, which is also how SQLite itself guards its databases, on every system.
"""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from amends.store.engine import Store

_HERE: set[str] = set()
_GUARD = Lock()


@contextmanager
def present(store: Store, run: str) -> Iterator[Callable[[], None]]:
    """Be known as alive under a name, until the end of the block or of the process. Raises StoreError.

    What it gives makes sure of it once more: a server that was restarted has forgotten who was there. Not to be called by two at once.
    """
    with _held(store, run) as make_sure:
        with _GUARD:
            _HERE.add(run)
        try:
            yield make_sure
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


def _held(store: Store, run: str) -> AbstractContextManager[Callable[[], None]]:
    if store.kind == "postgresql":
        return _held_by_server(store, run)
    path = _file(store.engine.url.database, run)
    return _held_by_file(path) if path is not None else nullcontext(lambda: None)


@contextmanager
def _held_by_server(store: Store, run: str) -> Iterator[Callable[[], None]]:
    def locked() -> Connection:
        with store.refusals_named():
            connection = store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _key(run)})
            return connection

    own = locked()

    def let_go() -> None:
        own.invalidate()  # ends the session, and the lock with it, even where the server does not answer
        own.close()

    def make_sure() -> None:
        nonlocal own
        try:
            own.execute(text("SELECT 1"))
        except SQLAlchemyError:
            let_go()
            own = locked()

    try:
        yield make_sure
    finally:
        let_go()


@contextmanager
def _held_by_file(path: Path) -> Iterator[Callable[[], None]]:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    lock = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield lambda: None
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
