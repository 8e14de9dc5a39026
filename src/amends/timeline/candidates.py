"""Which changes came before something began: candidates, nearest first, and nothing is said about causes.

What follows a change need not follow from it. So all changes of the last hours count, not only the nearest one, each with how long it was
before; one that cannot be told to be before, since the two clocks may differ by more, is said to be at about the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amends.timeline.folding import Change, end_of, folded, steps_of, title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

WINDOW = 2 * 3600 * 1_000_000
"""Microseconds before something began in which changes are candidates."""

SHOWN = 3
"""Candidates that are named; of the rest the number is told."""

LONGEST = 140
"""Characters of what is said of a candidate."""

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes in the order of time, their times (microseconds), and for each the place of the first entry that tells of the same one."""

    all: tuple[Change, ...]
    time: Ints
    head: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """The changes before an effect, nearest first, each as the places of its entries; and entries of about that time, with the doubt."""

    effect: int
    groups: tuple[tuple[int, ...], ...]
    beside: tuple[tuple[int, int], ...]

    def names(self, known: Changes) -> frozenset[int]:
        """Which changes these are."""
        return frozenset(known.head[place] for place in (*(group[0] for group in self.groups), *(place for place, _ in self.beside)))


def changes(found: Iterable[Change]) -> Changes:
    """Changes put in order, and those of them found that are one."""
    ordered = tuple(sorted(found, key=lambda one: one.time))
    return Changes(ordered, np.array([one.time for one in ordered], np.int64), tuple(folded(ordered)))


def before(known: Changes, effect: int, source: int, doubts: Mapping[int, int], since: int) -> Before:
    """The changes before an effect, which a source tells at an instant in microseconds.

    Those before `since` do not count. `doubts` says for sources by how many microseconds their clocks may be wrong; two entries of one
    source have one clock.
    """
    first, last = np.searchsorted(known.time, [max(since, effect - WINDOW), effect + 2 * max(doubts.values(), default=0) + 1])
    groups: dict[int, list[int]] = {}
    beside: list[tuple[int, int]] = []
    for place in range(int(last) - 1, int(first) - 1, -1):
        one = known.all[place]
        ago = effect - one.time
        doubt = 0 if one.source == source else doubts.get(source, 0) + doubts.get(one.source, 0)
        if ago > 0 and ago >= doubt:
            groups.setdefault(known.head[place], []).append(place)
        elif ago > -doubt or ago == 0:
            beside.append((place, doubt if ago else 0))
    return Before(effect, tuple(tuple(group[::-1]) for group in groups.values()), tuple(beside))


def words(known: Changes, found: Before) -> tuple[str, ...]:
    """The same for people."""
    named = [_named([known.all[place] for place in group], found.effect) for group in found.groups[:SHOWN]]
    more = len(found.groups) - SHOWN
    rest = [f"and {more} more in the {lasting(WINDOW)} before"] if more > 0 else []
    beside = []
    for place, doubt in found.beside[:SHOWN]:
        start = f"at about the same time, since clocks may differ by {lasting(doubt)}: " if doubt else "at the same time: "
        beside.append(start + _short(title_of([known.all[place]]), LONGEST - len(start)))
    return (*named, *rest, *beside)


def _named(members: Sequence[Change], effect: int) -> str:
    steps = steps_of(members) if len(members) > 1 else ""
    end = f"{f' ({steps})' if steps else ''}, {lasting(effect - end_of(members))} before"
    start = "candidate: "
    return f"{start}{_short(title_of(members), LONGEST - len(start) - len(end))}{end}"


def _short(said: str, longest: int) -> str:
    """Words cut to a length; a quotation mark that was opened is closed."""
    if len(said) <= longest:
        return said
    end = "…”" if said.endswith("”") else "…"
    return f"{said[: longest - len(end)].rstrip()}{end}"


def lasting(micros: int) -> str:
    """How long something is, in the unit in which people say it."""
    seconds = micros // _SECOND
    if seconds < 600:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
