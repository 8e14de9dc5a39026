"""Which changes came before something began: candidates, nearest first, and nothing is said about causes.

What follows a change need not follow from it. So all changes of the last hours count, not only the nearest one, each with how long it was
before; one that cannot be told to be before, since the two clocks may differ by more, is said to be at about the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

WINDOW = 2 * 3600 * 1_000_000
"""Microseconds before something began in which changes are candidates."""

SHOWN = 3
"""Candidates that are named; of the rest the number is told."""

_LONGEST = 80
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes in the order of time (microseconds): the number of the source of each, and what it says."""

    time: Ints
    source: Ints
    said: tuple[str, ...]


def changes(time: Ints, source: Ints, said: Sequence[str]) -> Changes:
    """Changes put in order; what has no time is none."""
    order = np.argsort(time, kind="stable")
    return Changes(time[order], source[order], tuple(said[place] for place in order.tolist()))


def candidates(known: Changes, effect: int, source: int, doubts: Mapping[int, int], since: int) -> tuple[str, ...]:
    """In words, the changes before an effect, which a source tells at an instant in microseconds.

    Those before `since` do not count. `doubts` says for sources by how many microseconds their clocks may be wrong; two entries of one
    source have one clock.
    """
    first, last = np.searchsorted(known.time, [max(since, effect - WINDOW), effect + 2 * max(doubts.values(), default=0) + 1])
    before: list[str] = []
    beside: list[str] = []
    for place in range(int(last) - 1, int(first) - 1, -1):
        ago = effect - int(known.time[place])
        doubt = 0 if known.source[place] == source else doubts.get(source, 0) + doubts.get(int(known.source[place]), 0)
        said = _short(known.said[place])
        if ago > 0 and ago >= doubt:
            before.append(f"candidate: {said}, {lasting(ago)} before")
        elif ago == 0:
            beside.append(f"at the same time: {said}")
        elif ago > -doubt:
            beside.append(f"at about the same time, since clocks may differ by {lasting(doubt)}: {said}")
    more = [f"and {len(before) - SHOWN} more in the {lasting(WINDOW)} before"] if len(before) > SHOWN else []
    return (*before[:SHOWN], *more, *beside[:SHOWN])


def _short(said: str) -> str:
    line = " ".join(said.split("\n", 1)[0].split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def lasting(micros: int) -> str:
    """How long something is, in the unit in which people say it."""
    seconds = micros // _SECOND
    if seconds < 600:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
