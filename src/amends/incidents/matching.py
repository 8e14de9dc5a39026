"""Finds what two lists have in common, by the items that each has once.

Those are what people recognise a text by; between them it goes on within, and what is left is compared as `difflib` does where that is
short. The usual comparison alone needs seconds for two long texts that differ in many places (patience diff, by Bram Cohen; see
https://bramcohen.livejournal.com/73318.html).
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SHORT = 200
"""Up to this many items on either side the rest between two anchors is compared in full."""

Match = tuple[int, int, int]
"""Where it begins in the first list, where in the second, and how many items it has."""


class Matcher:
    """Compares two lists; called as `difflib.SequenceMatcher` is, so that it can stand in its place."""

    def __init__(self, _: object, a: Sequence[str], b: Sequence[str]) -> None:
        self._a = a
        self._b = b

    def get_matching_blocks(self) -> list[Match]:
        """The matches in order, none touching the next, and an empty one at the end of both."""
        pairs: list[Match] = []
        spans = [(0, len(self._a), 0, len(self._b))]
        while spans:
            start, end, there, there_end = spans.pop()
            while start < end and there < there_end and self._a[start] == self._b[there]:
                pairs.append((start, there, 1))
                start, there = start + 1, there + 1
            while start < end and there < there_end and self._a[end - 1] == self._b[there_end - 1]:
                end, there_end = end - 1, there_end - 1
                pairs.append((end, there_end, 1))
            if start == end or there == there_end:
                continue
            anchors = _anchors(self._a[start:end], self._b[there:there_end])
            if anchors:
                edges = [(start, there), *((start + one, there + two) for one, two in anchors), (end, there_end)]
                spans += [(one[0], two[0], one[1], two[1]) for one, two in pairwise(edges)]
            elif end - start <= SHORT and there_end - there <= SHORT:
                pairs += _in_full(self._a[start:end], self._b[there:there_end], start, there)
        return [*_together(sorted(pairs)), (len(self._a), len(self._b), 0)]


def _anchors(one: Sequence[str], two: Sequence[str]) -> list[tuple[int, int]]:
    """The items that both have once, as many of them as stand in the same order."""
    places = _once(two)
    pairs = [(at, places[item]) for item, at in _once(one).items() if item in places]
    return _longest_rising(sorted(pairs))


def _once(items: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for at, item in enumerate(items):
        places[item] = -1 if item in places else at
    return {item: at for item, at in places.items() if at >= 0}


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs whose second numbers rise, in the way a game of patience is laid out."""
    tops: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, there) in enumerate(pairs):
        pile = bisect_left(tops, there)
        before.append(last[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(there)
            last.append(number)
        else:
            tops[pile] = there
            last[pile] = number
    found = []
    at = last[-1] if last else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _in_full(one: Sequence[str], two: Sequence[str], start: int, there: int) -> list[Match]:
    from difflib import SequenceMatcher

    found = SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks()
    return [(start + match.a, there + match.b, match.size) for match in found if match.size]


def _together(pairs: list[Match]) -> list[Match]:
    """Matches that touch each other as one."""
    found: list[Match] = []
    for start, there, size in pairs:
        if found and found[-1][0] + found[-1][2] == start and found[-1][1] + found[-1][2] == there:
            found[-1] = (found[-1][0], found[-1][1], found[-1][2] + size)
        else:
            found.append((start, there, size))
    return found
