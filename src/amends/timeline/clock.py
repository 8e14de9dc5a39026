"""From times as a source writes them to instants: zones that are assumed, years and days that are not written.

Lines without a year are read as if it were 1972, lines without a date as if it were the first day of 1970; what year or day they
belong to follows from their order and from one date that is known: a log ends when its file was last changed, and goes back from
there. Whenever the clock of a source jumps back by more than half of what it shows, a year, or a day, has begun.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datetime import tzinfo

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

LEAP_YEAR = 1972
"""The year in which lines without one are read: it has a 29 February."""

DAY = 86_400_000_000
_EPOCH = date(1970, 1, 1).toordinal()
_LEAP_START = date(LEAP_YEAR, 1, 1).toordinal() - _EPOCH
_STEP = 900_000_000
"""Zones change their offset on a quarter of an hour at the finest, so one question answers for a whole one."""


def in_zone(local: Ints, zone: tzinfo) -> Ints:
    """Instants of times that were read off clocks of a zone. A time that clocks show twice is the first, one that they skip counts on."""
    if zone is UTC or not len(local):
        return local
    steps, inverse = np.unique(local // _STEP, return_inverse=True)
    offsets = np.fromiter((_offset(int(step), zone) for step in steps), np.int64, len(steps))
    return local - offsets[inverse]


def _offset(step: int, zone: tzinfo) -> int:
    try:
        local = datetime(1970, 1, 1, tzinfo=zone) + timedelta(microseconds=step * _STEP)
    except OverflowError:
        return 0
    return int((local.utcoffset() or timedelta()).total_seconds()) * 1_000_000


@dataclass(frozen=True, slots=True)
class Turns:
    """How often a clock without a year, or without a date, began anew: for each time the number before it, and in all."""

    before: NDArray[np.int32]
    total: int


def turns(shown: Ints, period: int) -> Turns:
    """Where a clock that shows times within a period began anew: it fell back by more than half of the period.

    A smaller step back is a line out of order, and two such steps that undo each other are none.
    """
    if not len(shown):
        return Turns(np.zeros(0, np.int32), 0)
    step = np.diff(shown, prepend=shown[:1])
    turned = (step < -period // 2).astype(np.int32) - (step > period // 2).astype(np.int32)
    before = np.cumsum(turned, dtype=np.int32)
    return Turns(before, int(before[-1]))


def with_years(shown: Ints, years: NDArray[np.int32]) -> Ints:
    """Times that were read in `LEAP_YEAR`, each in its year; a 29 February in a year without one is the 1 March."""
    day = shown // DAY - _LEAP_START
    starts = np.fromiter((_year_start(int(year)) for year in range(int(years.min()), int(years.max()) + 1)), np.int64)
    first = starts[years - int(years.min())]
    is_leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    after = (day > 59) & ~is_leap
    found: Ints = (first + day - after) * DAY + shown % DAY
    return found


@cache
def _year_start(year: int) -> int:
    return date(year, 1, 1).toordinal() - _EPOCH


def last_year(shown: int, known: date) -> int:
    """The year in which the last time of a source that is known to end by a day is no more than one day ahead of it.

    A clock may be ahead of UTC, so that its last line is of the next day, month or year.
    """
    day = timedelta(days=shown // DAY - _LEAP_START)
    ahead = date(LEAP_YEAR, 1, 1) + day
    latest = min(known, date.max - timedelta(days=1)) + timedelta(days=1)
    return latest.year - ((ahead.month, ahead.day) > (latest.month, latest.day))
