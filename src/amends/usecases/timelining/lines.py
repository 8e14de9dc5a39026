"""One piece of a line log: read by what its head taught, its years and days supplied, its lines given their kinds."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from amends.timeline import digest as digests
from amends.timeline.lines import source as logs
from amends.timeline.lines.block import Block
from amends.timeline.lines.reader import LineReader
from amends.timeline.lines.settle import Anchor, settled
from amends.usecases.timelining.records import LINES, LONG_LINE, Found, ToldProblem, endless_line, is_endless, line_end, no_times, read_of
from amends.usecases.timelining.units import Piece, Taught, Unit

if TYPE_CHECKING:
    from datetime import tzinfo
    from mmap import mmap

    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]


_TAIL = 1 << 16
"""Bytes at the end of a log in which its last time is looked for."""


def line_log(piece: Piece, given: Block | mmap, unit: Unit, zone: tzinfo | None) -> Found:
    """The entries of a piece of a line log."""
    block = given if isinstance(given, Block) else Block(np.frombuffer(given, np.uint8)[:LONG_LINE])
    reader = _taught_reader(unit.taught.learnt) if unit.taught else LineReader()
    found, lead = logs.without_lead(reader.read(block, piece.start), piece.start)
    found = logs.with_tail(found, unit.tail)
    if is_endless(piece):
        lead = line_end(piece) if lead is not None else None
        found = logs.with_tail(found, line_end(piece) if len(found.time) else None)
    shown = logs.shown_of(found)
    taught = None
    if not piece.is_whole and piece.start == 0:
        taught = Taught(LINES, reader.taught(), *_end_of(piece, reader))
    day = unit.day or _day(piece, shown, unit.taught or taught)
    table = settled(found, 0, 1, Anchor(day, zone or UTC, zone is not None))
    table = table.with_columns(offset=np.asarray(table["offset"], np.int64) - piece.start)
    keys, texts = digests.keys_of(table, block, 0)
    problems: list[ToldProblem] = []
    if is_endless(piece):
        problems.append(endless_line(piece))
    elif piece.is_whole and not reader.formats:
        problems.append(no_times(piece.name))
    elif lost := logs.beyond(block.data, found):
        words = f"{lost[0]:,} lines tell a time of a year that no log is of, first {lost[2]!r}; they stand in the entry above"
        problems.append(ToldProblem("bad-time", words, path=piece.name, field=f"byte {piece.start + lost[1]}"))
    read = read_of(LINES, [table], int(found.lines), problems)
    read = replace(read, formats=tuple(reader.formats), shown=shown, lead=lead, day=day)
    return Found(read, ((table, keys, texts),), taught)


@lru_cache(maxsize=4)
def _learnt(taught: bytes) -> LineReader:
    return LineReader.knowing(taught)


def _taught_reader(taught: bytes) -> LineReader:
    """A reader that knows what the first range taught, and no more: what it learns itself is not for the next unit."""
    return _learnt(taught).copy()


def _end_of(piece: Piece, reader: LineReader) -> tuple[int | None, int | None]:
    """The last time of a log that says no year or date, and which of them, as far as what was learnt from its beginning reads its end."""
    end = replace(piece, start=max(piece.end, piece.size - _TAIL), end=piece.size)
    with suppress(OSError):
        data = end.read()
        found = reader.copy().read(np.frombuffer(data, np.uint8), end.start)
        shown = logs.shown_of(found)
        if shown.written is not None:
            return shown.tail[-1], shown.written
    return None, None


def _day(piece: Piece, shown: logs.Shown, taught: Taught | None) -> date:
    """The year or day of the first time of a piece: of a whole log it is known, of a range it is what holds if the log is of one period."""
    if taught is None or taught.last is None or taught.written is None or shown.written != taught.written:
        return logs.days([shown], piece.end_of(shown))[0]
    began_anew = bool(shown.tail) and taught.last < shown.tail[-1]
    return logs.back_from(taught.last, taught.written, shown.turns + began_anew, piece.end_of(shown))
