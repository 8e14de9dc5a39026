"""Which runs live: seen by others while they do, and by nobody afterwards."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from amends.store.engine import Store, open_store
from amends.store.presence import is_alive, present
from amends.testing import memory_store

if TYPE_CHECKING:
    from collections.abc import Callable

OTHER = """
import sys
from amends.store.engine import open_store
from amends.store.presence import present
with present(open_store(sys.argv[1]), "OTHER"):
    sys.stdout.write("here\\n")
    sys.stdout.flush()
    sys.stdin.read()
"""


def seen(store: Store, run: str) -> bool:
    with store.writing() as connection:
        return is_alive(connection, run)


def test_a_run_is_seen_while_it_lasts(store: Store) -> None:
    assert not seen(store, "RUN")
    with present(store, "RUN"):
        assert seen(store, "RUN")
        assert not seen(store, "ANOTHER")
    assert not seen(store, "RUN")


def test_a_run_in_memory_is_seen_too() -> None:
    store = memory_store()
    with present(store, "RUN"):
        assert seen(store, "RUN")
    assert not seen(store, "RUN")
    store.close()


def test_another_process_is_seen_until_it_is_killed(store_url: str) -> None:
    store = open_store(store_url)
    command = [sys.executable, "-c", OTHER, store_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "here\n"
        assert seen(store, "OTHER")
        assert seen(store, "OTHER"), "to look does not end it"
        other.kill()
        other.wait()
        wait_until(lambda: not seen(store, "OTHER"))
    store.close()


@pytest.mark.postgres
def test_a_server_that_forgot_who_was_there_is_told_again(migrated_postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from amends.store import presence

    store, other = open_store(migrated_postgres), open_store(migrated_postgres)
    with present(store, "RUN") as make_sure:
        monkeypatch.setattr(presence, "_HERE", set())  # look as another process does
        make_sure()
        assert seen(other, "RUN")
        with other.writing() as connection:
            own = "pid <> pg_backend_pid() AND datname = current_database()"
            connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {own}"))
        wait_until(lambda: not seen(other, "RUN"))
        make_sure()
        assert seen(other, "RUN")
    wait_until(lambda: not seen(other, "RUN"))
    store.close()
    other.close()


def wait_until(happened: Callable[[], bool]) -> None:
    import time

    until = time.monotonic() + 30  # PostgreSQL notices within moments that the other side of a connection is gone
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)
