"""Brings a database to the tables of `schema`, once, however many processes start at the same time."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, String, Table, inspect, select, text

from amends.store.engine import StoreError
from amends.store.schema import REVISION, metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from amends.store.engine import Store

_own = MetaData()
_version = Table(
    "alembic_version",  # as Alembic itself makes it, apart from the declared tables because no migration speaks of it
    _own,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def is_current(store: Store) -> bool:
    """Whether the database has exactly the tables that this version of Amends works with. Raises StoreError."""
    with store.reading() as connection:
        return _revision(connection) == REVISION


def migrate(store: Store) -> None:
    """Run the missing migrations in one transaction; does nothing where none is missing.

    Raises StoreError when the database is busy, or was written by a newer Amends.
    """
    if is_current(store):
        return
    # Alembic takes as long to import as the rest of the store, so only a start that needs it pays, and nobody waits for it in a queue.
    importlib.import_module("alembic.command")
    with store.migrating() as connection:
        if _revision(connection) != REVISION:
            upgrade(connection)
            refuse_loose_ends(connection)


def create(store: Store) -> None:
    """Build the declared tables at once in an empty database, as if migrated: for stores in memory, where there is nothing to migrate."""
    with store.writing() as connection:
        metadata.create_all(connection)
        _own.create_all(connection)
        connection.execute(_version.insert().values(version_num=REVISION))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_version.name):
        return None
    return connection.execute(select(_version.c.version_num)).scalar()


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the missing migrations up to one, inside a transaction of `Store.migrating`. Raises StoreError for one that we do not know."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "amends.store:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise StoreError(
            f"the store carries version {_revision(connection) or revision!r}, which this Amends (version {REVISION}) does not know",
            hint="it was written by a newer Amends: install that one, or open another store",
        ) from error


def refuse_loose_ends(connection: Connection) -> None:
    """Raises StoreError where a row refers to a row that is not there."""
    # SQLite cannot check references while tables are rebuilt, so they are checked before the transaction is kept.
    if connection.dialect.name == "sqlite":
        loose = connection.execute(text("PRAGMA foreign_key_check")).all()
        if loose:
            raise StoreError(f"after migrating, {len(loose)} rows refer to rows that are not there; nothing was changed")
