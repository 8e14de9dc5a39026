"""JSON lines by the block, as columns: when and how bad each line is, and which logger wrote it, without an object for each.

Which keys say so is learnt from the first lines. A line that does not have them, or is broken, is read by itself as `jsonlogs`
reads it, so that both say the same of every line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from amends.core.record import replace
from amends.timeline.entry import KINDS, Event, flag
from amends.timeline.levels import NUMBER
from amends.timeline.readers import jsonlogs, logkeys
from amends.timeline.readers.isocolumns import times_of
from amends.timeline.readers.pieces import MALFORMED
from amends.timeline.readers.severity import level, python
from amends.timeline.readers.source import Source
from amends.timeline.readers.values import parsed
from amends.timeline.table import COLUMNS, ZONES, Table

if TYPE_CHECKING:
    from datetime import tzinfo

    from numpy.typing import NDArray

    from amends.core.problem import Problem

    Ints = NDArray[np.int64]

_ABSENT = -1
SAMPLE = 64
"""Lines from which the keys are learnt."""

_CONTINUATION, _ASSUMED = flag("continuation"), flag("zone_assumed")


@dataclass(frozen=True, slots=True)
class Columns:
    """The entries of a block, one row each in the order of the source.

    `line` counts from 0, `logger` is a number of `loggers`, `said` has the message of each, "" where there is none.
    """

    time: Ints
    offset: Ints
    length: NDArray[np.int32]
    line: NDArray[np.int32]
    level: NDArray[np.int8]
    flags: NDArray[np.int16]
    logger: NDArray[np.int32]
    said: NDArray[np.object_]


class _Levels(dict[Any, int]):
    """The number of each level that was met, by its word or number."""

    def __init__(self, is_python: bool) -> None:
        super().__init__()
        self._read = python if is_python else level
        self[""] = _ABSENT

    def __missing__(self, key: Any) -> int:
        self[key] = NUMBER.get(self._read(key) or "", 0)
        return self[key]


class JsonLines:
    """Reads the blocks of one source. `loggers` are their names by number; 0 is none."""

    def __init__(self, name: str, zone: tzinfo | None) -> None:
        self._name = name
        self._zone = zone
        self._decoder: msgspec.json.Decoder[Any] | None = None
        self._levels = _Levels(is_python=False)
        self._loggers: dict[str | None, int] = {None: 0}
        self._has = (False, False, False)

    @property
    def loggers(self) -> list[str]:
        """The names of loggers by their number."""
        return [name or "" for name in self._loggers]

    def learn(self, head: bytes) -> bool:
        """Learn the keys from the first lines; whether they are those of a logger that writes one flat object a line."""
        lines = [line for line in head.split(b"\n")[:SAMPLE] if line.strip()]
        values = [value for line in lines if isinstance(value := _value(line), dict)]
        if not values or any(jsonlogs.is_special(value) for value in values):
            return False
        time, bad, logger = (_key(values, names) for names in (logkeys.TIMES, (logkeys.PYTHON_LEVEL, *logkeys.LEVELS), logkeys.LOGGERS))
        if bad == logkeys.PYTHON_LEVEL and any("levelname" in value for value in values):
            bad = _key(values, logkeys.LEVELS)
        if time is None:
            return False
        fields: list[Any] = [("time", str | int | float, msgspec.field(default="", name=time))]
        if bad is not None:
            fields.append(("level", str | int, msgspec.field(default="", name=bad)))
        if logger is not None and logger not in (time, bad):
            fields.append(("logger", str | None, msgspec.field(default=None, name=logger)))
        message = _key(values, logkeys.MESSAGES)
        if message is not None and message not in (time, bad, logger):
            fields.append(("said", Any, msgspec.field(default="", name=message)))
        self._levels = _Levels(bad == logkeys.PYTHON_LEVEL)
        self._decoder = msgspec.json.Decoder(msgspec.defstruct("Line", fields, gc=False))
        self._has = (bad is not None, logger is not None and logger not in (time, bad), fields[-1][0] == "said")
        return self._agrees(b"\n".join(lines) + b"\n")

    def _agrees(self, sample: bytes) -> bool:
        """Whether what was learnt says of the lines that it was learnt from what `jsonlogs` says."""
        found, _ = self.read(sample)
        events = [one for one in jsonlogs.read(Source(self._name, sample, self._zone)) if isinstance(one, Event)]
        told = [(one.time, one.offset, one.length, NUMBER.get(one.level or "", 0), one.flags) for one in events]
        columns = (found.time, found.offset, found.length, found.level, found.flags)
        return told == list(zip(*(column.tolist() for column in columns), strict=True))

    def read(self, block: bytes, at: int = 0) -> tuple[Columns, list[Problem]]:
        """The entries of a block that begins at a byte of its source, and at the start of a line."""
        assert self._decoder is not None
        starts, ends, lines = _lines(block)
        found, rest = self._decoded(block, starts, ends)
        kept = np.setdiff1d(np.arange(len(starts)), rest, assume_unique=True) if len(rest) else np.arange(len(starts))
        time, flags, sure = times_of([one.time for one in found], self._zone)
        bad = self._grades(found)
        sure &= bad != _ABSENT  # it may stand under another name
        numbers = self._numbers(found)
        good = kept[sure]
        length = (ends - starts)[good].astype(np.int32)
        said = self._messages(found)[sure]
        fast = Columns(time[sure], starts[good] + at, length, lines[good], bad[sure], flags[sure], numbers[sure], said)
        return self._with_rest(fast, np.union1d(rest, kept[~sure]).astype(np.int64), (block, starts, ends, lines), at)

    def table(self, found: Columns) -> Table:
        """Entries as rows of a timeline; what they say is read from their sources when it is shown."""
        size = len(found.time)
        assumed = (found.flags & _ASSUMED) != 0
        columns = {
            "time": found.time,
            "source": np.zeros(size),
            "offset": found.offset,
            "length": found.length,
            "line": found.line + 1,
            "level": found.level,
            "kind": np.full(size, KINDS.index("log")),
            "zone": np.where(assumed, ZONES.index("assumed"), ZONES.index("stated")),
            "flags": found.flags,
            "time_at": np.zeros(size),
            "time_length": np.zeros(size),
            "shape": np.zeros(size),
            "event": np.full(size, -1),
        }
        return Table({name: np.asarray(columns[name]).astype(kind, copy=False) for name, kind in COLUMNS.items()})

    def event(self, line: bytes) -> Event | None:
        """What one line says, in full; None for what is none."""
        return next((one for one in jsonlogs.read(Source(self._name, line, self._zone)) if isinstance(one, Event)), None)

    def _decoded(self, block: bytes, starts: Ints, ends: Ints) -> tuple[list[Any], Ints]:
        """The lines that have the keys, and the numbers of those that cannot be decoded."""
        assert self._decoder is not None
        try:
            found = self._decoder.decode_lines(block)
            if len(found) == len(starts):
                return found, np.zeros(0, np.int64)
        except MALFORMED:
            pass
        found, rest = [], []
        for number, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
            try:
                found.append(self._decoder.decode(block[start:end]))
            except MALFORMED:
                rest.append(number)
        return found, np.array(rest, np.int64)

    def _grades(self, found: list[Any]) -> NDArray[np.int8]:
        """The level of each line."""
        levels = self._levels
        return np.array([levels[one.level] for one in found], np.int8) if self._has[0] else np.zeros(len(found), np.int8)

    def _numbers(self, found: list[Any]) -> NDArray[np.int32]:
        """The number of each logger."""
        if not self._has[1]:
            return np.zeros(len(found), np.int32)
        known = self._loggers
        return np.array([known[one.logger] if one.logger in known else known.setdefault(one.logger, len(known)) for one in found], np.int32)

    def _messages(self, found: list[Any]) -> NDArray[np.object_]:
        """The message of each line."""
        made = np.full(len(found), "", object)
        if self._has[2]:
            made[:] = [one.said if type(one.said) is str else "" for one in found]
        return made

    def _with_rest(
        self, fast: Columns, rest: Ints, lines: tuple[bytes, Ints, Ints, NDArray[np.int32]], at: int
    ) -> tuple[Columns, list[Problem]]:
        """The columns together with the lines that are read one by one."""
        if not len(rest):
            return fast, []
        block, starts, ends, numbers = lines
        rows: list[tuple[Any, ...]] = []
        problems: list[Problem] = []
        for number in rest.tolist():
            start = int(starts[number])
            for one in jsonlogs.read(Source(self._name, block[start : int(ends[number])], self._zone)):
                if isinstance(one, Event):
                    bad = NUMBER.get(one.level or "", 0)
                    rows.append((one.time, start + at + one.offset, one.length, int(numbers[number]), bad, one.flags, 0, one.text))
                else:
                    problems.append(_moved(one, start + at))
        return _merged(fast, rows), problems


def _moved(problem: Problem, by: int) -> Problem:
    """A problem of a line as one of its source."""
    byte = int((problem.field or "byte 0").removeprefix("byte "))
    return replace(problem, field=f"byte {byte + by}")


def _merged(fast: Columns, rows: list[tuple[Any, ...]]) -> Columns:
    """Both, in the order of the source; what continues the line before has its time."""
    names = ("time", "offset", "length", "line", "level", "flags", "logger", "said")
    columns = [getattr(fast, name) for name in names]
    parts = [np.concatenate([column, np.array([row[n] for row in rows], column.dtype)]) for n, column in enumerate(columns)]
    order = np.argsort(parts[1], kind="stable")
    time, offset, length, line, bad, flags, logger, said = (part[order] for part in parts)
    for place in np.flatnonzero(flags & _CONTINUATION):
        time[place] = time[place - 1] if place else time[place]
    return Columns(time, offset, length, line, bad, flags, logger, said)


def _lines(block: bytes) -> tuple[Ints, Ints, NDArray[np.int32]]:
    """Where each line that is not blank begins and ends, and its number."""
    data = np.frombuffer(block, np.uint8)
    breaks = np.flatnonzero(data == 10)
    starts = np.concatenate([np.zeros(1, np.int64), breaks + 1])
    ends = np.concatenate([breaks, np.array([len(data)], np.int64)])
    ends = ends - ((ends > starts) & (data[np.maximum(ends - 1, 0)] == 13)) if len(data) else ends
    kept = np.flatnonzero(ends > starts)
    return starts[kept], ends[kept], kept.astype(np.int32)


def _value(line: bytes) -> Any:
    try:
        return parsed(line)
    except ValueError:
        return None


def _key(values: list[dict[str, Any]], names: tuple[str, ...]) -> str | None:
    """The first of the names that most of the lines have."""
    return next((name for name in names if 2 * sum(value.get(name) is not None for value in values) > len(values)), None)
