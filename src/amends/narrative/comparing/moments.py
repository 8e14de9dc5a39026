"""The moments and lengths of a telling, so that two tellings can be held together by the clock.

A moment is a time of day, and the day where the telling gives one: a row takes its day from the row before it. Lengths that are told in two
parts, "two days and ten hours", are one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from amends.language.times import TimeExpression
    from amends.narrative.comparing.clauses import Telling

DAY = 1440
"""Minutes of a day."""
_BACKWARDS = 240
"""Minutes by which a row may stand before the one above it without being of the next day."""
_FAR = 90 * DAY
"""Minutes beyond which two moments stand in different years by a slip of reading, not in one incident."""
_NAMES_DATE = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\d{4}-\d\d|\d/\d", re.IGNORECASE)
_NAMES_WEEKDAY = re.compile(r"\b(?:mon|tues?|wed|thu(?:rs)?|fri|sat|sun)(?:day|nesday|urday|sday)?\b", re.IGNORECASE)
_BACK_TO = 5
"""Days of a week that one does not go forward to, but back: on Sunday, "Saturday" is yesterday."""
_HEADING = 6
"""Characters before a date that may still open its clause, and so the day of what follows: "On 3 May"."""
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LEAP = (2, 29)
_FIRST_DAY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)? (?:and|to|until) (?:the )?$")
"""The first of two days whose month stands behind the second: "8 and 11 August"."""
_TWELVE = re.compile(r"\d ?[ap]\.?m\b|noon|midnight", re.IGNORECASE)
_JOINED = re.compile(r"\s*,?\s*(?:and )?(?:another |almost |nearly |about |some |over )?$", re.IGNORECASE)
_BEFORE = re.compile(
    r"(?:(over|more than|longer than|at least|upwards of|exceeding)"
    r"|(under|less than|almost|nearly|close to|not quite|within|up to|shorter than|fewer than)"
    r"|(about|around|roughly|some|approximately|approx\.?|circa|~|for the best part of))\s*(?:the |only )?$",
    re.IGNORECASE,
)
_BARE_BEHIND = re.compile(r"\s\d{1,2}\b(?!\s?(?:[a-z%]|:\d))|\s\d{1,2} (?:went|more|passed|later|before)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of day: `at` in minutes since the first day there is, as far as the telling lets one know the day.

    `clock` are minutes since midnight, `utc` the same in UTC where a zone stands with it; `dated` is whether its own words name the day,
    `twelve` whether they say which half of the day it is; `side` is "from" or "to" for the ends of a range, else empty.
    """

    at: int
    clock: int
    utc: int | None
    dated: bool
    twelve: bool
    side: str
    start: int
    end: int
    clause: int


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day that a telling names; `side` as for a moment. The year is left out: tellings of one incident agree in it."""

    month: int
    day: int
    side: str
    start: int
    end: int
    clause: int

    @property
    def date(self) -> tuple[int, int]:
        """Its month and day, which order it among days of one year."""
        return self.month, self.day


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in minutes, and how it is bounded: over, under, about, or nothing."""

    minutes: float
    bound: str
    start: int
    end: int
    clause: int
    lead: str


@dataclass(slots=True)
class Times:
    """All times of a telling, in order; `ranges` are the moments from which and to which something lasted."""

    moments: list[Moment]
    days: list[Day]
    lengths: list[Length]
    ranges: list[tuple[Moment, Moment]]


def read(telling: Telling) -> Times:
    """The moments, days and lengths of a telling."""
    reading = _Reading(telling)
    for clause in telling.clauses:
        for time in clause.times:
            reading.add(time, clause.number)
    return reading.found


