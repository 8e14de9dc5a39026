"""How times are written: what was written is read back, field by field, with its fraction and its zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.errors import InputError
from amends.timeline import layout
from amends.timeline.layout import ZONES, Layout, micros, minutes_east, written

EPOCH = datetime(1970, 1, 1)
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
WRITERS = {
    "Y": lambda t: f"{t.year:04}",
    "y": lambda t: f"{t.year % 100:02}",
    "m": lambda t: f"{t.month:02}",
    "-m": lambda t: str(t.month),
    "d": lambda t: f"{t.day:02}",
    "e": lambda t: f"{t.day:2}",
    "-d": lambda t: str(t.day),
    "H": lambda t: f"{t.hour:02}",
    "k": lambda t: f"{t.hour:2}",
    "-H": lambda t: str(t.hour),
    "I": lambda t: f"{t.hour % 12 or 12:02}",
    "-I": lambda t: str(t.hour % 12 or 12),
    "p": lambda t: "AM" if t.hour < 12 else "PM",
    "M": lambda t: f"{t.minute:02}",
    "-M": lambda t: str(t.minute),
    "S": lambda t: f"{t.second:02}",
    "-S": lambda t: str(t.second),
    "b": lambda t: MONTHS[t.month - 1],
    "a": lambda t: DAYS[t.weekday()],
    "t": lambda _: "T",
    "i": lambda t: str(t.microsecond // 1000),
    "s": lambda t: str(int(t.replace(tzinfo=UTC).timestamp())),
    "L": lambda t: str(_since(t) // 1000),
    "U": lambda t: str(_since(t)),
    "N": lambda t: f"{_since(t)}000",
}
BASES = [
    "%Y-%m-%d%t%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y%m%dT%H%M%S",
    "%y%m%d %k:%M:%S",
    "%y/%m/%d %H:%M:%S",
    "%a %b %e %H:%M:%S %Y",
    "%d/%b/%Y:%H:%M:%S",
    "%b %-d, %Y %-I:%M:%S %p",
    "%b %d, %Y %I:%M:%S %p",
    "%-d/%-m/%Y -- %-H:%-M:%-S",
]
COUNTS = {"%s": 1_000_000, "%L": 1000, "%U": 1, "%N": 1}
TIMES = st.datetimes(datetime(2001, 9, 10), datetime(2033, 5, 17))
DAY = date(2026, 3, 4)


def _since(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def write(base: str, moment: datetime) -> str:
    """A time as a base has it."""
    return re.sub(r"%(-?[A-Za-z])", lambda found: WRITERS[found[1]](moment), base)


def find(base: str, text: str, before: str = "") -> re.Match[bytes] | None:
    """A time of a base at the beginning of a text, or behind another one."""
    return re.compile(f"{re.escape(before)}(?P<time>{Layout(base).source})".encode()).match((before + text).encode())


def read(base: str, text: str, day: date = DAY) -> tuple[int, int | None, str]:
    """What is read of a text, and the part of it that is the time."""
    found = find(base, text)
    assert found is not None
    return *micros(found, day), found["time"].decode()


def test_every_field_has_a_writer_here() -> None:
    assert set(WRITERS) == set(layout.FIELDS)


@pytest.mark.parametrize("base", BASES)
@given(moment=TIMES)
def test_a_written_time_is_read_back(base: str, moment: datetime) -> None:
    text = write(base, moment)
    assert read(base, f"{text} x") == (_since(moment.replace(microsecond=0)), None, text)


@pytest.mark.parametrize("base", COUNTS)
@given(moment=TIMES)
def test_a_count_since_1970_is_read_back_as_utc(base: str, moment: datetime) -> None:
    text = write(base, moment)
    factor = COUNTS[base]
    assert read(base, f"{text} x") == (_since(moment) // factor * factor, 0, text)


@given(moment=TIMES, digits=st.integers(1, 9))
def test_a_fraction_has_any_number_of_digits_behind_a_point(moment: datetime, digits: int) -> None:
    fraction = f"{moment.microsecond:06}000"[:digits]
    text = f"{write('%Y-%m-%d %H:%M:%S', moment)}.{fraction}"
    assert read("%Y-%m-%d %H:%M:%S", text)[0] == _since(moment.replace(microsecond=int(fraction.ljust(6, "0")[:6])))
    seconds = f"{write('%s', moment)}.{fraction}"
    assert read("%s", seconds)[0] == _since(moment.replace(microsecond=int(fraction.ljust(6, "0")[:6])))


@given(moment=TIMES, minutes=st.sampled_from(range(-14 * 60, 14 * 60 + 1, 15)), colon=st.booleans(), space=st.booleans())
def test_an_offset_is_minutes_east_of_greenwich(moment: datetime, minutes: int, colon: bool, space: bool) -> None:
    offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{':' * colon}{abs(minutes) % 60:02}"
    text = f"{write('%Y-%m-%dT%H:%M:%S', moment)}{' ' * space}{offset}"
    assert read("%Y-%m-%dT%H:%M:%S", f"{text} x") == (_since(moment.replace(microsecond=0)), minutes, text)


@given(moment=TIMES, name=st.sampled_from(sorted(ZONES)))
def test_a_name_of_a_zone_is_read_behind_the_time_and_where_the_base_has_it(moment: datetime, name: str) -> None:
    assert read("%Y-%m-%d %H:%M:%S", f"{write('%Y-%m-%d %H:%M:%S', moment)} {name}: x")[1] == ZONES[name]
    text = f"{write('%a %b %e %H:%M:%S', moment)} {name} {moment.year}"
    assert read("%a %b %e %H:%M:%S%z %Y", text) == (_since(moment.replace(microsecond=0)), ZONES[name], text)


@given(moment=TIMES, zone=st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe"]))
def test_the_change_of_the_clocks_does_not_matter(moment: datetime, zone: str) -> None:
    there = moment.replace(tzinfo=UTC, microsecond=0).astimezone(ZoneInfo(zone))
    east = there.utcoffset()
    assert east is not None
    text = f"{write('%Y-%m-%dT%H:%M:%S', there.replace(tzinfo=None))}{there:%z}"
    got, minutes, _ = read("%Y-%m-%dT%H:%M:%S", text)
    assert minutes == east // timedelta(minutes=1)
    assert got - minutes * 60_000_000 == _since(moment.replace(microsecond=0))


@given(moment=TIMES, by=st.integers(1, 40))
def test_every_field_stands_where_it_is_said_to_stand(moment: datetime, by: int) -> None:
    base = "%a %b %e %H:%M:%S %Y"
    text = f"{write('%a %b %e %H:%M:%S', moment)}.{moment.microsecond:06} {moment.year} +0100"
    found = find(base, text, "x" * by)
    assert found is not None
    place = written(found)
    parts = {name: found.string[first:end].decode() for name, first, end in place.fields}
    expected = {name: WRITERS[name if name != "d" else "e"](moment) for name in "b d H M S Y".split()}
    assert parts == expected | {"f": f"{moment.microsecond:06}"}
    assert (place.start, place.end, place.zone) == (by, by + len(text), " +0100")
    assert found.string[place.zone_at :] == b" +0100"
    assert place.moved(-by) == written(re.compile(f"(?P<time>{Layout(base).source})".encode()).match(text.encode()) or found)


def test_a_zone_between_time_and_year_says_where_it_stands() -> None:
    found = find("%a %b %e %H:%M:%S%z %Y", "Wed Mar  4 10:42:07 CET 2026")
    assert found is not None
    assert (written(found).zone, written(found).zone_at) == (" CET", 19)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("20260304-0:2:7:5", 5), ("20260304-0:2:7:41", 41), ("20260304-0:2:7:411", 411), ("20260304-0:2:7:0", 0)],
)
def test_a_number_of_milliseconds_is_no_fraction(text: str, milliseconds: int) -> None:
    assert read("%Y%m%d-%-H:%-M:%-S:%i", f"{text}|x")[0] == _since(datetime(2026, 3, 4, 0, 2, 7)) + milliseconds * 1000


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-03-04 10:42:07, Info", "2026-03-04 10:42:07"),
        ("2026-03-04 10:42:07,5 items", "2026-03-04 10:42:07"),
        ("2026-03-04 10:42:07,123 x", "2026-03-04 10:42:07,123"),
        ("2026-03-04 10:42:07:123456 x", "2026-03-04 10:42:07:123456"),
        ("2026-03-04 10:42:07 -0123 x", "2026-03-04 10:42:07"),
        ("2026-03-04 10:42:07 +05 x", "2026-03-04 10:42:07"),
        ("2026-03-04 10:42:07+05 x", "2026-03-04 10:42:07+05"),
        ("2026-03-04 10:42:07 Zoe x", "2026-03-04 10:42:07"),
        ("2026-03-04 10:42:07 ESTIMATE", "2026-03-04 10:42:07"),
        ("2026-03-04 10:42:07-2 x", "2026-03-04 10:42:07"),
    ],
)
def test_what_follows_a_time_is_part_of_it_only_where_it_can_be_nothing_else(text: str, time: str) -> None:
    assert read("%Y-%m-%d %H:%M:%S", text)[2] == time


@pytest.mark.parametrize(
    ("base", "text"),
    [
        ("%Y-%m-%d", "2026-13-04"),
        ("%Y-%m-%d", "2026-03-32"),
        ("%Y-%m-%d", "0001-01-01"),
        ("%H:%M:%S", "24:00:00"),
        ("%H:%M:%S", "10:60:00"),
        ("%H:%M:%S", "10:42:071"),
        ("%s", "0123456789"),
        ("%s", "4711081500"),
        ("%s", "17726209271"),
        ("%L", "177262092712"),
    ],
)
def test_what_is_no_time_is_not_found(base: str, text: str) -> None:
    assert find(base, text) is None


def test_a_day_that_is_on_no_calendar_raises() -> None:
    found = find("%Y-%m-%d", "2026-02-30")
    assert found is not None
    with pytest.raises(ValueError, match="day"):
        micros(found, DAY)


def test_what_is_not_written_comes_from_the_day_that_is_given() -> None:
    assert read("%b %e %H:%M:%S", "Dec 31 23:59:60", date(2025, 1, 1))[0] == _since(datetime(2026, 1, 1))
    assert read("%H:%M:%S", "10:42:07", DAY)[0] == _since(datetime(2026, 3, 4, 10, 42, 7))
    assert not Layout("%b %e %H:%M:%S").has_year
    assert Layout("%b %e %H:%M:%S").has_date
    assert not Layout("%H:%M:%S").has_date
    assert Layout("%s").has_date
    assert Layout("%s").has_year


def test_no_zone_is_no_offset() -> None:
    assert minutes_east(None) is None
    assert minutes_east(b" -0330") == -210
    assert minutes_east(b"Z") == 0


def test_a_field_that_is_none_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        Layout("%Y-%Q").source  # noqa: B018  # the property is what raises
    assert refused.value.field == "time"
