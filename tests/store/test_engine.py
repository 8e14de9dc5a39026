"""Opening a database: which URLs, how private, what happens when it does not answer."""

from __future__ import annotations

import sqlite3
import stat
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from amends.core.errors import NeedsExtraError, UsageError
from amends.store import engine
from amends.store.engine import Store, StoreError, open_store
from amends.testing import memory_store

if TYPE_CHECKING:
    from pathlib import Path

ADD = text(
    "INSERT INTO incident (id, title, severity, status, origin, started_at, recorded_at, visibility, version)"
    " VALUES (:id, 't', :severity, 'resolved', 'own', '2026-03-04T10:00:00+00:00', '2026-03-04T10:00:00+00:00', 'open', 1)"
)


def test_a_store_answers_and_says_where_it_is(store: Store) -> None:
    assert store.answers()
    assert store.address.startswith(("sqlite", "postgresql+psycopg"))


@pytest.mark.parametrize("url", ["postgres://u:secret@h/d", "postgresql://u:secret@h/d", "postgresql+psycopg://u:secret@h/d"])
def test_every_way_to_write_postgresql_takes_the_same_driver_and_no_password_is_shown(url: str) -> None:
    store = open_store(url)
    assert store.kind == "postgresql"
    assert store.address == "postgresql+psycopg://u:***@h/d"


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://u:secret@h/d", "://secret", "sqlite"])
def test_another_kind_of_url_is_refused_with_an_example_and_without_its_password(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_store(url)
    assert "sqlite:///" in caught.value.hint
    assert "secret" not in f"{caught.value.message} {caught.value.hint} {caught.value.__cause__}"


def test_a_missing_driver_is_named_as_the_extra_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(NeedsExtraError, match="PostgreSQL") as caught:
        open_store("postgresql://u@h/d")
    assert "amends[postgres]" in caught.value.hint


def test_an_old_sqlite_is_refused_with_both_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 34, 1))
    with pytest.raises(StoreError, match=r"needs 3\.37\.0"):
        open_store("sqlite://")


def test_a_new_sqlite_file_and_its_folder_belong_to_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "home" / "amends.sqlite3"
    store = open_store(f"sqlite:///{path}")
    with store.writing() as connection:
        connection.execute(text("CREATE TABLE anything (n INTEGER)"))
    modes = {stat.S_IMODE(kept.stat().st_mode) for kept in path.parent.iterdir()}
    store.close()
    assert (stat.S_IMODE(path.parent.stat().st_mode), modes) == (0o700, {0o600})


def test_a_folder_that_cannot_be_made_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        open_store(f"sqlite:///{tmp_path / 'file' / 'amends.sqlite3'}")
    assert "AMENDS_HOME" in caught.value.hint


def test_a_file_that_is_no_database_does_not_answer_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_text("these are notes, not a database\n" * 100)
    store = open_store(f"sqlite:///{path}")
    assert not store.answers()
    with pytest.raises(StoreError, match="does not serve"), store.reading():
        pass
    store.close()


def test_a_server_that_is_away_does_not_answer_and_says_so_without_the_password() -> None:
    store = open_store("postgresql://u:secret@127.0.0.1:1/d")
    assert not store.answers()
    with pytest.raises(StoreError, match="does not serve") as caught, store.writing():
        pass
    assert "secret" not in caught.value.message


def test_a_writer_that_waits_longer_than_its_patience_gives_up_by_name(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PATIENCE_S", 0.05)
    first, second = open_store(store_url), open_store(store_url)
    with first.writing(), pytest.raises(StoreError, match="does not serve"), second.writing():
        pass
    with second.writing():  # and gets its turn afterwards
        pass
    first.close()
    second.close()


def test_readers_do_not_wait_for_a_writer_and_see_one_moment(store: Store) -> None:
    query = text("SELECT count(*) FROM incident")
    counts = []
    with store.reading() as reader:
        counts.append(reader.execute(query).scalar())
        writer = threading.Thread(target=lambda: _add_one(store))
        writer.start()
        writer.join(timeout=5)
        counts.append(reader.execute(query).scalar())
    with store.reading() as reader:
        counts.append(reader.execute(query).scalar())
    assert counts == [0, 0, 1]


def test_an_error_inside_a_transaction_takes_all_of_it_back(store: Store) -> None:
    def two_of_which_one_is_wrong() -> None:
        with store.writing() as connection:
            connection.execute(ADD, {"id": "1", "severity": "SEV1"})
            connection.execute(ADD, {"id": "2", "severity": "SEV9"})

    with pytest.raises(IntegrityError):
        two_of_which_one_is_wrong()
    with store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM incident")).scalar() == 0


def test_sqlite_columns_refuse_values_of_another_type() -> None:
    store = memory_store()
    with pytest.raises(IntegrityError, match="cannot store TEXT value in INTEGER column"), store.writing() as connection:
        connection.execute(
            text("INSERT INTO draft (id, author, version, created_at) VALUES ('1', 'a', 'first', '2026-03-04T10:00:00+00:00')")
        )
    store.close()


def test_a_store_in_memory_is_one_database_for_all_threads() -> None:
    store = memory_store()
    seen: list[bool] = []
    threads = [threading.Thread(target=lambda: seen.append(store.answers())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM journal")).scalar() == 0
    assert seen == [True] * 8
    store.close()


def _add_one(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(ADD, {"id": "1", "severity": "SEV1"})


class BusyConnection:
    """A connection of SQLite's driver whose change to a write-ahead log is refused so many times."""

    def __init__(self, refusals: int) -> None:
        self.isolation_level: str | None = ""
        self.refusals = refusals
        self.done: list[str] = []

    def execute(self, statement: str) -> None:
        if "journal_mode" in statement and self.refusals:
            self.refusals -= 1
            raise sqlite3.OperationalError("database is locked")
        self.done.append(statement)


def test_a_new_database_that_another_process_is_preparing_is_waited_for_with_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PATIENCE_S", 0.01)
    monkeypatch.setattr(engine, "_TRIES", 4)
    patient = BusyConnection(3)
    engine._prepare_sqlite(patient, None)  # type: ignore[arg-type]  # as much of a connection as it takes
    assert patient.done[-1] == "PRAGMA journal_mode = WAL"
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        engine._prepare_sqlite(BusyConnection(4), None)  # type: ignore[arg-type]  # as much of a connection as it takes


def test_a_connection_that_is_in_use_while_the_store_closes_is_closed_when_it_is_done(store: Store) -> None:
    with store.reading() as connection:
        bare = connection.connection.driver_connection
        store.close()
        assert connection.execute(text("SELECT 1")).scalar() == 1
    if store.kind == "postgresql":
        assert bare is not None
        assert bare.closed
    else:
        assert isinstance(bare, sqlite3.Connection)
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            bare.execute("SELECT 1")
    assert store.answers(), "and a store that was closed opens again"
