"""The whole store as lines of JSON, one file a table, and back into an empty database of either kind.

The tables come from the schema, so that none can be forgotten: what is not taken along stands in `EXCLUDED` with its reason.
"""

from __future__ import annotations

import json
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import TIMESTAMP, MetaData, Table, insert, select, text

from amends.core.errors import InputError
from amends.store import migrate, postings
from amends.store.instant import stamp
from amends.store.journal import PAGE
from amends.store.schema import evidence, metadata, setting
from amends.store.search import rebuild
from amends.store.secrets import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

EXCLUDED = dict.fromkeys(
    ("search_entry", "recurrence_doc", "recurrence_posting", "recurrence_frequency", "recurrence_stale"),
    "follows from the other tables, and is made anew when they are restored",
)
"""Tables that no backup holds, each with the reason."""

WITHOUT_KEYS = f"settings whose names begin with {PREFIX!r}, and the signing key: they are taken along with --with-keys only"


def tables() -> tuple[Table, ...]:
    """Every table that a backup holds, each behind those that it refers to."""
    return tuple(table for table in metadata.sorted_tables if table.name not in EXCLUDED)


def lines(connection: Connection, table: Table, *, with_keys: bool) -> Iterator[bytes]:
    """The rows of a table, each as one line of JSON, read a page at a time."""
    query = select(table).order_by(*table.primary_key.columns)
    if table is setting and not with_keys:
        query = query.where(setting.c.key.not_like(f"{PREFIX}%"))
    for row in connection.execution_options(yield_per=PAGE).execute(query).mappings():
        plain = {name: stamp(value) if isinstance(value, datetime) else value for name, value in row.items()}
        yield json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def kept_files(connection: Connection) -> list[tuple[str, str, str]]:
    """The evidence that is kept in files of ours: incident, id, and name of the file."""
    own = evidence.c
    query = select(own.incident_id, own.id, own.place).where(own.kept == 1).order_by(own.incident_id, own.id)
    return [(row.incident_id, row.id, row.place) for row in connection.execute(query)]


def is_empty(connection: Connection) -> bool:
    """Whether no table holds a row."""
    return not any(connection.execute(select(table).limit(1)).first() for table in metadata.sorted_tables)


def clear(connection: Connection) -> None:
    """Drop every table of ours, with what belongs to them. In a transaction of `Store.migrating`."""
    if connection.dialect.name == "sqlite":
        for name in ("search_index", *(table.name for table in metadata.sorted_tables), "alembic_version"):
            connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
        return
    for name in (*(table.name for table in metadata.sorted_tables), "alembic_version"):
        connection.execute(text(f"DROP TABLE IF EXISTS {name} CASCADE"))
    ours = (
        "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND (proname ~ '^amends_' OR proname ~ '^find_')"
    )
    for name in connection.execute(text(ours.replace(":", r"\:"))).scalars().all():
        connection.execute(text(f"DROP FUNCTION {name} CASCADE"))


class Loading:
    """Puts the rows of a backup into a database whose tables were dropped: builds them as they were then, fills them, migrates them.

    Use within one transaction of `Store.migrating`: `begin`, `fill` each table, `finish`.
    """

    def __init__(self, connection: Connection, revision: str) -> None:
        self._connection = connection
        self._on_postgresql = connection.dialect.name == "postgresql"
        self._sleeping: list[str] = []
        self._loosened: list[tuple[str, str]] = []
        migrate.upgrade(connection, revision)
        self._tables = MetaData()
        self._tables.reflect(connection, only=lambda name, _: not name.startswith("search_index"))
        self._let_go()

    def fill(self, name: str, given: Iterable[bytes], path: str) -> int:
        """Put in the rows of one table; how many. Raises InputError for lines that are no rows of it."""
        table = self._tables.tables.get(name)
        if table is None or name in EXCLUDED:
            raise InputError(
                f"there is no table {name[:60]!r} to restore", hint="the backup was changed, or comes from elsewhere", path=path
            )
        times = {column.name for column in table.columns if isinstance(column.type, TIMESTAMP)}
        rows = (_row(line, set(table.c.keys()), times, path, number) for number, line in enumerate(given, start=1))
        done = 0
        while batch := list(islice(rows, PAGE)):
            self._connection.execute(insert(table), batch)
            done += len(batch)
        return done

    def finish(self) -> None:
        """Hold every row to its references again, migrate to the present, and make the index. Raises StoreError."""
        self._hold()
        migrate.upgrade(self._connection, "head")
        rebuild(self._connection)
        postings.rebuild(self._connection)
        migrate.refuse_loose_ends(self._connection)

    def _let_go(self) -> None:
        """While rows come in, nothing follows them, and they may refer to rows that come later."""
        if self._on_postgresql:
            for table in self._tables.sorted_tables:
                self._run(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
                for key in table.foreign_key_constraints:
                    self._loosened.append((table.name, str(key.name)))
                    self._run(f"ALTER TABLE {table.name} ALTER CONSTRAINT {key.name} DEFERRABLE INITIALLY DEFERRED")
            return
        following = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'find_*'"
        for name, statement in self._connection.execute(text(following)).all():
            self._sleeping.append(statement)
            self._run(f"DROP TRIGGER {name}")

    def _hold(self) -> None:
        if self._on_postgresql:
            self._run("SET CONSTRAINTS ALL IMMEDIATE")
            for name, key in self._loosened:
                self._run(f"ALTER TABLE {name} ALTER CONSTRAINT {key} NOT DEFERRABLE")
            for table in self._tables.sorted_tables:
                self._run(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")
        for statement in self._sleeping:
            self._run(statement)

    def _run(self, statement: str) -> None:
        self._connection.execute(text(statement.replace(":", r"\:")))


def _row(line: bytes, columns: set[str], times: set[str], path: str, number: int) -> dict[str, Any]:
    hint = "the backup was changed; take the file as it was written"
    try:
        row = json.loads(line)
        if not isinstance(row, dict) or set(row) != columns:
            raise InputError("this is no row of its table", hint=hint, path=path, line=number)
        return {name: datetime.fromisoformat(value) if name in times and value is not None else value for name, value in row.items()}
    except (ValueError, TypeError) as error:
        raise InputError(f"this is no row of its table: {error}", hint=hint, path=path, line=number) from error
