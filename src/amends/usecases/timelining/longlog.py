"""A long log whose ranges are read apart and come back in any order: what they come to together, and which must be read again for that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from amends.timeline.lines import source as logs
from amends.usecases.timelining.records import LINES, Done, Read, no_times
from amends.usecases.timelining.units import Piece, Taught, Unit, ranges

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a range is told that only the whole log knows, as `units.Unit` has it."""

    day: date | None = None
    tail: int | None = None
    before: int | None = None


@dataclass(slots=True)
class LongLog:
    """The ranges of a log, and what came back of each. `sha256` is that of all of it, None until somebody counted it."""

    piece: Piece
    zone: str | None
    sha256: str | None = None
    ranges: list[tuple[int, int]] = field(default_factory=list)
    done: list[Done | None] = field(default_factory=list)
    _asked: list[_Asked] = field(default_factory=list)

    @classmethod
    def of(cls, piece: Piece, zone: str | None) -> LongLog:
        """A log of which nothing was read yet. Raises OSError."""
        borders = list(ranges(piece.path, piece.size))
        return cls(piece, zone, piece.sha256, borders, [None] * len(borders), [_Asked()] * len(borders))

    @property
    def is_read(self) -> bool:
        """Whether every range came back."""
        return all(one is not None for one in self.done)

    @property
    def reads(self) -> list[Read]:
        """What was understood of each range; to be asked when all came back."""
        return [one.reads[0] for one in self.done if one is not None]

    @property
    def shown(self) -> logs.Shown:
        """What its lines leave to be supplied."""
        return next((one.shown for one in self.reads if one.shown.written is not None), logs.Shown())

    def size_of(self, number: int) -> int:
        """The bytes of a range."""
        start, end = self.ranges[number]
        return end - start

    def head(self) -> Unit:
        """The first range, which is read before the others."""
        return self._unit(0, None)

    def others(self) -> Iterator[tuple[int, Unit]]:
        """The ranges behind the first, which has told by now how they are read."""
        for number in range(1, len(self.ranges)):
            yield number, self._unit(number, self._taught())

    def again(self) -> Iterator[tuple[int, Unit]]:
        """Ranges to be read again, since only the whole told their year or day, the end of their last entry, or the time before them."""
        days = logs.days([one.shown for one in self.reads], self.piece.end_of(self.shown))
        tails, befores = self._borders()
        for number, one in enumerate(self.reads):
            told = self._asked[number]
            wrong = one.shown.written is not None and one.day != days[number]
            asked = _Asked(days[number] if wrong else told.day, tails[number], befores[number])
            if asked != told:
                self._asked[number] = asked
                yield number, self._unit(number, self._taught() if number else None)

    def _borders(self) -> tuple[list[int | None], list[int | None]]:
        """For each range the byte at which its last entry ends beyond it, and the time of the entry with which it goes on."""
        tails: list[int | None] = [None] * len(self.ranges)
        befores: list[int | None] = [None] * len(self.ranges)
        holder, last = 0, None
        for number, one in enumerate(self.reads):
            befores[number] = last if one.opens else None
            last = one.closes if one.closes is not None else last
            if one.lead is not None and number:
                tails[holder] = one.lead
            holder = number if one.entries else holder
        return tails, befores

    def together(self) -> Read:
        """What was understood of all of it."""
        reads = self.reads
        zones = 0
        for one in reads:
            zones |= one.zones
        formats = tuple(dict.fromkeys(name for one in reads for name in one.formats))
        problems = [trouble for one in reads for trouble in one.problems]
        if reads[0].reader == LINES and not formats:
            problems.append(no_times(self.piece.name))
        return replace(
            reads[0], formats=formats, entries=sum(one.entries for one in reads), undated=sum(one.undated for one in reads), zones=zones,
            first=min((one.first for one in reads if one.first is not None), default=None),
            last=max((one.last for one in reads if one.last is not None), default=None),
            sha256=self.sha256, shown=self.shown, problems=tuple(problems),
        )  # fmt: skip

    def _taught(self) -> Taught | None:
        head = self.done[0]
        return head.taught if head is not None else None

    def _unit(self, number: int, taught: Taught | None) -> Unit:
        start, end = self.ranges[number]
        asked = self._asked[number]
        return Unit((replace(self.piece, start=start, end=end),), self.zone, taught, asked.day, asked.tail, asked.before)
