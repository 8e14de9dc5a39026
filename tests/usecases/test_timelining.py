"""One folder of evidence becomes one timeline, whatever its files are packed in, and every entry is read back from its bytes."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
from contextlib import ExitStack
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from amends.core.errors import AmendsError, InputError, NotFoundError, UsageError
from amends.usecases.timelining import Timelining, index, units
from amends.usecases.timelining.ids import entry_id
from amends.usecases.timelining.rows import Texts, all_rows, kept_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from amends.core.problem import Problem
    from amends.integrations.evidence.member import Member
    from amends.usecases.timelining import Timeline
    from amends.usecases.timelining.sources import Bytes

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
APP = b"""2026-03-04T10:40:00Z INFO checkout v214 is live
2026-03-04T10:42:07Z ERROR card service does not answer
  at shop.Cart.pay(Cart.java:411)
2026-03-04T10:42:09Z ERROR card service does not answer
2026-03-04T10:55:00Z INFO recovered
"""
WORKER = b"2026-03-04 10:41:30,123 WARN queue is long\n2026-03-04 10:50:00,007 INFO queue is short\n"
USERS = [{"id": "U01", "name": "ana", "profile": {"display_name": "Ana"}}]
DAY = [
    {"type": "message", "user": "U01", "text": "looking at checkout", "ts": "1772621000.000100"},
    {"type": "message", "user": "U01", "text": "rolled back", "ts": "1772621400.000200"},
]
MAIL = b"""From: Ben <ben@example.org>
To: ana@example.org
Date: Wed, 04 Mar 2026 11:05:00 +0000
Message-ID: <1@example.org>
Subject: What customers saw

