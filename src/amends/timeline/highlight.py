"""What matters in a timeline, and why: changes, alerts, what people said, and of errors the first of each kind, bursts and changes of rate.

Lines of one kind, one log and one level stand as one entry while no more than `GAP` lies between two of them, with how many there were
and when the last one came. An entry that is kept says why. All is judged from digests, which hold no line twice, and from events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amends.timeline.digest import WARNING, cells_of
from amends.timeline.entry import KINDS, REASONS, UNDATED
from amends.timeline.kinds import clusters, is_change
from amends.timeline.table import Table, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from amends.timeline.digest import Digest

    Ints = NDArray[np.int64]

GAP = 60_000_000
"""Microseconds that may lie between two lines of one burst."""

BURST = 10
"""Lines of one kind within the gap that make a burst."""

_CHANGES = [KINDS.index(kind) for kind in ("deploy", "commit")]
_HUMAN = [KINDS.index(kind) for kind in ("chat", "mail", "ticket", "status", "other")]
_ALERT = KINDS.index("alert")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit begins: the number of its source, and what is to be added to its offsets (bytes) and numbers of lines."""

    source: int
    offset: int
    line: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows that are kept, in order, with how many each stands for, the time of the last of them, and why.

    `why` has a bit for each of `REASONS`; `because` has, where there is more to say, the words for people.
    """

    table: Table
    count: Ints
    last: Ints
    why: NDArray[np.int16]
    because: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """How many lines a source had in each minute (since 1970) in which it had any: all, and those at warning or above."""

    minute: Ints
    all: Ints
    serious: Ints


def why(name: str) -> int:
    """The bit of a reason."""
    return 1 << REASONS.index(name)


def everything(table: Table) -> Kept:
    """Every row by itself, with the reasons that its own kind gives."""
    ones = np.ones(len(table), np.int64)
    return Kept(table, ones, np.asarray(table["time"], np.int64), _by_kind(table), ((),) * len(table))


def highlights(
    digests: Iterable[tuple[Place, Digest]],
    events: Table,
    start: int | None = None,
    end: int | None = None,
) -> Kept:
    """What matters of log lines, by the digests of their units, and of the events of other sources.

    `start` and `end` are microseconds: of what is kept, only entries of which some part lies between them are given; what has no time is
    always given. What is the first of its kind, or a burst, is judged on everything.
    """
    cells, key, count, last, texts = _gathered(digests)
    level = np.asarray(cells["level"])
    serious = level >= WARNING
    cluster = _clustered(cells, key, texts)
    starts, counts, lasts, first = _runs(cells, cluster, count, last)
    reasons = np.zeros(len(starts), np.int16)
    reasons[first & serious[starts]] |= why("first-seen")
    reasons[(counts >= BURST) & serious[starts]] |= why("burst")
    change = np.array([is_change(texts[one]) for one in key[starts].tolist()], bool)
    reasons[change] |= why("change")
    table = joined([cells.taken(starts), events])
    all_reasons = np.concatenate([reasons, _by_kind(events)])
    all_counts = np.concatenate([counts, np.ones(len(events), np.int64)])
    all_lasts = np.concatenate([lasts, np.asarray(events["time"], np.int64)])
    time = np.asarray(table["time"], np.int64)
    keep = all_reasons > 0
    if start is not None:
        keep &= (all_lasts >= start) | (time == UNDATED)
    if end is not None:
        keep &= time <= end
    rows = np.flatnonzero(keep)
    rows = rows[np.lexsort((np.asarray(table["offset"])[rows], np.asarray(table["source"])[rows], time[rows]))]
    return Kept(table.taken(rows), all_counts[rows], all_lasts[rows], all_reasons[rows], ((),) * len(rows))


def rates(digests: Iterable[tuple[Place, Digest]]) -> dict[int, Rates]:
    """How many lines each source had in each minute."""
    parts: dict[int, list[Digest]] = {}
    for place, one in digests:
        parts.setdefault(place.source, []).append(one)
    found: dict[int, Rates] = {}
    for source, own in parts.items():
        minute, where = np.unique(np.concatenate([one.minute for one in own]), return_inverse=True)
        lines = np.concatenate([one.lines for one in own])
        serious = np.concatenate([one.level for one in own]) >= WARNING
        found[source] = Rates(minute, _summed(where, lines, len(minute)), _summed(where[serious], lines[serious], len(minute)))
    return found


def _summed(where: NDArray[np.intp], values: Ints, size: int) -> Ints:
    total = np.zeros(size, np.int64)
    np.add.at(total, where, values)
    return total


def _by_kind(table: Table) -> NDArray[np.int16]:
    kind = np.asarray(table["kind"])
    reasons = np.zeros(len(table), np.int16)
    reasons[np.isin(kind, _CHANGES)] |= why("change")
    reasons[np.isin(kind, _HUMAN)] |= why("human")  # notes and tables, which somebody wrote by hand, included
    reasons[kind == _ALERT] |= why("alert")
    return reasons


def _gathered(digests: Iterable[tuple[Place, Digest]]) -> tuple[Table, NDArray[np.uint64], Ints, Ints, dict[int, str]]:
    """The cells of all units as those of one."""
    tables, keys, counts, lasts = [], [], [], []
    texts: dict[int, str] = {}
    for place, one in digests:
        size = len(one.cells)
        moved = {"offset": np.asarray(one.cells["offset"], np.int64) + place.offset, "line": np.asarray(one.cells["line"]) + place.line}
        tables.append(one.cells.with_columns(source=np.full(size, place.source, np.int32), **moved))
        keys.append(one.key)
        counts.append(one.count)
        lasts.append(one.last)
        texts |= one.texts
    table = joined(tables)
    key = np.concatenate(keys) if keys else np.zeros(0, np.uint64)
    count = np.concatenate(counts) if keys else np.zeros(0, np.int64)
    last = np.concatenate(lasts) if keys else np.zeros(0, np.int64)
    first, count, last = cells_of(table, key, count, last)
    return table.taken(first), key[first], count, last, texts


def _clustered(cells: Table, key: NDArray[np.uint64], texts: Mapping[int, str]) -> NDArray[np.int64]:
    """A number for the cluster of each cell; a change is a kind by itself, since one word of it may say what changed."""
    source = np.asarray(cells["source"], np.int64)
    pairs, inverse = np.unique(np.stack([source.astype(np.uint64), key]), axis=1, return_inverse=True)
    numbers = np.zeros(pairs.shape[1], np.int64)
    for number in np.unique(source).tolist():
        own = np.flatnonzero(pairs[0] == number)
        said = {one: texts[one] for one in pairs[1][own].tolist()}
        of_key = clusters({one: text for one, text in said.items() if not is_change(text)})
        heads = np.array([of_key.get(one, one) for one in pairs[1][own].tolist()], np.uint64)
        place = np.searchsorted(pairs[1][own], heads)
        numbers[own] = own[place]
    return numbers[inverse]


def _runs(cells: Table, cluster: Ints, count: Ints, last: Ints) -> tuple[NDArray[np.intp], Ints, Ints, NDArray[np.bool_]]:
    """Lines of one cluster and level with no gap: the cell at which each run begins, how many, until when, and if it is the first."""
    time = np.asarray(cells["time"], np.int64)
    group = cluster * 8 + np.asarray(cells["level"])
    order = np.argsort(group, kind="stable")
    group, time, ends = group[order], time[order], last[order]
    new = np.ones(len(order), bool)
    new[1:] = group[1:] != group[:-1]
    begins = new.copy()
    begins[1:] |= time[1:] - _latest(ends, new)[:-1] > GAP
    places = np.flatnonzero(begins)
    counts = np.add.reduceat(count[order], places) if len(places) else count[:0]
    lasts = np.maximum.reduceat(ends, places) if len(places) else last[:0]
    return order[places], counts, lasts, new[places]


def _latest(last: Ints, new: NDArray[np.bool_]) -> Ints:
    """The latest time so far of each group, since the cells of a cluster overlap."""
    in_order, rank = np.unique(last, return_inverse=True)  # times themselves would not fit beside the number of their group
    base = (np.cumsum(new) - 1) * len(in_order)
    return np.asarray(in_order[np.maximum.accumulate(rank + base) - base], np.int64)
