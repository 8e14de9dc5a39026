"""What matters in a timeline, and why: changes, alerts, what people said, and of errors the first of each kind, bursts and changes of rate.

Lines of one kind, one log and one level stand as one entry while no more than `GAP` lies between two of them, with how many there were
and when the last one came. An entry that is kept says why. All is judged from digests, which hold no line twice, and from events. What
came after a change is said to be that and no more: the change is a candidate.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import repeat
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from amends.timeline.candidates import WINDOW, before, changes, lasting, words
from amends.timeline.digest import WARNING
from amends.timeline.entry import KINDS, LEVELS, REASON_OF_KIND, REASONS, UNDATED
from amends.timeline.folding import Change, clock
from amends.timeline.kinds import is_told_by_bot, wording
from amends.timeline.rates import MINUTE, Series, shifts
from amends.timeline.runs import GAP, Place, gathered, log_of, placed, runs
from amends.timeline.silence import SHORTEST, silences
from amends.timeline.table import Table, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from amends.timeline.candidates import Before, Changes
    from amends.timeline.digest import Digest
    from amends.timeline.rates import Shift
    from amends.timeline.runs import Cells

    Ints = NDArray[np.int64]

__all__ = ["BURST", "GAP", "Kept", "Place", "Rates", "highlights", "rates", "why"]

BURST = 10
"""Lines of one kind within the gap that make a burst."""

APART = 3 * MINUTE
"""Microseconds from a change of rate of one kind within which one of its whole log says nothing more."""

LOWEST = 1.0
"""Lines a minute to which a rate must fall for that to be told: below it a run ends, and the time of its last line tells it."""

SPOKEN = 2.0
"""Lines a minute from which on a rate is told by the minute; below, by how many lines there are in a stretch, an hour at most."""

TOGETHER = 10 * MINUTE
"""Microseconds from an effect within which others that have its candidates, or some of them, do not name them again."""

ERROR = LEVELS.index("error") + 1

_CHAT = KINDS.index("chat")
_ALERT = KINDS.index("alert")
_DEPLOY = KINDS.index("deploy")
_HOUR = 60
_NONE: Mapping[int, int] = MappingProxyType({})


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


def highlights(
    digests: Iterable[tuple[Place, Digest]],
    events: Table,
    start: int | None = None,
    end: int | None = None,
    *,
    logs: Mapping[int, int] = _NONE,
    doubts: Mapping[int, int] = _NONE,
    said: Callable[[Table, int], str] | None = None,
) -> Kept:
    """What matters of log lines, by the digests of their units, and of the events of other sources.

    `start` and `end` are microseconds: of what is kept, only entries of which some part lies between them are given; what has no time is
    always given. What is the first of its kind, or a burst, is judged on everything. `logs` says of a source of which log it is a file,
    where a log was rotated; `doubts` by how many microseconds the clock of a source may be wrong. `said` gives what a row of a table says
    that is a log line, which stands in its source only; it is asked for the changes that may be candidates.
    """
    parts = list(digests)
    seen = _minutes(parts, logs)
    cells = gathered(parts, logs)
    found = _Found(joined([cells.table, events, *(placed(one.pauses, place) for place, one in parts)]))
    risen = _lines(found, cells, seen)
    _events(found, events, len(cells.table))
    effects, new = _effects(found, risen)
    if len(effects):
        known = _known(found, cells, events, found.time[effects], max(doubts.values(), default=0), said)
        sources = np.asarray(found.table["source"])[effects].tolist()
        since = [int(seen[logs.get(of, of)][0]) * MINUTE if own else UNDATED for of, own in zip(sources, new, strict=True)]
        own = [before(known, int(found.time[row]), *one) for row, *one in zip(effects, sources, repeat(doubts), since, strict=False)]
        _name(found, effects, own, known)
    _silent(found, seen, _resumes(parts, logs), len(cells.table) + len(events), logs)
    return found.kept(start, end)


class _Found:
    """What is kept so far, by the row of a table of all that may be."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.time = np.asarray(table["time"], np.int64)
        self.count = np.ones(len(table), np.int64)
        self.last = self.time.copy()
        self.why = np.zeros(len(table), np.int16)
        self.because: defaultdict[int, list[str]] = defaultdict(list)

    def say(self, row: int, reason: str, words: Sequence[str]) -> None:
        """Keep a row for a reason."""
        self.why[row] |= why(reason)
        self.because[row] += words

    def kept(self, start: int | None, end: int | None) -> Kept:
        """What is kept between two instants, in order; rows of one line are one."""
        keep = self.why > 0
        if start is not None:
            keep &= (self.last >= start) | (self.time == UNDATED)
        if end is not None:
            keep &= self.time <= end
        rows = np.flatnonzero(keep)
        table = self.table
        rows = rows[np.lexsort((np.asarray(table["offset"])[rows], np.asarray(table["source"])[rows], self.time[rows]))]
        because = tuple(tuple(self.because.get(row, ())) for row in rows.tolist())
        return Kept(table.taken(rows), self.count[rows], self.last[rows], self.why[rows], because)


