"""Which reports hold which terms: what a ranking asks for, wherever it is kept, and the one way to keep it in a few bytes.

A posting says that a term stands in a report, and how much the report is about it (its *impact*, from 1 to 255). Impacts do not depend on
the other reports, so that a report which comes or goes changes nothing but its own postings. They follow BM25F (Robertson, Zaragoza and
Taylor 2004, with the saturation of BM25), except that lengths are compared with those of usual reports instead of the mean of all.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from amends.recurrence.terms import terms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

BLOCK = 16_384
"""Reports are numbered, and the postings of a term are kept in blocks of so many numbers."""
STRONGEST = 255
"""The impact of a term that a report is about and nothing else."""

LONGEST = 1000
"""Terms of a title, and of a text, that count."""

_TITLE_WEIGHT = 3.0
_USUAL_TITLE, _USUAL_TEXT = 9.0, 60.0  # terms
_TITLE_BY_LENGTH, _TEXT_BY_LENGTH = 0.5, 0.75
_SATURATION = 3.0


@dataclass(frozen=True, slots=True)
class Report:
    """What went wrong in somebody's words: a title, which may be empty, and a text."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The terms of a report in order, and the id by which people know it."""

    id: str
    title: tuple[str, ...]
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Some postings of one term: `numbers` of reports counted from `first`, and the impact of the term in each."""

    term: str
    first: int
    numbers: array[int]
    impacts: bytes


class Postings(Protocol):
    """Where postings are kept. Numbers of reports are its own; what is not there is left out of every answer."""

    def documents(self) -> int:
        """How many reports there are."""
        ...

    def frequencies(self, asked: Collection[str]) -> Mapping[str, int]:
        """In how many reports each of these terms stands."""
        ...

    def blocks(self, asked: Collection[str]) -> Iterable[Block]:
        """The postings of these terms, in any order."""
        ...

    def profiles(self, numbers: Sequence[int]) -> Mapping[int, Profile]:
        """The reports of these numbers; without those that whoever asks may not see."""
        ...


def report_of(text: str) -> Report:
    """A report from one text: its first line is the title where more follows, and where it is a line and no paragraph."""
    first, _, rest = text.strip().partition("\n")
    return Report(first, rest) if len(first) <= 250 else Report("", text)


def profile_of(id: str, report: Report) -> Profile:
    """The terms of a report, of a long one those of its beginning."""
    return Profile(id, tuple(terms(report.title)[:LONGEST]), tuple(terms(report.text)[:LONGEST]))


def impacts(profile: Profile, asked: Collection[str] | None = None) -> dict[str, int]:
    """How much a report is about each of its terms, or of those that were `asked` for, from 1 to `STRONGEST`."""
    title_norm = 1 - _TITLE_BY_LENGTH + _TITLE_BY_LENGTH * len(profile.title) / _USUAL_TITLE
    text_norm = 1 - _TEXT_BY_LENGTH + _TEXT_BY_LENGTH * len(profile.text) / _USUAL_TEXT
    found: dict[str, float] = {}
    for told, weight, norm in ((profile.title, _TITLE_WEIGHT, title_norm), (profile.text, 1.0, text_norm)):
        for term, count in Counter(told).items():
            if asked is None or term in asked:
                found[term] = found.get(term, 0.0) + weight * count / norm
    return {term: max(1, round(STRONGEST * much / (_SATURATION + much))) for term, much in found.items()}


def numbers_to_bytes(numbers: array[int]) -> bytes:
    """Numbers within a block, two bytes each, the low one first on every machine."""
    if sys.byteorder == "little":
        return numbers.tobytes()
    turned = array("H", numbers)
    turned.byteswap()
    return turned.tobytes()


def numbers_from_bytes(data: bytes) -> array[int]:
    """What `numbers_to_bytes` wrote."""
    numbers = array("H", data)
    if sys.byteorder != "little":
        numbers.byteswap()
    return numbers


class Corpus:
    """Postings of reports that are all at hand, numbered in the order in which they come."""

    def __init__(self, reports: Iterable[tuple[str, Report]]) -> None:
        self._profiles: list[Profile] = []
        self._lists: dict[str, tuple[array[int], bytearray]] = {}
        for number, (id, report) in enumerate(reports):
            profile = profile_of(id, report)
            self._profiles.append(profile)
            for term, impact in impacts(profile).items():
                numbers, much = self._lists.setdefault(term, (array("L"), bytearray()))
                numbers.append(number)
                much.append(impact)

    def documents(self) -> int:
        """How many reports there are."""
        return len(self._profiles)

    def frequencies(self, asked: Collection[str]) -> dict[str, int]:
        """In how many reports each of these terms stands."""
        return {term: len(self._lists[term][1]) for term in asked if term in self._lists}

    def blocks(self, asked: Collection[str]) -> Iterator[Block]:
        """The postings of these terms, each as one block."""
        for term in asked:
            if term in self._lists:
                numbers, much = self._lists[term]
                yield Block(term, 0, numbers, bytes(much))

    def profiles(self, numbers: Sequence[int]) -> dict[int, Profile]:
        """The reports of these numbers."""
        return {number: self._profiles[number] for number in numbers}
