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

HALF = STRETCH // 2

FEWEST = 5
"""Lines of a higher rate below which nothing is said about it."""

FACTOR = 2.0
"""How many times the one rate must be of the other."""

PENALTY = 9.0
"""What a change must explain, in natural units of log-likelihood: about the logarithm of the places and rates that it may have."""

DOUBT = 1.0
"""By how much the log-likelihood of a place for the change may be worse than that of the best."""

MOST = 512
"""Stretches that are parted, those that vary most."""

_SCREEN = 3.5
_WIDTHS = (1, 6, 20)
_SHORTEST = 16
_AT_ONCE = 64
_NEAR = 8


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
    if not len(series.time):
        return []
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
    """The stretches in which counts vary more than those of one Poisson rate would; each is two halves, of which one is the next one's."""
    span = series.end - series.start + 1
    halves = np.maximum(2, -(-span // HALF))
    begin = np.cumsum(halves) - halves  # the number of the first half of each series; a log with one wrong date has very many
    own, minute, count = _by_minute(series)
    half = begin[own] + minute // HALF
    known = np.unique(half)
    which = np.union1d(known, known - 1)
    owner = np.searchsorted(begin, which, side="right") - 1
    number = which - begin[owner]
    here = (number >= 0) & (number < halves[owner] - 1)
    which, owner, number = which[here], owner[here], number[here]
    minutes = np.minimum(STRETCH, span[owner] - number * HALF)
    place = np.searchsorted(known, half)
    lines = _paired(np.asarray(np.bincount(place, count), np.float64), known, which)
    bins = half * HALF + minute % HALF
    squares = [_paired(_squares(bins // width, place, count), known, which) for width in _WIDTHS]
    score = np.max([_dispersion(own, lines, minutes / width) for own, width in zip(squares, _WIDTHS, strict=True)], axis=0)
    chosen = np.flatnonzero((score > _SCREEN) & (lines >= FEWEST) & (minutes >= _SHORTEST))
    chosen = np.sort(chosen[np.argsort(-score[chosen], kind="stable")[:MOST]])
    counts = np.zeros((len(chosen), STRETCH))
    edges = np.searchsorted(half, np.stack([which[chosen], which[chosen] + 2]))
    for row, (first, last) in enumerate(edges.T.tolist()):
        counts[row, minute[first:last] - number[chosen[row]] * HALF] = count[first:last]
    return _Stretches(owner[chosen], number[chosen], minutes[chosen], counts)


def _by_minute(series: Series) -> tuple[Ints, Ints, Floats]:
    """Cells joined to minutes: the series, the minute since its start, and how many lines."""
    minute = series.time // MINUTE - series.start[series.number]
    begins = np.ones(len(minute), bool)
    begins[1:] = (np.diff(series.number) != 0) | (np.diff(minute) != 0)
    places = np.flatnonzero(begins)
    return series.number[places], minute[places], np.add.reduceat(series.count, places).astype(np.float64)


def _squares(bins: Ints, half: NDArray[np.intp], count: Floats) -> Floats:
    """The squares of the counts of bins, summed for each half; bins come in order."""
    places = np.flatnonzero(np.diff(bins, prepend=-1))
    return np.asarray(np.bincount(half[places], np.add.reduceat(count, places) ** 2), np.float64)


def _paired(values: Floats, known: Ints, which: Ints) -> Floats:
    """For each stretch the sum of the values of its two halves; those that are not known have none."""
    found = np.zeros(len(which))
    for half in (which, which + 1):
        at = np.minimum(np.searchsorted(known, half), len(known) - 1)
        found += np.where(known[at] == half, values[at], 0.0)
    return found


def _dispersion(squares: Floats, lines: Floats, bins: Floats) -> Floats:
    """How far the variance of counts is beyond that of Poisson counts of one rate, in standard deviations, by the sum of their squares."""
    number = np.maximum(2.0, bins)
    mean = np.maximum(lines / number, 1e-9)
    found: Floats = (squares / mean - lines - (number - 1)) / np.sqrt((number - 1) * (2 + 1 / mean))
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
    quarter = HALF // 2
    which, number, minutes = int(part.series[row]), int(part.number[row]), int(part.minutes[row])
    first = 0 if number == 0 else quarter
    goes_on = int(series.end[which] - series.start[which]) + 1 > number * HALF + STRETCH
    behind = HALF + quarter if goes_on else minutes
    begin = int(series.start[which]) + number * HALF
    lines = [float(part.counts[row, a:b].sum()) for a, b in zip([0, *ends], ends, strict=False)]
    lengths = [b - a for a, b in zip([0, *ends], ends, strict=False)]
    for place in range(1, len(ends)):
        before, after = lines[place - 1] / lengths[place - 1], lines[place] / lengths[place]
        high = place if after > before else place - 1
        if not first <= ends[place - 1] < behind or max(before, after) < FACTOR * min(before, after) or lines[high] < FEWEST:
            continue
        if not lines[place]:
            continue  # no line belongs to the new rate
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
