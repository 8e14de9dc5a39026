"""Where a log that had lines in nearly every minute had none for clearly longer than it used to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

BEFORE = 60
"""Minutes before a silence in which there must be a rhythm; half of them must be known."""

RHYTHM = 0.8
"""The share of minutes with lines that makes a rhythm."""

SHORTEST = 5
"""Minutes without a line that may be a silence."""

LONGER = 3
"""How many times the longest pause of the last hours a silence is at least."""

ENDED = 30
"""Minutes for which others go on when a log that just ends is called silent."""

ROTATED = 2
"""Minutes between the end of one log and the start of another that may be its next file."""

MOST = 200
"""Silences of one log, the longest, since one that often falls silent has no rhythm."""

_HOURS = 360
_CHANCE = math.log(1e-6)


@dataclass(frozen=True, slots=True)
class Silence:
    """The last minute (since 1970) with a line, and how many came without one; `goes_on` is false where no line comes any more."""

    minute: int
    minutes: int
    goes_on: bool


def silences(minute: Ints, all_minutes: Ints, starts: Ints) -> list[Silence]:
    """The silences of a log that has lines in some minutes, in order.

    `all_minutes` are the minutes, in order, in which any log has lines, `starts` those with which logs begin.
    """
    if not len(minute):
        return []
    pause = np.diff(minute) - 1
    places = np.flatnonzero(pause >= SHORTEST)
    places = np.sort(places[np.argsort(-pause[places], kind="stable")[:MOST]])
    clear = [place for place in places.tolist() if _is_clear(minute, place, int(pause[place]))]
    found = [Silence(int(minute[place]), int(pause[place]), goes_on=True) for place in clear]
    last = int(minute[-1])
    rotated = bool(((starts >= last - ROTATED) & (starts <= last + ROTATED)).any())
    until = _others_until(all_minutes, last)
    if until - last >= ENDED and not rotated and _is_clear(minute, len(minute) - 1, until - last):
        found.append(Silence(last, until - last, goes_on=False))
    return found


def _others_until(all_minutes: Ints, last: int) -> int:
    """Until when other logs go on after a minute; a single line of a wrong date, years later, does not count."""
    after = all_minutes[int(np.searchsorted(all_minutes, last, side="right")) :]
    breaks = np.flatnonzero(np.diff(after, prepend=last) > ENDED)
    end = int(breaks[0]) if len(breaks) else len(after)
    return int(after[end - 1]) if end else last


def _is_clear(minute: Ints, place: int, pause: int) -> bool:
    """Whether so long a pause behind a minute is no chance, by how many of the minutes before it have lines."""
    last = int(minute[place])
    known = min(BEFORE, last - int(minute[0]) + 1)
    with_lines = place + 1 - int(np.searchsorted(minute, last - known + 1))
    if known < BEFORE // 2 or with_lines < RHYTHM * known:
        return False
    empty = (known - with_lines + 1) / (known + 2)
    earlier = minute[int(np.searchsorted(minute, last - _HOURS)) : place + 1]
    longest = int(np.diff(earlier).max(initial=1)) - 1
    return pause * math.log(empty) <= _CHANCE and pause >= LONGER * longest