def _lines(found: _Found, cells: Cells, seen: dict[int, Ints]) -> list[int]:
    """Keep what matters of lines; the cells with which a rate rises."""
    said, cuts = _shifts(cells, seen)
    marks = np.zeros(len(cells.time), bool)
    marks[cuts] = True
    own = runs(cells.group, cells.time, cells.count, cells.last, marks)
    found.count[own.start], found.last[own.start] = own.count, own.last
    serious = cells.serious[own.start]
    found.why[own.start[own.first & serious]] |= why("first-seen")
    found.why[own.start[(own.count >= BURST) & serious]] |= why("burst")
    change = np.isin(cells.key[own.start], np.array(list(cells.changes), np.uint64))
    found.why[own.start[change]] |= why("change")
    for cell, changed in said.items():
        found.say(cell, "rate-change", [changed])
    return sorted(said)


def _shifts(cells: Cells, seen: dict[int, Ints]) -> tuple[dict[int, str], list[int]]:
    """What is to be said of cells with which a rate changes, and where runs are cut for it."""
    said: dict[int, str] = {}
    cuts: list[int] = []
    for places, shift in _of_series(cells, cells.group, seen):
        cell = int(places[shift.cell])
        if shift.is_rise or shift.after >= LOWEST:
            said[cell] = _changed(shift, "")
            cuts.append(cell)
    rises = np.array(sorted(said), np.intp)
    for places, shift in _of_series(cells, cells.log, seen):
        cell = int(places[shift.cell])
        near = np.abs(cells.time[rises] - cells.time[cell]) <= APART
        if shift.is_rise and not (near & (cells.log[rises] == cells.log[cell])).any():
            said[cell] = _changed(shift, "all warnings and errors of this log ")
            cuts.append(cell)
    return said, cuts


def _of_series(cells: Cells, by: Ints, seen: dict[int, Ints]) -> list[tuple[NDArray[np.intp], Shift]]:
    """The changes of rate of serious lines, one series for each value; with each the cells that its number of a cell stands for."""
    rows = np.flatnonzero(cells.serious)
    rows = rows[np.argsort(by[rows], kind="stable")]
    begins = np.ones(len(rows), bool)
    begins[1:] = np.diff(by[rows]) != 0
    spans = [seen[log] for log in cells.log[rows[begins]].tolist()]
    start, end = (np.array([int(minutes[place]) for minutes in spans], np.int64) for place in (0, -1))
    return [(rows, shift) for shift in shifts(Series(np.cumsum(begins) - 1, cells.time[rows], cells.count[rows], start, end))]


def _changed(shift: Shift, what: str) -> str:
    return f"{what}{'rose' if shift.is_rise else 'fell'} from {rate_of(shift.before, _HOUR)} to {rate_of(shift.after, shift.minutes)}"


def rate_of(lines: float, minutes: int) -> str:
    """A rate in lines a minute, where it is below `SPOKEN` as so many in the minutes for which it holds, or an hour."""
    if lines >= SPOKEN:
        return f"about {lines:.0f} a minute"
    within = min(minutes, _HOUR)
    if round(lines * within) < 1:
        return "almost none"
    return f"about {lines * within:.0f} {'an hour' if within == _HOUR else f'in {within} minutes'}"


