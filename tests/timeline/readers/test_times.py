"""Times as data writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.timeline.entry import flag
from amends.timeline.readers.times import instant

AT = 1_772_620_927_000_000  # 2026-03-04 10:42:07 UTC
BERLIN = ZoneInfo("Europe/Berlin")

STATED = [
    ("2026-03-04T10:42:07Z", 0),
    ("2026-03-04T10:42:07.123456789Z", 123_456),
    ("2026-03-04T10:42:07,5+00:00", 500_000),
    ("2026-03-04T04:42:07.000-0600", 0),
    ("2026-03-04 11:42:07 +0100", 0),
    ("2026-03-04 10:42:07 UTC", 0),
    ("20260304T104207Z", 0),
    ("Wed, 4 Mar 2026 11:42:07 +0100", 0),
    ("4 Mar 2026 10:42:07 GMT", 0),
    ("04/Mar/2026:10:42:07 +0000", 0),
    ("1772620927", 0),
    ("1772620927.000000", 0),
    ("1772620927123", 123_000),
    ("1772620927123456", 123_456),
    ("1772620927123456789", 123_456),
    (1772620927, 0),
    (1772620927.25, 250_000),
    (1772620927123, 123_000),
    (1772620927123.0, 123_000),
    (1772620927123456789, 123_456),
]


@pytest.mark.parametrize(("value", "more"), STATED)
def test_a_time_that_says_its_zone(value: object, more: int) -> None:
    found = instant(value, BERLIN)
    assert found is not None
    assert found.time == AT + more
    assert found.zone in {"stated", "utc"}
    assert not found.flags


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-04T11:42:07",
        "2026-03-04 11:42:07",
        "2026/03/04 11:42:07",
        "4.3.2026 11:42:07",
        "Mar 4, 2026 11:42:07 AM",
        "March 4, 2026 at 11:42:07",
    ],
)
def test_one_that_does_not_is_taken_in_the_zone_of_the_source(text: str) -> None:
    found = instant(text, BERLIN)
    assert found is not None
    assert (found.time, found.zone, found.flags) == (AT, "assumed:Europe/Berlin", flag("zone_assumed"))


def test_without_a_zone_of_the_source_it_is_utc() -> None:
    found = instant("2026-03-04T10:42:07")
    assert found is not None
    assert (found.time, found.zone) == (AT, "assumed:UTC")


NONE = ["", "soon", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-02-30T10:00:00Z", "2026-13-01", "03/04/2026 10:42", "1" * 30]
ODD = [-5, True, None, [], {}, float("nan"), float("inf"), 1e300, "٣" * 10, "9" * 19]


@pytest.mark.parametrize("value", [*NONE, *ODD])
def test_no_time(value: object) -> None:
    assert instant(value) is None


@settings(deadline=None)
@given(st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30)), st.integers(-12 * 60, 14 * 60))
def test_iso_times_are_exact(naive: datetime, east: int) -> None:
    sign = "-" if east < 0 else "+"
    text = f"{naive.isoformat()}{sign}{abs(east) // 60:02d}:{abs(east) % 60:02d}"
    found = instant(text)
    assert found is not None
    assert found.time == (naive.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) - east * 60_000_000


@settings(deadline=None)
@given(st.text() | st.floats() | st.integers())
def test_nothing_is_too_odd_to_be_asked(value: object) -> None:
    found = instant(value, BERLIN)
    assert found is None or isinstance(found.time, int)
