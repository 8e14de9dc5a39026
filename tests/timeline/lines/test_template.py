"""A template reads all times that are written as the one it was learnt from, and leaves those that go on to others."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.timeline.layout import Layout, written
from amends.timeline.lines.block import Block
from amends.timeline.lines.template import Template

EPOCH = datetime(1970, 1, 1)
WHOLE = "2026-03-04 10:42:07"


def learnt(base: str, line: str, year: int | None = None, day: int | None = None) -> Template:
    found = re.search(rb"(?P<time>" + Layout(base).source.encode() + rb")", line.encode())
    assert found is not None
    return Template(line.encode(), written(found), year, day, zone_behind="%S" in base and "%z" not in base)


def reading(template: Template, line: str) -> int | None:
    """What a template reads at the beginning of a line, None where it leaves it."""
    fits, found = template.read(Block(np.frombuffer(line.encode(), np.uint8)), np.zeros(1, np.int64))
    return int(found[0]) if fits[0] else None


def micros(*when: int) -> int:
    return (datetime(*when) - EPOCH) // timedelta(microseconds=1)  # type: ignore[arg-type]  # year, month and so on


@given(st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31, 23, 59, 59)))
def test_all_times_written_alike_are_read(when: datetime) -> None:
    template = learnt("%Y-%m-%d %H:%M:%S", f"{WHOLE}.123456 a")
    assert reading(template, f"{when:%Y-%m-%d %H:%M:%S}.{when.microsecond:06} b") == (when - EPOCH) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("base", "learnt_from", "line", "when"),
    [
        ("%d/%b/%Y:%H:%M:%S", "04/Mar/2026:10:42:07 +0100 a", "31/Dec/2025:23:59:59 +0530 b", (2025, 12, 31, 18, 29, 59)),
        ("%a %b %e %H:%M:%S %Y", "Wed Mar 14 10:42:07 2026", "Thu Mar  5 01:02:03 2026", (2026, 3, 5, 1, 2, 3)),
        ("%m/%d/%Y %I:%M:%S %p", "03/04/2026 10:42:07 AM", "03/04/2026 12:00:00 AM", (2026, 3, 4)),
        ("%m/%d/%Y %I:%M:%S %p", "03/04/2026 10:42:07 AM", "03/04/2026 12:00:00 PM", (2026, 3, 4, 12)),
        ("%s", "1772620927 a", "1772622000 b", (2026, 3, 4, 11)),
        ("%L", "1772620927123 a", "1772622000007 b", (2026, 3, 4, 11, 0, 0, 7000)),
        ("%U", "1772620927123456 a", "1772622000000007 b", (2026, 3, 4, 11, 0, 0, 7)),
        ("%N", "1772620927123456789 a", "1772622000000007999 b", (2026, 3, 4, 11, 0, 0, 7)),
        ("%Y-%m-%d %H:%M:%S", f"{WHOLE},123 a", "2026-03-04 10:42:08,007 b", (2026, 3, 4, 10, 42, 8, 7000)),
        ("%y%m%d %H:%M:%S", "260304 10:42:07", "251231 23:59:59", (2025, 12, 31, 23, 59, 59)),
    ],
)
def test_fields_are_read_where_they_stand(base: str, learnt_from: str, line: str, when: tuple[int, ...]) -> None:
    assert reading(learnt(base, learnt_from), line) == micros(*when)


@pytest.mark.parametrize(
    "behind",
    [
        ".1",
        ".123456",
        ",123",
        ":123456",
        ",123456789",
        "Z",
        " Z",
        "+01",
        "+0100",
        "-05:30",
        " +0100",
        " UTC",
        " CEST",
        " UT",
        "7",
        "Z]",
        " GMT,",
    ],
)
def test_a_time_that_goes_on_is_left_to_another(behind: str) -> None:
    template = learnt("%Y-%m-%d %H:%M:%S", f"{WHOLE} a")
    assert reading(template, f"{WHOLE}{behind} a") is None


@pytest.mark.parametrize(
    "behind",
    [
        "",
        " a",
        ".",
        ", 7",
        ",1",
        ",12,ok",
        ",411,7,x",
        ":12 a",
        ": 7",
        " -10 items",
        "Zebra",
        " UTCx",
        " ESTABLISHED",
        " -",
        "+000 E7",
        " INFO",
        "]",
    ],
)
def test_what_only_looks_as_if_it_went_on_is_read(behind: str) -> None:
    template = learnt("%Y-%m-%d %H:%M:%S", f"{WHOLE} a")
    assert reading(template, WHOLE + behind) == micros(2026, 3, 4, 10, 42, 7)


@pytest.mark.parametrize(
    "behind", ["", " a", ".", ", 7", ",1", ",12,ok", ",411,7,x", ":12 a", " -10 items", "Zebra", "+000 E7", ".1", ",123", "Z", " CEST"]
)
def test_a_template_reads_the_line_that_it_was_learnt_from(behind: str) -> None:
    line = WHOLE + behind
    assert reading(learnt("%Y-%m-%d %H:%M:%S", line), line) is not None


@pytest.mark.parametrize(
    "line",
    [
        "2026-02-30 10:42:07",
        "2026-13-04 10:42:07",
        "2026-02-00 10:42:07",
        "2026-01-32 10:42:07",
        "2026-00-04 10:42:07",
        "2026-03-04 10:72:07",
        "2026-03-04 25:42:07",
        "2026-03-04T10:42:07",
        "2026-03-04 10:42:7x",
        "",
    ],
)
def test_what_is_on_no_calendar_and_no_clock_is_left(line: str) -> None:
    assert reading(learnt("%Y-%m-%d %H:%M:%S", WHOLE), line) is None


@pytest.mark.parametrize("line", ["2772620927 a", "0772620927 a"])
def test_counts_since_1970_begin_with_a_one(line: str) -> None:
    assert reading(learnt("%s", "1772620927 a"), line) is None


def test_a_time_is_not_read_out_of_a_longer_number() -> None:
    template = learnt("%s", "1772620927 a")
    fits, _ = template.read(Block(np.frombuffer(b"91772620927 a", np.uint8)), np.ones(1, np.int64))
    assert fits.tolist() == [False]


def test_what_is_not_written_is_supplied() -> None:
    assert reading(learnt("%b %e %H:%M:%S", "Mar  4 10:42:07 a", year=1972), "Feb 29 00:00:01 a") == micros(1972, 2, 29, 0, 0, 1)
    assert reading(learnt("%H:%M:%S", "10:42:07 a", day=0), "00:00:01 a") == 1_000_000


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (f"{WHOLE} UTC", "2025-12-31 23:59:59 UTC", True),
        (f"{WHOLE} UTC", f"{WHOLE} CET", False),
        (f"{WHOLE}+0100", f"{WHOLE}+0530", True),
        (f"{WHOLE}+0100", f"{WHOLE}-0100", False),
        (f"{WHOLE}.123", f"{WHOLE},123", False),
    ],
)
def test_two_templates_are_one_when_they_read_the_same_times(one: str, other: str, alike: bool) -> None:
    assert (learnt("%Y-%m-%d %H:%M:%S", one).key == learnt("%Y-%m-%d %H:%M:%S", other).key) is alike
