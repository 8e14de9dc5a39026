"""The words of a text with their places, and the atoms of a time: the records that reading a time is made of.

An atom says one thing: a clock, a weekday, a date, a length, a period, a recurrence. `slot` names the place that it takes
in a frame, where each kind of atom has one.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,:/]\d+)*|[\ue000-\uf8ff]+|\S")


class Words:
    """A stretch of text cut into words, numbers and marks; `words` in lower case, `starts` and `ends` their offsets."""

    __slots__ = ("ends", "size", "starts", "text", "words")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        spans = [found.span() for found in _TOKEN.finditer(text, start, end)]
        self.words = [text[a:b].lower() for a, b in spans]
        self.starts = [a for a, _ in spans]
        self.ends = [b for _, b in spans]
        self.size = len(spans)

    def at(self, i: int) -> str:
        """The word at a place, or nothing outside of the text."""
        return self.words[i] if 0 <= i < self.size else ""

    def glued(self, i: int) -> bool:
        """Whether the word at `i` stands right behind the one before it."""
        return 0 < i < self.size and self.starts[i] == self.ends[i - 1]

    def written(self, i: int, to: int) -> str:
        """The text from the word at `i` up to the one before `to`."""
        return self.text[self.starts[i] : self.ends[to - 1]]

    def capital(self, i: int) -> bool:
        """Whether the word at `i` begins with a capital."""
        return self.text[self.starts[i]].isupper()


class Clock:
    """A time of day. `loose` where it may as well mean twelve hours later; `name` is noon, midnight, eod, now or minute."""

    slot = "clock"
    __slots__ = ("hour", "loose", "minute", "name")

    def __init__(self, hour: int, minute: int = 0, *, loose: bool = False, name: str = "") -> None:
        self.hour, self.minute, self.loose, self.name = hour, minute, loose, name


class Weekday:
    """A day of the week; `shift` is 0 for the coming one, 1 for "next", 2 for "Friday week", -1 for "last", None if unsaid."""

    slot = "weekday"
    __slots__ = ("day", "shift")

    def __init__(self, day: int, shift: int | None) -> None:
        self.day, self.shift = day, shift


class Date:
    """A calendar date; year or month may be left out. `numeric` where month and day are numbers in an order to be guessed."""

    slot = "date"
    __slots__ = ("day", "month", "numeric", "year")

    def __init__(self, year: int | None, month: int | None, day: int, *, numeric: bool = False) -> None:
        self.year, self.month, self.day, self.numeric = year, month, day, numeric


class Day:
    """A day counted from the one on which it is said: 0 is today."""

    slot = "day"
    __slots__ = ("shift",)

    def __init__(self, shift: int) -> None:
        self.shift = shift


class Part:
    """A part of a day: morning, lunch, afternoon, evening, night, overnight, tonight, or first for the first thing in it."""

    slot = "part"
    __slots__ = ("name", "this")

    def __init__(self, name: str, *, this: bool = False) -> None:
        self.name, self.this = name, this


class Length:
    """A length of time from `low` to `high` units; `high` is None where the number is not told ("a few hours")."""

    slot = "length"
    __slots__ = ("about", "high", "low", "past", "unit")

    def __init__(self, low: float, high: float | None, unit: str, *, about: bool = False) -> None:
        self.low, self.high, self.unit, self.about, self.past = low, high, unit, about, False


class Period:
    """A week, month, quarter, half, year, weekend, sprint or event, `shift` of them away, or by `number` and `year`.

    `edge` is end, early, mid or late where the words speak of a part of it; `week` the week of a month that is meant.
    """

    slot = "period"
    __slots__ = ("edge", "number", "shift", "unit", "week", "year")

    def __init__(self, unit: str, shift: int = 0, *, number: int | None = None, year: int | None = None, edge: str = "") -> None:
        self.unit, self.shift, self.number, self.year, self.edge, self.week = unit, shift, number, year, edge, 0


class Every:
    """Something that comes again and again; the length between two of them, or nothing where a weekday says it."""

    slot = "every"
    __slots__ = ("length",)

    def __init__(self, length: Length | None) -> None:
        self.length = length