class _Reading:
    """What was read so far, and the day on which the next time stands: a bare clock goes on from the one before it."""

    __slots__ = ("anchor", "found", "last", "telling", "today", "year")

    def __init__(self, telling: Telling) -> None:
        self.telling = telling
        self.found = Times([], [], [], [])
        self.today: int | None = None
        self.anchor: tuple[int, int] | None = None
        self.last = 0
        self.year: int | None = None

    def add(self, time: TimeExpression, clause: int) -> None:
        if time.length is not None:
            _add_length(self.found, self.telling, time, clause)
        elif time.due is not None and time.grain in ("minute", "day") and not time.quote.isdecimal():
            opening = time.earliest
            ends = [(time.due, "")] if opening is None else [(opening, "from"), (time.due, "to")]
            if time.grain == "day":
                self._days(time, ends, clause)
            else:
                self._moments(time, ends, clause)

    def _days(self, time: TimeExpression, ends: list[tuple[datetime, str]], clause: int) -> None:
        if not _NAMES_DATE.search(time.quote):
            if _NAMES_WEEKDAY.search(time.quote):
                self._weekday(time.due or ends[0][0])
            return
        if time.flags & {"edge-assumed", "impossible"}:
            return
        also = _FIRST_DAY.search(self.telling.text.masked, max(0, time.start - 16), time.start)
        if also and len(ends) == 1 and 0 < int(also.group(1)) < ends[0][0].day:
            ends = [(ends[0][0].replace(day=int(also.group(1))), "from"), (ends[0][0], "to")]
        for when, side in ends:
            self.found.days.append(Day(when.month, when.day, side, also.start(1) if also else time.start, time.end, clause))
        if time.start - self.telling.clauses[clause].start <= _HEADING:
            self._on(ends[0][0], time)

    def _on(self, when: datetime, time: TimeExpression) -> None:
        """Go on to a date, in the year that was told last where it tells none."""
        if _YEAR.search(time.quote):
            self.year = when.year
        elif self.year is not None and (when.month, when.day) != _LEAP:
            when = when.replace(year=self.year)
        self.today = when.toordinal()
        self.last = 0
        if (named := _NAMES_WEEKDAY.search(time.quote)) is not None:
            self.anchor = (_WEEKDAYS.index(named.group()[:3].lower()), self.today)

    def _weekday(self, when: datetime) -> None:
        """Go on to a day of the week: the next one behind the last that was named."""
        if self.anchor is None:
            self.anchor = (when.weekday(), self.today or 0)
        step = (when.weekday() - self.anchor[0]) % 7
        self.today = self.anchor[1] + (step if step < _BACK_TO else step - 7)
        self.anchor = (when.weekday(), self.today)
        self.last = 0

    def _moments(self, time: TimeExpression, ends: list[tuple[datetime, str]], clause: int) -> None:
        worded = not time.quote.replace(":", "").isdecimal()
        dated = worded and _NAMES_DATE.search(time.quote) is not None
        weekday = worded and _NAMES_WEEKDAY.search(time.quote) is not None
        made: list[Moment] = []
        for when, side in ends:
            clock = when.hour * 60 + when.minute
            if dated:
                self._on(when, time)
                self.found.days.append(Day(when.month, when.day, side, time.start, time.end, clause))
            elif weekday:
                self._weekday(when)
            elif self.today is not None and (
                (made and clock < made[0].clock) or (clock < self.last - _BACKWARDS and self.telling.clauses[clause].row)
            ):
                self.today += 1
            self.last = clock
            offset = when.utcoffset() or timedelta()
            utc = (clock - offset // timedelta(minutes=1)) % DAY if time.zone else None
            twelve = worded and _TWELVE.search(time.quote) is not None
            made.append(Moment((self.today or 0) * DAY + clock, clock, utc, dated, twelve, side, time.start, time.end, clause))
        self.found.moments += made
        if len(made) == 2:
            self.found.ranges.append((made[0], made[1]))


def _add_length(found: Times, telling: Telling, time: TimeExpression, clause: int) -> None:
    if time.length is None:
        return
    text = telling.text.masked
    minutes = time.length.total_seconds() / 60
    if _BARE_BEHIND.match(text, time.end):  # "three hours 35 went by": the rest is not read
        return
    if (
        found.lengths
        and (before := found.lengths[-1]).end < time.start
        and before.minutes > minutes
        and _JOINED.match(text, before.end, time.start)
        and before.clause in (clause, clause - 1)
    ):
        found.lengths[-1] = Length(before.minutes + minutes, before.bound, before.start, time.end, before.clause, before.lead)
        return
    words = _words_at(text, time)
    bound = _BEFORE.search(text, max(0, words - 24), words)
    kinds = ("over", "under", "about")
    said = next((kind for kind, group in zip(kinds, bound.groups(), strict=True) if group), "") if bound else ""
    found.lengths.append(Length(minutes, said, bound.start() if bound else time.start, time.end, clause, time.lead))


_INSIDE = re.compile(r"(?:over|under|within|in|during|from|between|about)\s+", re.IGNORECASE)


def _words_at(text: str, time: TimeExpression) -> int:
    """Where the number of a length begins: its quote may begin with a word that bounds it."""
    found = _INSIDE.match(text, time.start)
    return found.end() if found else time.start


def same(one: Moment, other: Moment) -> bool:
    """Whether two moments are one time of day: on the same clock, on a clock of twelve hours, or in UTC."""
    if one.clock == other.clock or (one.utc is not None and one.utc == other.utc):
        return True
    return (one.clock - other.clock) % (DAY // 2) == 0 and not (one.twelve and other.twelve)


def between(one: Moment, other: Moment) -> tuple[float, ...]:
    """The minutes that may lie between two moments: by their days, and by the clock alone where a day is not said."""
    days, clock = other.at - one.at, (other.clock - one.clock) % DAY
    if one.dated and other.dated and abs(days) < _FAR:
        return (days,)
    return (days, clock) if 0 < days < _FAR else (clock,)


def fits(length: Length, real: float, slack: float = 0.05) -> bool:
    """Whether a length can honestly be told for the real one: rounded up by half, rounded down by no more than `slack`."""
    if real <= 0:
        return False
    ratio = length.minutes / real
    if length.bound == "over":
        return 0.8 <= ratio <= 1.02
    if length.bound == "under":
        return 0.97 <= ratio <= 1.5
    return 1 - slack <= ratio <= 1 + 2.5 * slack or abs(length.minutes - real) <= 1
