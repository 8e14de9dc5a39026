"""What happened on this date a year ago, and two: the dates that a day looks back at, in the zone of who reads.

The day before 1 March stands for 29 February in a year that has none, so that no incident is passed over for three years.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

YEARS = (1, 2)
"""How many years back a day looks."""

_LEAP = (2, 29)


@dataclass(frozen=True, slots=True)
class Past:
    """A day of an earlier year: from `start` on and before `end`, both in UTC; `years` ago, counted from the day that looks back."""

    years: int
    day: date
    start: datetime
    end: datetime


def pasts(now: datetime, zone: tzinfo, years: tuple[int, ...] = YEARS) -> tuple[Past, ...]:
    """The days that the day of `now` looks back at, the nearest first, as they begin and end on the clocks of `zone`."""
    today = now.astimezone(zone).date()
    found = []
    for back in years:
        days = _days(today, today.year - back)
        if days:
            start, end = days[0], days[-1] + timedelta(days=1)
            found.append(Past(back, days[0], _midnight(start, zone), _midnight(end, zone)))
    return tuple(found)


def _days(today: date, year: int) -> list[date]:
    """The days of a year for which a day stands: its own date, and 29 February where only that year has one."""
    own = [] if (today.month, today.day) == _LEAP and not _is_leap(year) else [today.replace(year=year)]
    stands_in = (today.month, today.day) == (2, 28) and not _is_leap(today.year) and _is_leap(year)
    return [*own, date(year, *_LEAP)] if stands_in else own


def _is_leap(year: int) -> bool:
    return (date(year, 3, 1) - timedelta(days=1)).day == _LEAP[1]


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
