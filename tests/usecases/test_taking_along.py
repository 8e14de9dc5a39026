"""Out of one workspace and into another: what leaves comes back the same, byte for byte, or not at all."""

from __future__ import annotations

import json
import shutil
import zipfile
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from amends import wiring
from amends.core.errors import AmendsError, ForbiddenError, InputError, NotFoundError, TooLargeError
from amends.integrations.evidence.limits import Limits
from amends.integrations.export.tree import FolderTree, ZipTree
from amends.integrations.imports.tree import GivenTree
from amends.store import schema, transfer
from amends.store.engine import open_store
from amends.testing import CountingIds, FixedClock, memory_store
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from usecases.whole_story import LOG, Teller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.store.engine import Store

SEEDS = range(4)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def usecases(store: Store, clock: FixedClock, tmp_path: Path) -> Iterator[UseCases]:
    made = UseCases(Checking, lambda: store, clock, CountingIds(), home=lambda: str(tmp_path / "here"))
    yield made
    assert made.journal.verify() == []


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[UseCases]:
    """Another workspace, on SQLite: what one database wrote, the other must read."""
    made = UseCases(Checking, memory_store, FixedClock(), wiring.ids(), home=lambda: str(tmp_path / "there"))
    yield made
    assert made.journal.verify() == []
    made.close()


@pytest.fixture(scope="module")
def told(lasting_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[UseCases, Path]]:
    """A workspace in which one incident was told, and the folder of it. Telling takes longer than most tests, so they share both."""
    home, clock, store = tmp_path_factory.mktemp("told"), FixedClock(), open_store(lasting_url)
    made = UseCases(Checking, lambda: store, clock, CountingIds(), home=lambda: str(home / "here"))
    yield made, _export(made, home / "out", Teller(made, clock, 1).tell())
    made.close()


@pytest.fixture
def origin(told: tuple[UseCases, Path]) -> Iterator[UseCases]:
    """The workspace that `folder` came from; a test leaves it as it was."""
    before = _rows(told[0])
    yield told[0]
    assert _rows(told[0]) == before
    assert told[0].journal.verify() == []


@pytest.fixture
def folder(told: tuple[UseCases, Path], tmp_path: Path) -> Path:
    """The folder of one incident, for one test to do with as it likes."""
    return Path(shutil.copytree(told[1], tmp_path / "out"))


def _export(usecases: UseCases, path: Path, incident_id: str | None = None, **by: str) -> Path:
    with FolderTree(str(path)) as tree:
        if incident_id is None:
            usecases.exporting.workspace(tree, **by)
        else:
            usecases.exporting.incident(incident_id, tree, **by)
    return path


def _files(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


def _rows(usecases: UseCases) -> dict[str, int]:
    with usecases.store.reading() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one() for name, table in schema.metadata.tables.items()
        }


@pytest.mark.parametrize("seed", SEEDS)
def test_an_incident_comes_back_byte_for_byte(
    seed: int, usecases: UseCases, elsewhere: UseCases, clock: FixedClock, tmp_path: Path
) -> None:
    own = Teller(usecases, clock, seed).tell()
    first = _export(usecases, tmp_path / "first", own)
    told = elsewhere.importing.folder(str(first))
    assert (told.incidents, told.renamed) == ((own,), {})
    assert [one.code for one in told.problems] == ["reference-missing"], "it follows from an incident that did not come along"
    assert _files(_export(elsewhere, tmp_path / "second", own)) == _files(first)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_workspace_comes_back_byte_for_byte(
    seed: int, usecases: UseCases, elsewhere: UseCases, clock: FixedClock, tmp_path: Path
) -> None:
    for more in range(2):
        Teller(usecases, clock, seed + 10 * more).tell()
    usecases.messaging.record("A word to nobody in particular", by="local")
    first = _export(usecases, tmp_path / "first")
    told = elsewhere.importing.folder(str(first))
    assert (len(told.incidents), told.problems) == (4, ())
    assert _files(_export(elsewhere, tmp_path / "second")) == _files(first)


def test_what_the_other_database_wrote_is_read_here(usecases: UseCases, elsewhere: UseCases, tmp_path: Path) -> None:
    own = Teller(elsewhere, elsewhere.clock, 7).tell()  # type: ignore[arg-type]  # the clock of the fixture
    first = _export(elsewhere, tmp_path / "first", own)
    usecases.importing.folder(str(first))
    assert _files(_export(usecases, tmp_path / "second", own)) == _files(first)


