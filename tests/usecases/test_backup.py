"""Backup and restore: one moment of everything, whole or not at all, from either database into either."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from amends import wiring
from amends.core.errors import ConflictError, InputError
from amends.store import indexed, schema, snapshot
from amends.store.engine import StoreError, open_store
from amends.store.migrate import is_current, migrate, upgrade
from amends.testing import FixedClock
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from amends.store.engine import Store


@pytest.fixture
def source(store: Store, tmp_path: Path) -> UseCases:
    """A workspace with something of most kinds in it."""
    made = UseCases(Checking, lambda: store, FixedClock(), wiring.ids(), home=lambda: str(tmp_path / "home"))
    incident = made.incidents.open("The export skips rows")
    later = made.incidents.open("The fix broke the import")
    made.incidents.follow(incident.id, later.id)
    made.recording.fact(incident.id, "impact", "12 rows of “Café” \U0001f600 were skipped")
    message = made.messaging.record("Next update by 11:10 UTC.", audience="team", tz="UTC", incident_id=incident.id)
    (update,) = made.promising.of_message(message.id)
    made.promising.move(update.promise.id, FixedClock().now().replace(hour=12), why="the line is down")
    draft = made.drafting.new("first")
    made.drafting.save(draft.id, "second", "auto", None, None, 1)
    receiving = made.gathering.receive(incident.id, "app.log")
    receiving.write(b"2026-03-04T10:42:00Z ERROR export\n")
    receiving.done()
    return made


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[UseCases]:
    """An empty workspace on another machine, on each of both kinds."""
    url = f"sqlite:///{tmp_path / 'restored.sqlite3'}" if request.param == "sqlite" else request.getfixturevalue("empty_postgres")
    store = open_store(url)
    migrate(store)
    yield UseCases(Checking, lambda: store, FixedClock(), wiring.ids(), home=lambda: str(tmp_path / "other"))
    store.close()


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.reading() as connection:
        return {table.name: sorted(map(tuple, connection.execute(select(table)).all()), key=str) for table in snapshot.tables()}


def test_everything_comes_back_in_either_database_with_its_files_its_guards_and_its_index(
    source: UseCases, target: UseCases, tmp_path: Path
) -> None:
    incident = source.incidents.list()[0].id
    item = source.narrating.state(incident, "claim", "12 rows were skipped", kind="fact").item
    source.narrating.cite(incident, item, "measure", text="by SQL: 12")
    source.versions.open(incident, "team")
    made = source.backup.back_up(str(tmp_path / "b.zip"))
    done = target.backup.restore(str(tmp_path / "b.zip"))
    assert everything(target.store) == everything(source.store)
    assert (done.tables, done.files, done.problems) == (made.tables, 1, ())
    assert (done.journal_seq, done.journal_hash) == target.journal.head()
    assert target.journal.verify(head=made.journal_hash) == []
    assert [hit.kind for hit in target.searching.find("cafe skipped").hits] == ["fact"]
    kept = list((tmp_path / "other" / "evidence").rglob("app.log"))
    assert [path.read_bytes() for path in kept] == [b"2026-03-04T10:42:00Z ERROR export\n"]
    with pytest.raises(DBAPIError, match="kept as they were written"), target.store.writing() as connection:
        connection.execute(text("UPDATE journal SET what = 'x'"))
    with pytest.raises(DBAPIError), target.store.writing() as connection:
        connection.execute(text("UPDATE incident SET follows = 'nowhere'"))
    target.incidents.open("Work goes on")
    assert target.searching.find("goes").total == 1


def test_the_tables_after_a_restore_are_those_of_the_migrations(source: UseCases, target: UseCases, tmp_path: Path) -> None:
    before = shape(target.store)
    source.backup.back_up(str(tmp_path / "b.zip"))
    target.backup.restore(str(tmp_path / "b.zip"))
    assert shape(target.store) == before
    assert is_current(target.store)


def shape(store: Store) -> list[object]:
    """Every trigger, index and constraint."""
    queries = (
        ["SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"]
        if store.kind == "sqlite"
        else [
            "SELECT tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'\\:\\:regnamespace ORDER BY 1",
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
            "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'\\:\\:regnamespace ORDER BY 1",
        ]
    )
    with store.reading() as connection:
        return [tuple(row) for query in queries for row in connection.execute(text(query)).all()]


def test_every_table_of_the_schema_is_taken_along_or_stands_among_the_excluded_with_a_reason(source: UseCases, tmp_path: Path) -> None:
    path = str(tmp_path / "b.zip")
    source.backup.back_up(path)
    with zipfile.ZipFile(path) as archive:
        taken = {name.removeprefix("tables/").removesuffix(".jsonl") for name in archive.namelist() if name.startswith("tables/")}
    assert taken | set(snapshot.EXCLUDED) == set(schema.metadata.tables)
    assert not taken & set(snapshot.EXCLUDED)
    assert all(snapshot.EXCLUDED.values())


def test_keys_come_along_only_when_they_are_asked_for(source: UseCases, tmp_path: Path) -> None:
    (tmp_path / "home" / "signing-key.pem").write_bytes(b"a private key")
    with source.store.writing() as connection:
        schema_row = {"key": "secret.links", "value": "guess me", "changed_at": FixedClock().now(), "changed_by": "local"}
        connection.execute(schema.setting.insert(), schema_row)
    for with_keys in (False, True):
        path = str(tmp_path / f"{with_keys}.zip")
        source.backup.back_up(path, with_keys=with_keys)
        with zipfile.ZipFile(path) as archive:
            assert ("keys/signing-key.pem" in archive.namelist()) is with_keys
            assert (b"guess me" in archive.read("tables/setting.jsonl")) is with_keys


def test_a_database_with_something_in_it_is_replaced_only_after_a_backup_of_it(source: UseCases, target: UseCases, tmp_path: Path) -> None:
    source.backup.back_up(str(tmp_path / "b.zip"))
    target.incidents.open("Something else")
    before = everything(target.store)
    with pytest.raises(ConflictError, match="something in this database"):
        target.backup.restore(str(tmp_path / "b.zip"))
    assert everything(target.store) == before
    done = target.backup.restore(str(tmp_path / "b.zip"), replace=str(tmp_path / "safety.zip"))
    assert everything(target.store) == everything(source.store)
    assert done.safety is not None
    target.backup.restore(done.safety, replace=str(tmp_path / "again.zip"))
    assert everything(target.store) == before


def changed(path: Path, change: Callable[[dict[str, bytes]], None], *, sums: bool) -> Path:
    """A copy of a backup with its files changed, and its sums made to fit or not."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    if sums:
        listed = sorted((name, sha256(data).hexdigest()) for name, data in files.items() if name != "SHA256SUMS")
        files["SHA256SUMS"] = "".join(f"{sha}  {name}\n" for name, sha in listed).encode()
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(other, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return other


def alter(files: dict[str, bytes]) -> None:
    files["tables/promise.jsonl"] = files["tables/promise.jsonl"].replace(b"11:10", b"12:10")


def loosen(files: dict[str, bytes]) -> None:
    files["tables/incident.jsonl"] = files["tables/incident.jsonl"].split(b"\n", 1)[1]
    manifest = json.loads(files["manifest.json"])
    manifest["tables"]["incident"] -= 1
    files["manifest.json"] = json.dumps(manifest).encode()


def shorten(files: dict[str, bytes]) -> None:
    files["tables/promise.jsonl"] = files["tables/promise.jsonl"].split(b"\n", 1)[1]


def cut(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    manifest["journal"]["hash"] = "0" * 64
    files["manifest.json"] = json.dumps(manifest).encode()


def garble(files: dict[str, bytes]) -> None:
    files["tables/draft.jsonl"] = b'{"id": 1}\n'


def escape(files: dict[str, bytes]) -> None:
    files["tables/evidence.jsonl"] = files["tables/evidence.jsonl"].replace(b'"place":"app.log"', b'"place":"../../../../app.log"')


def slip_in(files: dict[str, bytes]) -> None:
    files["tables/other.jsonl"] = b"{}\n"


def drop(files: dict[str, bytes]) -> None:
    del files["tables/link.jsonl"]


@pytest.mark.parametrize("change", [alter, slip_in, drop])
def test_a_backup_whose_sums_do_not_fit_is_refused_by_the_name_of_the_file(
    source: UseCases, target: UseCases, tmp_path: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    source.backup.back_up(str(tmp_path / "b.zip"))
    with pytest.raises(InputError, match=r"not as it was written|not in the list|missing") as caught:
        target.backup.restore(str(changed(tmp_path / "b.zip", change, sums=False)))
    assert "!/tables/" in str(caught.value.path)


@pytest.mark.parametrize("change", [alter, loosen, shorten, cut, garble, escape])
def test_a_backup_that_does_not_hold_together_changes_nothing_even_where_its_sums_fit(
    source: UseCases, target: UseCases, tmp_path: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    source.backup.back_up(str(tmp_path / "b.zip"))
    before, were = shape(target.store), everything(target.store)
    with pytest.raises((InputError, StoreError, DBAPIError)):
        target.backup.restore(str(changed(tmp_path / "b.zip", change, sums=True)))
    assert (shape(target.store), everything(target.store)) == (before, were)
    assert not list((tmp_path / "other").rglob("app.log"))


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_backup_is_refused(target: UseCases, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(data)
    with pytest.raises(InputError):
        target.backup.restore(str(tmp_path / "b.zip"))


def test_a_backup_of_an_older_version_is_migrated(source: UseCases, target: UseCases, tmp_path: Path) -> None:
    old = open_store(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    with old.migrating() as connection:
        upgrade(connection, "0004")
        known = inspect(connection).get_table_names()
    old.close()
    later = [table.name for table in snapshot.tables() if table.name not in known]

    def age(files: dict[str, bytes]) -> None:
        manifest = json.loads(files["manifest.json"])
        for name in later:
            assert not files.pop(f"tables/{name}.jsonl").strip()
            del manifest["tables"][name]
        texts = [json.loads(line) for line in files["tables/document.jsonl"].splitlines()]
        assert texts
        files["tables/document.jsonl"] = b"".join(
            json.dumps({name: value for name, value in row.items() if name != "audience"}).encode() + b"\n" for row in texts
        )
        manifest["revision"] = "0004"
        files["manifest.json"] = json.dumps(manifest).encode()

    source.documents.new(source.incidents.list()[0].id, "Call", text="rows were skipped")
    before = shape(target.store)
    source.backup.back_up(str(tmp_path / "b.zip"))
    target.backup.restore(str(changed(tmp_path / "b.zip", age, sums=True)))
    assert shape(target.store) == before
    assert everything(target.store) == everything(source.store)
    assert target.searching.find("skipped").total >= 1


def test_a_backup_of_a_newer_version_is_refused(source: UseCases, target: UseCases, tmp_path: Path) -> None:
    def renew(files: dict[str, bytes]) -> None:
        manifest = json.loads(files["manifest.json"])
        manifest["revision"] = "9999"
        files["manifest.json"] = json.dumps(manifest).encode()

    source.backup.back_up(str(tmp_path / "b.zip"))
    with pytest.raises(StoreError, match="9999"):
        target.backup.restore(str(changed(tmp_path / "b.zip", renew, sums=True)))


def test_what_was_acknowledged_before_a_backup_under_load_began_is_in_it(source: UseCases, target: UseCases, tmp_path: Path) -> None:
    acknowledged: list[str] = []
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            incident = source.incidents.open("One more")
            source.recording.fact(incident.id, "impact", "written while others write")
            acknowledged.append(incident.id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    others = [subprocess.Popen([sys.executable, "-c", WRITER, url_of(source.store)], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        for thread in threads:
            thread.start()
        seen = [acknowledged_by(other) for other in others]
        while len(acknowledged) < 20:
            time.sleep(0.01)
        before = [*acknowledged, *seen]
        source.backup.back_up(str(tmp_path / "b.zip"))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        for other in others:
            other.kill()
            other.communicate()
    target.backup.restore(str(tmp_path / "b.zip"))
    with target.store.reading() as connection:
        restored = set(connection.execute(select(schema.incident.c.id)).scalars())
    assert set(before) <= restored
    assert target.journal.verify() == []


WRITER = """
import sys
from amends import wiring
from amends.store.engine import open_store
from amends.usecases.incidents import Incidents
store = open_store(sys.argv[1])
incidents = Incidents(store, wiring.system_clock(), wiring.ids())
while True:
    print(incidents.open("From another process").id, flush=True)
"""


def acknowledged_by(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def url_of(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


def test_a_backup_that_is_killed_leaves_nothing_under_its_name(source: UseCases, tmp_path: Path) -> None:
    program = (
        "import sys, time\n"
        "from amends import wiring\nfrom amends.store import snapshot\nfrom amends.store.engine import open_store\n"
        "from amends.usecases.backup import Backup\n"
        "whole = snapshot.lines\n"
        "def slow(*args, **given):\n"
        "    for line in whole(*args, **given):\n"
        "        print('going', flush=True); time.sleep(60); yield line\n"
        "snapshot.lines = slow\n"
        "Backup(open_store(sys.argv[1]), wiring.system_clock(), wiring.ids()).back_up(sys.argv[2])\n"
    )
    path = tmp_path / "b.zip"
    path.write_bytes(b"the backup of yesterday")
    process = subprocess.Popen([sys.executable, "-c", program, url_of(source.store), str(path)], stdout=subprocess.PIPE, text=True)
    assert acknowledged_by(process) == "going"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert path.read_bytes() == b"the backup of yesterday"


def test_the_index_of_words_made_anew_is_the_one_that_the_triggers_kept(source: UseCases) -> None:
    columns = text(f"SELECT {indexed.COLUMNS} FROM search_entry ORDER BY kind, ref")
    with source.store.writing() as connection:
        kept = connection.execute(columns).all()
        for statement in indexed.rebuild_statements():
            connection.execute(text(statement))
        assert connection.execute(columns).all() == kept
    assert kept