Payments failed for ten minutes.
"""
WANTED = [
    ("2026-03-04T10:38:00", "commit", "Pay in one step"),
    ("2026-03-04T10:40:00", "log", "checkout v214 is live"),
    ("2026-03-04T10:41:30.123", "log", "queue is long"),
    ("2026-03-04T10:42:07", "log", "Cart.java:411"),
    ("2026-03-04T10:42:09", "log", "does not answer"),
    ("2026-03-04T10:43:20.000100", "chat", "looking at checkout"),
    ("2026-03-04T10:50:00.007", "log", "queue is short"),
    ("2026-03-04T10:50:00.000200", "chat", "rolled back"),
    ("2026-03-04T10:55:00", "log", "recovered"),
    ("2026-03-04T11:05:00", "mail", "What customers saw"),
]


def repository(path: Path) -> None:
    path.mkdir(parents=True)
    when = "2026-03-04T10:38:00+00:00"
    who = {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", "Ana"), ("EMAIL", "ana@example.org"), ("DATE", when))
    }
    (path / "a").write_text("a")
    for words in (["init", "-q"], ["add", "a"], ["commit", "-q", "-m", "Pay in one step"]):
        subprocess.run(["git", "-C", path, *words], check=True, env={**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "evidence"
    slack = made / "slack"
    (slack / "incident").mkdir(parents=True)
    (made / "app.log").write_bytes(APP)
    (made / "worker.log.gz").write_bytes(gzip.compress(WORKER, mtime=0))
    (slack / "users.json").write_text(json.dumps(USERS))
    (slack / "incident" / "2026-03-04.json").write_text(json.dumps(DAY))
    (made / "mail.eml").write_bytes(MAIL)
    repository(made / "shop")
    return made


OPEN = ExitStack()


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "kept"
    OPEN.close()


def assembled(root: Path, *operands: object) -> tuple[Timeline, list[Problem]]:
    troubles: list[Problem] = []
    made = OPEN.enter_context(Timelining(lambda: NOW, str(root)).assemble([str(one) for one in operands], troubles.append))
    return made, [one for one in troubles if one.code != "work-tree-files"]


def told(found: tuple[Timeline, list[Problem]], *, all_entries: bool = True) -> list[dict[str, Any]]:
    with found[0] as made, Texts() as texts:
        return list(all_rows(made, texts) if all_entries else kept_rows(made, made.kept(), texts))


def short(entries: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["time"], one["kind"]) for one in entries]


def wanted() -> list[tuple[str, str]]:
    known = [(f"{time if '.' in time else time + '.'}".ljust(26, "0") + "Z", kind) for time, kind, _ in WANTED]
    return sorted(known, key=lambda one: one[0])


def test_a_folder_of_evidence_is_one_timeline_in_order(folder: Path, root: Path) -> None:
    made, troubles = assembled(root, folder)
    found = told((made, troubles))
    assert troubles == []
    assert short(found) == wanted()
    for one, (_, _, words) in zip(
        found, sorted(WANTED, key=lambda one: one[0].ljust(26, "0") if "." in one[0] else f"{one[0]}."), strict=True
    ):
        assert words in one["text"]
    assert {one["actor"] for one in found if one["kind"] == "chat"} == {"Ana"}
    assert "users.json" not in {one["source"] for one in found}


def test_a_citation_of_a_log_is_its_bytes(folder: Path, root: Path) -> None:
    for one in told(assembled(root, folder)):
        data = {"app.log": APP, "worker.log.gz": WORKER, "mail.eml": MAIL}.get(one["source"].partition("!")[0])
        if data is not None:
            assert one["sha256"] == sha256(data).hexdigest()
            assert one["line"] == data[: one["offset"]].count(b"\n") + 1
            if one["kind"] == "log":
                assert data[one["offset"] : one["offset"] + one["length"]].decode() == one["text"]


def test_without_all_what_matters_is_kept(folder: Path, root: Path) -> None:
    found = told(assembled(root, folder), all_entries=False)
    assert [(one["kind"], one["count"], one["why"]) for one in found] == [
        ("commit", 1, ["change"]),
        ("log", 1, ["first-seen"]),
        ("log", 2, ["first-seen"]),
        ("chat", 1, ["human"]),
        ("chat", 1, ["human"]),
        ("mail", 1, ["human"]),
    ]
    assert [one["level"] for one in found if one["kind"] == "log"] == ["warning", "error"]
    assert sum(one["count"] for one in found if one["level"] == "error") == 2


def test_with_all_each_entry_is_by_itself(folder: Path, root: Path) -> None:
    found = told(assembled(root, folder))
    assert {(one["count"], one["last_time"]) for one in found} == {(1, None)}
    reasons = {"commit": ["change"], "chat": ["human"], "mail": ["human"], "log": []}
    assert [one["why"] for one in found] == [reasons[one["kind"]] for one in found]


def gzipped(path: Path) -> None:
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda log: log.rename(log.with_name("zz.log")), id="renamed"),
        pytest.param(gzipped, id="gzipped"),
        pytest.param(lambda log: log.write_bytes(APP.replace(b"\n", b"\r\n")), id="line ends"),
        pytest.param(lambda log: log.write_bytes(b"\xef\xbb\xbf" + APP), id="mark of order"),
        pytest.param(lambda log: log.write_bytes(APP.rstrip(b"\n")), id="no last line end"),
    ],
)
def test_how_a_log_is_packed_changes_nothing_that_it_says(folder: Path, root: Path, change: Any) -> None:
    before = [(*place, one["level"]) for place, one in zip(wanted(), told(assembled(root, folder)), strict=True)]
    change(folder / "app.log")
    after = told(assembled(root, folder))
    assert [(one["time"], one["kind"], one["level"]) for one in after] == before


def test_the_order_of_the_operands_changes_nothing_but_who_is_first_at_one_time(folder: Path, root: Path) -> None:
    operands = [folder / name for name in ("app.log", "worker.log.gz", "slack", "mail.eml", "shop")]
    assert short(told(assembled(root, *operands))) == short(told(assembled(root, *reversed(operands)))) == wanted()


def test_ids_stay_when_the_folder_moves(folder: Path, root: Path, tmp_path: Path) -> None:
    before = [one["id"] for one in told(assembled(root, folder))]
    moved = tmp_path / "elsewhere" / "kept"
    moved.parent.mkdir()
    shutil.move(folder, moved)
    assert [one["id"] for one in told(assembled(root, moved))] == before
    assert len(set(before)) == len(before)


def test_a_part_is_taken_by_time_and_what_has_none_is_in_every_part(folder: Path, root: Path) -> None:
    (folder / "notes.log").write_bytes(b"nobody knows when\n")
    made, troubles = assembled(root, folder)
    assert [one.code for one in troubles] == ["no-times"]
    start, end = (int(datetime(2026, 3, 4, 10, minute, tzinfo=UTC).timestamp()) * 1_000_000 for minute in (42, 50))
    with made, Texts() as texts:
        found = list(all_rows(made, texts, start, end))
    assert [one["time"] and one["time"][11:19] for one in found] == [None, "10:42:07", "10:42:09", "10:43:20"]


def test_what_does_not_exist_is_refused(tmp_path: Path, root: Path) -> None:
    with pytest.raises(InputError):
        assembled(root, tmp_path / "gone.log")
    with pytest.raises(UsageError):
        assembled(root)


def test_an_empty_folder_and_an_empty_file_make_no_timeline(tmp_path: Path, root: Path) -> None:
    with pytest.raises(AmendsError):
        assembled(root, tmp_path)
    (tmp_path / "empty.log").touch()
    with pytest.raises(AmendsError):
        assembled(root, tmp_path)


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_read(folder: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bytes_of = index.bytes_of

    def failing(member: Member, spool: Callable[[], str]) -> Bytes:  # root may read everything, so permissions would test nothing
        if member.name == "app.log":
            raise PermissionError(13, "Permission denied")
        return bytes_of(member, spool)

    monkeypatch.setattr(index, "bytes_of", failing)
    made, troubles = assembled(root, folder)
    assert [one.path for one in troubles] == ["app.log"]
    assert "app.log" not in {one.name for one in made.evidence}


def test_an_empty_file_among_others_and_a_binary_one_are_told(folder: Path, root: Path) -> None:
    (folder / "empty.log").touch()
    (folder / "core").write_bytes(b"\x7fELF" + bytes(range(20)) * 400)
    made, troubles = assembled(root, folder)
    assert {(one.code, one.path) for one in troubles} == {("empty", "empty.log"), ("not-text", "core")}
    assert short(told((made, troubles))) == wanted()


def test_packed_data_of_no_known_kind_is_no_text(folder: Path, root: Path) -> None:
    (folder / "packed.bin").write_bytes(bytes(range(256)) * 40)
    assert [(one.code, one.path) for one in assembled(root, folder)[1]] == [("not-text", "packed.bin")]


@pytest.mark.parametrize("now", [APP[:60], APP.replace(b"card", b"tool")], ids=["shorter", "written anew"])
def test_a_source_that_changed_is_not_read_back(folder: Path, root: Path, now: bytes) -> None:
    found = assembled(root, folder)
    (folder / "app.log").write_bytes(now)
    with pytest.raises(NotFoundError):
        told(found)


def test_an_entry_is_named_by_its_bytes(folder: Path, root: Path) -> None:
    assert entry_id(sha256(APP).hexdigest(), 0) == f"{sha256(APP).hexdigest()[:8]}-0"
    assert entry_id(sha256(APP).hexdigest(), 0) in {one["id"] for one in told(assembled(root, folder))}


def test_a_log_without_years_ends_when_its_file_was_written(tmp_path: Path, root: Path) -> None:
    log = tmp_path / "syslog"
    log.write_bytes(b"Dec 31 23:59:59 web-1 cron[7]: a\nJan  1 00:00:01 web-1 cron[7]: b\n")
    written = datetime(2024, 1, 2, tzinfo=UTC).timestamp()
    os.utime(log, (written, written))
    assert [one["time"][:10] for one in told(assembled(root, log))] == ["2023-12-31", "2024-01-01"]


def test_a_unit_is_no_border(folder: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = told(assembled(root, folder))
    for size in (16, 64, 100):
        monkeypatch.setattr(units, "SIZE", size)
        monkeypatch.setattr(index, "SIZE", size)
        assert told(assembled(root.with_name(f"kept-{size}"), folder)) == before


COPIED = datetime(2026, 2, 20, tzinfo=UTC).timestamp()


def test_a_log_without_days_that_is_dated_elsewhere_takes_the_day_of_its_neighbours(folder: Path, root: Path) -> None:
    (folder / "worker").write_bytes(b"10:41:30 WARN queue is long\n10:50:00 INFO queue is short\n")
    os.utime(folder / "worker", (COPIED, COPIED))
    made, troubles = assembled(root, folder)
    found = [one for one in told((made, troubles)) if one["source"] == "worker"]
    assert [one["time"] for one in found] == ["2026-03-04T10:41:30.000000Z", "2026-03-04T10:50:00.000000Z"]
    assert all("date_inferred" in one["flags"] for one in found)
    assert [(one.code, one.path) for one in troubles] == [("day-from-neighbours", "worker")]
    assert short([one for one in told((assembled(root, folder)[0], troubles)) if one["source"] != "worker"]) == wanted()


def test_a_long_log_without_days_takes_the_day_of_its_neighbours_too(folder: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "worker").write_bytes(b"".join(b"10:41:%02d WARN queue is long\n" % second for second in range(60)))
    os.utime(folder / "worker", (COPIED, COPIED))
    monkeypatch.setattr(units, "SIZE", 200)
    monkeypatch.setattr(index, "SIZE", 200)
    for _ in range(2):
        found = [one for one in told(assembled(root, folder)) if one["source"] == "worker"]
        assert [one["time"][:19] for one in found] == [f"2026-03-04T10:41:{second:02}" for second in range(60)]
