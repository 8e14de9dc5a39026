"""One line log out of stretches that were read apart: years and days that follow from the whole, and lines that run over a border."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import UTC, date
from typing import TYPE_CHECKING

import numpy as np

from amends.timeline import clock
from amends.timeline.entry import UNDATED
from amends.timeline.lines.reader import DATELESS, YEARLESS, Columns, LineReader
from amends.timeline.lines.settle import Anchor, settled
from amends.timeline.table import Table, joined

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from amends.timeline.formats import Format
    from amends.timeline.lines.block import Bytes

_EDGE = 64
"""Times at either end of a stretch that are kept, by which it is told whether a year, or a day, began at the border."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a stretch says without a year, or without a date: its first and last times of that kind, and how often the clock began anew.

    `written` is `YEARLESS` or `DATELESS`, None where every time says its day. Times are microseconds as `Columns` has them.
    """

    written: int | None = None
    head: tuple[int, ...] = ()
    tail: tuple[int, ...] = ()
    turns: int = 0


def shown_of(found: Columns) -> Shown:
    """What a stretch leaves to be supplied."""
    for written in (YEARLESS, DATELESS):
        times = found.time[(found.written == written) & (found.time != UNDATED)]
        if len(times):
            turns = clock.turns(times, _period(written)).total
            return Shown(written, tuple(times[:_EDGE].tolist()), tuple(times[-_EDGE:].tolist()), turns)
    return Shown()


def days(stretches: Sequence[Shown], ended: date) -> list[date]:
    """For each stretch of a log, in order, the year or the day of its first time that says none: counted back from the end of the log."""
    found = [ended] * len(stretches)
    written = next((one.written for one in stretches if one.written is not None), None)
    if written is None:
        return found
    after: Shown | None = None
    back = 0
    for place in range(len(stretches) - 1, -1, -1):
        one = stretches[place]
        if one.written == written:
            back += one.turns + (_between(one, after) if after is not None else 0)
            after = one
            found[place] = back_from(_last(stretches, written), written, back, ended)
        elif after is not None:
            found[place] = found[place + 1]
    return found


def _last(stretches: Sequence[Shown], written: int) -> int:
    return next(one.tail[-1] for one in reversed(stretches) if one.written == written)


def _between(one: Shown, after: Shown) -> int:
    """How often the clock began anew at the border of two stretches."""
    both = clock.turns(np.array([*one.tail, *after.head], np.int64), _period(one.written)).total
    own = [clock.turns(np.array(times, np.int64), _period(one.written)).total for times in (one.tail, after.head)]
    return both - sum(own)


def back_from(last: int, written: int, turns: int, ended: date) -> date:
    """The year (its 1 January) or the day that lies so many turns before the last time of a log that ended on a day."""
    if written == YEARLESS:
        return date(max(1, clock.last_year(last, ended) - turns), 1, 1)
    return date.fromordinal(max(1, ended.toordinal() - turns))


def _period(written: int | None) -> int:
    return 366 * clock.DAY if written == YEARLESS else clock.DAY


def without_lead(found: Columns, at: int) -> tuple[Columns, int | None]:
    """A stretch without what stands before its first time, which belongs to the entry before it; and where that ends, None for nothing.

    At the beginning of a source nothing stands before it, so that such lines are an entry of their own.
    """
    if at == 0 or not len(found.time) or found.time[0] != UNDATED:
        return found, None
    end = int(found.offset[0]) + int(found.length[0])
    return replace(found, **{name: getattr(found, name)[1:] for name in _ROWS}), end


def with_tail(found: Columns, end: int | None) -> Columns:
    """A stretch whose last entry goes on until a byte beyond it."""
    if end is None or not len(found.time):
        return found
    length = found.length.copy()
    length[-1] = end - found.offset[-1]
    return replace(found, length=length)


_BEYOND = re.compile(rb"\n\[?((?:0\d|1[0-8]|2[2-9]|[3-9]\d)\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)")


def beyond(data: memoryview, found: Columns) -> tuple[int, int, str] | None:
    """Lines with a time of a year in which no log is written, and which therefore stand in the entry above as lines without one.

    How many there are, the byte of `data` at which the first begins, and its time. None where every line has a time that was read.
    """
    if found.lines == len(found.time):
        return None
    places = [(one.start() + 1, one[1].decode()) for one in _BEYOND.finditer(data)]
    if head := _BEYOND.match(b"\n" + bytes(data[:64])):
        places.insert(0, (0, head[1].decode()))
    return (len(places), *places[0]) if places else None


_ROWS = tuple(one.name for one in fields(Columns) if one.name != "lines")


class LineLog:
    """Reads the blocks of one log in order, all in one process and in memory; `table` gives its rows when all are read.

    Specifications and measurements of what reads lines go through it. A timeline is put together from the same functions, range by range
    (`usecases.timelining.longlog`), since its ranges lie in different processes.

    `ended` is the day on which the log was last written, by which a year or a day that no line says is known; `zone` is that of times
    which name none, UTC where it is None.
    """

    def __init__(self, number: int, ended: date, zone: tzinfo | None = None, formats: tuple[Format, ...] | None = None) -> None:
        self._number = number
        self._ended = ended
        self._zone = zone
        self._reader = LineReader(formats)
        self._blocks: list[Columns] = []
        self._first_lines: list[int] = []
        self._lines = 0

    @property
    def formats(self) -> list[str]:
        """The formats that were met, in the order in which they were learnt."""
        return self._reader.formats

    @property
    def lines(self) -> int:
        """How many lines were read."""
        return self._lines

    def read(self, data: Bytes, at: int) -> None:
        """Read a block that begins at byte `at`, at the start of a line, and ends at the end of one."""
        found, lead = without_lead(self._reader.read(data, at), at)
        last = next((place for place in reversed(range(len(self._blocks))) if len(self._blocks[place].time)), None)
        if last is not None:
            self._blocks[last] = with_tail(self._blocks[last], lead)
        self._blocks.append(found)
        self._first_lines.append(self._lines + 1)
        self._lines += found.lines

    def table(self) -> Table:
        """The rows, in the order of the source."""
        firsts = days([shown_of(block) for block in self._blocks], self._ended)
        return joined(
            [
                settled(block, self._number, first, Anchor(day, self._zone or UTC, self._zone is not None))
                for block, first, day in zip(self._blocks, self._first_lines, firsts, strict=True)
            ]
        )
