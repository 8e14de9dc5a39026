"""The figures of a text as plain keys, so that what is claimed can be held against what anybody in a drill can know."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FIGURE = re.compile(r"(?<![\w-])(?:[A-Z]{1,5}-)?[£$€]?(\d+(?:[.,:]\d+)*)(?:\s?(am|pm)\b)?", re.IGNORECASE)
_COMMON = frozenset({*map(str, range(13)), "15", "20", "24", "30", "45", "48", "60", "90", "100"})
"""Figures that everybody uses for amounts of time and of care; they are no claim."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: a clock time as 14:30, anything else as its digits; and its span."""

    value: str
    start: int
    end: int


def figures(text: str) -> Iterator[Figure]:
    """The figures of a text that claim something, in order."""
    for found in _FIGURE.finditer(text):
        value = _key(found[1], found[2])
        if value not in _COMMON:
            yield Figure(value, found.start(), found.end())


def known_figures(texts: Iterable[str]) -> frozenset[str]:
    """Every figure of some texts, as keys."""
    return frozenset(one.value for text in texts for one in figures(text))


def _key(digits: str, half: str | None) -> str:
    if ":" in digits:
        hour, _, minute = digits.partition(":")
        return f"{_hour(int(hour), half)}:{minute[:2]}"
    if half:
        return f"{_hour(int(digits.partition('.')[0]), half)}:00"
    whole = digits.replace(",", "")
    return whole.rstrip("0").rstrip(".") if "." in whole else whole


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    return hour % 12 + (12 if half.lower() == "pm" else 0)
