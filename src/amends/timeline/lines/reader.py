"""Reads the lines of one source block by block: what was learnt from one line is applied to all that look alike.

A line that no known template reads is asked for its shape, its first bytes with all digits alike; the formats are asked once for each
shape, and what they find becomes a template for every line of that shape. Levels are found the same way. So the number of regular
expressions that are run grows with the kinds of lines, not with their number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from amends.timeline import formats as known
from amends.timeline.clock import LEAP_YEAR
from amends.timeline.entry import UNDATED
from amends.timeline.layout import micros, written
from amends.timeline.lines.block import Block
from amends.timeline.lines.template import Template

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from amends.timeline.formats import Format
    from amends.timeline.lines.block import Bytes, Ints

SHAPE = 64
"""Bytes of a line that make its shape; most lines have told their time and level by then."""

MOST_SHAPES = 4096
"""Shapes of a block that are looked at; a block with more of them is no log of lines that look alike, and is read line by line."""

_LEAP_DAY = date(LEAP_YEAR, 1, 1)

DOUBTFUL = 95
"""The rank of formats from which on a time may well be something else."""

LONGEST_HEAD = 1024
"""Bytes of a line in which a time is looked for."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A template, where in a line it stands, and whose format it is of.

    `apart` says that a line's level cannot be told from the shape of what follows its time, so that each line is asked.
    """

    template: Template
    offset: int
    format: Format
    apart: bool

    @property
    def written(self) -> int:
        """What the time does not say."""
        layout = self.format.layout
        if not layout.has_date:
            return DATELESS
        if not layout.has_year:
            return YEARLESS
        return STATED if self.template.is_zoned or layout.is_epoch or self.format.zone == "utc" else LOCAL

    @property
    def is_doubtful(self) -> bool:
        """Whether the time may be something else: one without a date, or a bare number, counts only where lines have no better one."""
        return self.format.rank >= DOUBTFUL

    @property
    def key(self) -> tuple[object, ...]:
        """What two rules that read the same times have in common."""
        return (*self.template.key, self.offset, self.format.id)


@dataclass(frozen=True, slots=True)
class Columns:
    """The entries of a block, one row each, in the order of the source.

    `time` in microseconds as the lines tell it (`UNDATED` where they tell none), `offset` and `length` in bytes of the source without the
    line end, `line` counted from 0 at the first line of the block, `level` by number, `written` how the time is (`STATED`, `LOCAL`,
    `YEARLESS`, `DATELESS`), `time_at` and `time_length` where in the line it stands, `shape` a hash of what follows it; `lines` is how
    many lines the block has.
    """

    time: Ints
    offset: Ints
    length: NDArray[np.int32]
    line: Ints
    level: NDArray[np.int8]
    written: NDArray[np.int8]
    time_at: NDArray[np.int16]
    time_length: NDArray[np.int16]
    shape: NDArray[np.uint64]
    lines: int


STATED, LOCAL, YEARLESS, DATELESS = range(4)
"""How a time is written: with its zone, without, without a year (read in `clock.LEAP_YEAR`), without a date (read on the first day)."""


class LineReader:
    """Reads the blocks of one source, and remembers what it has learnt."""

    def __init__(self, formats: tuple[Format, ...] | None = None) -> None:
        self._formats = known.shipped() if formats is None else formats
        self._rules: list[Rule] = []
        self._asked: set[int] = set()
        self._levels: dict[tuple[int, int], int] = {}

    @property
    def formats(self) -> list[str]:
        """The formats that were met, in the order in which they were learnt."""
        return list(dict.fromkeys(rule.format.id for rule in self._rules))

    def read(self, data: Bytes, at: int = 0) -> Columns:
        """The entries of a block that begins at byte `at` of its source, and at the start of a line."""
        block = Block(data)
        starts = block.lines()
        time = np.full(len(starts), UNDATED, np.int64)
        rule = np.full(len(starts), -1, np.int16)
        left = np.arange(len(starts))
        for number in self._order():
            left = self._apply(number, block, starts, left, time, rule)
            if not len(left):
                break
        if len(left) and (learnt := self._learn(block, starts, left)):
            for number in self._order():
                if number in learnt:
                    left = self._apply(number, block, starts, left, time, rule)
        return self._columns(block, starts, time, rule, at)

    def _order(self) -> list[int]:
        """The rules in the order in which they are tried: sure ones first, and of those the longer time."""
        sure = any(not rule.is_doubtful for rule in self._rules)
        numbers = [number for number, rule in enumerate(self._rules) if not (sure and rule.is_doubtful)]
        return sorted(numbers, key=lambda number: (self._rules[number].is_doubtful, -self._rules[number].template.width, number))

    def _apply(self, number: int, block: Block, starts: Ints, left: Ints, time: Ints, rule: NDArray[np.int16]) -> Ints:
        """Read what a rule can read of the lines that are left; the lines that are left then."""
        fits, found = self._rules[number].template.read(block, starts[left] + self._rules[number].offset)
        read = left[fits]
        time[read] = found[fits]
        rule[read] = number
        return left[~fits]

    def _learn(self, block: Block, starts: Ints, left: Ints) -> set[int]:
        """Ask the formats for one line of each shape that was never seen; the numbers of the rules that were learnt."""
        shapes, first = np.unique(block.shapes(starts[left], SHAPE), return_index=True)
        known = {rule.key for rule in self._rules}
        before = len(self._rules)
        for place in np.sort(first[[int(shape) not in self._asked for shape in shapes]]):
            if len(self._asked) >= MOST_SHAPES:
                break
            made = self._rule(block, int(starts[left[place]]))
            if made is not None and made.key not in known:
                known.add(made.key)
                self._rules.append(made)
        self._asked.update(int(shape) for shape in shapes[: MOST_SHAPES - len(self._asked)])
        return set(range(before, len(self._rules)))

    def _head(self, block: Block, start: int) -> bytes:
        return block.bytes[start : min(start + LONGEST_HEAD, block.size)].tobytes().split(b"\n", 1)[0]

    def _rule(self, block: Block, start: int) -> Rule | None:
        head = self._head(block, start)
        found = known.match(self._formats, head)
        if found is None:
            return None
        format, told = found
        try:
            micros(told, _LEAP_DAY)
        except ValueError:
            return None
        place = written(told)
        layout = format.layout
        template = Template(head, place, None if layout.has_year else LEAP_YEAR, None if layout.has_date else 0)
        said = "level" in told.groupdict() and told["level"] is not None
        far = said and told.end("level") > place.end + SHAPE
        return Rule(template, place.start, format, said and (format.level_apart or far))

    def _columns(self, block: Block, starts: Ints, time: Ints, rule: NDArray[np.int16], at: int) -> Columns:
        dated = np.flatnonzero(rule >= 0)
        if len(dated) == 0 or dated[0] != 0:
            dated = np.concatenate([np.zeros(1, np.int64), dated]) if len(starts) else dated
        offset = starts[dated]
        end = np.append(offset[1:], block.size)
        length = end - offset
        length -= (length > 0) & (block.bytes[np.maximum(end - 1, 0)] == 10)
        length -= (length > 0) & (block.bytes[np.maximum(offset + length - 1, 0)] == 13)
        level, shape = self._levels_of(block, offset, rule[dated])
        written = np.array([*(one.written for one in self._rules), STATED], np.int8)[rule[dated]]
        place = np.array([*(one.offset for one in self._rules), 0], np.int16)[rule[dated]]
        width = np.array([*(one.template.width for one in self._rules), 0], np.int16)[rule[dated]]
        return Columns(time[dated], offset + at, length.astype(np.int32), dated, level, written, place, width, shape, len(starts))

    def _levels_of(self, block: Block, offset: Ints, rule: NDArray[np.int16]) -> tuple[NDArray[np.int8], NDArray[np.uint64]]:
        """The level of each entry, by its format: once for each shape of what follows the time, or line by line where that says nothing."""
        behind = offset + np.array([*(one.offset + one.template.width for one in self._rules), 0])[rule]
        shapes = block.shapes(behind, SHAPE)
        mixed = shapes * np.uint64(0x9E3779B97F4A7C15) + rule.astype(np.uint64)
        unique, first, inverse = np.unique(mixed, return_index=True, return_inverse=True)
        found = np.zeros(len(unique), np.int8)
        for number, place in enumerate(first):
            found[number] = self._level(block, int(offset[place]), int(rule[place]), int(unique[number]))
        level = found[inverse]
        apart = np.array([*(one.apart for one in self._rules), False])[rule]
        for place in np.flatnonzero(apart):
            level[place] = self._level_in(self._head(block, int(offset[place])), int(rule[place]))
        return level, shapes

    def _level(self, block: Block, start: int, rule: int, shape: int) -> int:
        if rule < 0:
            return 0
        if (rule, shape) not in self._levels:
            self._levels[rule, shape] = self._level_in(self._head(block, start), rule)
        return self._levels[rule, shape]

    def _level_in(self, head: bytes, rule: int) -> int:
        """The level that a line says, by the format that its time was learnt with, or by another that finds the time in the same place."""
        own = self._rules[rule]
        told = own.format.pattern.match(head)
        if told is None or (own.format.rank >= known.GENERIC and not told.groupdict().get("level")):
            other = known.match(self._formats, head)
            if other is not None and other[1].start("time") == own.offset:
                return other[0].level(other[1].groupdict().get("level"))
        return own.format.level(told.groupdict().get("level")) if told else 0
