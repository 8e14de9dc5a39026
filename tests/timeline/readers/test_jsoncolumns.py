"""JSON lines by the block say of every line what they say one by one."""

from __future__ import annotations

import json
import time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core.problem import Problem
from amends.timeline.entry import Event
from amends.timeline.levels import NUMBER
from amends.timeline.readers import Source, jsonlogs
from amends.timeline.readers.isocolumns import times_of
from amends.timeline.readers.jsoncolumns import JsonLines
from amends.timeline.readers.times import instant
from timeline.readers.golden import SAMPLES

ZONE = ZoneInfo("Europe/Berlin")
USUAL = {"ts": "2026-03-04T10:42:07.123Z", "level": "info", "logger": "shop", "msg": "fine"}
TIMES = st.sampled_from([
    "2026-03-04T10:42:07Z", "2026-03-04T10:42:07.5Z", "2026-03-29T02:30:00", "2026-10-25 02:30:00,123", "2026-03-04T10:42:07+05:30",
    "2026-02-29T10:00:00Z", "2026-03-04T24:42:07Z", "0001-01-01T00:00:00Z", "soon", "", 1772620927, 1772620927.25, 1772620927123, None, [],
    "1772620927123456",
])  # fmt: skip
LEVELS = st.sampled_from(["info", "WARN", "odd", 30, 3, None, {}, 1.5])
LINES = st.fixed_dictionaries(
    {"msg": st.text(max_size=5)}, optional={"ts": TIMES, "level": LEVELS, "logger": st.text(max_size=3) | st.none()}
)
WRITTEN = LINES.map(lambda value: json.dumps(value).encode())
BROKEN = st.sampled_from([b"", b"not json", b'{"ts": "2026', b'{"ts": "\xff"}'])
ROWS = WRITTEN | BROKEN | st.sampled_from([b"\r", b"[1]", b"7"])


def compare(data: bytes, at: int = 0, zone: ZoneInfo | None = None) -> None:
    reader = JsonLines("x", zone)
    assert reader.learn(b"".join(json.dumps({**USUAL, "n": number}).encode() + b"\n" for number in range(3)))
    columns, problems = reader.read(data, at)
    told = list(jsonlogs.read(Source("x", data, zone)))
    events = [one for one in told if isinstance(one, Event)]
    assert columns.offset.tolist() == [one.offset + at for one in events]
    assert columns.length.tolist() == [one.length for one in events]
    assert columns.time.tolist() == [one.time for one in events]
    assert columns.flags.tolist() == [one.flags for one in events]
    assert columns.level.tolist() == [NUMBER.get(one.level or "", 0) for one in events]
    assert [one.field for one in problems] == [f"byte {int((one.field or '')[5:]) + at}" for one in told if isinstance(one, Problem)]


@given(st.lists(LINES, max_size=12), st.sampled_from([b"\n", b"\r\n"]))
@settings(max_examples=150, deadline=None)
def test_lines_of_any_values(values: list[dict[str, Any]], between: bytes) -> None:
    compare(between.join(json.dumps(value).encode() for value in values), zone=ZONE)


@given(st.lists(WRITTEN | BROKEN, max_size=12))
@settings(max_examples=150, deadline=None)
def test_broken_ones_between(lines: list[bytes]) -> None:
    compare(b"\n".join([json.dumps(USUAL).encode(), *lines, json.dumps(USUAL).encode()]), at=4096)


@given(st.lists(ROWS, max_size=8))
@settings(max_examples=60, deadline=None)
def test_nothing_raises(lines: list[bytes]) -> None:
    reader = JsonLines("x", None)
    data = b"\n".join(lines)
    if reader.learn(data):
        reader.read(data)


@given(st.lists(st.text() | TIMES | st.floats() | st.integers(-5, 2**70)))
@settings(max_examples=200, deadline=None)
def test_times_by_the_column_are_times_one_by_one(values: list[Any]) -> None:
    found, flags, sure = times_of(values, ZONE)
    for number, value in enumerate(values):
        told = instant(value, ZONE)
        assert bool(sure[number]) == (told is not None)
        if told is not None:
            assert (found[number], flags[number]) == (told.time, told.flags)


@pytest.mark.parametrize("name", ["docker.log", "journal.json", "audit.jsonl"])
def test_lines_of_more_than_a_logger_are_left_to_the_reader(name: str) -> None:
    assert not JsonLines("x", None).learn((SAMPLES / "jsonlogs" / name).read_bytes())


def test_a_level_inside_of_an_object_is_not_lost() -> None:
    line = b'{"@timestamp":"2026-03-04T10:42:11.000Z","log":{"level":"warn"},"message":"nested"}\n'
    assert not JsonLines("x", None).learn(line * 3)


def test_loggers_have_numbers() -> None:
    reader = JsonLines("x", None)
    data = b"".join(json.dumps({**USUAL, "logger": name}).encode() + b"\n" for name in ("a", "b", "a"))
    assert reader.learn(data)
    columns, _ = reader.read(data)
    assert [reader.loggers[number] for number in columns.logger] == ["a", "b", "a"]


def test_it_is_fast() -> None:
    """A floor well below what was measured, 1.4 million lines a second, so that only a mistake falls through it."""
    data = b"".join(json.dumps({**USUAL, "n": number}).encode() + b"\n" for number in range(20_000))
    reader = JsonLines("x", None)
    assert reader.learn(data[:65536].rpartition(b"\n")[0])
    began = time.process_time()
    columns, problems = reader.read(data)
    assert len(columns.time) == 20_000
    assert not problems
    assert np.all(columns.level == NUMBER["info"])
    assert time.process_time() - began < 1
