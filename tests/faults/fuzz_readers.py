"""Fuzzing of everything that reads bytes: `python tests/faults/fuzz_readers.py GROUP [SECONDS]`, with atheris from the dev environment.

Each target takes any bytes and raises where a reader does, cites what is not there, or makes an entry that cannot be one. A group is
`lines`, `columns`, `archives` or `structured`; what it found is written beside the corpus by libFuzzer, as `crash-…`.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from datetime import UTC, date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from amends.integrations.evidence.sources import Limits, find
from amends.timeline.digest import digest, keys_of, packed, unpacked
from amends.timeline.entry import KINDS, LEVELS, UNDATED, Event
from amends.timeline.lines.reader import LineReader
from amends.timeline.lines.settle import Anchor, settled
from amends.timeline.readers import HEAD, READERS, Source, reader_of
from amends.timeline.readers.jsoncolumns import SAMPLE, JsonLines

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.timeline.table import Table

FIRST, LAST = -62_135_596_800_000_000, 253_402_300_800_000_000
"""The years 1 and 9999, in microseconds since 1970."""

LIMITS = Limits(depth=4, members=200, unpacked=1 << 20, ratio=20, free=1 << 18)


def lines(data: bytes) -> None:
    """The reader of line logs, its times, its kinds, and what a unit keeps of them."""
    if not data:
        return
    given = np.frombuffer(data, np.uint8)
    reader = LineReader()
    found = reader.read(given)
    table = settled(found, 0, 1, Anchor(date(2026, 3, 4), UTC))
    _valid(table, len(data))
    _whole(table, data)
    keys, texts = keys_of(table, given, 0)
    one = digest(table, keys, texts)
    again = unpacked(packed(one))
    assert (again.count == one.count).all()
    assert again.texts == one.texts
    second = LineReader.knowing(reader.taught()).read(given)
    assert (second.offset == found.offset).all()


def columns(data: bytes) -> None:
    """JSON lines by the column: every line that is not blank is in it, and says what its reader says of it alone."""
    reader = JsonLines("x", None)
    if not reader.learn(b"\n".join(data.split(b"\n")[:SAMPLE])):
        return
    found, problems = reader.read(data)
    table = reader.table(found)
    _valid(table, len(data))
    for problem in problems:
        assert problem.field is not None
        assert 0 <= int(problem.field.removeprefix("byte ")) <= len(data)
    for at, length in zip(found.offset.tolist(), found.length.tolist(), strict=True):
        reader.event(data[at : at + length])


def structured(data: bytes) -> None:
    """Every reader of structured sources, whether it knows the bytes or not."""
    reader_of(data[:HEAD], "x")
    for reader in READERS:
        for one in reader.read(Source("x", data)):
            if not isinstance(one, Event):
                assert one.message
                continue
            assert 0 <= one.offset <= one.offset + one.length <= len(data)
            assert one.time == UNDATED or FIRST <= one.time <= LAST
            assert one.kind in KINDS
            assert one.level is None or one.level in LEVELS
            one.text.encode()


def archives(data: bytes) -> None:
    """Bytes as a file: its members are read to their ends, within the limits."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "x").write_bytes(data)
        total = 0
        for member in find([folder], lambda _: None, LIMITS):
            assert ".." not in member.name.split("/")
            with member.open() as stream:
                while block := stream.read(1 << 16):
                    total += len(block)
        assert total <= len(data) * 8 + (LIMITS.free << 2)


TARGETS: dict[str, Callable[[bytes], None]] = {"lines": lines, "columns": columns, "structured": structured, "archives": archives}


def _valid(table: Table, size: int) -> None:
    offset, length, time = (np.asarray(table[name], np.int64) for name in ("offset", "length", "time"))
    assert (offset >= 0).all()
    assert (length >= 0).all()
    assert (offset + length <= size).all()
    assert ((time == UNDATED) | ((time >= FIRST) & (time <= LAST))).all()
    assert (np.asarray(table["level"]) <= len(LEVELS)).all()


def _whole(table: Table, data: bytes) -> None:
    """Between two entries, before the first and behind the last there are only line ends and a mark of order."""
    at = 0
    for offset, length in zip(table["offset"].tolist(), table["length"].tolist(), strict=True):
        assert offset >= at
        assert not data[at:offset].strip(b"\r\n").removeprefix(b"\xef\xbb\xbf")
        at = offset + length
    assert not data[at:].strip(b"\r\n")


def main() -> None:
    """Fuzz one group, from the samples of the readers on."""
    import atheris

    group, seconds = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "120"
    for name in [name for name in sys.modules if name.partition(".")[0] == "amends"]:
        del sys.modules[name]  # so that it comes again, with its branches counted
    with atheris.instrument_imports(include=["amends"]):
        target = importlib.import_module(Path(__file__).stem).TARGETS[group]
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{group}-"))
    seeds = Path(__file__).resolve().parents[1] / "timeline" / "readers" / "samples"
    for number, path in enumerate(path for path in seeds.glob("*/*") if path.stat().st_size < 1 << 16):
        (folder / f"seed-{number}").write_bytes(path.read_bytes())
    options = [
        f"-max_total_time={seconds}",
        "-max_len=4096",
        "-timeout=20",
        "-rss_limit_mb=2048",
        f"-artifact_prefix={folder}/",
        str(folder),
    ]
    atheris.Setup([sys.argv[0], *options], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