def test_everything_that_happens_here_is_in_the_folder(folder: Path) -> None:
    found = {file.stem for file in (folder / "data").iterdir()}
    assert found == set(transfer.ORDER) - {"invitation", "tombstone"}, "the story of these tests has a row in every other table"


def test_every_table_is_taken_along_or_left_out_for_a_reason() -> None:
    assert set(transfer.ORDER) | set(transfer.LEFT_OUT) == set(schema.metadata.tables)
    assert not set(transfer.ORDER) & set(transfer.LEFT_OUT)
    assert all(transfer.LEFT_OUT.values())


def test_ids_that_are_taken_change_with_every_reference(elsewhere: UseCases, folder: Path, tmp_path: Path) -> None:
    first = elsewhere.importing.folder(str(folder))
    again = elsewhere.importing.folder(str(folder))
    assert again.incidents != first.incidents
    assert again.renamed[first.incidents[0]] == again.incidents[0]
    once, twice = (_files(_export(elsewhere, tmp_path / name, one)) for name, one in (("a", first.incidents[0]), ("b", again.incidents[0])))
    shown = {name: text.decode() for name, text in twice.items() if name.endswith(".md")}
    for old, new in again.renamed.items():
        shown = {name.replace(new, old): text.replace(new, old) for name, text in shown.items()}
    assert shown == {name: text.decode() for name, text in once.items() if name.endswith(".md")}, "only ids differ"
    told = {name: text.decode() for name, text in twice.items() if name.startswith("data/") and name != "data/journal.json"}
    assert [(name, old) for name, text in told.items() for old in again.renamed if old in text] == [], "none points back at the first"
    assert elsewhere.timelines.get(again.incidents[0]).version is not None


def test_a_copy_with_other_ids_can_be_taken_along_in_its_turn(elsewhere: UseCases, folder: Path, tmp_path: Path) -> None:
    elsewhere.importing.folder(str(folder))
    copy = elsewhere.importing.folder(str(folder)).incidents[0]
    first = _export(elsewhere, tmp_path / "copy", copy)
    third = UseCases(Checking, memory_store, FixedClock(), CountingIds(), home=lambda: str(tmp_path / "third"))
    third.importing.folder(str(first))
    assert _files(_export(third, tmp_path / "again", copy)) == _files(first)
    assert third.journal.verify() == []
    third.close()


def test_times_stay_and_the_journal_says_that_it_was_imported(elsewhere: UseCases, origin: UseCases, folder: Path) -> None:
    elsewhere.clock.advance(days=400)  # type: ignore[attr-defined]  # the clock of the fixture
    own = elsewhere.importing.folder(str(folder), by="local").incidents[0]
    assert elsewhere.incidents.get(own) == origin.incidents.get(own).__class__(**_as_dict(origin.incidents.get(own), follows=None))
    rows = elsewhere.journal.about(f"incident/{own}")
    assert {row.at for row in rows} == {elsewhere.clock.now()}, "we were told now"
    first = json.loads(next(row for row in rows if row.what == "incident.opened").data)["imported"]
    before = origin.journal.about(f"incident/{own}")[0]
    assert (first["hash"], first["seq"], first["actor"]) == (before.hash, before.seq, before.actor)
    assert json.loads(rows[-1].data)["manifest"], "what came is known by the hash of its manifest"


def test_evidence_comes_along_with_its_bytes(elsewhere: UseCases, folder: Path, tmp_path: Path) -> None:
    own = elsewhere.importing.folder(str(folder)).incidents[0]
    (source,) = elsewhere.timelines.get(own).evidence
    assert (tmp_path / "there" / "evidence" / own / source.id / source.place).read_bytes() == LOG


def test_evidence_that_is_gone_or_changed_is_told_and_left_out(usecases: UseCases, clock: FixedClock, tmp_path: Path) -> None:
    own = Teller(usecases, clock, 3).tell()
    (file,) = [path for path in (tmp_path / "here" / "evidence").rglob("*") if path.is_file()]
    file.write_bytes(b"something else")
    with FolderTree(str(tmp_path / "out")) as tree:
        told = usecases.exporting.incident(own, tree)
    assert [one.code for one in told.problems] == ["evidence-missing"]
    assert not (tmp_path / "out" / "evidence").exists()
    file.unlink()
    assert _files(_export(usecases, tmp_path / "again", own)) == _files(tmp_path / "out")


