"""The figures of a clause: how many of what, with their values, so that 4,212 and "some four thousand" can be held together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.narrative.concepts import STOP, concept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.language.times import TimeExpression

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_UNITS = dict(zip(_ONES.split(), range(1, 20), strict=True))
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_SPOKEN = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_BEHIND = {**_SPOKEN, "k": 1000, "m": 1_000_000, "bn": 1_000_000_000}
_TOKEN = re.compile(r"[£$€]?\d[\d,]*(?:\.\d+)?(?:%|[a-z]{1,3}\b)?|[a-z]+(?:-[a-z]+)*|%")
_BEGIN = frozenset({*_UNITS, *_TENS, "dozen", "hundred", "thousand", "million"})
"""Words that a number in words begins with."""
_ANY = re.compile(rf"\d|\b(?:{'|'.join(sorted(_BEGIN))})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a clause: its value, the concept of what it counts (empty where none follows), and its span in the text."""

    value: float
    of: str
    start: int
    end: int
    share: bool = False


def figures(text: str, start: int, end: int, times: Iterable[TimeExpression]) -> tuple[Figure, ...]:
    """The figures of [start, end) that are no times."""
    if not _ANY.search(text, start, end):
        return ()
    taken = [(time.start, time.end) for time in times]
    low = text[start:end].lower()
    found: list[Figure] = []
    tokens = list(_TOKEN.finditer(low))
    place = 0
    while place < len(tokens):
        if not _may_count(tokens[place].group()):
            place += 1
            continue
        value, last, share = _value(tokens, place)
        if value is None:
            place += 1
            continue
        begin, stop = start + tokens[place].start(), start + tokens[last].end()
        place = last + 1
        if any(begin < b and stop > a for a, b in taken):
            continue
        found.append(Figure(value, _counted(tokens, place), begin, stop, share))
    return tuple(found)


def _may_count(word: str) -> bool:
    """Whether a number can begin with a word."""
    return word[-1].isdigit() or word[0].isdigit() or word[0] in "£$€" or word.partition("-")[0] in _BEGIN


def _value(tokens: list[re.Match[str]], place: int) -> tuple[float | None, int, bool]:
    """The value of the number that begins here, None for none; the place of its last token; whether it is a share."""
    first = tokens[place].group().lstrip("£$€")
    spoken = not first[:1].isdigit()
    value, share = (_small(first), False) if spoken else _written(first)
    last = place
    if value is None and spoken and first in _SPOKEN and place and tokens[place - 1].group() == "a":
        value, last = 1.0, place - 1
    if value is None:
        return None, place, False
    whole = 0.0  # the thousands that are told already
    while last + 1 < len(tokens):
        following = tokens[last + 1].group()
        if following in _SPOKEN:
            whole, value = (whole + value * _SPOKEN[following], 0.0) if _SPOKEN[following] >= 1000 else (whole, value * _SPOKEN[following])
            last += 1
        elif spoken and (whole if not value else value >= 100) and (rest := _rest(tokens, last + 1)):
            value += rest[0]
            last = rest[1]
        elif following in ("%", "percent", "per-cent"):
            return whole + value, last + 1, True
        else:
            break
    return whole + value, last, share


def _written(word: str) -> tuple[float | None, bool]:
    """The value of a number in digits with what is written behind it, and whether it is a share."""
    digits = re.match(r"[\d,]*(?:\.\d+)?", word)
    assert digits is not None, "it begins with a digit"
    behind = word[digits.end() :]
    return float(digits.group().replace(",", "")) * _BEHIND.get(behind, 1), behind == "%"


def _small(word: str) -> float | None:
    """The value of a number below a hundred in words, None for what is none."""
    parts = word.split("-")
    if all(part in _UNITS or part in _TENS for part in parts):
        return float(sum(_UNITS.get(part, 0) + _TENS.get(part, 0) for part in parts))
    return None


def _rest(tokens: list[re.Match[str]], place: int) -> tuple[float, int] | None:
    """What follows the hundreds of a number in words ("and fifty-eight"), and the place of its last token."""
    if tokens[place].group() == "and":
        place += 1
    value = _small(tokens[place].group()) if place < len(tokens) else None
    return None if value is None else (value, place)


def _counted(tokens: list[re.Match[str]], place: int) -> str:
    """What a number counts: the last of the words that follow it before a small word, at most three on."""
    noun = ""
    for token in tokens[place : place + 3]:
        word = token.group()
        if word in STOP or not word[0].isalpha():
            break
        noun = concept(word)
    return noun
