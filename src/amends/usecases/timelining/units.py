"""Units of work: what one worker reads at once. A byte range of a long log, or whole sources: one that is long, or many that are short."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from amends.integrations.evidence.places import opened
from amends.timeline.lines.block import Block
from amends.timeline.lines.reader import DATELESS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from amends.integrations.evidence.places import Opened
    from amends.timeline.lines.source import Shown

SIZE = 8 << 20
"""Bytes of a unit; a line that begins in it belongs to it whole."""

LONGEST = 16 << 20
"""Bytes of a line from which on it is a unit of its own, of which only the beginning is read."""

MANY = 256
"""Short sources that are read as one unit."""

_STEP = 1 << 16


@dataclass(frozen=True, slots=True)
class Piece:
    """A range of bytes of one source, from `start` to `end` of `size`.

    `source` is its number in the timeline, `path` where its bytes are (`places`), `name` how citations write it; `ended` is the day on
    which it ended if its lines say days, `day` if they say none; `names` is what sibling files tell of it; `sha256` is known of sources
    that were unpacked.
    """

    source: int
    name: str
    path: str
    start: int
    end: int
    size: int
    ended: date
    day: date
    modified_at: int | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    sha256: str | None = None

    def end_of(self, shown: Shown) -> date:
        """The day on which it ended, for lines that show so much of their times."""
        return self.day if shown.written == DATELESS else self.ended

    @property
    def is_whole(self) -> bool:
        """Whether it is all of its source."""
        return self.start == 0 and self.end == self.size

    def read(self, most: int | None = None) -> bytes:
        """Its bytes, or so many of them. Fewer where the file has become shorter. Raises OSError."""
        with opened(self.path, self.size) as file:
            return file.read(self.start, min(self.end, self.start + most) if most is not None else self.end)

    def block(self, most: int | None = None) -> Block:
        """The same in a block, which reads them where they then lie. Raises OSError."""
        end = min(self.end, self.start + most) if most is not None else self.end
        with opened(self.path, self.size) as file:
            return Block.filled(end - self.start, lambda room: file.fill(room, self.start))


@dataclass(frozen=True, slots=True)
class Taught:
    """What the first range of a long log tells those after it: how it is read, and what was learnt.

    `last` is the last time of the log that says no year or date, as `lines.source.Shown` writes it, and `written` which of them.
    """

    reader: str
    learnt: bytes
    last: int | None = None
    written: int | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """What one worker reads: pieces of different sources, or one piece of a long log.

    `zone` is the IANA name of the zone of times that name none. Of a piece of a long log: `taught` is what its first one learnt, `day` the
    year or day of its first time where that is known by now, `tail` the byte at which its last entry ends where that lies in a later piece,
    `before` the time of the entry before it where its first lines go on with that.
    """

    pieces: tuple[Piece, ...]
    zone: str | None = None
    taught: Taught | None = None
    day: date | None = None
    tail: int | None = None
    before: int | None = None


def ranges(path: str, size: int) -> Iterator[tuple[int, int]]:
    """The ranges of a long log, each of whole lines; a line that is longer than `LONGEST` is a range of its own. Raises OSError."""
    with opened(path, size) as file:
        start = 0
        while start < size:
            end = _line_end(file, min(size, start + SIZE), size)
            if end - start > LONGEST:
                end = _line_start(file, start, min(size, start + SIZE)) or end
            yield start, end
            start = end


def _line_end(file: Opened, at: int, size: int) -> int:
    """The byte behind the first line end from the byte before a place on."""
    at -= 1
    while at < size:
        data = file.read(at, at + _STEP)
        found = data.find(b"\n")
        if found >= 0:
            return min(size, at + found + 1)
        if not data:
            break
        at += len(data)
    return size


def _line_start(file: Opened, start: int, before: int) -> int | None:
    """The last start of a line before a byte, None where the line begins at `start`."""
    while before > start:
        first = max(start, before - _STEP)
        found = file.read(first, before).rfind(b"\n")
        if found >= 0:
            return first + found + 1
        before = first
    return None
