"""The words of a text with their places, and the atoms of a time: the records that reading a time is made of.

An atom says one thing: a clock, a weekday, a date, a length, a period, a recurrence. `slot` names the place that it takes
in a frame, where each kind of atom has one.
"""

from __future__ import annotations

import re
from itertools import accumulate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN = re.compile(
    r"(?=\S)([A-Za-z\xc0-\xff]++(?:'[A-Za-z]++)?+|\d++(?:[.,:/]\d++)*+"
    r"|\ue000++|\ue001++|\ue002++|\ue003++|\S)"
)
"""Words of the western Latin letters, numbers with their inner marks, runs of the stand-ins of `mask`, single marks.

Letters of other scripts stand alone: no time of ours is written in them. A wider class takes ten times as long to compile.
Nothing is given back (`++`), and no alternative is tried at a space: this reads every sentence that may hold a time."""
_MARGIN = [""] * 16
"""Empty words behind the last one; the first ones are reached from behind, too, since lists count backwards."""


class Words:
    """A stretch of text cut into words, numbers and marks.

    `words` are in lower case, `size` of them, with empty ones behind, so that `at` answers "" for places up to 16 outside of
    the text on either side; `starts` and `ends` are their offsets.
    """

    __slots__ = ("at", "ends", "size", "starts", "text", "words")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        stretch = text[start:end]
        plain = stretch.isascii()  # its small letters stand where its capitals do, and the words need no lowering one by one
        pieces = _TOKEN.split(stretch.lower() if plain else stretch)  # what stands between words, a word, what stands between, …
        edges = list(accumulate(map(len, pieces), initial=start))
        self.words = pieces[1::2] if plain else list(map(str.lower, pieces[1::2]))
        self.size = len(self.words)
        self.starts = edges[1::2]
        self.ends = edges[2::2]
        self.words += _MARGIN
        self.at: Callable[[int], str] = self.words.__getitem__

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

    def before(self, end: Date) -> Date:
        """The same date in the year that only the end of its range tells: "30 Jan to 2 Feb 2024", "30 Dec to 2 Jan 2024"."""
        if self.year is not None or end.year is None or self.month is None or end.month is None:
            return self
        return Date(end.year - (self.month > end.month), self.month, self.day, numeric=self.numeric)


class Day:
    """A day counted from the one on which it is said: 0 is today; `working` where only working days count."""

    slot = "day"
    __slots__ = ("shift", "working")

    def __init__(self, shift: int, *, working: bool = False) -> None:
        self.shift, self.working = shift, working


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
