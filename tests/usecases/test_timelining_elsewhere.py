"""Evidence in a storage gives the timeline that the same files give, whoever reads it, and long logs are read in ranges where they lie."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import fsspec
import pytest

from amends.integrations.evidence.on_dask import Dask
from amends.usecases.timelining import Timelining, units
from amends.usecases.timelining.rows import Texts, all_rows
from integrations.buckets import plain_server, store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from amends.core.problem import Problem
    from amends.usecases.timelining import Timeline
    from amends.usecases.timelining.index import Progress
    from integrations.buckets import Store

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
ADDRESS = "s3://evidence/7711"
PADDING = "x" * 8000
NOTHING: list[Problem] = []


def lines(size: int, began: str = "2026-03-04T1") -> bytes:
    """A log of that many bytes, or a line more, in lines of eight kilobytes; one in a hundred is an error."""
    written = bytearray()
    number = 0
    while len(written) < size:
        level = "ERROR" if number % 100 == 99 else "INFO"
        written += f"{began}{number // 3600 % 10}:{number // 60 % 60:02}:{number % 60:02}Z {level} order {number} {PADDING}\n".encode()
        number += 1
    return bytes(written)


def json_lines(size: int) -> bytes:
    line = {"ts": "2026-03-04T11:22:33Z", "level": "info", "msg": f"paid {PADDING}"}
    return (json.dumps(line).encode() + b"\n") * (size // 8000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("elsewhere") / "evidence"
    (made / "slack" / "incident").mkdir(parents=True)
    (made / "long.log").write_bytes(lines(units.SIZE + 700_000))
    (made / "long.jsonl").write_bytes(json_lines(units.SIZE + 700_000))
    (made / "worker.log.gz").write_bytes(gzip.compress(b"2026-03-04 10:41:30,123 WARN queue is long\n", mtime=0))
    (made / "utf16.log").write_bytes("2026-03-04 10:42:00 ERROR caf\u00e9\n".encode("utf-16"))
    with zipfile.ZipFile(made / "more.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("in/app.log"), "2026-03-04T10:40:00Z ERROR card service\n  at shop.Cart\n")
    (made / "slack" / "users.json").write_text(json.dumps([{"id": "U01", "name": "ana"}]))
    message = {"type": "message", "user": "U01", "text": "rolled back", "ts": "1772621400.000200"}
    (made / "slack" / "incident" / "2026-03-04.json").write_text(json.dumps([message]))
    mail = "From: a@example.org\nDate: Wed, 04 Mar 2026 11:05:00 +0000\nMessage-ID: <{}@b>\nSubject: s\n\n{}\n"
    mbox = "".join(f"From a@example.org Wed Mar  4 11:05:00 2026\n{mail.format(number, PADDING * 340)}\n" for number in range(4))
    (made / "mail.mbox").write_text(mbox)  # long, and to be read as a whole
    for name in ("long.log", "long.jsonl", "worker.log.gz", "utf16.log", "more.zip", "mail.mbox"):
        os.utime(made / name, (1_772_700_000, 1_772_700_000))
    return made


@pytest.fixture(scope="module")
def bucket() -> Iterator[Store]:
    with store() as running, pytest.MonkeyPatch.context() as patch:
        for name, value in running.environment.items():
            patch.setenv(name, value)
        fsspec.filesystem("s3").mkdir("evidence")
        yield running


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


Assembled = tuple["Timeline", list["Problem"]]


def assembled(
    stack: ExitStack,
    root: Path,
    operand: str,
    workers: int = 1,
    engine: str = "local",
    progress: Callable[[Progress], None] = lambda _: None,
) -> Assembled:
    troubles: list[Problem] = []
    made = Timelining(lambda: NOW, str(root), workers, lambda: Dask(None, workers))
    return stack.enter_context(made.assemble([operand], troubles.append, None, progress, engine)), troubles


def told(made: Timeline) -> list[dict[str, Any]]:
    with Texts() as texts:
        return list(all_rows(made, texts))


@pytest.fixture(scope="module")
def here(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The entries of the folder, given by its path."""
    with ExitStack() as stack:
        made, troubles = assembled(stack, tmp_path_factory.mktemp("here"), str(folder))
        assert troubles == NOTHING
        return told(made)


