"""Where the rate of a kind of line changed: counts of each minute are parted where two Poisson rates explain them better than one.

The best parting is found exactly, by dynamic programming over all places (optimal partitioning: Jackson and others, "An algorithm for
optimal partitioning of data on an interval", 2005), on stretches of six hours that pass a cheap test, many at once. Stretches overlap by
half, so that a change is judged by hours before and behind it, and a rhythm of days does not count as one. Lines that come in clumps are
less evidence than as many that come alone: what speaks for a change is divided by how much the counts vary from minute to minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

MINUTE = 60_000_000

STRETCH = 360
"""Minutes that are judged together."""

FEWEST = 5
"""Lines of a higher rate below which nothing is said about it."""

FACTOR = 2.0
"""How many times the one rate must be of the other."""

PENALTY = 7.0
"""What a change must explain, in natural units of log-likelihood: about the logarithm of the places and rates that it may have."""

DOUBT = 1.0
"""By how much the log-likelihood of a place for the change may be worse than that of the best."""

MOST = 512
"""Stretches that are parted, those that vary most."""

_SCREEN = 4.0
_COARSE = 8
_AT_ONCE = 64
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Series:
    """Lines as cells, sorted by the number of their series and by time (microseconds); of each series the first and last minute."""

    number: Ints
    time: Ints
    count: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True, slots=True)
class Shift:
    """A change of rate: the cell from which on it holds, the rates before and after in lines a minute, and for how many minutes."""

    cell: int
    before: float
    after: float
    minutes: int

    @property
    def is_rise(self) -> bool:
        """Whether there are more lines than before."""
        return self.after > self.before


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Pieces of series: which one, its number in it, how many minutes it has, and the counts of each minute."""

    series: Ints
    number: Ints
    minutes: Ints
    counts: Floats