def test_drafts_and_private_promises_are_exported_by_themselves_only(
    usecases: UseCases, elsewhere: UseCases, clock: FixedClock, tmp_path: Path
) -> None:
    Teller(usecases, clock, 2).tell()
    everything = b"".join(_files(_export(usecases, tmp_path / "all")).values())
    assert b"a draft of mine" not in everything
    assert b"only mine" not in everything
    with FolderTree(str(tmp_path / "mine")) as tree:
        usecases.exporting.mine(tree)
    mine = _files(tmp_path / "mine")
    assert b"a draft of mine" in b"".join(mine.values())
    assert b"only mine" in b"".join(mine.values())
    with pytest.raises(ForbiddenError):
        elsewhere.importing.folder(str(tmp_path / "mine"), by="somebody else")
    elsewhere.importing.folder(str(tmp_path / "mine"))
    assert [draft.content.text for draft in elsewhere.drafting.list_open()] == ["a draft of mine"]


def test_text_written_before_a_message_was_sent_stays_with_its_author(usecases: UseCases, tmp_path: Path) -> None:
    own = usecases.incidents.open("Checkout is down")
    draft = usecases.drafting.new("Bob broke it, the idiot", incident_id=own.id)
    usecases.drafting.save(draft.id, "A deploy broke checkout.", "auto", None, None, draft.version)
    usecases.messaging.send(draft.id, audience="team")
    everything = b"".join(_files(_export(usecases, tmp_path / "out", own.id)).values())
    assert b"A deploy broke checkout." in everything
    assert b"Bob" not in everything


def test_a_run_of_a_private_playbook_stays_and_the_journal_that_leaves_says_nothing_of_it(
    usecases: UseCases, elsewhere: UseCases, tmp_path: Path
) -> None:
    own = usecases.incidents.open("Checkout is down").id
    usecases.incidents.change_status(own, "monitoring")
    name, answers = "repair-a-managers-mistake", {"lead": True, "calm": True, "wanted": True}
    past = dict.fromkeys(("live", "lead", "calm", "wanted"), "it is time")
    run = usecases.playbooks.start(own, name, lead="ada", answers=answers, overrides=past, by="ada")
    usecases.playbooks.start(own, "own-a-mistake-first-hour", lead="ada", answers={"damage": True})
    folder = _export(usecases, tmp_path / "out", own, by="ada")
    everything = b"".join(_files(folder).values()).decode()
    assert run.run.id not in everything
    assert name not in everything
    elsewhere.importing.folder(str(folder))
    assert [one.playbook.id for one in elsewhere.playbooks.of_incident(own)] == ["own-a-mistake-first-hour"]


def test_a_private_incident_is_exported_for_the_invited_only(usecases: UseCases, clock: FixedClock, tmp_path: Path) -> None:
    own = Teller(usecases, clock, 5, by="ada").tell(private=True)
    with pytest.raises(NotFoundError), FolderTree(str(tmp_path / "no")) as tree:
        usecases.exporting.incident(own, tree, by="bo")
    assert not (tmp_path / "no").exists()
    assert not any(own in name for name in _files(_export(usecases, tmp_path / "all", by="bo")))
    assert any(own in name for name in _files(_export(usecases, tmp_path / "hers", by="ada")))
    with pytest.raises(NotFoundError):
        usecases.exporting.paper(own, "account", zone=UTC, by="bo")


def test_a_private_incident_stays_private_and_whoever_imports_it_hears_so(
    usecases: UseCases, elsewhere: UseCases, clock: FixedClock, tmp_path: Path
) -> None:
    own = Teller(usecases, clock, 5, by="ada").tell(private=True)
    told = elsewhere.importing.folder(str(_export(usecases, tmp_path / "out", own, by="ada")))
    assert "not-invited" in [one.code for one in told.problems]
    with pytest.raises(NotFoundError):
        elsewhere.incidents.get(own)
    assert elsewhere.incidents.get(own, by="ada").visibility == "private"


