"""One piece of a log of JSON lines: read as columns, and only what is serious or may tell of a change is looked at in words."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from amends.timeline import digest as digests
from amends.timeline.entry import Event, flag
from amends.timeline.kinds import STEMS
from amends.timeline.readers import HEAD
from amends.timeline.readers.jsoncolumns import SAMPLE, JsonLines
from amends.timeline.table import Table
from amends.usecases.timelining.records import JSON_LINES, Found, ToldProblem, endless_line, is_endless, line_end, read_of
from amends.usecases.timelining.units import Piece, Taught, Unit

if TYPE_CHECKING:
    from datetime import tzinfo

    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]


_CONTINUATION = flag("continuation")


_FORM = 500
"""Lines of a unit of JSON with the same stem of a change, beyond which it is the name of a field."""


def json_lines(piece: Piece, block: bytes, unit: Unit, zone: tzinfo | None) -> Found:
    """The entries of a piece of which each line is an object of the same keys."""
    sample = unit.taught.learnt if unit.taught else sample_of(block[:HEAD])
    reader = columns_of(piece.name, sample, zone)
    assert reader is not None, "it was asked before"
    found, problems = reader.read(block, piece.start)
    table = _following(reader.table(found).with_columns(offset=found.offset - piece.start), unit.before)
    keys, texts = digests.keys_of_events(_with_events(table, found.said))
    told = [ToldProblem.of(one) for one in problems]
    lines = block.count(b"\n")
    if is_endless(piece):
        told, lines = [endless_line(piece)], 1
        table = table.with_columns(length=np.full(len(table), line_end(piece) - piece.start, np.int32))
    read = replace(read_of(JSON_LINES, [table], lines, told), **_edges(table))
    taught = Taught(JSON_LINES, sample) if not piece.is_whole and piece.start == 0 else None
    return Found(read, ((table, keys, texts),), taught)


def _edges(table: Table) -> dict[str, Any]:
    """Whether a piece begins with lines that have the time of the entry before, and the time of its last entry."""
    own = np.flatnonzero((np.asarray(table["flags"]) & _CONTINUATION) == 0)
    opens = len(table) > 0 and (len(own) == 0 or int(own[0]) > 0)
    return {"opens": opens, "closes": int(table["time"][-1]) if len(own) else None}


def _following(table: Table, before: int | None) -> Table:
    """Rows of which those that only go on with the entry before the piece have its time."""
    if before is None:
        return table
    time = np.asarray(table["time"], np.int64).copy()
    time[np.logical_and.accumulate((np.asarray(table["flags"]) & _CONTINUATION) > 0)] = before
    return table.with_columns(time=time)


def _with_events(table: Table, said: NDArray[np.object_]) -> Table:
    """The rows with what those say that are serious or may tell of a change."""
    asked = np.asarray(table["level"]) >= digests.WARNING
    asked[_stemmed(said)] = True
    rows = np.flatnonzero(asked)
    event = np.full(len(table), -1, np.int32)
    event[rows] = np.arange(len(rows), dtype=np.int32)
    return Table({**table.columns, "event": event}, tuple(Event(0, "", "stated", 0, 0, "log", text) for text in said[rows]))


def _stemmed(said: NDArray[np.object_]) -> NDArray[np.intp]:
    """In which messages stems of changes stand; not those that stand in so many that they are part of their form."""
    ends = np.cumsum([len(text) + 1 for text in said])
    text = "\n".join(said).encode("ascii", "replace").lower()  # a byte for each character, so that places are those of messages
    found: list[int] = []
    for stem in STEMS:
        rows: list[int] = []
        place = text.find(stem)
        while place >= 0 and len(rows) <= _FORM:
            rows.append(int(np.searchsorted(ends, place, side="right")))
            place = text.find(stem, int(ends[rows[-1]]))
        found += rows if len(rows) <= _FORM else []
    return np.array(found, np.intp)


def sample_of(head: bytes) -> bytes:
    """The first whole lines, by which it is learnt which keys say what."""
    return b"\n".join(head[: head.rfind(b"\n") + 1 or len(head)].split(b"\n")[:SAMPLE])


@lru_cache(maxsize=64)
def columns_of(name: str, sample: bytes, zone: tzinfo | None) -> JsonLines | None:
    """What reads lines such as these; None where they are no flat objects of one logger."""
    made = JsonLines(name, zone)
    return made if made.learn(sample) else None
