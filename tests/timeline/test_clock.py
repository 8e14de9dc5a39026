"""What a time does not say, its year, its day or its zone, follows from where it stands in its source."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from amends.timeline import clock
from amends.timeline.entry import UNDATED, flag
from amends.timeline.lines.source import LineLog
from amends.timeline.table import ZONES, Table

EPOCH = datetime(1970, 1, 1)
ZONE_NAMES = (
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Pacific/Apia",
    "Africa/Casablanca",
)
MICROSECOND = timedelta(microseconds=1)


def table(lines: list[str], ended: date, zone: ZoneInfo | None = None, blocks: int = 1) -> Table:
    log = LineLog(0, ended, zone)
    size, at = -(-len(lines) // blocks), 0
    for first in range(0, len(lines), size):
        data = "".join(f"{line}\n" for line in lines[first : first + size]).encode()
        log.read(np.frombuffer(data, np.uint8), at)
        at += len(data)
    return log.table()


def days(lines: list[str], ended: date, blocks: int = 1) -> list[str]:
    """The day of each line, as it came out."""
    return [str(np.datetime64(int(time), "us"))[:10] for time in table(lines, ended, None, blocks)["time"].tolist()]


def syslog(*when: str) -> list[str]:
    return [f"{one} web-1 cron[7]: run" for one in when]


@pytest.mark.parametrize("blocks", [1, 2, 5])
def test_years_are_counted_back_from_the_end_over_new_year(blocks: int) -> None:
    lines = syslog("Nov 30 10:00:00", "Dec 31 23:59:59", "Jan  1 00:00:00", "Jun  1 10:00:00", "Oct  1 10:00:00", "Feb  2 10:00:00")
    assert days(lines, date(2026, 3, 5), blocks) == ["2024-11-30", "2024-12-31", "2025-01-01", "2025-06-01", "2025-10-01", "2026-02-02"]


def test_a_step_back_by_less_than_half_a_year_begins_none() -> None:
    lines = syslog("Jan  4 10:00:00", "Jun  1 10:00:00", "Feb  2 10:00:00")
    assert days(lines, date(2026, 7, 5)) == ["2026-01-04", "2026-06-01", "2026-02-02"]


@pytest.mark.parametrize(
    ("last", "ended", "year"),
    [
        ("Mar  4", date(2026, 3, 4), 2026),
        ("Mar  5", date(2026, 3, 4), 2026),  # a clock may be ahead of UTC
        ("Mar  6", date(2026, 3, 4), 2025),
        ("Feb  1", date(2026, 1, 31), 2026),
        ("Mar  1", date(2026, 2, 28), 2026),
        ("Jan  1", date(2025, 12, 31), 2026),
        ("Dec 31", date(2026, 1, 1), 2025),
    ],
)
def test_the_last_line_lies_no_more_than_a_day_behind_the_end_of_its_file(last: str, ended: date, year: int) -> None:
    assert days(syslog(f"{last} 10:00:00"), ended)[0][:4] == str(year)


@pytest.mark.parametrize(
    "times",
    [("Jan  1 10:00:00", "May  1 10:00:00", "Sep  1 10:00:00", "Dec 31 10:00:00"), ("00:00:00", "08:00:00", "16:00:00", "23:00:00")],
)
def test_more_turns_than_there_are_years_are_read_without_harm(times: tuple[str, ...]) -> None:
    lines = syslog(*times) if " " in times[0] else [f"{time} INFO a" for time in times]
    assert len(table(lines * 12_000, date(2026, 3, 5))) == 48_000


def test_a_leap_day_is_one_in_a_year_that_has_it_and_the_first_of_march_in_others() -> None:
    lines = syslog("Feb 28 10:00:00", "Feb 29 10:00:00", "Mar  1 10:00:00")
    assert days(lines, date(2024, 3, 1)) == ["2024-02-28", "2024-02-29", "2024-03-01"]
    assert days(lines, date(2026, 3, 1)) == ["2026-02-28", "2026-03-01", "2026-03-01"]


def test_lines_out_of_order_begin_no_year() -> None:
    lines = syslog("Mar  4 10:00:01", "Mar  4 10:00:00", "Mar  3 23:00:00", "Mar  4 10:00:02")
    assert days(lines, date(2026, 3, 5)) == ["2026-03-04", "2026-03-04", "2026-03-03", "2026-03-04"]


def test_lines_out_of_order_at_new_year_are_of_their_own_years() -> None:
    lines = syslog("Dec 31 23:59:58", "Jan  1 00:00:00", "Dec 31 23:59:59", "Jan  1 00:00:01")
    assert days(lines, date(2026, 1, 2)) == ["2025-12-31", "2026-01-01", "2025-12-31", "2026-01-01"]


@pytest.mark.parametrize("blocks", [1, 3, 6])
def test_times_without_a_date_are_counted_back_over_midnight(blocks: int) -> None:
    times = ["23:59:58", "00:00:01", "11:00:00", "22:00:00", "00:30:00", "08:00:00"]
    found = days([f"{time} INFO run" for time in times], date(2026, 3, 4), blocks)
    assert found == ["2026-03-02", "2026-03-03", "2026-03-03", "2026-03-03", "2026-03-04", "2026-03-04"]


HOUR, MINUTE = 3600, 60
START = datetime(2026, 3, 1, 12)


def times(*when: datetime) -> list[str]:
    return [f"{one:%H:%M:%S} INFO run" for one in when]


def stream(start: datetime, count: int, every: int = 5) -> list[datetime]:
    return [start + timedelta(seconds=every * number) for number in range(count)]


def told(when: list[datetime]) -> list[str]:
    return [f"{one:%Y-%m-%d}" for one in when]


@pytest.mark.parametrize("quiet", [1, 6, 11, 12, 13, 18, 22, 22.9])
@pytest.mark.parametrize("start", range(0, 24, 5))
def test_a_log_may_be_quiet_for_a_day_but_an_hour(quiet: float, start: int) -> None:
    first = stream(datetime(2026, 3, 1, start, 30), 3)
    when = [*first, *stream(first[-1] + timedelta(hours=quiet), 3)]
    assert days(times(*when), when[-1].date()) == told(when)


@pytest.mark.parametrize("back", [1, 30, 300, 3600])
def test_a_time_only_line_out_of_order_begins_no_day(back: int) -> None:
    when = stream(START, 5)
    when.insert(3, when[2] - timedelta(seconds=back))
    assert days(times(*when), START.date()) == told(when)


def test_a_clock_that_falls_back_at_the_end_of_summer_begins_no_day() -> None:
    shown = [datetime(2026, 10, 25, 2, 59, 58), datetime(2026, 10, 25, 2, 0, 1), datetime(2026, 10, 25, 3, 10)]
    assert days(times(*shown), date(2026, 10, 25)) == ["2026-10-25"] * 3


@pytest.mark.parametrize("hours", [-9, -2, 2, 9])
@pytest.mark.parametrize("count", [1, 3, 12])
@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_a_few_lines_with_other_times_amid_a_stream_begin_no_day(hours: int, count: int, blocks: int) -> None:
    foreign = stream(START + timedelta(hours=hours), count)
    lines = times(*stream(START, 20), *foreign, *stream(START + timedelta(seconds=100), 20))
    found = days(lines, START.date(), blocks)
    assert [*found[:20], *found[20 + count :]] == ["2026-03-01"] * 40


@pytest.mark.parametrize("hours", [-14, -7, -2, 2, 7, 14])
def test_two_clocks_in_one_log_begin_no_days(hours: int) -> None:
    both = [one for when in stream(START, 2000, 1) for one in (when, when - timedelta(hours=hours))]
    assert len(set(days(times(*both), START.date()))) <= 2


@pytest.mark.parametrize("count", [1, 2, 3, 10])
def test_a_job_that_runs_at_the_same_times_each_day_begins_one_each_day(count: int) -> None:
    runs = [datetime(2026, 3, day, hour) for day in range(1, 8) for hour in (9, 17)]
    when = [line for run in runs for line in stream(run, count)]
    assert days(times(*when), date(2026, 3, 7)) == told(when)


@settings(max_examples=200)
@given(
    st.integers(0, 24 * HOUR),
    st.lists(st.integers(0, MINUTE) | st.integers(0, 23 * HOUR - 1), min_size=1, max_size=40),
    st.integers(1, 5),
)
def test_days_of_a_log_in_order_are_found_again(start: int, gaps: list[int], blocks: int) -> None:
    when = [datetime(2026, 3, 1) + timedelta(seconds=start)]
    for gap in gaps:
        when.append(when[-1] + timedelta(seconds=gap))
    assume(not comes_back(when))
    assert days(times(*when), when[-1].date(), blocks) == told(when)


@settings(max_examples=200)
@given(
    st.integers(0, 24 * HOUR),
    st.lists(st.integers(0, MINUTE) | st.integers(0, 22 * HOUR + 50 * MINUTE), min_size=1, max_size=40),
    st.lists(st.integers(0, 5 * MINUTE), min_size=41, max_size=41),
)
def test_lines_that_are_late_by_minutes_do_not_change_the_days_of_a_log(start: int, gaps: list[int], late: list[int]) -> None:
    when = [datetime(2026, 3, 1) + timedelta(seconds=start)]
    for gap in gaps:
        when.append(when[-1] + timedelta(seconds=gap))
    arrived = sorted(zip(when, late, strict=False), key=lambda line: line[0] + timedelta(seconds=line[1]))
    shown = [one for one, _ in arrived]
    assume(not comes_back(shown))
    assert days(times(*shown), shown[-1].date()) == told(shown)


def comes_back(when: list[datetime]) -> bool:
    """Whether a log is at a minute at which it was the day before, no more than a few lines ago: the one case that times do not tell."""
    seconds = [one.hour * HOUR + one.minute * MINUTE + one.second for one in when]
    pairs = ((seconds[at], after) for at in range(len(when)) for after in seconds[at + 2 : at + 19])
    apart = any(abs(first - second) > HOUR for first, second in pairwise(seconds))
    return apart and any(0 <= after - before <= MINUTE for before, after in pairs)


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("2026-03-04 10:42:07.123Z INFO a", "stated"),
        ("1772621024 a", "utc"),
        ("#Fields: date time\n2026-03-04 10:42:07 10.0.0.1 GET / - 443 - 10.0.0.9 curl/8 - 200 0 0 7", "utc"),
        ("I260304 10:42:07.123456 411 server/node.go:42  [n1] 7  ready", "utc"),
    ],
)
@pytest.mark.parametrize("given_zone", [None, ZoneInfo("Asia/Tokyo")])
def test_a_time_that_is_utc_by_the_rule_of_its_format_is_not_said_to_be_stated(line: str, zone: str, given_zone: ZoneInfo | None) -> None:
    found = table([line], date(2026, 3, 5), given_zone)
    assert [ZONES[int(one)] for one in found["zone"]][-1] == zone
    assert found["flags"].tolist()[-1] == 0


def test_what_was_inferred_is_flagged() -> None:
    inferred = table(syslog("Mar  4 10:00:00"), date(2026, 3, 5))
    assert inferred["flags"].tolist() == [flag("year_inferred") | flag("zone_assumed")]
    assert ZONES[int(inferred["zone"][0])] == "assumed"
    told = table(["2026-03-04T10:00:00Z a"], date(2026, 3, 5), ZoneInfo("Asia/Tokyo"))
    assert told["flags"].tolist() == [0]
    assert ZONES[int(told["zone"][0])] == "stated"
    undated = table(["nothing"], date(2026, 3, 5))
    assert (undated["flags"].tolist(), undated["time"].tolist()) == ([flag("unparsed")], [UNDATED])


def test_a_zone_that_was_given_moves_times_that_name_none_and_no_others() -> None:
    found = table(["2026-07-04 10:00:00 INFO a", "2026-07-04T10:00:00Z INFO b"], date(2026, 7, 5), ZoneInfo("Europe/London"))
    first, second = found["time"].tolist()
    assert second - first == 3_600_000_000
    assert found["flags"].tolist() == [0, 0]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ZONE_NAMES), st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31)), max_size=20))
def test_zones_are_those_of_the_standard_library(name: str, shown: list[datetime]) -> None:
    zone = ZoneInfo(name)
    local = np.array([(one - EPOCH) // MICROSECOND for one in shown], np.int64)
    wanted = [(one.replace(tzinfo=zone, fold=0).astimezone(UTC).replace(tzinfo=None) - EPOCH) // MICROSECOND for one in shown]
    assert clock.in_zone(local, zone).tolist() == wanted


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(ZONE_NAMES), st.integers(2012, 2036), st.integers(0, 47))
def test_gaps_and_folds_are_read_to_the_minute(name: str, year: int, hour: int) -> None:
    zone = ZoneInfo(name)
    offsets = [(day, datetime(year, 1, 1, tzinfo=zone) + timedelta(days=day)) for day in range(366)]
    turns = [day for (day, one), (_, after) in pairwise(offsets) if one.utcoffset() != after.utcoffset()]
    for day in turns:
        shown = [datetime(year, 1, 1) + timedelta(days=day, hours=hour, minutes=minute) for minute in (0, 14, 15, 29, 30, 59)]
        local = np.array([(one - EPOCH) // MICROSECOND for one in shown], np.int64)
        wanted = [(one.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None) - EPOCH) // MICROSECOND for one in shown]
        assert clock.in_zone(local, zone).tolist() == wanted


def test_a_time_that_is_shown_twice_is_the_first_and_one_that_is_skipped_counts_on() -> None:
    london = ZoneInfo("Europe/London")
    shown = [datetime(2026, 10, 25, 1, 30), datetime(2026, 3, 29, 1, 30)]
    local = np.array([(one - EPOCH) // MICROSECOND for one in shown], np.int64)
    found = [str(np.datetime64(int(one), "us"))[:16] for one in clock.in_zone(local, london)]
    assert found == ["2026-10-25T00:30", "2026-03-29T01:30"]


def test_zones_without_a_name_are_applied_too() -> None:
    local = np.array([0], np.int64)
    assert clock.in_zone(local, timezone(timedelta(hours=-5, minutes=-30))).tolist() == [19_800_000_000]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=40), st.integers(1, 6))
def test_years_of_a_log_in_order_are_found_again(steps: list[int], blocks: int) -> None:
    # A log that never pauses for half a year tells all its years by the day on which it ends.
    when = [datetime(2019, 1, 1, 12)]
    for step in steps:
        when.append(when[-1] + timedelta(days=step % 180, hours=1))
    lines = syslog(*(f"{one:%b} {one.day:2} {one:%H:%M:%S}" for one in when))
    assert days(lines, when[-1].date(), blocks) == [f"{one:%Y-%m-%d}" for one in when]