def shifts(series: Series) -> list[Shift]:
    """The changes of rate of all series, in the order of cells."""
    stretches = _stretches(series)
    found: dict[int, Shift] = {}
    for first in range(0, len(stretches.series), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        of_part = _Stretches(*(getattr(stretches, name)[part] for name in ("series", "number", "minutes", "counts")))
        spread = _spread(of_part)
        for row, ends in enumerate(_parted(of_part, spread)):
            for shift in _of_stretch(series, of_part, row, ends, float(spread[row])):
                found.setdefault(shift.cell, shift)
    return [found[cell] for cell in sorted(found)]


def _stretches(series: Series) -> _Stretches:
    """The stretches in which counts vary more than those of one Poisson rate would."""
    half = STRETCH // 2
    span = series.end - series.start + 1
    minute = series.time // MINUTE - series.start[series.number]
    last = np.maximum(0, -(-(span - STRETCH) // half))  # the number of the last stretch of each series
    own = minute // half
    cells = np.tile(np.arange(len(minute)), 2)
    number = np.concatenate([own, own - 1])
    fits = (number >= 0) & (number <= last[series.number[cells]])
    cells, number = cells[fits], number[fits]
    pairs, inverse = np.unique(series.number[cells] * (int(last.max(initial=0)) + 1) + number, return_inverse=True)
    which, number = np.divmod(pairs, int(last.max(initial=0)) + 1)
    minutes = np.minimum(STRETCH, span[which] - number * half)
    at = minute[cells] - number[inverse] * half
    count = series.count[cells].astype(np.float64)
    size = len(pairs)
    score = np.maximum(_dispersion(inverse, at, count, minutes, 1, size), _dispersion(inverse, at, count, minutes, _COARSE, size))
    score[np.bincount(inverse, count, size) < FEWEST] = 0
    chosen = np.flatnonzero((score > _SCREEN) & (minutes >= 2 * _COARSE))
    chosen = np.sort(chosen[np.argsort(-score[chosen], kind="stable")[:MOST]])
    place = np.full(size, -1)
    place[chosen] = np.arange(len(chosen))
    counts = np.zeros((len(chosen), STRETCH))
    within = place[inverse] >= 0
    np.add.at(counts, (place[inverse][within], at[within]), count[within])
    return _Stretches(which[chosen], number[chosen], minutes[chosen], counts)


def _dispersion(which: NDArray[np.intp], at: Ints, count: Floats, minutes: Ints, width: int, size: int) -> Floats:
    """How far the variance of counts is beyond that of Poisson counts of one rate, in standard deviations."""
    bins = STRETCH // width
    _, inverse = np.unique(which * bins + at // width, return_inverse=True)
    counts = np.bincount(inverse, count)
    owner = np.zeros(len(counts), np.intp)
    owner[inverse] = which
    total, squares = np.bincount(which, count, size), np.bincount(owner, counts**2, size)
    number = np.maximum(2.0, minutes / width)
    mean = np.maximum(total / number, 1e-9)
    found: Floats = (squares / mean - total - (number - 1)) / np.sqrt((number - 1) * (2 + 1 / mean))
    return found


def _spread(part: _Stretches) -> Floats:
    """By how much counts of neighbouring minutes differ, as a multiple of what Poisson counts would; 1 at least."""
    inside = np.arange(1, STRETCH) < part.minutes[:, None]
    squares = (np.diff(part.counts, axis=1) ** 2 * inside).sum(axis=1)
    found: Floats = np.maximum(1.0, squares / 2 / np.maximum(1.0, part.counts.sum(axis=1)))
    return found


def _parted(part: _Stretches, spread: Floats) -> Iterator[list[int]]:
    """For each stretch the minutes at which its parts end, by the best parting."""
    size = len(part.series)
    total = np.concatenate([np.zeros((size, 1)), np.cumsum(part.counts, axis=1)], axis=1)
    best = np.full((size, STRETCH + 1), -np.inf)
    best[:, 0] = 0
    origin = np.zeros((size, STRETCH + 1), np.int64)
    length = np.arange(STRETCH, 0, -1, dtype=np.float64)
    for end in range(1, int(part.minutes.max(initial=0)) + 1):
        lines = total[:, end, None] - total[:, :end]
        gain = lines * np.log(np.maximum(lines, 1) / length[STRETCH - end :])
        gain[lines == 0] = 0
        value = best[:, :end] + gain / spread[:, None]
        origin[:, end] = value.argmax(axis=1)
        best[:, end] = value[np.arange(size), origin[:, end]] - PENALTY
    for row in range(size):
        ends = [int(part.minutes[row])]
        while origin[row, ends[-1]] > 0:
            ends.append(int(origin[row, ends[-1]]))
        yield ends[::-1]


def _of_stretch(series: Series, part: _Stretches, row: int, ends: list[int], spread: float) -> Iterator[Shift]:
    """The changes between the parts of a stretch, but for those near its edges that its neighbours judge better."""
    half, quarter = STRETCH // 2, STRETCH // 4
    which, number, minutes = int(part.series[row]), int(part.number[row]), int(part.minutes[row])
    first = 0 if number == 0 else quarter
    goes_on = int(series.end[which] - series.start[which]) + 1 > number * half + STRETCH
    behind = half + quarter if goes_on else minutes
    begin = int(series.start[which]) + number * half
    lines = [float(part.counts[row, a:b].sum()) for a, b in zip([0, *ends], ends, strict=False)]
    lengths = [b - a for a, b in zip([0, *ends], ends, strict=False)]
    for place in range(1, len(ends)):
        before, after = lines[place - 1] / lengths[place - 1], lines[place] / lengths[place]
        high = place if after > before else place - 1
        if not first <= ends[place - 1] < behind or max(before, after) < FACTOR * min(before, after) or lines[high] < FEWEST:
            continue
        edges = begin + ends[place - 1] - lengths[place - 1], begin + ends[place - 1], begin + ends[place]
        cell = _refined(series, which, edges, (max(before, 0.5 / lengths[place - 1]), max(after, 0.5 / lengths[place])), spread)
        if cell is not None:
            yield Shift(cell, before, after, lengths[place])


def _refined(series: Series, which: int, edges: tuple[int, int, int], rates: tuple[float, float], spread: float) -> int | None:
    """The cell with which a change begins: of the places that are about as likely as the best one, the last.

    So what is marked belongs to the new rate with good odds, and what came before the change comes before the mark.
    """
    first, last = np.searchsorted(series.number, [which, which + 1])
    around = (max(edges[0], edges[1] - _NEAR) * MINUTE, min(edges[2], edges[1] + _NEAR) * MINUTE)
    begin, end = first + np.searchsorted(series.time[first:last], around)
    if begin == end:
        behind = int(first + np.searchsorted(series.time[first:last], edges[1] * MINUTE))
        return behind if behind < last else None
    time, count = series.time[begin:end], series.count[begin:end]
    behind_it = np.cumsum(count[::-1])[::-1]
    left = (around[1] - time) / MINUTE
    likely = (behind_it * np.log(rates[1] / rates[0]) - (rates[1] - rates[0]) * left) / spread
    return int(begin + np.flatnonzero(likely >= likely.max() - DOUBT)[-1])