def _events(found: _Found, events: Table, at: int) -> None:
    """Keep events, and join repeats of them: of alerts and deploys by what they say, of statements only the same words of one author."""
    numbers: dict[tuple[object, ...], int] = {}
    reasons = _by_kind(events)
    columns = [np.asarray(events[name]).tolist() for name in ("time", "source", "kind", "level", "event")]
    group = [numbers.setdefault(_repeat(events, row, *one), len(numbers)) for row, one in enumerate(zip(*columns, strict=True))]
    time = np.asarray(events["time"], np.int64)
    order = np.lexsort((np.asarray(events["offset"]), np.asarray(events["source"]), time))
    ones = np.ones(len(events), np.int64)
    own = runs(np.array(group, np.int64)[order], time[order], ones, time[order], np.zeros(len(events), bool))
    rows = order[own.start] + at
    found.count[rows], found.last[rows] = own.count, own.last
    found.why[rows] |= reasons[order[own.start]]


def _repeat(events: Table, row: int, time: int, source: int, kind: int, level: int, event: int) -> tuple[object, ...]:
    """What two events have in common of which one is a repeat of the other; its own row where nothing is."""
    if event < 0 or time == UNDATED:
        return (row,)
    own = events.events[event]
    if kind in (_ALERT, _DEPLOY):
        return source, kind, level, own.actor, own.thread, wording(own.text.encode("utf-8", "replace"))
    return (source, kind, level, own.actor, own.thread, own.text) if own.actor else (row,)


def _effects(found: _Found, risen: list[int]) -> tuple[NDArray[np.intp], list[bool]]:
    """The rows, in the order of time, before which changes are candidates, and which of them are errors that were new.

    These are rates that rose, errors that were new, and alerts.
    """
    level = np.asarray(found.table["level"])
    new = (found.why & why("first-seen") > 0) & (level >= ERROR)
    effects = new | ((found.why & why("alert") > 0) & (level >= WARNING))
    effects[[cell for cell in risen if "rose" in found.because[cell][0]]] = True
    rows = np.flatnonzero(effects & (found.why & why("change") == 0) & (found.time != UNDATED))
    rows = rows[np.lexsort((np.asarray(found.table["offset"])[rows], np.asarray(found.table["source"])[rows], found.time[rows]))]
    return rows, new[rows].tolist()


def _name(found: _Found, effects: NDArray[np.intp], own: Sequence[Before], known: Changes) -> None:
    """Name the changes before effects: of those that begin together only at the first, which the others name."""
    first, told, named = -1, -TOGETHER, frozenset[int]()
    for row, one in zip(effects.tolist(), own, strict=True):
        names = one.names(known)
        if not names:
            continue
        if first >= 0 and one.effect - told <= TOGETHER and names <= named:
            ago = f"{lasting(one.effect - told)} after" if one.effect > told else "at the time of"
            what = "the alert" if found.table["kind"][first] == _ALERT else "the errors"
            found.say(row, "after-change", [f"{ago} {what} of {clock(told)}, where the candidates are named"])
            continue
        first, told, named = row, one.effect, names
        found.say(row, "after-change", words(known, one))


def _known(found: _Found, cells: Cells, events: Table, effects: Ints, doubt: int, said: Callable[[Table, int], str] | None) -> Changes:
    """The changes that are kept and stand before effects (times in order), with what they say."""
    rows = np.flatnonzero((found.why & why("change") > 0) & (found.time != UNDATED))
    until = np.searchsorted(effects, found.time[rows] + WINDOW, side="right")
    rows = rows[until > np.searchsorted(effects, found.time[rows] - 2 * doubt)]
    source, kind = np.asarray(found.table["source"]).tolist(), np.asarray(found.table["kind"]).tolist()
    size = len(cells.time)
    told = []
    for row in rows.tolist():
        of = int(found.time[row]), source[row], KINDS[kind[row]]
        if row < size:
            own = said(cells.table, row) if said is not None else ""
            told.append(Change(*of, own or cells.changes[int(cells.key[row])]))
            continue
        event = int(events["event"][row - size])
        if event >= 0:
            one = events.events[event]
            told.append(Change(*of, one.text, tuple(id for id in (one.thread, one.reference) if id and kind[row] != _CHAT)))
    return changes(told)


