"""Log lines read by templates: every sample of every format, whatever stands beside it, and every byte in exactly one entry."""

from __future__ import annotations

import random
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.timeline import formats, layout, levels
from amends.timeline.clock import LEAP_YEAR
from amends.timeline.entry import UNDATED
from amends.timeline.levels import NUMBER
from amends.timeline.lines.reader import DATELESS, DOUBTFUL, LOCAL, STATED, YEARLESS, Columns, LineReader
from amends.timeline.lines.source import LineLog

SHIPPED = formats.shipped()
SAMPLES = [(one, sample) for one in SHIPPED for sample in one.samples]
NAMED = [pytest.param(one, sample, id=f"{one.id}-{number}") for one in SHIPPED for number, sample in enumerate(one.samples)]

NOON = 1_772_622_000_000_000
STAMP = "2026-03-04T11:00:{:02}Z"


def read(data: bytes, at: int = 0) -> Columns:
    return LineReader().read(np.frombuffer(data, np.uint8), at)


def expected(one: formats.Format, sample: formats.Sample) -> tuple[int, int]:
    """The instant and the level that the format's own pattern reads."""
    found = one.pattern.match(sample.line.encode())
    assert found is not None
    local, east = layout.micros(found, date(LEAP_YEAR, 1, 1) if one.layout.has_date else date(1970, 1, 1))
    return local - (east or 0) * 60_000_000, levels.NUMBER.get(sample.level or "", 0)


def cited(data: bytes, found: Columns) -> list[bytes]:
    return [data[at : at + length] for at, length in zip(found.offset.tolist(), found.length.tolist(), strict=True)]


@pytest.mark.parametrize(("one", "sample"), NAMED)
def test_a_sample_alone_is_one_entry_of_its_time_and_level(one: formats.Format, sample: formats.Sample) -> None:
    line = sample.line.encode()
    found = read(line)
    time, level = expected(one, sample)
    assert (found.time.tolist(), found.level.tolist()) == ([time], [level])
    assert (found.offset.tolist(), found.length.tolist(), found.line.tolist()) == ([0], [len(line)], [0])
    place, width = int(found.time_at[0]), int(found.time_length[0])
    told = one.pattern.match(line)
    assert told is not None
    assert line[place : place + width] == told["time"]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("doubtful", [False, True], ids=["sure", "doubtful"])
def test_samples_of_all_formats_in_one_block_are_read_as_each_alone(seed: int, doubtful: bool) -> None:
    mixed = [(one, sample) for one, sample in SAMPLES if one.layout.has_date and (one.rank >= DOUBTFUL) == doubtful]
    random.Random(seed).shuffle(mixed)
    data = b"".join(sample.line.encode() + b"\n" for _, sample in mixed)
    found = read(data)
    wanted, at = [], 0
    for one, sample in mixed:
        length = len(sample.line.encode())
        wanted.append((*expected(one, sample), at, length))
        at += length + 1
    columns = found.time, found.level, found.offset, found.length
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == wanted


def test_the_time_of_a_request_behind_a_header_counts_wherever_it_stands_and_whatever_was_learnt_before() -> None:
    header = b"Mar  4 10:42:09 lb-1 "
    relayed = header + b"haproxy[411]: %s:33317 [04/Mar/2026:10:42:07.655] shop shop/web-1 10/0/30/69/109 503 7 - - ---- 1/1/1/1/0 0/0 -\n"
    other = header + b"systemd[1]: Started Checkout.\n"
    reader = LineReader()
    at = 0
    for address in (b"10.0.0.9", b"10.20.30.40", b"10.0.0.123", b"2001:db8::7"):
        data = other + relayed % address + other
        found = reader.read(np.frombuffer(data, np.uint8), at)
        assert found.time_at.tolist() == [0, data.index(b"04/Mar") - len(other), 0]
        assert found.level.tolist() == [0, NUMBER["error"], 0]
        at += len(data)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("doubtful", [False, True], ids=["sure", "doubtful"])