@pytest.mark.parametrize(("workers", "engine"), [(1, "local"), (2, "local"), (2, "dask")], ids=["here", "pool", "dask"])
def test_an_address_gives_what_the_folder_gives(
    folder: Path, here: list[dict[str, Any]], tmp_path: Path, opened: ExitStack, workers: int, engine: str
) -> None:
    there, troubles = assembled(opened, tmp_path, f"file://{folder}", workers, engine)
    assert troubles == NOTHING
    assert told(there) == here
    assert len({one["source"] for one in here}) == 7


def test_a_long_log_in_a_bucket_is_read_in_ranges(bucket: Store, tmp_path: Path, opened: ExitStack) -> None:
    data = lines(30_000_000)
    (tmp_path / "app.log").write_bytes(data)
    fsspec.filesystem("s3").pipe("evidence/7711/app.log", data)
    here, _ = assembled(opened, tmp_path / "here", str(tmp_path / "app.log"))
    there, troubles = assembled(opened, tmp_path / "there", f"{ADDRESS}/", workers=2)
    assert troubles == NOTHING
    asked = [each or (0, len(data) - 1) for each in bucket.gets("app.log")]
    assert None not in bucket.gets("app.log")
    assert max(last - first + 1 for first, last in asked) <= units.SIZE + 9000
    assert sum(last - first + 1 for first, last in asked) < 2.1 * len(data), "once for its entries and once for its hash"
    assert told(there) == told(here)


def test_a_log_that_was_read_is_not_read_again_and_an_entry_is_shown_from_where_it_lies(
    bucket: Store, tmp_path: Path, opened: ExitStack
) -> None:
    data = lines(12_000_000)
    fsspec.filesystem("s3").pipe("evidence/7712/app.log", data)
    for _ in range(2):
        made, _ = assembled(opened, tmp_path / "kept", "s3://evidence/7712/app.log")
        entries = told(made)
        bucket.asked.clear()
    assembled(opened, tmp_path / "kept", "s3://evidence/7712/app.log")
    shown = Timelining(lambda: NOW, str(tmp_path / "kept")).around(entries[99]["id"], [], 1)
    assert b" ERROR order 99 " in shown.itself
    assert shown.before.endswith(PADDING[:99].encode() + b"\n")
    assert b" order 100 " in shown.after
    assert sum(last - first + 1 for first, last in filter(None, bucket.gets("app.log"))) < 1_000_000
    assert None not in bucket.gets("app.log")


def test_an_object_that_changes_while_it_is_read_is_told(tmp_path: Path, opened: ExitStack) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe("/changing/app.log", b"2026-03-04T10:40:00Z ERROR one\n")

    def change(_: Progress) -> None:
        memory.pipe("/changing/app.log", b"2026-03-04T10:40:00Z ERROR two\n")

    _, troubles = assembled(opened, tmp_path, "memory://changing", progress=change)
    assert [(one.code, one.path) for one in troubles] == [("changed", "app.log")]


def test_what_cannot_be_read_is_told_and_no_secret_is_in_anything_that_is_kept(folder: Path, tmp_path: Path, opened: ExitStack) -> None:
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "short.log").write_bytes(b"2026-03-04T10:40:00Z ERROR one\n")
    (tmp_path / "served" / "long.log").write_bytes((folder / "long.log").read_bytes())
    with plain_server(tmp_path / "served") as host:
        signed = f"http://ana:geheim@{host}/{{}}?sig=geheim"
        made, troubles = assembled(opened, tmp_path / "kept", signed.format("short.log"))
        assert [(one["source"], one["level"]) for one in told(made)] == [("short.log", "error")]
        assert troubles == NOTHING
        both = Timelining(lambda: NOW, str(tmp_path / "kept"))
        opened.enter_context(both.assemble([signed.format("long.log"), signed.format("short.log")], troubles.append))
    assert [(one.code, one.path) for one in troubles] == [("unreadable", "long.log")]
    assert "no ranges" in troubles[0].message
    kept = [one.read_bytes() for one in (tmp_path / "kept").rglob("*") if one.is_file()]
    assert kept
    assert not [one for one in kept if b"geheim" in one]
