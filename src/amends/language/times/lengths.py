"""Lengths of time, in figures or in words: 45 min, an hour and a half, two and a half days, three-quarters of an hour.

Each reader looks at the words from one place on and answers with the length and the place behind it, or None.
"""

from __future__ import annotations

from amends.language.times.lexer import Length, Words
from amends.language.times.words import ABOUT, BETWEEN, GLUED_UNITS, NUMBERS, UNCOUNTED, UNITS, WORKING

TYPE_CHECKING = False
if TYPE_CHECKING:
    Found = tuple[Length, int]

_DASHES = frozenset({"-", "\u2013"})
_TENS = frozenset({"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"})
_PARTS = {"half": 0.5, "quarter": 0.25}
_HALF_SIGNS = frozenset({"1/2", "\xbd"})
_CLOCK_LEADS = frozenset({"at", "by", "before", "until", "till"})
"""Words behind which "14 h" is an hour of the day."""


def quantity(w: Words, i: int, _word: str = "") -> Found | None:
    """45 min, 1-2 hours, two business days, an hour and a half, a couple of hours, half an hour, 1h 30m."""
    low, j = _number(w, i)
    if j == i:
        return None
    low, j = _and_part(w, j, low)
    high = low
    if w.at(j) in _DASHES or w.at(j) in ("to", "or"):
        upper, behind = _number(w, j + 1)
        if upper is not None and behind > j + 1:
            high, j = _and_part(w, behind, upper)
    unit, j = _unit(w, j, w.words[i])
    if not unit:
        return None
    about = w.at(i - 1) in ABOUT or w.words[i] == "couple" or low != high
    return _and_more(w, j, Length(low or 0.0, high, unit, about=about))


def _and_part(w: Words, i: int, number: float | None) -> tuple[float | None, int]:
    """A number with the part of one that follows it before its unit: two "and a half" hours, 3 "1/2" hours."""
    if number is None:
        return number, i
    if w.at(i) == "and":
        part, behind = _part(w, i + 1)
        if part:
            return number + part, behind
    return (number + 0.5, i + 1) if w.at(i) in _HALF_SIGNS else (number, i)


def _part(w: Words, i: int) -> tuple[float, int]:
    """The part of one at `i`, "a half", "a quarter" or "three quarters", and the place behind it; nothing where there is none."""
    if w.at(i) == "three":
        j = i + 1 + (w.at(i + 1) == "-")
        return (0.75, j + 1) if w.at(j) in ("quarter", "quarters") else (0.0, i)
    return (_PARTS[w.at(i + 1)], i + 2) if w.at(i) == "a" and w.at(i + 1) in _PARTS else (0.0, i)


def _number(w: Words, i: int) -> tuple[float | None, int]:
    """A number in figures or words and the place behind it; None for one that is not told; the same place where there is none."""
    word = w.at(i)
    if word[:1].isdecimal():
        value = _value(word)
        return value, i + (value is not None)
    if word == "half":
        return 0.5, i + 1 + (w.at(i + 1) in ("a", "an"))
    if (quarters := _quarters_of_an_hour(w, i)) is not None:
        return quarters
    if word in ("a", "an", "the") and w.at(i + 1) in ("couple", "few", "half", "dozen"):
        return _number(w, i + 1)
    if word == "couple":
        return 2.0, i + 1 + (w.at(i + 1) == "of")
    if word in UNCOUNTED:
        return None, i + 1 + (w.at(i + 1) == "of")
    if word in _TENS and w.at(i + 1) == "-" and w.at(i + 2) in NUMBERS:
        return float(NUMBERS[word] + NUMBERS[w.at(i + 2)]), i + 3
    return (float(NUMBERS[word]), i + 1) if word in NUMBERS else (None, i)


def _quarters_of_an_hour(w: Words, i: int) -> tuple[float, int] | None:
    """The number in "a quarter of an hour", "quarter hour" and "three-quarters of an hour", up to the unit."""
    j, count = i, 1
    if w.at(j) in ("a", "one", "three"):
        count = 3 if w.at(j) == "three" else 1
        j += 1 + (w.at(j + 1) == "-")
    if w.at(j) not in ("quarter", "quarters"):
        return None
    j += 1
    if w.at(j) == "of" and w.at(j + 1) in ("an", "the"):
        j += 2
    return (count / 4, j) if w.at(j) == "hour" else None


def _value(word: str) -> float | None:
    """A plain number of up to seven figures, with a decimal point or a comma between thousands."""
    if len(word) > 8 or ":" in word or "/" in word:
        return None
    whole, comma, rest = word.partition(",")
    text = whole + rest if comma and len(rest) == 3 else word.replace(",", ".")
    return float(text) if text.count(".") <= 1 else None


def _unit(w: Words, i: int, number: str) -> tuple[str, int]:
    """The unit at `i` behind a number, with "business" and "working" folded in; empty where there is none."""
    working = False
    j = i + (w.at(i) == "-")
    while w.at(j) in BETWEEN or w.at(j) in WORKING:
        working = working or w.at(j) in WORKING
        j += 1
    name = w.at(j)
    unit = UNITS.get(name, "")
    ordinal = name == "second" and number in ("a", "the") and w.at(j + 1).isalpha()  # "a second reviewer"
    share = unit == "quarter" and w.at(j + 1) == "of"  # "a quarter of our customers"
    if not unit or ordinal or share or (name in GLUED_UNITS and not _is_letter_of_unit(w, j, number)):
        return "", i
    return ("work" + unit if working and unit in ("day", "hour") else unit), j + 1


def _is_letter_of_unit(w: Words, j: int, number: str) -> bool:
    """Whether the letter at `j` is a unit: right behind figures, or the h of "1 h 52"."""
    if not number[0].isdecimal() or w.capital(j):
        return False
    return w.glued(j) or (w.words[j] == "h" and w.at(j - 2) not in _CLOCK_LEADS)


def _and_more(w: Words, i: int, length: Length) -> Found:
    """What is added behind a length: "and a half", "30 minutes" behind "1 hour", "or so"."""
    if length.high is None:
        return length, i
    low, high = length.low, length.high
    more, behind = _part(w, i + 1) if w.at(i) == "and" else (0.0, i)
    if more:
        length, i = Length(low + more, high + more, length.unit, about=length.about), behind
    elif length.unit == "hour":
        minutes, i = _further_minutes(w, i)
        if minutes:
            length = Length(low * 60 + minutes, high * 60 + minutes, "minute", about=length.about)
    if w.at(i) == "or" and w.at(i + 1) in ("so", "less", "thereabouts"):
        length.about = length.about or w.at(i + 1) != "less"
        i += 2
    return length, i


def _further_minutes(w: Words, i: int) -> tuple[float, int]:
    """The "30 minutes" of "1 hour and 30 minutes", and the place behind them; none and `i` where there are none."""
    if w.words[i - 1] == "h" and len(w.at(i)) == 2 and w.at(i).isdecimal() and (w.glued(i) or not w.at(i + 1).isalpha()):
        return float(w.at(i)), i + 1 + (w.at(i + 1) in ("m", "min") and w.glued(i + 1))  # "1h30", "1 h 30"
    j = i + (w.at(i) in ("and", ","))
    count, behind = _number(w, j)
    if count is None or behind == j:
        return 0.0, i
    unit, end = _unit(w, behind, w.at(j))
    return (count, end) if unit == "minute" else (0.0, i)
