"""Times that are all written alike, read at once: every digit in its column, a matrix of weights, and one table of days."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from amends.timeline.layout import ZONES
from amends.timeline.lines.block import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from amends.timeline.layout import Written
    from amends.timeline.lines.block import Block, Bytes, Ints

FIRST_YEAR, LAST_YEAR = 1900, 2199
_YEAR, _DAY, _SECOND, _MICRO, _ZONE = range(5)
_DIGIT, _ANY = 9, 255
_MONTH_SIZE, _YEAR_SIZE = 100, 2000
"""Places in the table of days for a month and a year: as many as two digits can say, so that a 13th month is no January."""

_WEIGHTS = {"Y": (_YEAR, 1), "y": (_YEAR, 1), "m": (_DAY, _MONTH_SIZE), "d": (_DAY, 1), "H": (_SECOND, 3600), "I": (_SECOND, 3600)}
_WEIGHTS |= {"M": (_SECOND, 60), "S": (_SECOND, 1), "i": (_MICRO, 1000)}
_EPOCH_DIGITS = {"s": 6, "L": 3, "U": 0, "N": -3}
"""By how many digits a count since 1970 is shorter than one in microseconds."""


@cache
def _days() -> NDArray[np.int32]:
    """Days since 1970 by year, month and day; a million before it for a day that is on no calendar."""
    table = np.full((LAST_YEAR - FIRST_YEAR + 1) * _YEAR_SIZE, -(10**6), np.int32)
    days = np.arange(f"{FIRST_YEAR}-01-01", f"{LAST_YEAR + 1}-01-01", dtype="datetime64[D]")
    months = days.astype("datetime64[M]")
    year, month = np.divmod(months.astype(np.int64), 12)
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    table[(year + 1970 - FIRST_YEAR) * _YEAR_SIZE + (month + 1) * _MONTH_SIZE + day] = days.astype(np.int32)
    return table


@cache
def _months() -> NDArray[np.uint8]:
    """The month by the second and third letter of its name, in either case; 0 for no month."""
    table = np.zeros(1 << 16, np.uint8)
    for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1):
        for spelled in (name, name.upper()):
            table[ord(spelled[1]) << 8 | ord(spelled[2])] = number
    return table


_BEHIND = 6
"""Bytes behind a time that show whether it goes on: a digit, a fraction, a zone."""

_LONG_FRACTION = 12
"""Bytes behind a comma or a colon that show whether a fraction follows or a number of its own."""

_PLACES = np.array([1 << 8 * place for place in reversed(range(_BEHIND - 1))], np.int64)
_NAMES = np.array([int.from_bytes(name.encode().ljust(_BEHIND - 1, b"\0"), "big") for name in ZONES], np.int64)
"""Names of zones as numbers."""


def _beginnings() -> NDArray[np.bool_]:
    """Of each three letters, as 15 bits, whether the name of a zone begins so; shorter ones may have anything behind."""
    found = np.zeros((32, 32, 32), bool)
    for name in ZONES:
        found[tuple(letter & 31 for letter in name.encode()[:3])] = True
    return found.reshape(-1)


_BEGIN_NAMES = _beginnings()

_TENS = {"m": 1, "M": 5, "S": 6}
"""The largest first digit of a field of two."""


class Template:
    """One way in which a time is written: which bytes are digits of what, and which stand for themselves.

    Made from a time that was found. `year` and `day` are what is not written; where they are None the template names them.
    `zone_behind` says that a zone which follows would belong to the time.
    """

    def __init__(self, text: bytes, found: Written, year: int | None = None, day: int | None = None, *, zone_behind: bool = True) -> None:
        self.width = found.end - found.start
        self.text = text[found.start : found.end]
        self._year = year
        self._fixed_day = day
        self._mask = np.frombuffer(self.text, np.uint8).copy()
        self._limit = np.zeros(self.width, np.uint8)
        self._weights = np.zeros((self.width, 5), np.float32)
        self._epoch: NDArray[np.float64] | None = None
        self._epoch_start = 0
        self._month: int | None = None
        self._spaces: list[int] = []
        self._noon: int | None = None
        self._short = False
        self._zone = 0
        self.is_zoned = found.zone is not None
        for name, first, end in found.fields:
            self._field(name, first - found.start, end - found.start)
        self._letters()
        self._zone_of(found)
        self._ends_in = "z" if found.zone and found.zone_at + len(found.zone) == found.end else found.fields[-1][0]
        self._zone_behind = zone_behind and not self.is_zoned and self._epoch is None

    @property
    def key(self) -> tuple[object, ...]:
        """What two templates that read the same times have in common."""
        literal = np.where(self._limit == _ANY, 0, self._mask)
        fields = self._weights.tobytes(), None if self._epoch is None else self._epoch.tobytes(), self._month, self._noon
        return (self.width, literal.tobytes(), self._limit.tobytes(), *fields)

    def _field(self, name: str, first: int, end: int) -> None:
        if name == "b":
            self._month = first
            self._limit[first:end] = _ANY
        elif name == "p":
            self._noon = first
            self._limit[first:end] = _ANY
        else:
            self._digits(name, first, end)

    def _digits(self, name: str, first: int, end: int) -> None:
        self._mask[first:end] = 0x30
        self._limit[first:end] = _DIGIT
        if end - first == 2:
            self._limit[first] = _TENS.get(name, _DIGIT)
        if self.text[first : first + 1] == b" " or (name in ("d", "H") and end - first == 2):
            self._spaces.append(first)  # a leading space is a zero, in this line or in another one
            self._limit[first] = _ANY
        if name in _EPOCH_DIGITS:
            self._epoch = np.zeros(self.width) if self._epoch is None else self._epoch
            for place in range(first, end):
                power = end - 1 - place + _EPOCH_DIGITS[name]
                self._epoch[place] = 10.0**power if power >= 0 else 0.0
            # Counts begin with a 1, by which they are told from other numbers of their length.
            self._mask[first], self._limit[first] = 0x31, 0
            self._epoch_start = int(self._epoch[first])
        elif name == "f":
            for place in range(first, min(end, first + 6)):
                self._weights[place, _MICRO] = 10.0 ** (5 - (place - first))
        else:
            column, scale = _WEIGHTS[name]
            self._short |= name == "y"
            for place in range(first, end):
                self._weights[place, column] = scale * 10 ** (end - 1 - place)

    def _letters(self) -> None:
        """Letters that belong to no field are a weekday or a T; a weekday may be any."""
        run = 0
        for place in range(self.width + 1):
            letter = place < self.width and chr(self._mask[place]).isalpha() and self._limit[place] == 0
            if not letter and run >= 3:
                self._limit[place - run : place] = _ANY
            run = run + 1 if letter else 0

    def _zone_of(self, found: Written) -> None:
        if found.zone is None:
            return
        name = found.zone.strip()
        first = found.zone_at - found.start + len(found.zone) - len(name)
        last = first + len(name)
        if name in ZONES:
            self._zone = ZONES[name]
            self._limit[first:last] = 0
            return
        sign = -1 if name[0] == "-" else 1
        digits = [place for place in range(first + 1, last) if chr(self._mask[place]).isdigit()]
        for place, weight in zip(digits, (600, 60, 10, 1), strict=False):
            self._mask[place] = 0x30
            self._limit[place] = _DIGIT
            self._weights[place, _ZONE] = sign * weight

    def read(self, block: Block, starts: Ints) -> tuple[NDArray[np.bool_], Ints]:
        """Which of these places hold a time written so, and the microseconds since 1970 of each, in UTC where a zone is written."""
        fits, found = np.empty(len(starts), bool), np.empty(len(starts), np.int64)
        for at in range(0, len(starts), AT_ONCE):
            fits[at : at + AT_ONCE], found[at : at + AT_ONCE] = self._read(block, starts[at : at + AT_ONCE])
        return fits, found

    def _read(self, block: Block, starts: Ints) -> tuple[NDArray[np.bool_], Ints]:
        seen = block.windows(starts, self.width + _BEHIND)
        rows = seen[:, : self.width]
        digits = rows ^ self._mask
        fits = (digits <= self._limit).all(axis=1)
        fits &= ~self._goes_on(seen[:, self.width :])
        self._sift(fits, self._begins_within, block, starts)
        if self._ends_in == "S":
            self._sift(fits, self._fraction_follows, block, starts + self.width)
        for place in self._spaces:
            column = rows[:, place]
            fits &= (column == 32) | ((column >= 48) & (column <= 57))
            digits[:, place] = np.where(column == 32, 0, digits[:, place])
        if self._epoch is not None:
            return fits, self._counted(digits)
        values = (digits.astype(np.float32) @ self._weights).astype(np.int32)
        return self._dated(rows, fits, values)

    def _sift(self, fits: NDArray[np.bool_], refused: Callable[[Block, Ints], NDArray[np.bool_]], block: Block, at: Ints) -> None:
        """Take out of those that fit what looks wrong from a place; the others are not looked at."""
        rows = np.flatnonzero(fits)
        fits[rows] = ~refused(block, at[rows])

    def _begins_within(self, block: Block, starts: Ints) -> NDArray[np.bool_]:
        """Whether a time that begins with a digit is the end of a longer number."""
        if not self.text[:1].isdigit():
            return np.zeros(len(starts), bool)
        return _is_digit(block.bytes[starts - 1])

    def _goes_on(self, behind: Bytes) -> NDArray[np.bool_]:
        """Whether what stands behind belongs to the time, so that another template is meant; `layout` says what may follow a time."""
        first, second = behind[:, 0], behind[:, 1]
        more: NDArray[np.bool_] = _is_digit(first)
        if self._ends_in == "S":
            more |= (first == 46) & _is_digit(second)
        if self._ends_in == "z":
            more |= ((first == 58) & _is_digit(second)) if self.text[-1:].isdigit() else _is_word(first)
        if self._zone_behind:
            more |= _is_zone(behind)
        return more

    def _fraction_follows(self, block: Block, ends: Ints) -> NDArray[np.bool_]:
        """Whether three, six or nine digits follow a comma or a colon, as a fraction and not as one field of many."""
        first = block.bytes[ends]
        more: NDArray[np.bool_] = ((first == 44) | (first == 58)) & _is_digit(block.bytes[ends + 1])
        rows = np.flatnonzero(more)
        if len(rows):
            behind = block.windows(ends[rows] + 1, _LONG_FRACTION)
            digits = np.logical_and.accumulate(_is_digit(behind), axis=1).sum(axis=1)
            after = np.minimum(digits, _LONG_FRACTION - 2)[:, None]
            comma = np.take_along_axis(behind, after, 1)[:, 0] == 44
            field = comma & _is_digit(np.take_along_axis(behind, after + 1, 1)[:, 0])
            more[rows] = np.isin(digits, (3, 6, 9)) & ~field
        return more

    def _counted(self, digits: Bytes) -> Ints:
        assert self._epoch is not None, "asked for templates that count from 1970 only"
        whole = digits.astype(np.float64) @ self._epoch
        return self._epoch_start + whole.astype(np.int64) + (digits.astype(np.float32) @ self._weights[:, _MICRO]).astype(np.int64)

    def _dated(self, rows: Bytes, fits: NDArray[np.bool_], values: NDArray[np.int32]) -> tuple[NDArray[np.bool_], Ints]:
        seconds = values[:, _SECOND]
        if self._noon is not None:
            afternoon = (rows[:, self._noon] | 32) == ord("p")
            seconds = seconds - (seconds >= 43_200) * 43_200 + afternoon * 43_200
        days = np.full(len(rows), self._fixed_day, np.int32) if self._fixed_day is not None else self._day(rows, fits, values)
        fits &= (days > -(10**6)) & (seconds < 86_401)
        micros = (days.astype(np.int64) * 86_400 + seconds - (values[:, _ZONE] + self._zone) * 60) * 1_000_000
        return fits, micros + values[:, _MICRO]

    def _day(self, rows: Bytes, fits: NDArray[np.bool_], values: NDArray[np.int32]) -> NDArray[np.int32]:
        day = values[:, _DAY]
        if self._month is not None:
            letters = rows[:, self._month + 1].astype(np.uint16) << 8 | rows[:, self._month + 2]
            month = _months()[letters].astype(np.int32)
            fits &= month > 0
            day = day + month * _MONTH_SIZE
        year = values[:, _YEAR] + (2000 if self._short else 0) if self._year is None else np.int32(self._year)
        place = (year - FIRST_YEAR) * _YEAR_SIZE + day
        table = _days()
        inside = (place >= 0) & (place < len(table))
        return np.where(inside, table[np.where(inside, place, 0)], -(10**6))


def _is_digit(column: Bytes) -> NDArray[np.bool_]:
    return (column ^ 0x30) <= _DIGIT


def _is_word(column: Bytes) -> NDArray[np.bool_]:
    small = column | 32
    word: NDArray[np.bool_] = ((small >= 97) & (small <= 122)) | _is_digit(column) | (column == 95)
    return word


def _may_be_zone(behind: Bytes) -> NDArray[np.bool_]:
    """Whether a zone may stand there: by the first byte, and behind a space by a sign or the first three letters of a word."""
    first, second = behind[:, 0], behind[:, 1]
    word = (behind[:, 1] & 31).astype(np.intp) << 10 | (behind[:, 2] & 31).astype(np.intp) << 5 | behind[:, 3] & 31
    apart = (first == 32) & (_BEGIN_NAMES[word] | (second == 43) | (second == 45))
    found: NDArray[np.bool_] = apart | (first == 90) | (first == 43) | (first == 45)
    return found


def _is_zone(behind: Bytes) -> NDArray[np.bool_]:
    """Whether a zone stands there: Z, a name after a space, or hours and minutes; hours alone only right behind the time."""
    found = np.zeros(len(behind), bool)
    rows = np.flatnonzero(_may_be_zone(behind))
    if len(rows):
        found[rows] = _is_zone_indeed(behind[rows])
    return found


def _is_zone_indeed(behind: Bytes) -> NDArray[np.bool_]:
    first, second, third, fourth, fifth = (behind[:, place] for place in range(5))
    found: NDArray[np.bool_] = (first == 90) & ~_is_word(second)
    right = ((first == 43) | (first == 45)) & _is_digit(second) & _is_digit(third)
    found |= right & ~(_is_digit(fourth) & ~_is_digit(fifth))
    apart = (first == 32) & ((second == 43) | (second == 45)) & _is_digit(third) & _is_digit(fourth)
    found |= apart & (_is_digit(fifth) | (fifth == 58))
    named = np.flatnonzero((first == 32) & (second >= 65) & (second <= 90))
    if len(named):
        word = behind[named, 1:]
        word = np.where(np.logical_and.accumulate(_is_word(word), axis=1), word, 0)
        found[named] |= np.isin(word.astype(np.int64) @ _PLACES, _NAMES)
    return found