def test_samples_without_a_date_in_one_block_are_read_as_each_alone(seed: int, doubtful: bool) -> None:
    mixed = [(one, sample) for one, sample in SAMPLES if not one.layout.has_date and (one.rank >= DOUBTFUL) == doubtful]
    random.Random(seed).shuffle(mixed)
    found = read(b"\n".join(sample.line.encode() for _, sample in mixed))
    assert list(zip(found.time.tolist(), found.level.tolist(), strict=True)) == [expected(one, sample) for one, sample in mixed]
    assert set(found.written.tolist()) == {DATELESS}


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("2026-03-04 10:42:07.123Z INFO a", STATED),
        ("2026-03-04 10:42:07.123 INFO a", LOCAL),
        ("Mar  4 10:42:07 web-1 sshd[7]: a", YEARLESS),
        ("10:42:07 INFO a", DATELESS),
        ("2026-03-04 10:42:07 CEST a", STATED),
    ],
)
def test_it_is_known_what_a_time_does_not_say(line: str, written: int) -> None:
    assert read(line.encode()).written.tolist() == [written]


def test_a_time_far_into_a_line_is_not_read_from_the_line_below() -> None:
    far = b"web-1 | 2026-03-04 10:42:07 first"
    data = far + b"\nshorter\n" + b"2026-03-04 10:42:09 next\n" + b"x\n" + far
    found = read(data)
    assert cited(data, found) == [far + b"\nshorter", b"2026-03-04 10:42:09 next\nx", far]


def test_numbers_that_contain_what_looks_like_a_count_of_seconds_are_none() -> None:
    data = b"[1772620927] began\n91772620928] items\n"
    assert cited(data, read(data)) == [data[:-1]]


def test_names_of_zones_of_one_length_are_told_apart() -> None:
    lines = [f"2026-03-04 10:42:07 {zone} [411] LOG:  ready" for zone in ("UTC", "CET", "EST", "CEST", "UTC")]
    found = read("\n".join(lines).encode())
    hours = [round((time - found.time[0]) / 3_600_000_000) for time in found.time]
    assert hours == [0, -1, 5, -2, 0]


def test_a_number_behind_a_comma_may_be_a_field_of_its_own() -> None:
    lines = [f"2026-03-04 10:42:{number:02},{number},ok" for number in range(30)]
    assert len(read("\n".join(lines).encode()).time) == 30


def test_lines_that_say_the_same_look_alike_whatever_stands_below() -> None:
    found = read(b"".join(b"2026-03-04T11:00:0%dZ ERROR no answer in %d ms\n%s" % (n, n, b"  at a\n" * n) for n in range(6)))
    assert len(set(found.shape.tolist())) == 1


def test_a_format_that_reads_the_second_line_knows_the_level_of_each() -> None:
    blocks = [
        f"Mar 04, 2026 10:42:{n:02} AM com.example.{'Cart' * (n % 7)}Cart read\n{w}: a\n" for n, w in enumerate(["INFO", "SEVERE"] * 8)
    ]
    assert read("".join(blocks).encode()).level.tolist() == [levels.NUMBER["info"], levels.NUMBER["error"]] * 8


def test_each_line_of_one_look_is_asked_where_a_number_tells_the_level() -> None:
    line = '10.0.0.9 - - [04/Mar/2026:10:42:{:02} +0000] "GET / HTTP/1.1" {} 7'
    found = read("\n".join(line.format(n, status) for n, status in enumerate([200, 404, 503, 200])).encode())
    assert [levels.NUMBER["info"], levels.NUMBER["warning"], levels.NUMBER["error"], levels.NUMBER["info"]] == found.level.tolist()


def test_lines_that_tell_no_time_belong_to_the_entry_above() -> None:
    data = b"ERROR head\n2026-03-04T11:00:00Z ERROR fell\n  at a.b(C.java:7)\n\nCaused by: x\n2026-03-04T11:00:01Z INFO next\n"
    found = read(data)
    assert found.time.tolist() == [UNDATED, NOON, NOON + 1_000_000]
    first, fell, after = cited(data, found)
    assert first == b"ERROR head"
    assert fell.endswith(b"Caused by: x")
    assert after == b"2026-03-04T11:00:01Z INFO next"
    assert found.line.tolist() == [0, 1, 5]
    assert found.lines == 6


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "open"])
def test_line_ends_are_no_part_of_an_entry(end: bytes, last: bool) -> None:
    lines = [f"{STAMP.format(n)} INFO item {n}".encode() for n in range(5)]
    data = end.join(lines) + (end if last else b"")
    found = read(data)
    assert cited(data, found) == lines
    assert found.time.tolist() == [NOON + n * 1_000_000 for n in range(5)]


