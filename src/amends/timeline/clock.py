"""From times as a source writes them to instants: zones that are assumed, years and days that are not written.

Lines without a year are read as if it were 1972, lines without a date as if it were the first day of 1970; what year or day they
belong to follows from their order and from one date that is known: a log ends when its file was last changed, and goes back from
there. Whenever the clock of a source falls back by more than lines may be out of order, and stays there, a year, or a day, has begun.
"""

from __future__ import annotations

from calendar import isleap
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
_HOUR = 3_600_000_000
_FEW, _CLOSE = 16, 60_000_000
"""Lines that may stand out of a stream, and microseconds within which the stream goes on."""

_LONG, _OFTEN = 1000, 8
"""Lines of a log, and of them for each fall, that no job writes which runs a few times a day."""

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
    """Where a clock that shows times within a period began anew: it fell back by more than lines are out of order.

    For days that is an hour, by which clocks fall back at the end of summer, so that a log may be quiet for 23 hours; for years it is half
    of one. Two steps that undo each other are no turn, and neither is a fall to or from a few lines that stand out of a stream. Where a
    long log falls back all the time, several clocks write it, and half a day counts there too.
    """
    if not len(shown):
        return Turns(np.zeros(0, np.int32), 0)
    step = np.diff(shown, prepend=shown[:1])
    mixed = len(shown) >= _LONG and np.count_nonzero(step < -_HOUR) * _OFTEN > len(shown)
    most = _HOUR if period == DAY and not mixed else period // 2
    turned = (step < -most).astype(np.int32) - (step > period - most).astype(np.int32)
    if period == DAY and not mixed:
        turned[_stray(shown, step)] = 0
    before = np.cumsum(turned, dtype=np.int32)
    return Turns(before, int(before[-1]))


def _stray(shown: Ints, step: Ints) -> Ints:
    """The falls of a clock by more than an hour that come from at most `_FEW` lines with other times amid a stream of lines.

    Such are lines that another program wrote, or a text that begins with a time. The stream goes on behind them: its next line follows the
    last one before them within `_CLOSE`, and both have a neighbour as close. Where runs of a job write at the same times each day, the
    next run begins before the time at which the last one ended, so that their falls stay.
    """
    falls = np.flatnonzero((step < -_HOUR) & (step > _HOUR - DAY))
    rises = np.flatnonzero((step > _HOUR) & (step < DAY - _HOUR))
    if not len(falls):
        return falls
    _, low = _returns(shown, falls, 1)
    backs, high = _returns(shown, rises, -1)
    found: Ints = np.union1d(falls[low], np.intersect1d(backs[high], falls))
    return found


def _returns(shown: Ints, leaves: Ints, sign: int) -> tuple[Ints, NDArray[np.bool_]]:
    """For each place where the clock leaves a stream, down for sign 1, where it is back at it, and whether the stream goes on there."""
    last = len(shown) - 1
    ahead = np.minimum(leaves[:, None] + np.arange(1, _FEW + 1), last)
    left = shown[leaves - 1]
    near = sign * (shown[ahead] - left[:, None]) >= -_HOUR
    back = ahead[np.arange(len(leaves)), near.argmax(axis=1)]
    goes_on = near.any(axis=1) & (leaves >= 2) & (back < last)
    follows = shown[back] - left
    before, after = np.abs(left - shown[leaves - 2]), np.abs(shown[np.minimum(back + 1, last)] - shown[back])
    return back, goes_on & (follows >= 0) & (follows <= _CLOSE) & (before <= _CLOSE) & (after <= _CLOSE)


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

    A clock may be ahead of UTC, so that its last line is of the next day, month or year. A 29 February is of a year that has one.
    """
    day = timedelta(days=shown // DAY - _LEAP_START)
    ahead = date(LEAP_YEAR, 1, 1) + day
    latest = min(known, date.max - timedelta(days=1)) + timedelta(days=1)
    year = latest.year - ((ahead.month, ahead.day) > (latest.month, latest.day))
    while (ahead.month, ahead.day) == (2, 29) and not isleap(year):
        year -= 1
    return year
