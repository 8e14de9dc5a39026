"""What `timeline_speed.py` measures inside of one process of ours, each in a fresh one; the result is a line of JSON.

.venv/bin/python bench/timeline_inside.py read|window|truth|cited HOME SOURCE…
"""

from __future__ import annotations

import csv
import json
import re
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from timeline_corpus import LOGHUB, SEED, System

from amends.integrations.evidence.engines import cores
from amends.timeline.entry import LEVELS, UNDATED
from amends.usecases.timelining import Timeline, Timelining
from amends.usecases.timelining import rows as rows  # noqa: PLC0414  # imports are done before anything is timed

MINUTES = 10
ENTRIES = 2_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEVELS = {"WARN": "warning", "FATAL": "critical", "SEVERE": "error", "FAILURE": "error"}


def assembled(home: str, source: str) -> Timeline:
    return Timelining(lambda: datetime.now(UTC), home, cores()).assemble([source], lambda _: None)


def read(home: str, source: str) -> dict[str, float]:
    """Seconds from nothing to a timeline that can be asked, and how many entries it has."""
    began = time.perf_counter()
    with assembled(home, source) as made:
        return {"seconds": time.perf_counter() - began, "entries": made.entries}


def window(home: str, source: str) -> dict[str, float]:
    """Milliseconds in which ten minutes in the middle of each log are counted, and read as rows; the second time each, as a page asks."""
    counts, reads, found = [], [], []
    with assembled(home, source) as made:
        spans = {(one.first, one.last) for one in made.evidence}
        middles = sorted({(first + last) // 2 for first, last in spans if first is not None and last is not None})
        middles = [middles[place] for place in np.linspace(0, len(middles) - 1, min(len(middles), 20)).astype(int)]
        for middle in middles:
            bounds = middle, middle + MINUTES * 60_000_000
            made.count(*bounds)
            began = time.perf_counter()
            found.append(made.count(*bounds))
            counts.append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            seen = sum(len(some) for some in made.all(*bounds))
            reads.append((time.perf_counter() - began) * 1000)
            assert seen == found[-1], "both ask the same"
        return {
            "entries": made.entries, "count_ms": statistics.median(counts), "count_most_ms": max(counts),
            "read_ms": statistics.median(reads), "read_most_ms": max(reads), "rows": statistics.median(found), "rows_most": max(found),
        }  # fmt: skip


def truth(home: str, source: str) -> dict[str, Any]:
    """Of each system of LogHub: lines, lines with the right time, lines whose level is told, and those of them with the right one."""
    told = {}
    for system in LOGHUB:
        log = Path(source, system.name, f"{system.name}_2k.log")
        with Path(f"{log}_structured.csv").open(encoding="utf-8", newline="") as file:
            keyed = list(csv.DictReader(file))
        with assembled(home, str(log)) as made:
            by_line = {row.line: row for some in made.all() for row in some}
        times = levels = leveled = 0
        for number, (line, key) in enumerate(zip(log.read_text(encoding="utf-8").splitlines(), keyed, strict=True), 1):
            row = by_line.get(number)
            times += row is not None and is_time(system, line, row.time)
            if system.level is not None:
                leveled += 1
                wanted = _LEVELS.get(key["Level"], key["Level"].lower())
                levels += row is not None and row.level > 0 and LEVELS[row.level - 1] == wanted
        told[system.name] = (len(keyed), times, leveled, levels)
    return told


def is_time(system: System, line: str, found: int) -> bool:
    """Whether a time is that of a line; where the line has no year any is right, and where it has two times either is."""
    match = re.match(system.pattern, line)
    if match is None or found == UNDATED:
        return False
    wanted = system.read(match[system.time])
    if system.year is not None:
        at, key = (_EPOCH + timedelta(microseconds=each) for each in (found, wanted))
        return (at.month, at.day, at.time()) == (key.month, key.day, key.time())
    return found in (wanted, wanted + system.west * 3_600_000_000)


def cited(home: str, source: str) -> dict[str, int]:
    """Of 2,000 entries of a Parquet file: how many cite whole lines of the source at the line they name; and the bytes that no entry has.

    Line ends belong to no entry by design, and are not counted. Every fiftieth is also asked for by its id.
    """
    parquet, _, folder = source.partition("=")
    entries = duckdb.connect().execute(f"select source, \"offset\", length, line, id from '{parquet}'").fetchnumpy()  # noqa: S608  # a file of ours
    chosen = np.random.default_rng(SEED).choice(len(entries["id"]), min(ENTRIES, len(entries["id"])), replace=False)
    exact = shown = asked = orphans = 0
    shows = Timelining(lambda: datetime.now(UTC), home, 1)
    for path in sorted(Path(folder).iterdir()):
        data = np.fromfile(path, np.uint8)
        own = entries["source"] == path.name
        offsets, lengths = (np.asarray(entries[name][own], np.int64) for name in ("offset", "length"))
        covered = np.zeros(len(data) + 1, np.int8)
        np.add.at(covered, offsets, 1)
        np.add.at(covered, offsets + lengths, -1)
        orphans += int(np.count_nonzero((np.cumsum(covered[:-1], dtype=np.int32) != 1) & (data != 10) & (data != 13)))
        starts = np.concatenate([[0], np.flatnonzero(data == 10) + 1])
        for place, row in enumerate(chosen[own[chosen]].tolist()):
            offset, length, line = (int(entries[name][row]) for name in ("offset", "length", "line"))
            end = int(starts[line]) if line < len(starts) else len(data)
            exact += int(starts[line - 1]) == offset and bytes(data[offset + length : end]).strip(b"\r\n") == b"" and length > 0
            if place % 50 == 0:
                asked += 1
                shown += shows.around(entries["id"][row], [str(path)], 0).itself == bytes(data[offset : offset + length])
    return {"entries": len(chosen), "exact": exact, "asked": asked, "shown": shown, "orphans": orphans}


if __name__ == "__main__":
    what, home, source = sys.argv[1:]
    print(json.dumps({"read": read, "window": window, "truth": truth, "cited": cited}[what](home, source)))