def test_a_mark_of_order_before_the_first_line_is_passed_over() -> None:
    line = b"2026-03-04T11:00:00Z INFO a"
    found = read(b"\xef\xbb\xbf" + line)
    assert (found.time.tolist(), found.offset.tolist(), found.length.tolist()) == ([NOON], [3], [len(line)])


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\r\n", b"\0" * 99, b"\xef\xbb\xbf", b"\xff" * 700, b"a", b"2026-03-04", b"2026-03-04T11:00:0"]
)
def test_what_tells_no_time_is_at_most_one_entry_without_one(data: bytes) -> None:
    assert set(read(data).time.tolist()) <= {UNDATED}
    assert len(read(data).time) <= 1


def test_bytes_of_nothing_between_lines_do_no_harm() -> None:
    data = b"2026-03-04T11:00:00Z INFO a\n" + b"\0" * 4096 + b"\n2026-03-04T11:00:01Z INFO b\0c\n"
    found = read(data)
    assert found.time.tolist() == [NOON, NOON + 1_000_000]
    assert cited(data, found)[1] == b"2026-03-04T11:00:01Z INFO b\0c"


def test_a_source_with_more_looks_than_are_asked_is_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amends.timeline.lines.reader.MOST_SHAPES", 50)
    dice = random.Random(7)
    names = ["".join(dice.choices("abcdefgh", k=dice.randint(3, 40))) for _ in range(400)]
    lines = [f'{name} - - [04/Mar/2026:10:42:07 +0000] "GET /{name} HTTP/1.1" 200 7' for name in names]
    assert len(read("\n".join(lines).encode()).time) == len(lines)


LINES = st.sampled_from(
    [
        b"2026-03-04T11:00:00Z INFO a",
        b"2026-03-04T11:00:01Z ERROR b",
        b"2026-03-04 11:00:02,123 WARN c",
        b"  at a.b(C.java:7)",
        b"",
        b"\0\0",
        b"Mar  4 11:00:03 web-1 cron[7]: d",
        b"web-1 | 2026-03-04 11:00:04 e",
        b"1772622005 f",
        b"x" * 600,
    ]
)
FILES = st.lists(st.tuples(LINES, st.sampled_from([b"\n", b"\r\n"])), max_size=12).map(lambda parts: b"".join(a + b for a, b in parts))


def rows(data: bytes, cuts: list[int], warm: LineReader | None = None) -> list[tuple[object, ...]]:
    """The rows of a log whose blocks end where they are cut, by a reader that may have learnt before."""
    log = LineLog(3, date(2026, 3, 5))
    if warm is not None:
        log._reader = warm
    edges = [0, *cuts, len(data)]
    for start, end in pairwise(edges):
        if end > start:
            log.read(np.frombuffer(data, np.uint8, end - start, start), start)
    table = log.table()
    names = ("time", "offset", "length", "line", "level", "zone", "flags", "time_at", "time_length", "shape")
    return list(zip(*(table[name].tolist() for name in names), strict=True))


@settings(max_examples=150, deadline=None)
@given(FILES, st.randoms(use_true_random=False))
def test_blocks_cut_at_any_line_end_give_the_rows_of_one(data: bytes, dice: random.Random) -> None:
    ends = [at + 1 for at, byte in enumerate(data) if byte == 10 and at + 1 < len(data)]
    cuts = sorted(dice.sample(ends, dice.randint(0, len(ends))))
    learnt = LineReader()
    learnt.read(np.frombuffer(data, np.uint8))  # a block is read by what all of them say: rules are the same whichever comes first
    whole = rows(data, [], learnt)
    parts = rows(data, cuts, learnt)
    assert parts == whole


@settings(max_examples=150, deadline=None)
@given(FILES)
def test_every_byte_of_a_file_belongs_to_exactly_one_entry(data: bytes) -> None:
    at = 0
    for row in rows(data, []):
        offset, length = int(str(row[1])), int(str(row[2]))
        assert data[at:offset].strip(b"\r\n") == b""
        assert offset >= at
        at = offset + length
    assert data[at:].strip(b"\r\n") == b""


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_whatever_the_bytes_are_they_are_read_without_a_gap(data: bytes) -> None:
    found = read(data)
    edges = [*found.offset.tolist(), len(data)]
    assert edges == sorted(edges)
    begin = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    assert edges[0] in (begin, len(data))
