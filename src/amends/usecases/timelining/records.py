"""What a unit of work leaves beside its parts: what was understood of each piece, and where its entries are."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date  # noqa: TC003  # read by msgspec, where it decodes
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from amends.core.problem import Problem
from amends.timeline.entry import UNDATED
from amends.timeline.lines import source as logs
from amends.usecases.timelining.units import LONGEST, Piece, Taught

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from amends.store.evidence.folder import Folder
    from amends.timeline.table import Table

    Keys = NDArray[np.uint64]


LINES, JSON_LINES = "lines", "json-lines"
"""What reads the sources that have no reader of their own."""

LONG_LINE = 1 << 20
"""Bytes of an endless line that are looked at."""


class ToldProblem(NamedTuple):
    """A `core.problem.Problem` as it travels in a record."""

    code: str
    message: str
    hint: str = ""
    path: str | None = None
    line: int | None = None
    field: str | None = None

    @classmethod
    def of(cls, problem: Problem, by: int = 0) -> ToldProblem:
        """A problem of a piece that begins at a byte, as one of its source."""
        place = problem.field
        if by and place and place.startswith("byte "):
            place = f"byte {int(place.removeprefix('byte ')) + by}"
        return cls(problem.code, problem.message, problem.hint, problem.path, problem.line, place)

    def problem(self) -> Problem:
        """The problem again."""
        return Problem(*self)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of entries: how many bytes, from when to when (None where none is dated), how many undated, and whether it has texts."""

    number: int
    size: int
    first: int | None
    last: int | None
    undated: int
    has_texts: bool


@dataclass(frozen=True, slots=True)
class Read:
    """What was understood of one piece.

    `zones` has a bit for each of `table.ZONES` that was met; `sha256` is that of a whole source. `shown`, `lead` and `day` are what a
    long log is put together by (`lines.source`): the times without a day, the byte until which its beginning belongs to the entry before,
    and the day that was supplied; `opens` says that it begins with lines that have the time of the entry before, and `closes` is the time
    of its last entry, None where it has none but those.
    """

    reader: str
    formats: tuple[str, ...] = ()
    entries: int = 0
    undated: int = 0
    lines: int = 0
    first: int | None = None
    last: int | None = None
    zones: int = 0
    sha256: str | None = None
    shown: logs.Shown = field(default_factory=logs.Shown)
    lead: int | None = None
    day: date | None = None
    opens: bool = False
    closes: int | None = None
    problems: tuple[ToldProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """The record of a unit: its parts, what was understood of each of its pieces, their digests, and what the head of a log learnt."""

    name: str
    parts: tuple[Part, ...]
    reads: tuple[Read, ...]
    digests: tuple[tuple[int, bytes], ...]
    taught: Taught | None = None


_decoder = msgspec.msgpack.Decoder(Done)


@dataclass(frozen=True, slots=True)
class Found:
    """What a piece gave: tables whose places count from the beginning of the piece, and the kinds of their lines."""

    read: Read
    tables: tuple[tuple[Table, Keys, dict[int, str]], ...] = ()
    taught: Taught | None = None


def record(folder: Folder, name: str) -> Done | None:
    """The record of a unit that was done, and whose parts are whole."""
    raw = folder.get("units", name)
    if raw is None:
        return None
    with suppress(msgspec.DecodeError, OSError):
        done = _decoder.decode(raw)
        if all(os.path.getsize(folder.part(name, part.number)) == part.size for part in done.parts):
            return done
    return None


def read_of(reader: str, tables: Sequence[Table], lines: int, problems: Sequence[ToldProblem]) -> Read:
    """What was understood of a piece, by the entries that it gave."""
    spans = [span_of(table) for table in tables]
    first = min((span[0] for span in spans if span[0] is not None), default=None)
    last = max((span[1] for span in spans if span[1] is not None), default=None)
    zones = 0
    for table in tables:
        zones |= sum(1 << int(zone) for zone in np.unique(np.asarray(table["zone"])[np.asarray(table["time"]) != UNDATED]))
    entries = sum(len(table) for table in tables)
    return Read(reader, (), entries, sum(span[2] for span in spans), lines, first, last, zones, problems=tuple(problems))


def span_of(table: Table) -> tuple[int | None, int | None, int]:
    """The first and the last time of a table, and how many rows have none."""
    time = np.asarray(table["time"], np.int64)
    dated = time[time != UNDATED]
    undated = len(time) - len(dated)
    return (int(dated.min()), int(dated.max()), undated) if len(dated) else (None, None, undated)


def no_times(name: str) -> ToldProblem:
    """That a log tells no time."""
    return ToldProblem("no-times", "no line of it tells a time", "its lines stand undated, as one entry", name)


def gave_nothing(code: str, message: str, piece: Piece) -> Read:
    """That a piece gave nothing, and why."""
    return Read("none", problems=(ToldProblem(code, message, path=piece.name),))


def endless_line(piece: Piece) -> ToldProblem:
    """That a line was not looked at to its end."""
    words = f"a line of {piece.end - piece.start:,} bytes; its time and level were looked for in the first {LONG_LINE:,}"
    return ToldProblem("endless-line", words, path=piece.name, field=f"byte {piece.start}")


def is_endless(piece: Piece) -> bool:
    """Whether a piece of a log is one line of which only the beginning is looked at."""
    return piece.end - piece.start > LONGEST


def line_end(piece: Piece) -> int:
    """The byte behind an endless line, without what ends it."""
    with suppress(OSError):
        last = replace(piece, start=max(piece.start, piece.end - 2)).read()
        return piece.end - (len(last) - len(last.removesuffix(b"\n").removesuffix(b"\r")))
    return piece.end
