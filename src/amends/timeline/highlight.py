"""What matters in a timeline, and why: changes, alerts, what people said, and the first of each kind of error; repeats collapse.

A row that is kept says why. Lines that look alike, of one source and one level, stand as one entry while no more than `GAP` lies between
two of them, with how many there were and when the last one came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amends.timeline.entry import KINDS, LEVELS, REASONS
from amends.timeline.table import Table, dated

if TYPE_CHECKING:
    from numpy.typing import NDArray

GAP = 60_000_000
"""Microseconds that may lie between two lines of one burst."""

BURST = 10
"""Lines of one kind within the gap that make a burst."""

WARNING = LEVELS.index("warning") + 1
_CHANGES = [KINDS.index(kind) for kind in ("deploy", "commit")]
_HUMAN = [KINDS.index(kind) for kind in ("chat", "mail", "ticket", "status", "other")]
_ALERT = KINDS.index("alert")
_LOG = KINDS.index("log")


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows that are kept, in order, with how many each stands for, the time of the last of them, and a bit for each of `REASONS`."""

    table: Table
    count: NDArray[np.int64]
    last: NDArray[np.int64]
    why: NDArray[np.int16]


def why(name: str) -> int:
    """The bit of a reason."""
    return 1 << REASONS.index(name)


def everything(table: Table) -> Kept:
    """Every row by itself, with the reasons that its own kind gives."""
    return Kept(table, np.ones(len(table), np.int64), np.asarray(table["time"], np.int64), _by_kind(table))


def highlights(table: Table) -> Kept:
    """What matters of rows that are in order."""
    reasons = _by_kind(table)
    log = (np.asarray(table["kind"]) == _LOG) & dated(table)
    serious = log & (np.asarray(table["level"]) >= WARNING)
    rows = np.flatnonzero(serious)
    starts, count, last, first = _bursts(table, rows)
    reasons[rows[starts]] |= np.where(first, why("first-seen"), 0).astype(np.int16)
    reasons[rows[starts]] |= np.where(count >= BURST, why("burst"), 0).astype(np.int16)
    counts = np.ones(len(table), np.int64)
    lasts = np.asarray(table["time"], np.int64).copy()
    counts[rows[starts]] = count
    lasts[rows[starts]] = last
    keep = reasons > 0
    return Kept(table.taken(keep), counts[keep], lasts[keep], reasons[keep])


def _by_kind(table: Table) -> NDArray[np.int16]:
    kind = np.asarray(table["kind"])
    reasons = np.zeros(len(table), np.int16)
    reasons[np.isin(kind, _CHANGES)] |= why("change")
    reasons[np.isin(kind, _HUMAN)] |= why("human")  # notes and tables, which somebody wrote by hand, included
    reasons[kind == _ALERT] |= why("alert")
    return reasons


def _bursts(table: Table, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Runs of lines of one kind: the place in `rows` where each begins, how many, until when, and whether it is the first of its kind."""
    time = np.asarray(table["time"], np.int64)[rows]
    kind = _kind_of_line(table, rows)
    order = np.lexsort((np.arange(len(rows)), kind))
    new_kind = np.diff(kind[order], prepend=kind[order][:1] - 1) != 0 if len(rows) else np.zeros(0, bool)
    begins = new_kind | (np.diff(time[order], prepend=0) > GAP)
    if len(begins):
        begins[0] = True
    places = np.flatnonzero(begins)
    ends = np.append(places[1:], len(rows))
    starts = order[places]
    last = time[order][ends - 1] if len(places) else time[:0]
    first = new_kind[places]
    if len(first):
        first[0] = True
    by_time = np.argsort(starts, kind="stable")
    return starts[by_time], (ends - places)[by_time], last[by_time], first[by_time]


def _kind_of_line(table: Table, rows: NDArray[np.intp]) -> NDArray[np.int64]:
    """A number for each combination of source, level and looks."""
    columns = [np.asarray(table[name])[rows].astype(np.uint64) for name in ("source", "level", "shape")]
    mixed = (columns[0] * np.uint64(8) + columns[1]) * np.uint64(0x9E3779B97F4A7C15) ^ columns[2]
    _, kind = np.unique(mixed, return_inverse=True)
    return np.asarray(kind, np.int64)