def test_what_was_erased_stays_erased_and_can_be_imported(
    usecases: UseCases, elsewhere: UseCases, clock: FixedClock, tmp_path: Path
) -> None:
    own = Teller(usecases, clock, 6).tell()
    sent = usecases.messaging.of_incident(own)[0]
    usecases.erasing.erase(f"message/{sent.id}", "asked for by the person")
    first = _export(usecases, tmp_path / "first", own)
    assert sent.text.encode() not in b"".join(_files(first).values())
    elsewhere.importing.folder(str(first))
    assert _files(_export(elsewhere, tmp_path / "second", own)) == _files(first)


# What is refused


def test_markdown_that_was_edited_is_told_and_json_wins(elsewhere: UseCases, folder: Path) -> None:
    (folder / "incident.md").write_text("It was nothing.")
    (folder / "actions.md").unlink()
    (folder / "notes.txt").write_text("mine")
    told = elsewhere.importing.folder(str(folder))
    assert sorted(one.code for one in told.problems) == ["file-unknown", "reference-missing", "text-changed", "text-changed"]


def test_a_dry_run_says_what_would_come_and_writes_nothing(elsewhere: UseCases, folder: Path) -> None:
    before = _rows(elsewhere)
    told = elsewhere.importing.folder(str(folder), dry_run=True)
    assert (told.dry, told.counts["message"]) == (True, 3)
    assert _rows(elsewhere) == before


def _altered(folder: Path, table: str, change: Callable[[Any], None]) -> None:
    """Change the rows of a table, with the manifest made to fit: what a careful forger would do."""
    path = folder / "data" / f"{table}.json"
    value = json.loads(path.read_text())
    change(value["rows"])
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for row in value["rows"])
    path.write_text(f'{{"schema":"{value["schema"]}","rows":[\n{lines}\n]}}\n')
    _fit(folder)


def _fit(folder: Path) -> None:
    from hashlib import sha256

    manifest = json.loads((folder / "manifest.json").read_text())
    for file in manifest["files"]:
        data = (folder / file["path"]).read_bytes()
        file.update(sha256=sha256(data).hexdigest(), size=len(data))
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("table", "change", "says"),
    [
        ("draft_version", lambda rows: rows[0].update(text="It was Bob."), "not the record that the journal speaks of"),
        ("promise", lambda rows: rows[0].update(due="2030-01-01T00:00:00+00:00"), "not the record that the journal speaks of"),
        ("promise_event", lambda rows: rows.pop(), "counts other rows"),
        ("journal", lambda rows: rows[0].update(actor="bob"), "not as it was written"),
        ("journal", lambda rows: rows.append(rows[0]), "stands here twice"),
        ("incident", lambda rows: rows[0].update(severity=7), "expected `str`"),
        ("incident", lambda rows: rows[0].update(severity="SEV9"), "cannot be kept"),
        ("incident", lambda rows: rows[0].update(surprise=1), "unknown field"),
        ("incident", lambda rows: rows[0].pop("title"), "missing required field"),
        ("incident", lambda rows: rows[0].update(started_at="2026-03-04T10:00:00"), "without an offset"),
        ("incident", lambda rows: rows[0].update(title="a\0b"), "cannot be kept in a database"),
        ("incident", lambda rows: rows[0].update(version=2**40), "too large"),
        ("stakeholder", lambda rows: rows[0].update(incident_id="0" * 26), "belongs to"),
        ("stakeholder", lambda rows: rows[0].update(id="../../etc"), "no id"),
        ("evidence", lambda rows: rows[0].update(place="../../etc/passwd"), "no name of a file"),
        ("delivery", lambda rows: rows[0].update(stakeholder_id="Z" * 26), "not the record"),
        ("assignment", lambda rows: rows[0].update(function="king"), "cannot be kept"),
        ("draft", lambda rows: rows.clear(), "counts other rows"),
    ],
)
def test_a_folder_that_was_changed_is_refused_before_anything_is_written(
    table: str, change: Callable[[Any], None], says: str, origin: UseCases, elsewhere: UseCases, folder: Path, tmp_path: Path
) -> None:
    _altered(folder, table, change)
    for target in (elsewhere, origin):
        before = _rows(target)
        with pytest.raises(InputError, match=says) as caught:
            target.importing.folder(str(folder))
        assert _rows(target) == before
        assert caught.value.hint or "too large" in says
    assert not (tmp_path / "there" / "evidence").exists()