def _silent(found: _Found, seen: dict[int, Ints], resumes: Mapping[int, Ints], at: int, logs: Mapping[int, int]) -> None:
    """Keep the last line before a log fell silent, with how long it was until the next one."""
    everyone = np.unique(np.concatenate([np.zeros(0, np.int64), *seen.values()]))
    starts = np.array([int(minutes[0]) for minutes in seen.values() if len(minutes) > SHORTEST], np.int64)
    silent = {(log, one.minute): one for log, minutes in seen.items() for one in silences(minutes, everyone, starts)}
    for place, row in _last_rows(found, at, logs, {minute for _, minute in silent}).items():
        if place in silent:
            one = silent[place]
            at_last = int(found.time[row])
            again = resumes[place[0]][np.searchsorted(resumes[place[0]], at_last, side="right") :][:1]
            pause = int(again[0]) - at_last if one.goes_on and len(again) else one.minutes * MINUTE
            told = f"no line for {lasting(pause)}" + ("" if one.goes_on else ", and none to the end of what the others tell")
            found.say(_same(found, row, at), "silence", [told])


def _last_rows(found: _Found, at: int, logs: Mapping[int, int], minutes: set[int]) -> dict[tuple[int, int], int]:
    """Of the rows before pauses the last of each log in each of some minutes."""
    minute = found.time[at:] // MINUTE
    rows = at + np.flatnonzero(np.isin(minute, np.array(sorted(minutes), np.int64)))
    rows = rows[np.lexsort((np.asarray(found.table["offset"])[rows], np.asarray(found.table["source"])[rows], found.time[rows]))]
    log = log_of(np.asarray(found.table["source"], np.int64)[rows], logs)
    return dict(zip(zip(log.tolist(), minute[rows - at].tolist(), strict=True), rows.tolist(), strict=True))


def _same(found: _Found, row: int, at: int) -> int:
    """The row of the same line that is kept already, or the row itself."""
    own = (found.table["offset"][:at] == found.table["offset"][row]) & (found.table["source"][:at] == found.table["source"][row])
    kept = np.flatnonzero(own & (found.why[:at] > 0))
    return int(kept[0]) if len(kept) else row


def _minutes(parts: Sequence[tuple[Place, Digest]], logs: Mapping[int, int]) -> dict[int, Ints]:
    """The minutes in which each log has lines, in order."""
    found: defaultdict[int, list[Ints]] = defaultdict(list)
    for place, one in parts:
        if len(one.minute):
            found[logs.get(place.source, place.source)].append(one.minute)
    return {log: np.unique(np.concatenate(own)) for log, own in sorted(found.items())}


def _resumes(parts: Sequence[tuple[Place, Digest]], logs: Mapping[int, int]) -> dict[int, Ints]:
    """When there is something again in each log behind a pause of one of its units, in order."""
    found: defaultdict[int, list[Ints]] = defaultdict(list)
    for place, one in parts:
        found[logs.get(place.source, place.source)].append(one.resumes)
    return {log: np.sort(np.concatenate(own)) for log, own in found.items()}


def rates(digests: Iterable[tuple[Place, Digest]]) -> dict[int, Rates]:
    """How many lines each source had in each minute."""
    parts: defaultdict[int, list[Digest]] = defaultdict(list)
    for place, one in digests:
        parts[place.source].append(one)
    found: dict[int, Rates] = {}
    for source, own in sorted(parts.items()):
        minute, where = np.unique(np.concatenate([one.minute for one in own]), return_inverse=True)
        lines = np.concatenate([one.lines for one in own])
        serious = np.concatenate([one.level for one in own]) >= WARNING
        found[source] = Rates(minute, _summed(where, lines, len(minute)), _summed(where[serious], lines[serious], len(minute)))
    return found


def _summed(where: NDArray[np.intp], values: Ints, size: int) -> Ints:
    total = np.zeros(size, np.int64)
    np.add.at(total, where, values)
    return total


_REASON_OF_KIND = np.array([why(REASON_OF_KIND[kind]) if kind in REASON_OF_KIND else 0 for kind in KINDS], np.int16)


def _by_kind(table: Table) -> NDArray[np.int16]:
    kind = np.asarray(table["kind"])
    reasons = _REASON_OF_KIND[kind]
    for row in np.flatnonzero((kind == _CHAT) & (np.asarray(table["event"]) >= 0)).tolist():
        event = table.events[int(table["event"][row])]
        if is_told_by_bot(event.actor, event.text):
            reasons[row] |= why("change")
    return reasons
