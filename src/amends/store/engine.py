"""Opens a database and hands out transactions: many may read, one at a time may write.

Writers take turns on purpose. Each write ends with a row in the hash-chained journal that names the row before it, so two writers
would wait for each other there anyway; taking the turn first means that they can never deadlock and never fork the chain.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

from amends.core.errors import AmendsError, NeedsExtraError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from sqlalchemy import Engine
    from sqlalchemy.pool import ConnectionPoolEntry

PATIENCE_S = 10
"""How long a writer waits for its turn, and a reader for a connection, before it gives up; in seconds."""

MIGRATION_PATIENCE_S = 120
"""How long a start waits for another one to finish migrating, in seconds."""

_TRIES = 500
"""How many times it tries meanwhile, where a database does not wait by itself."""

OLDEST_SQLITE = (3, 37, 0)
"""The first SQLite with strict tables."""

WRITERS_TURN = 0x616D656E6473  # "amends": the name of the advisory lock that PostgreSQL's writers queue for
_TAKE_TURN = text("SELECT set_config('lock_timeout', :patience, true), pg_advisory_xact_lock(:turn)")
Transaction = Connection
"""What `reading` and `writing` give out. Use cases pass it on to the functions of this room; its SQL is no business of theirs."""

_IN_MEMORY = (None, "", ":memory:")


class StoreError(AmendsError):
    """The database cannot be opened, does not answer, or stayed busy for longer than `PATIENCE_S`."""

    code = "store"


class Store:
    """An open database. Safe to share between threads; each process opens its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.kind = engine.dialect.name
        self._times_closed = 0
        event.listen(engine, "checkout", self._lend)
        event.listen(engine, "checkin", self._take_back)
        self.on_refusal: Callable[[AmendsError], None] | None = None
        """Told of every error that left a transaction, after it was rolled back; for the journal of denied access."""
        self._reader: Engine = engine
        if self.kind == "postgresql":
            # Writers look at what the one before them committed, so each statement must see the present.
            self._writer: Engine = engine.execution_options(isolation_level="READ COMMITTED")
            self._reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        else:
            self._writer = engine.execution_options(amends_write=True)

    @property
    def address(self) -> str:
        """Where the database is, without the password."""
        return self.engine.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the store and changes nothing. Raises StoreError. Do not nest."""
        with self._telling(), self.refusals_named(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that nobody else writes beside; all of it is kept, or nothing. Raises StoreError. Do not nest."""
        with self._telling(), self.refusals_named(), self._writer.begin() as connection:
            if self.kind == "postgresql":
                _take_turn(connection, PATIENCE_S)
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Like `writing`, for rebuilding tables: waits longer, and SQLite holds no row to its references meanwhile. Raises StoreError."""
        with self.refusals_named(), self._writer.connect() as connection:
            if self.kind == "postgresql":
                with connection.begin():
                    _take_turn(connection, MIGRATION_PATIENCE_S)
                    yield connection
                return
            # SQLite ignores this inside a transaction, and SQLAlchemy would begin one, so it goes to the driver.
            bare: Any = connection.connection.driver_connection
            bare.execute(f"PRAGMA busy_timeout = {MIGRATION_PATIENCE_S * 1000}")
            bare.execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.begin():
                    yield connection
            finally:
                bare.execute("PRAGMA foreign_keys = ON")
                bare.execute(f"PRAGMA busy_timeout = {PATIENCE_S * 1000}")

    def answers(self) -> bool:
        """Whether the database can be asked something right now."""
        try:
            with self.reading() as connection:
                connection.execute(text("SELECT 1"))
        except StoreError:
            return False
        return True

    def close(self) -> None:
        """Let go of every connection; the store opens new ones when it is used again. What a thread still holds goes when it is done."""
        self._times_closed += 1
        self.engine.dispose()

    def _lend(self, _connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        record.info["lent"] = self._times_closed

    def _take_back(self, _connection: object, record: ConnectionPoolEntry) -> None:
        if record.info.get("lent") != self._times_closed:
            record.invalidate()  # its pool is gone, and nobody would ever close it

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except AmendsError as error:
            if self.on_refusal is not None:
                self.on_refusal(error)
            raise

    @contextmanager
    def refusals_named(self) -> Iterator[None]:
        """What the database as such refuses inside the block becomes a StoreError."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            if not _is_refusal(error):
                raise
            reason = str(error.orig if isinstance(error, DBAPIError) else error).strip().partition("\n")[0]
            hint = "see that it runs, has room and is not damaged, then try again"
            raise StoreError(f"the store at {self.address} does not serve: {reason}", hint=hint) from error