def test_a_run_that_dies_leaves_nothing(elsewhere: UseCases, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from amends.integrations.evidence.kept import Incoming

    def dies(_: Incoming) -> None:
        raise OSError("the disk is full")

    before = _rows(elsewhere)
    monkeypatch.setattr(Incoming, "finish", dies)
    with pytest.raises(OSError, match="disk is full"):
        elsewhere.importing.folder(str(folder))
    assert _rows(elsewhere) == before
    assert not [path for path in (tmp_path / "there").rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["data/message.json", "evidence"])
def test_records_and_evidence_must_be_as_they_were(name: str, elsewhere: UseCases, folder: Path) -> None:
    path = next(file for file in sorted((folder / name).rglob("*")) if file.is_file()) if (folder / name).is_dir() else folder / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(InputError, match="not the one that was exported"):
        elsewhere.importing.folder(str(folder))
    path.unlink()
    with pytest.raises(InputError, match="missing"):
        elsewhere.importing.folder(str(folder))


def test_a_newer_export_is_refused_with_what_to_do(elsewhere: UseCases, folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"revision": "9999"}))
    with pytest.raises(InputError, match="9999") as caught:
        elsewhere.importing.folder(str(folder))
    assert "update Amends" in caught.value.hint


def test_links_in_a_folder_are_refused(elsewhere: UseCases, folder: Path) -> None:
    (folder / "more.md").symlink_to("/etc/passwd")
    with pytest.raises(InputError, match="a link or a device"):
        elsewhere.importing.folder(str(folder))


def _zip(path: Path, members: list[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    import warnings

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in members:
            file.writestr(name, data)
    return path


def _link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("link.md")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ([("../evil.json", b"{}")], "leads out"),
        ([("/etc/evil.json", b"{}")], "leads out"),
        ([("C:\\evil.json", b"{}")], "leads out"),
        ([("data\\..\\..\\evil.json", b"{}")], "leads out"),
        ([("a\nb.json", b"{}")], "leads out"),
        ([(_link(), b"/etc/passwd")], "a link or a device"),
        ([("a.json", b"{}"), ("a.json", b"[]")], "two files"),
        ([("a.json", b"{}"), ("A.json", b"[]")], "the same name on some machines"),
    ],
)
def test_a_zip_with_hostile_names_is_refused(members: list[Any], says: str, elsewhere: UseCases, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=says):
        elsewhere.importing.folder(str(_zip(tmp_path / "bad.zip", members)))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = _zip(tmp_path / "bomb.zip", [("manifest.json", b"0" * 3_000_000)])
    with pytest.raises(TooLargeError, match="would unpack to more"):
        GivenTree(str(path), Limits(free=1_000_000, ratio=10))
    with pytest.raises(TooLargeError, match="more than 1 file"):
        GivenTree(str(_zip(tmp_path / "many.zip", [("a", b""), ("b", b"")])), Limits(members=1))


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 40, b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_zip_is_refused(data: bytes, elsewhere: UseCases, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(data)
    with pytest.raises(AmendsError):
        elsewhere.importing.folder(str(tmp_path / "x.zip"))


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{", b'{"schema": "amends.export/1"}', b"\xff", b"[" * 5000])
def test_a_manifest_that_is_none_is_refused(manifest: bytes, elsewhere: UseCases, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(manifest)
    with pytest.raises(InputError):
        elsewhere.importing.folder(str(tmp_path))


def test_a_zip_of_a_folder_is_the_same_zip_and_comes_back(
    usecases: UseCases, elsewhere: UseCases, clock: FixedClock, tmp_path: Path
) -> None:
    own = Teller(usecases, clock, 9).tell()
    for name in ("a.zip", "b.zip"):
        with ZipTree(str(tmp_path / name)) as tree:
            usecases.exporting.incident(own, tree)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    elsewhere.importing.folder(str(tmp_path / "a.zip"))
    assert elsewhere.incidents.get(own).title


def test_a_folder_with_something_in_it_is_not_written_to(origin: UseCases, folder: Path, tmp_path: Path) -> None:
    before = _files(folder)
    with pytest.raises(InputError, match="something already"):
        _export(origin, folder)
    assert _files(folder) == before
    assert sorted(path.name for path in tmp_path.iterdir() if "new" in path.name) == []


def test_an_export_that_fails_leaves_no_folder(usecases: UseCases, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        _export(usecases, tmp_path / "out", "0" * 26)
    assert not (tmp_path / "out").exists()


def _as_dict(incident: Any, **changes: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(incident) | changes
