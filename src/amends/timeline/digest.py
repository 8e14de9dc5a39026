"""What a unit of work keeps of its lines in memory: the serious ones by kind and ten seconds, and how many there were each minute.

A unit hands over its rows on disk; this is what it says beside them, small enough that those of gigabytes are held together, and such that
the digests of the units of a source, put together, say what one digest of the whole would say.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from amends.timeline.entry import KINDS, LEVELS, Event
from amends.timeline.kinds import LONGEST, STEMS, first_words, has_stem, is_change, is_request, request, wording
from amends.timeline.lines.block import Block, distinct
from amends.timeline.table import COLUMNS, Table, dated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Keys = NDArray[np.uint64]
    Places = NDArray[np.intp]

WARNING = LEVELS.index("warning") + 1
"""The number of the level from which on a line is serious."""

CELL = 10_000_000
"""Microseconds of a cell: short enough to tell a cause from an effect of the same minute; a divisor of the gap that ends a burst."""

MINUTE = 60_000_000

PAUSE = 3
"""Minutes to the next line from which on the place of a line is kept, in case that it is the last before a silence."""

MOST_KINDS = 1_000
"""Wordings of a unit that are kept apart, those that come most often; what the units of a source take in memory follows from it."""

MOST_PAUSES = 1_000
"""Pauses of a unit that are kept, the longest."""

SEEN = 128
"""Bytes of a line below warning in which a stem of a change is looked for."""

_WINDOW = 64
_LOG = KINDS.index("log")
_SPREAD = np.random.default_rng(20260305).integers(1, 2**63, LONGEST // _WINDOW, dtype=np.uint64) | np.uint64(1)
_LEAST = 8  # bytes behind the time; where there are fewer it stands at the end, and the line says something before it
_ASKED = 4_096
_UNLIKE = "lines that are all unlike"


@dataclass(frozen=True, slots=True)
class Digest:
    """Of one unit; offsets and numbers of lines count from its start, and its source is not set.

    `cells` has the first row of each kind, level and `CELL`, in the order of time; beside it stand the `key` of the kind, the `count` of
    lines, and `last`, the time of the last of them. `minute` (since 1970), `level` and `lines` tell how many lines each minute had of each
    level; `pauses` has the last row of every minute after which the unit has nothing for `PAUSE` minutes, and `resumes` the times of its
    first row and of those behind such pauses. `texts` has the wording of each key.
    """

    cells: Table
    key: Keys
    count: Ints
    last: Ints
    minute: Ints
    level: NDArray[np.int8]
    lines: Ints
    pauses: Table
    resumes: Ints
    texts: dict[int, str]


def keys_of(table: Table, data: NDArray[np.uint8] | Block, at: int) -> tuple[Keys, dict[int, str]]:
    """A key for the kind of each row, and the wording of each key; 0 for rows below warning that tell of no change.

    `data` are the bytes from byte `at` of the source. Lines are told apart by a hash of all their bytes with digits alike, and each
    distinct one is looked at once; of web requests the status is no digit like others.
    """
    log = (np.asarray(table["kind"]) == _LOG) & (np.asarray(table["event"]) < 0)
    serious = log & (np.asarray(table["level"]) >= WARNING)
    block = Block.of(data)
    starts, ends, known = _said(table, block, at)
    rows = np.flatnonzero(serious | _may_change(block, log & ~serious, starts, ends, known))
    keys = np.zeros(len(table), np.uint64)
    if not len(rows):
        return keys, {}
    starts, ends = starts[rows], ends[rows]
    several = np.diff(np.asarray(table["line"], np.int64), append=-1)[rows] != 1
    ends[several] = _first_ends(block, starts[several], ends[several])
    first, inverse = distinct(_hashed(block, starts, ends, known[rows]))
    spans = zip(starts[first].tolist(), ends[first].tolist(), strict=True)
    lines = [block.bytes[start : min(end, start + LONGEST)].tobytes() for start, end in spans]
    said, inverse = _worded(lines, block, starts, inverse)
    keys[rows], texts = _keyed(said, inverse, serious[rows])
    return keys, texts


def _worded(lines: Sequence[bytes], block: Block, starts: Ints, of_line: Places) -> tuple[list[str], Places]:
    """The wordings of distinct lines, and for each row the number of its own: a web request has one for each status."""
    asked = [request(line) for line in lines]
    status_at = np.array([-1 if one is None else one[1] for one in asked], np.int64)[of_line]
    rows = np.flatnonzero(status_at >= 0)
    if not len(rows):
        return [wording(line) for line in lines], of_line
    digits = block.windows(starts[rows] + status_at[rows], 3).astype(np.int64) - ord("0")
    both = of_line * 1000
    both[rows] += digits @ np.array([100, 10, 1])
    known = np.unique(both)
    said = []
    for line, status in (divmod(one, 1000) for one in known.tolist()):
        own = asked[line]
        said.append(wording(lines[line]) if own is None else f"{own[0]} {status:03}")
    return said, np.searchsorted(known, both)


def keys_of_events(table: Table) -> tuple[Keys, dict[int, str]]:
    """The same for log lines of structured sources, by the text of their events."""
    event = np.asarray(table["event"])
    log = (np.asarray(table["kind"]) == _LOG) & (event >= 0)
    serious = log & (np.asarray(table["level"]) >= WARNING)
    texts: dict[str, int] = {}
    rows, inverse = [], []
    for row in np.flatnonzero(log):
        text = table.events[event[row]].text[:LONGEST]
        if serious[row] or has_stem(text.encode("utf-8", "replace")):
            rows.append(row)
            inverse.append(texts.setdefault(text, len(texts)))
    keys = np.zeros(len(table), np.uint64)
    said = [wording(text.encode("utf-8", "replace").strip().split(b"\n", 1)[0]) for text in texts]
    places = np.array(rows, np.intp)
    keys[places], found = _keyed(said, np.array(inverse, np.intp), serious[places])
    return keys, found


def _keyed(said: Sequence[str], of_line: NDArray[np.intp], serious: NDArray[np.bool_]) -> tuple[Keys, dict[int, str]]:
    """The key of each row from the wording of each distinct line; only serious rows and changes get one."""
    numbers: dict[str, int] = {}
    of_said = np.array([numbers.setdefault(one, len(numbers)) for one in said], np.intp)
    wordings = list(numbers)
    if not wordings:
        return np.zeros(0, np.uint64), {}
    of_row = of_said[of_line]
    wanted = serious | np.array([is_change(one) for one in wordings], bool)[of_row]
    wordings = _bounded(wordings, np.bincount(of_row[wanted], minlength=len(wordings)))
    made = np.array([_key(one) for one in wordings], np.uint64)
    used = np.unique(of_row[wanted]).tolist()
    return np.where(wanted, made[of_row], np.uint64(0)), {int(made[number]): wordings[number] for number in used}


def _bounded(wordings: list[str], lines: NDArray[np.intp]) -> list[str]:
    """The wordings; of those beyond `MOST_KINDS` that come least often only the first words, or none where those are as many."""
    kept = set(np.argsort(-lines, kind="stable")[:MOST_KINDS].tolist())
    if len(kept) == len(wordings):
        return wordings
    rest = {number: first_words(one) for number, one in enumerate(wordings) if number not in kept}
    unlike = len(set(rest.values())) > MOST_KINDS
    return [one if number in kept else _UNLIKE if unlike else rest[number] for number, one in enumerate(wordings)]


def _key(said: str) -> int:
    return int.from_bytes(blake2b(said.encode("utf-8", "replace"), digest_size=8).digest(), "little") or 1


def _said(table: Table, block: Block, at: int) -> tuple[Ints, Ints, Keys]:
    """Where in the block each entry says something, mostly behind its time, where it ends, and what is known of its hash."""
    offset = np.asarray(table["offset"], np.int64) - at
    behind = offset + np.asarray(table["time_at"], np.int64) + np.asarray(table["time_length"])
    ends = np.minimum(offset + np.asarray(table["length"]), block.size)
    starts = np.where(ends - behind < _LEAST, offset, behind)
    return starts, ends, np.where(starts == behind, np.asarray(table["shape"]), np.uint64(0))


def _may_change(block: Block, rows: NDArray[np.bool_], starts: Ints, ends: Ints, known: Keys) -> NDArray[np.bool_]:
    """Which rows may tell of a change: those in whose first bytes a stem stands.

    Lines of the same looks are asked once for what they share, and once more for what stands behind that.
    """
    found = np.zeros(len(rows), bool)
    places = np.flatnonzero(rows)
    begin, end = starts[places], np.minimum(ends[places], starts[places] + SEEN)
    looks = known[places]
    unknown = np.flatnonzero(looks == 0)
    looks[unknown] = block.shapes(begin[unknown], end[unknown], _WINDOW)
    first, inverse = distinct(looks)
    if len(first) > _ASKED:
        found[places] = _searched(block, begin, end)
        return found
    shared = np.minimum(end, begin + _WINDOW)
    hit = np.array(_asked(block, begin[first], shared[first]), bool)
    found[places] = hit[inverse]
    asked_for = np.array([is_request(block.bytes[at : at + _WINDOW].tobytes()) for at in begin[first].tolist()], bool)
    rest = np.flatnonzero((end > shared) & ~(hit | asked_for)[inverse])
    found[places[rest]] = _asked_behind(block, begin[rest], end[rest], looks[rest])
    return found


def _asked_behind(block: Block, begin: Ints, end: Ints, looks: Keys) -> NDArray[np.bool_]:
    """The same for rows longer than a window, whose looks are known."""
    first, inverse = distinct(looks * _SPREAD[0] + block.shapes(begin + _WINDOW, end, SEEN - _WINDOW) * _SPREAD[1])
    if len(first) > _ASKED:
        return _searched(block, begin, end)
    return np.array(_asked(block, begin[first], end[first]), bool)[inverse]


def _asked(block: Block, starts: Ints, ends: Ints) -> list[bool]:
    """Whether a stem stands between each start and its end."""
    return [has_stem(block.bytes[start:end].tobytes()) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def _searched(block: Block, starts: Ints, ends: Ints) -> NDArray[np.bool_]:
    """The same, by a search of the whole block, where rows have little in common."""
    text = block.bytes.tobytes().lower()
    found = np.zeros(len(starts), bool)
    for stem in STEMS:
        place = text.find(stem)
        hits = []
        while place >= 0:
            hits.append(place)
            place = text.find(stem, place + len(stem))
        at = np.array(hits, np.int64)
        row = np.searchsorted(starts, at, side="right") - 1
        within = (row >= 0) & (at + len(stem) <= ends[row])
        found[row[within]] = True
    return found


def _first_ends(block: Block, starts: Ints, ends: Ints) -> Ints:
    """Where the first line of each of several entries ends, as far as it is looked at."""
    ends = np.minimum(ends, starts + LONGEST)
    left = np.arange(len(starts))
    for begin in range(0, LONGEST, _WINDOW):
        breaks = block.windows(starts[left] + begin, _WINDOW) == 10
        broken = breaks.any(axis=1)
        ends[left[broken]] = np.minimum(ends[left[broken]], starts[left[broken]] + begin + breaks[broken].argmax(axis=1))
        left = left[~broken]
        left = left[ends[left] > starts[left] + begin + _WINDOW]
        if not len(left):
            break
    return ends


def _hashed(block: Block, starts: Ints, ends: Ints, known: Keys) -> Keys:
    """A hash of each line from a start to an end, digits alike; of what is in the first window it may be known already."""
    hashes: Keys = known * _SPREAD[0]
    left = np.flatnonzero(known == 0)
    hashes[left] = block.shapes(starts[left], ends[left], _WINDOW) * _SPREAD[0]
    left = np.arange(len(starts))
    for number, spread in enumerate(_SPREAD[1:], 1):
        left = left[ends[left] > starts[left] + number * _WINDOW]
        if not len(left):
            break
        hashes[left] += block.shapes(starts[left] + number * _WINDOW, ends[left], _WINDOW) * spread
    return hashes


def digest(table: Table, keys: Keys, texts: dict[int, str]) -> Digest:
    """What a unit's rows say, with their keys; offsets and lines stay what they are in the table, and no source is set."""
    table = table.with_columns(source=np.zeros(len(table), np.int32))
    rows = np.flatnonzero((keys != 0) & dated(table))
    kind = np.searchsorted(np.unique(keys[rows]), keys[rows])
    group = kind * 8 + np.asarray(table["level"], np.int64)[rows]
    first, count, last = cells_of(table.taken(rows), group, np.ones(len(rows), np.int64), np.asarray(table["time"], np.int64)[rows])
    log = np.flatnonzero((np.asarray(table["kind"]) == _LOG) & dated(table))
    minute, level, lines = _rates(np.asarray(table["time"], np.int64)[log] // MINUTE, np.asarray(table["level"], np.int64)[log])
    cells = with_own_events(table.taken(rows[first]))
    pauses, resumes = _pauses(table, log)
    return Digest(cells, keys[rows[first]], count, last, minute, level, lines, with_own_events(pauses), resumes, texts)


def cells_of(table: Table, group: Ints, count: Ints, last: Ints) -> tuple[NDArray[np.intp], Ints, Ints]:
    """The first row of each `CELL` of each group, in the order of time, with how many lines it stands for, and the last time.

    Of rows of one microsecond the first one given is the first.
    """
    time = np.asarray(table["time"], np.int64)
    by_time = np.argsort(time, kind="stable")
    order = np.argsort(group[by_time], kind="stable")  # places in the order of time
    rows = by_time[order]
    slot, own = time[rows] // CELL, group[rows]
    begins = np.ones(len(rows), bool)
    begins[1:] = (own[1:] != own[:-1]) | (slot[1:] != slot[:-1])
    places = np.flatnonzero(begins)
    counts = np.add.reduceat(count[rows], places) if len(places) else count[:0]
    lasts = np.maximum.reduceat(last[rows], places) if len(places) else last[:0]
    again = np.argsort(order[places])
    return rows[places][again], counts[again], lasts[again]


def _rates(minute: Ints, level: Ints) -> tuple[Ints, NDArray[np.int8], Ints]:
    """How many lines there were in each minute of each level."""
    if not len(minute):
        return minute, level.astype(np.int8), minute
    start = int(minute.min())
    span = int(minute.max()) - start + 1
    if span <= 4 * len(minute):
        counted = np.bincount((minute - start) * 8 + level, minlength=span * 8)
        both = np.flatnonzero(counted)
        return both // 8 + start, (both % 8).astype(np.int8), counted[both].astype(np.int64)
    both, lines = np.unique(minute * 8 + level, return_counts=True)
    return both // 8, (both % 8).astype(np.int8), lines.astype(np.int64)


def _pauses(table: Table, log: Places) -> tuple[Table, Ints]:
    """The rows after which there is nothing for a while, and when there is something again, the first time included.

    There are at most as many as `MOST_PAUSES`, those of the longest pauses, and the last row.
    """
    time = np.asarray(table["time"], np.int64)[log]
    if (time[1:] < time[:-1]).any():
        order = np.argsort(time, kind="stable")
        log, time = log[order], time[order]
    pause = np.diff(time // MINUTE)
    places = np.flatnonzero(pause >= PAUSE)
    if len(places) > MOST_PAUSES:
        places = np.sort(places[np.argsort(-pause[places], kind="stable")[:MOST_PAUSES]])
    last = np.arange(len(log))[-1:]
    return table.taken(log[np.append(places, last)]), np.append(time[:1], time[places + 1])


def with_own_events(table: Table) -> Table:
    """The same rows with no other events than their own."""
    place = np.asarray(table["event"])
    own, moved = np.unique(place[place >= 0], return_inverse=True)
    event = place.copy()
    event[place >= 0] = moved
    return Table({**table.columns, "event": event}, tuple(table.events[number] for number in own.tolist()))


class _Rows(msgspec.Struct):
    """A table as bytes, little-endian, column by column."""

    columns: dict[str, bytes]
    events: list[Event]


class _Packed(msgspec.Struct):
    """A digest as bytes."""

    cells: _Rows
    pauses: _Rows
    arrays: dict[str, bytes]
    texts: list[tuple[int, str]]


_ARRAYS: dict[str, type[np.generic]] = {
    "key": np.uint64,
    "count": np.int64,
    "last": np.int64,
    "minute": np.int64,
    "level": np.int8,
    "lines": np.int64,
    "resumes": np.int64,
}
_DECODER = msgspec.msgpack.Decoder(_Packed)


def packed(one: Digest) -> bytes:
    """A digest as bytes, the same on every machine."""
    arrays = {name: _bytes(getattr(one, name), kind) for name, kind in _ARRAYS.items()}
    return msgspec.msgpack.encode(_Packed(_rows(one.cells), _rows(one.pauses), arrays, sorted(one.texts.items())))


def unpacked(data: bytes) -> Digest:
    """A digest from its bytes. Raises msgspec.DecodeError where they are none."""
    read = _DECODER.decode(data)
    arrays = {name: _array(read.arrays[name], kind) for name, kind in _ARRAYS.items()}
    return Digest(cells=_table(read.cells), pauses=_table(read.pauses), texts=dict(read.texts), **arrays)


def _rows(table: Table) -> _Rows:
    return _Rows({name: _bytes(table[name], kind) for name, kind in COLUMNS.items()}, list(table.events))


def _table(rows: _Rows) -> Table:
    return Table({name: _array(rows.columns[name], kind) for name, kind in COLUMNS.items()}, tuple(rows.events))


def _bytes(array: NDArray[np.generic], kind: type[np.generic]) -> bytes:
    return array.astype(np.dtype(kind).newbyteorder("<"), copy=False).tobytes()


def _array(data: bytes, kind: type[np.generic]) -> NDArray[Any]:
    return np.frombuffer(data, np.dtype(kind).newbyteorder("<")).astype(kind, copy=False)
