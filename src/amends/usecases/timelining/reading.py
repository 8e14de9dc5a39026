"""One piece of any source, read by what knows it."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

import numpy as np

from amends.core.problem import Problem
from amends.timeline import digest as digests
from amends.timeline.readers import HEAD, READERS, Reader, Source, reader_of
from amends.timeline.readers.jsoncolumns import SAMPLE
from amends.timeline.table import of_events
from amends.usecases.timelining.jsonlines import columns_of, json_lines, sample_of
from amends.usecases.timelining.lines import line_log
from amends.usecases.timelining.records import JSON_LINES, LINES, Found, ToldProblem, gave_nothing, read_of
from amends.usecases.timelining.units import Piece, Taught, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from numpy.typing import NDArray

    from amends.timeline.entry import Event
    from amends.timeline.lines.block import Block

    Keys = NDArray[np.uint64]


BY_LINE = ("jsonlogs", "journald", "otlp")
"""Readers of structured sources that are often one object a line, so that a long one can be read in ranges."""


BATCH = 100_000
"""Events that are held at once."""


def by_reader(piece: Piece, given: Block | mmap.mmap, unit: Unit, zone: tzinfo | None) -> Found:
    """The entries of a piece, read by what knows it."""
    data = given if isinstance(given, mmap.mmap) else given.data
    head = bytes(data[:HEAD])
    name = unit.taught.reader if unit.taught else reader_id(head, piece.name)
    if name == JSON_LINES:
        return json_lines(piece, bytes(data), unit, zone)
    if name is None:
        return Found(gave_nothing("not-text", "binary, and of no kind that is known", piece))
    if name != LINES:
        whole = given if isinstance(given, mmap.mmap) else bytes(given.data)
        return _structured(piece, whole, _reader(name, head, piece.name), zone)
    return line_log(piece, given, unit, zone)


def reader_id(head: bytes, name: str) -> str | None:
    """What reads a source that begins so; None for what is no text."""
    reader = reader_of(head, name)
    if reader is not None:
        return JSON_LINES if reader.id in BY_LINE and columns_of(name, sample_of(head), None) is not None else reader.id
    return None if b"\0" in head and not _is_text(head) else LINES


def is_by_line(head: bytes, reader: str) -> bool:
    """Whether a source can be read in ranges: lines of text, or objects of JSON of which each has a line."""
    if reader in (LINES, JSON_LINES):
        return True
    lines = head.split(b"\n")[:-1][:SAMPLE]
    return reader in BY_LINE and len(lines) > 1 and all(line.strip()[:1] + line.strip()[-1:] in (b"{}", b"") for line in lines)


def _reader(name: str, head: bytes, file: str) -> Reader:
    found = reader_of(head, file)
    return found if found is not None and found.id == name else next(one for one in READERS if one.id == name)


def _structured(piece: Piece, data: bytes | mmap.mmap, reader: Reader, zone: tzinfo | None) -> Found:
    source = Source(piece.name, data, zone, piece.modified_at, piece.names)
    breaks = np.flatnonzero(np.frombuffer(data, np.uint8) == 10)
    problems: list[Problem] = []
    tables = []
    for events in _batches(reader.read(source), problems):
        lines = np.searchsorted(breaks, [one.offset for one in events], side="left") + 1
        table = of_events(0, events, lines.tolist())
        tables.append((table, *digests.keys_of_events(table)))
    by_line = not piece.is_whole
    told = [ToldProblem.of(one, piece.start) for one in problems]
    read = read_of(reader.id, [table for table, _, _ in tables], len(breaks), told)
    return Found(read, tuple(tables), Taught(reader.id, b"") if by_line and piece.start == 0 else None)


def _batches(found: Iterator[Event | Problem], problems: list[Problem]) -> Iterator[list[Event]]:
    events: list[Event] = []
    for one in found:
        if isinstance(one, Problem):
            problems.append(one)
            continue
        events.append(one)
        if len(events) == BATCH:
            yield events
            events = []
    if events:
        yield events


def _is_text(head: bytes) -> bool:
    """Whether a head with NUL bytes is text nevertheless: logs of a machine that lost power have runs of them, and no other odd bytes."""
    odd = sum(byte < 32 and byte not in (0, 9, 10, 12, 13, 27) for byte in head)
    return odd < 0.02 * len(head) and head.count(0) < 0.9 * len(head)
