"""Formats of line logs: each one's samples are its tests, and each takes its own lines before any other does."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import InputError
from amends.timeline import formats, layout
from amends.timeline.entry import LEVELS

if TYPE_CHECKING:
    import re
    from pathlib import Path

    from amends.timeline.formats import Format, Sample

SHIPPED = formats.shipped()
SAMPLES = [pytest.param(one, sample, id=f"{one.id}-{number}") for one in SHIPPED for number, sample in enumerate(one.samples)]
EPOCH = datetime(1970, 1, 1)
SIZE = 100_000
DAY = date(2026, 3, 4)
HOSTILE = {
    "digits": b"1" * SIZE,
    "spaces": b" " * SIZE,
    "letters": b"a" * SIZE,
    "quotes": b'"' * SIZE,
    "escaped quotes": rb"\"" * (SIZE // 2),
    "brackets": b"[" * SIZE,
    "bars": b"|" * SIZE,
    "words": b"INFO " * (SIZE // 5),
    "bracketed": b"[a] " * (SIZE // 4),
    "keys": b"level=a " * (SIZE // 8),
    "json keys": b'{"level": "x", ' * (SIZE // 15),
    "json values": b'{"time":"' + b'"ts":' * (SIZE // 5),
    "dates": b"2026-03-04 " * (SIZE // 11),
    "times": b"2026-03-04 10:42:07 " * (SIZE // 20),
    "colons": b"10:42:" * (SIZE // 6),
    "dots": b"a." * (SIZE // 2),
    "tabs": b"a\t" * (SIZE // 2),
    "points": b"2026-03-04T10:42:07.123Z [" + b"a" * SIZE,
    "fields": b"2026-03-04 10:42:07,123 " + b"a b " * (SIZE // 4),
    "parts": b"[2026-03-04 10:42:07] " + b"[a] " * (SIZE // 4),
    "request": b'10.0.0.9 - - [04/Mar/2026:10:42:07 +0000] "' + b"\\\\" * (SIZE // 2),
}


def when(one: Format, found: re.Match[bytes], day: date) -> tuple[datetime, bool]:
    """The time that was found, in UTC where a zone is known, and whether one is."""
    micros, east = layout.micros(found, day)
    zoned = east is not None or one.zone == "utc"
    return EPOCH + timedelta(microseconds=micros, minutes=-(east or 0)), zoned


def expected(sample: Sample) -> tuple[datetime, bool]:
    """What a sample says of itself."""
    return datetime.fromisoformat(sample.time.removesuffix("Z")), sample.time.endswith("Z")


def test_there_are_at_least_seventy_and_no_two_have_one_name() -> None:
    names = [one.id for one in SHIPPED]
    assert len(names) == len(set(names)) >= 70


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.id)
def test_a_format_is_named_as_its_file_and_says_where_it_is_described(one: Format) -> None:
    assert one.path.endswith(f"/{one.id}.toml")
    assert one.source
    assert one.title
    assert len(one.samples) >= 2


@pytest.mark.parametrize(("one", "sample"), SAMPLES)
def test_a_sample_is_read_to_its_time_and_level(one: Format, sample: Sample) -> None:
    found = one.pattern.match(sample.line.encode())
    assert found is not None
    assert when(one, found, date.fromisoformat(sample.day) if sample.day else DAY) == expected(sample)
    level = one.level(found.groupdict().get("level"))
    assert (LEVELS[level - 1] if level else None) == sample.level


@pytest.mark.parametrize(("one", "sample"), SAMPLES)
def test_no_other_format_of_the_same_or_a_lower_rank_takes_a_sample(one: Format, sample: Sample) -> None:
    line = sample.line.encode()
    takers = [other.id for other in SHIPPED if other is not one and other.rank <= one.rank and other.pattern.match(line)]
    assert takers == []
    found = formats.match(SHIPPED, line)
    assert found is not None
    assert found[0] is one


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.id)
def test_a_sample_without_its_time_is_not_read(one: Format) -> None:
    for sample in one.samples:
        found = one.pattern.match(sample.line.encode())
        assert found is not None
        line = found.string[: found.start("time")] + b"-" + found.string[found.end("time") :]
        assert one.pattern.match(line) is None


def takes_long(one: Format, line: bytes) -> bool:
    """Whether a pattern takes 50 ms for a line each time of five, since other programs run too."""
    for _ in range(5):
        began = time.perf_counter()
        one.pattern.match(line)
        if time.perf_counter() - began < 0.05:
            return False
    return True


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_pattern_takes_long_on_hostile_lines(kind: str) -> None:
    assert [one.id for one in SHIPPED if takes_long(one, HOSTILE[kind])] == []


@pytest.mark.parametrize("filler", ["1", " ", "a ", "[a] ", '"', "| ", "a:"])
def test_no_pattern_takes_long_on_a_line_that_begins_as_its_own_do(filler: str) -> None:
    rest = filler.encode() * (SIZE // len(filler))
    slow = {
        (one.id, length)
        for one in SHIPPED
        for length in (10, 20, 24, 30, 40, 60, 90)
        if length < len(one.samples[0].line) and takes_long(one, one.samples[0].line.encode()[:length] + rest)
    }
    assert slow == set()


@pytest.mark.parametrize(
    "line",
    [
        "03/04/2026 10:42:07 began",
        "3/4/26 10:42:07 AM began",
        "04/03/2026, 10:42:07 began",
        "4711 0815 1234567 began",
        "    at com.example.Cart.read(Cart.java:411)",
        "Traceback (most recent call last):",
        "2026-13-04 10:42:07 began",
        "2026-03-04 25:42:07 began",
        "version 10.42.07 of 2026",
        "[   12.345678] usb 1-1: new device",
        "5012345678 items",
        "10:42 began",
        "",
    ],
)
def test_what_could_be_read_in_two_ways_or_is_no_time_is_not_read(line: str) -> None:
    assert formats.match(SHIPPED, line.encode()) is None


def test_the_first_day_of_two_dates_is_not_taken_from_a_name_of_a_file() -> None:
    found = formats.match(SHIPPED, b"api.log.2.2026-03-03_11:07:59 2026-03-04 10:42:07.001 411 INFO nova.api [-] ok")
    assert found is not None
    assert found[1]["time"] == b"2026-03-04 10:42:07.001"


@pytest.mark.parametrize(("status", "level"), [(204, "info"), (302, "info"), (404, "warning"), (503, "error")])
def test_the_status_of_a_request_says_how_bad_it_is(status: int, level: str) -> None:
    line = f'10.0.0.9 - - [04/Mar/2026:10:42:07 +0000] "GET / HTTP/1.1" {status} 7'.encode()
    found = formats.match(SHIPPED, line)
    assert found is not None
    assert LEVELS[found[0].level(found[1]["level"]) - 1] == level


@pytest.mark.parametrize(
    ("name", "apart"),
    [("glog", True), ("access", True), ("json", True), ("sssd", True), ("spark", False), ("squid-cache", False), ("go", False)],
)
def test_a_format_knows_whether_what_follows_the_time_tells_the_level(name: str, apart: bool) -> None:
    assert next(one for one in SHIPPED if one.id == name).level_apart is apart


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('pattern = "{time"\ntime = "%H"', None),
        ('pattern = "({time}"\ntime = "%H:%M:%S"', "pattern"),
        ('pattern = "{time}"\ntime = "%Q"', "time"),
        ('pattern = "{time}"\ntime = "%H"\nnumber = "other"', "number"),
    ],
)
def test_a_file_that_is_wrong_is_refused(tmp_path: Path, text: str, field: str | None) -> None:
    path = tmp_path / "own.toml"
    path.write_text(f'id = "own"\ntitle = "t"\nsource = "s"\n{text}\n[[samples]]\nline = "a"\ntime = "2026-03-04T10:42:07"\n')
    if field is None:
        assert formats.read(str(path)).id == "own"
        return
    with pytest.raises(InputError) as refused:
        formats.read(str(path))
    assert refused.value.field == field