def _is_refusal(error: SQLAlchemyError | sqlite3.Error) -> bool:
    """Whether this is about the database as such (away, busy, full, damaged), not about a statement and its values."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    damaged = type(cause) is sqlite3.DatabaseError  # all narrower errors are classes below it
    return damaged or isinstance(error, OperationalError | InterfaceError | PoolTimeoutError | sqlite3.OperationalError)


def _take_turn(connection: Connection, patience_s: float) -> None:
    connection.execute(_TAKE_TURN, {"patience": f"{patience_s * 1000:.0f}ms", "turn": WRITERS_TURN})


def open_store(url: str) -> Store:
    """Open the database at a URL: `sqlite:///path`, `sqlite://` (in memory) or `postgresql://user@host/name`.

    A new SQLite file is made readable by its owner only, and so is a folder made for it: drafts are private.
    Connects on first use. Raises UsageError for a URL of another kind, NeedsExtraError where the driver of PostgreSQL is missing.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return Store(_sqlite(parsed))
    try:
        return Store(create_engine(parsed, pool_pre_ping=True, connect_args=_within_patience(parsed)))
    except ModuleNotFoundError as error:
        raise NeedsExtraError("a store on PostgreSQL", "postgres") from error


def file_url(path: str) -> str:
    """The URL of a SQLite file, whatever characters its path holds."""
    return URL.create("sqlite", database=path).render_as_string()


def jobs_beside(url: str) -> str:
    """Where the job engine keeps its tables: in the same database on PostgreSQL, in a file beside a SQLite file, else in memory."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "postgresql":
        return parsed.render_as_string(hide_password=False)
    if parsed.database in _IN_MEMORY:
        return "sqlite://"
    return file_url(str(Path(str(parsed.database)).with_name("jobs.sqlite3")))


def _parsed(url: str) -> URL:
    hint = "write sqlite:///folder/file.sqlite3 or postgresql://user@host/database"
    try:
        # `postgres:` is how hosting services write it
        parsed = make_url("postgresql:" + url.removeprefix("postgres:") if url.startswith("postgres:") else url)
    except (ArgumentError, ValueError):
        raise UsageError("the database URL cannot be read", hint=hint) from None  # the text of the cause would show the password
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite":
        return parsed.set(drivername="sqlite+pysqlite")
    raise UsageError(f"no store can be kept in {parsed.get_backend_name()!r}", hint=hint)


def _within_patience(url: URL) -> dict[str, Any]:
    return {} if "connect_timeout" in url.query else {"connect_timeout": PATIENCE_S}


def _sqlite(url: URL) -> Engine:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise StoreError(
            f"this Python has SQLite {sqlite3.sqlite_version}, the store needs {oldest}", hint="use a newer Python or PostgreSQL"
        )
    if url.database in _IN_MEMORY:
        # One connection is one database here, so everybody waits for the same one.
        engine = create_engine(
            url, poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=PATIENCE_S, connect_args={"check_same_thread": False}
        )
    else:
        _make_private(Path(str(url.database)))
        engine = create_engine(url, pool_timeout=PATIENCE_S, connect_args={"timeout": PATIENCE_S})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(f"the store at {path} cannot be opened: {error.strerror}", hint="set AMENDS_HOME to a folder of yours") from error


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions on its own: `_begin_sqlite` does
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut
    for left in reversed(range(_TRIES)):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            # Changing the mode does not wait its turn like other statements do, and two first starts can meet here.
            if not left:
                raise
            time.sleep(PATIENCE_S / _TRIES)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that will write says so at once. If it read first, it could find the store changed under it.
    writes = connection.get_execution_options().get("amends_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def overwriting(connection: Connection) -> None:
    """Have SQLite write zeros over what this connection deletes; it would leave the words in the file otherwise. PostgreSQL never does."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete = ON"))
