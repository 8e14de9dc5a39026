"""Digests of units put together, and lines of one kind joined to runs: from many cells to the entries that may be kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amends.timeline.digest import WARNING, cells_of
from amends.timeline.kinds import clusters, is_change
from amends.timeline.table import Table, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from amends.timeline.digest import Digest

    Ints = NDArray[np.int64]
    Keys = NDArray[np.uint64]
    Places = NDArray[np.intp]
    Bools = NDArray[np.bool_]

GAP = 60_000_000
"""Microseconds that may lie between two lines of one run."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit begins: the number of its source, and what is to be added to its offsets (bytes) and numbers of lines."""

    source: int
    offset: int
    line: int


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of all units in the order of time, as those of one; beside the first row of each, what it stands for.

    `group` is a number for its log, kind and level; `changes` are the texts of the keys that tell of a change.
    """

    table: Table
    key: Keys
    count: Ints
    last: Ints
    log: Ints
    group: Ints
    changes: dict[int, str]

    @property
    def time(self) -> Ints:
        """The time of the first line of each, in microseconds."""
        return np.asarray(self.table["time"], np.int64)

    @property
    def serious(self) -> Bools:
        """Which are at warning or above."""
        return np.asarray(self.table["level"]) >= WARNING


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs in the order of time: the cell or row with which each begins, how many lines, until when, and if it is the first of a group."""

    start: Places
    count: Ints
    last: Ints
    first: Bools


def placed(table: Table, place: Place) -> Table:
    """Rows of a unit as rows of their source."""
    offset = np.asarray(table["offset"], np.int64) + place.offset
    line = np.asarray(table["line"], np.int64) + place.line
    return table.with_columns(source=np.full(len(table), place.source, np.int32), offset=offset, line=line)


def gathered(digests: Iterable[tuple[Place, Digest]], logs: Mapping[int, int]) -> Cells:
    """The cells of all units; `logs` says of a source of which log it is a file, where that is not its own number."""
    parts = sorted(digests, key=lambda part: (part[0].source, part[0].offset))  # the order of lines of one microsecond
    table = joined([placed(one.cells, place) for place, one in parts])
    key = np.concatenate([np.zeros(0, np.uint64), *(one.key for _, one in parts)])
    count, last = (np.concatenate([np.zeros(0, np.int64), *(getattr(one, name) for _, one in parts)]) for name in ("count", "last"))
    keys = np.unique(key)
    kind, source = np.searchsorted(keys, key), np.asarray(table["source"], np.int64)
    group = (source * len(keys) + kind) * 8 + np.asarray(table["level"])
    first, count, last = cells_of(table, group, count, last)
    table, log = table.taken(first), log_of(source[first], logs)
    texts = {number: text for _, one in parts for number, text in one.texts.items()}
    changes = {number: text for number, text in texts.items() if is_change(text)}
    group = _clustered(log, keys, kind[first], texts, changes) * 8 + np.asarray(table["level"])
    return Cells(table, key[first], count, last, log, group, changes)


def log_of(source: Ints, logs: Mapping[int, int]) -> Ints:
    """The number of the log of each source."""
    numbers = np.arange(int(source.max(initial=0)) + 1)
    for file, log in logs.items():
        if file < len(numbers):
            numbers[file] = log
    return numbers[source]


def _clustered(log: Ints, keys: Keys, kind: Ints, texts: Mapping[int, str], changes: Mapping[int, str]) -> Ints:
    """A number for the log and cluster of each cell; a change is a kind by itself, since one word of it may say what changed."""
    both = log * len(keys) + kind
    pairs = np.unique(both)
    heads = pairs.copy()
    for at in np.split(np.arange(len(pairs)), np.flatnonzero(np.diff(pairs // max(1, len(keys)))) + 1):
        of_key = dict(zip(keys[pairs[at] % max(1, len(keys))].tolist(), pairs[at].tolist(), strict=True))
        found = clusters({one: texts[one] for one in of_key if one not in changes})
        heads[at] = [of_key[found.get(one, one)] for one in of_key]
    return np.asarray(heads[np.searchsorted(pairs, both)], np.int64)


def runs(group: Ints, time: Ints, count: Ints, last: Ints, cuts: Bools) -> Runs:
    """What is of one group, in order of time, joined where no more than `GAP` lies between; at a cut a run begins in any case."""
    order = np.argsort(group, kind="stable")
    group, ends = group[order], last[order]
    new = np.ones(len(order), bool)
    new[1:] = group[1:] != group[:-1]
    begins = new | cuts[order]
    begins[1:] |= time[order][1:] - _latest(ends, new)[:-1] > GAP
    places = np.flatnonzero(begins)
    counts = np.add.reduceat(count[order], places) if len(places) else count[:0]
    lasts = np.maximum.reduceat(ends, places) if len(places) else last[:0]
    by_time = np.argsort(order[places], kind="stable")
    return Runs(order[places][by_time], counts[by_time], lasts[by_time], new[places][by_time])


def _latest(last: Ints, new: Bools) -> Ints:
    """The latest time so far of each group, since cells of a group overlap."""
    in_order, rank = np.unique(last, return_inverse=True)  # times themselves would not fit beside the number of their group
    base = (np.cumsum(new) - 1) * len(in_order)
    return np.asarray(in_order[np.maximum.accumulate(rank + base) - base], np.int64)
