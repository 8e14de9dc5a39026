"""The migrations, run from nothing, build exactly the tables that `store.schema` declares."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from amends.store import migrate as migration
from amends.store.engine import Store, StoreError, open_store
from amends.store.migrate import create, is_current, migrate
from amends.store.schema import NAMES, REVISION, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection


@pytest.fixture
def empty(empty_url: str) -> Iterator[Store]:
    store = open_store(empty_url)
    yield store
    store.close()


def test_migrating_from_nothing_leaves_nothing_for_alembic_to_change(empty: Store) -> None:
    migrate(empty)
    with empty.reading() as connection:
        given = {"compare_type": True, "compare_server_default": True, "include_object": _is_declared}
        context = MigrationContext.configure(connection, opts=given)
        assert compare_metadata(context, metadata) == []


def test_migrated_and_declared_tables_agree_in_every_name_type_constraint_and_trigger_on_sqlite(tmp_path: Path) -> None:
    migrated, declared = (open_store(f"sqlite:///{tmp_path / name}") for name in ("migrated", "declared"))
    migrate(migrated)
    create(declared)
    assert _sqlite_tables(migrated) == _sqlite_tables(declared)
    for store in (migrated, declared):
        store.close()


@pytest.mark.postgres
def test_migrated_and_declared_tables_agree_in_every_name_type_constraint_and_trigger_on_postgresql(
    migrated_postgres: str, empty_postgres: str
) -> None:
    migrated, declared = open_store(migrated_postgres), open_store(empty_postgres)
    create(declared)
    assert _postgresql_tables(migrated) == _postgresql_tables(declared)
    for store in (migrated, declared):
        store.close()


@pytest.mark.postgres
def test_a_database_in_another_encoding_is_refused_with_what_to_do(empty_postgres: str) -> None:
    import psycopg

    name = f"{empty_postgres.rpartition('/')[2]}_latin"
    with psycopg.connect(empty_postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'".encode())
    store = open_store(f"{empty_postgres.rpartition('/')[0]}/{name}")
    with pytest.raises(StoreError, match="encoded in LATIN1") as caught:
        migrate(store)
    store.close()
    with psycopg.connect(empty_postgres, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
    assert "UTF8" in caught.value.hint


def test_every_constraint_and_index_has_the_name_that_the_rule_gives(empty: Store) -> None:
    migrate(empty)
    with empty.reading() as connection:
        names = set(_names(connection))
    assert all(name.startswith(tuple(f"{kind}_" for kind in NAMES)) for name in names), names
    assert {"pk_journal", "uq_journal_previous", "fk_draft_incident_id", "ck_incident_severity", "ix_incident_started_at_id"} <= names


def test_the_declared_revision_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "amends.store:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_an_empty_database_is_not_current_a_migrated_one_is_and_migrating_again_changes_nothing(empty: Store) -> None:
    assert not is_current(empty)
    migrate(empty)
    assert is_current(empty)
    migrate(empty)
    assert is_current(empty)


def test_a_database_of_a_newer_amends_is_refused_by_name_and_left_alone(empty: Store) -> None:
    migrate(empty)
    with empty.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not is_current(empty)
    with pytest.raises(StoreError, match="carries version '9999'") as caught:
        migrate(empty)
    assert "newer Amends" in caught.value.hint


def test_processes_that_start_at_once_migrate_once_and_all_succeed(empty: Store, empty_url: str) -> None:
    program = (
        "import sys; from amends.store.engine import open_store; from amends.store.migrate import migrate; migrate(open_store(sys.argv[1]))"
    )
    processes = [subprocess.Popen([sys.executable, "-c", program, empty_url], stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in processes] == [("", 0)] * 4
    assert is_current(empty)


def test_a_migration_that_fails_leaves_the_database_as_it_was(empty: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Connection) -> None:
        raise StoreError("planted")

    monkeypatch.setattr(migration, "refuse_loose_ends", broken)
    with pytest.raises(StoreError, match="planted"):
        migrate(empty)
    with empty.reading() as connection:
        assert inspect(connection).get_table_names() == []


def test_a_migration_that_leaves_a_row_without_what_it_refers_to_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(connection: Connection) -> None:
        upgrade(connection)
        columns = "id, author, incident_id, version, created_at"
        connection.execute(text(f"INSERT INTO draft ({columns}) VALUES ('1', 'ana', 'nowhere', 1, '2026-03-04T10:00:00+00:00')"))

    upgrade = migration.upgrade
    monkeypatch.setattr(migration, "upgrade", careless)
    store = open_store(f"sqlite:///{tmp_path / 'new'}")
    with pytest.raises(StoreError, match="1 rows refer to rows that are not there"):
        migrate(store)
    assert not is_current(store)
    store.close()


def test_shared_texts_of_an_older_amends_are_kept_and_found_as_before(empty: Store) -> None:
    with empty.migrating() as connection:
        migration.upgrade(connection, "0005")
        at = "'2026-03-04T10:00:00.000000+00:00'"
        for statement in (
            f"INSERT INTO journal VALUES (1, {at}, 'ana', 'document.started', 'document/D', '{{}}', '0', '1')",
            (
                "INSERT INTO incident (id, title, severity, status, origin, started_at, recorded_at, visibility, version)"
                f" VALUES ('I', 'Checkout', 'SEV2', 'resolved', 'own', {at}, {at}, 'open', 1)"
            ),
            (
                "INSERT INTO document (id, incident_id, kind, title, version, created_at, created_by)"
                f" VALUES ('D', 'I', 'note', 'Call', 1, {at}, 'ana')"
            ),
            f"INSERT INTO document_version VALUES ('D', 1, 'We paged nobody', NULL, 'saved', 'ana', {at}, 'salt', 1)",
        ):
            connection.execute(text(statement))
    migrate(empty)
    with empty.writing() as connection:
        assert connection.execute(text("SELECT id, title, audience FROM document")).all() == [("D", "Call", None)]
        connection.execute(text("UPDATE document SET title = 'Second call' WHERE id = 'D'"))
        found = connection.execute(text("SELECT title, text FROM search_entry WHERE kind = 'document'")).all()
    assert found == [("Second call", "We paged nobody")]


def test_sqlite_is_told_to_check_references_again_after_a_migration(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'new'}")
    migrate(store)
    with store.reading() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    store.close()


def _is_declared(thing: Any, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """Not the index of words: no type of Alembic's can say it, and the comparisons by statement below hold it."""
    if kind == "column":
        return f"{thing.table.name}.{name}" != "search_entry.words"
    return not str(name).startswith(("search_index", "ix_search_entry_words"))


def _sqlite_tables(store: Store) -> list[tuple[str, ...]]:
    """Everything that SQLite keeps about a schema, without the layout of the statements, the order inside a table, and quotes
    around its name, which SQLite writes when it renames one."""
    with store.reading() as connection:
        rows = connection.execute(text("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master")).all()
    return sorted(
        (kind, name, table, *sorted(part.strip(" \t,") for part in sql.replace(f'"{table}"', table).split("\n")))
        for kind, name, table, sql in rows
    )


def _postgresql_tables(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    queries = {
        "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
        " WHERE table_schema = 'public'",
        "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace",
        "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "triggers": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "functions": "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    }
    with store.reading() as connection:
        return {what: sorted(tuple(row) for row in connection.execute(text(query))) for what, query in queries.items()}


def _names(connection: Connection) -> Iterator[str]:
    inspector = inspect(connection)
    for table in metadata.tables:
        yield str(inspector.get_pk_constraint(table)["name"])
        for things in (
            inspector.get_foreign_keys(table),
            inspector.get_unique_constraints(table),
            inspector.get_check_constraints(table),
            inspector.get_indexes(table),
        ):
            yield from (str(thing["name"]) for thing in things)
