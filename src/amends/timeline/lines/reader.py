"""Reads the lines of one source block by block: what was learnt from one line is applied to all that look alike.

A line that no known template reads is asked for its shape, its first bytes with all digits alike; the formats are asked once for each
shape, and what they find becomes a template for every line of that shape. Levels are found the same way. So the number of regular
expressions that are run grows with the kinds of lines, not with their number.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from amends.timeline import formats as known
from amends.timeline.clock import LEAP_YEAR
from amends.timeline.entry import UNDATED
from amends.timeline.layout import micros, written
from amends.timeline.lines.block import Block, distinct
from amends.timeline.lines.template import Template

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from amends.timeline.formats import Format
    from amends.timeline.layout import Layout
    from amends.timeline.lines.block import Bytes, Ints

SHAPE = 64
"""Bytes of a line that make its shape; most lines have told their time and level by then."""

MOST_SHAPES = 4096
"""Shapes of which every format is asked; of those seen later only the formats that were met are."""

MOST_RULES = 1000
"""Rules that are learnt from one source, since each of them is tried on every line that none before it reads."""

_NEIGHBOUR = 2
"""By how much the ranks of two formats differ of which one has the other's lines but for what stands far behind the time."""

_BLANK = bytes(48 if 48 <= byte <= 57 else byte for byte in range(256))
_BOM = b"\xef\xbb\xbf"

_LEAP_DAY = date(LEAP_YEAR, 1, 1)

DOUBTFUL = 95
"""The rank of formats from which on a time may well be something else."""

SHORTEST = 4
"""Bytes that a line with a time has at least."""

MOST_ROWS = 1 << 18
"""Lines that are looked at together: of very short ones a block has millions, and all their heads at once would take much memory."""

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
        if self.template.is_zoned:
            return STATED
        return UNIVERSAL if layout.is_epoch or self.format.zone == "utc" else LOCAL

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
    `YEARLESS`, `DATELESS`, `UNIVERSAL`), `time_at` and `time_length` where in the line it stands, `shape` a hash of what follows it;
    `lines` is how many lines the block has.
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


STATED, LOCAL, YEARLESS, DATELESS, UNIVERSAL = range(5)
"""How a time is written: with its zone, without, without a year (read in `clock.LEAP_YEAR`), without a date (read on the first day), or in
UTC by a rule of its format, as counts since 1970 are."""


class LineReader:
    """Reads the blocks of one source, and remembers what it has learnt. `taught` carries that to another process."""

    def __init__(self, formats: tuple[Format, ...] | None = None) -> None:
        self._formats = known.shipped() if formats is None else formats
        self._formats_asked = self._formats
        self._rules: list[Rule] = []
        self._asked: set[int] = set()
        self._behind: dict[int, tuple[str, int]] = {}
        self._looks: set[tuple[str, int, bytes]] = set()
        self._levels: dict[tuple[int, int], tuple[int, Format | None]] = {}
        self._neighbours: dict[tuple[int, str, int], tuple[Format, ...]] = {}

    @property
    def formats(self) -> list[str]:
        """The formats that were met, in the order in which they were learnt."""
        return list(dict.fromkeys(rule.format.id for rule in self._rules))

    def copy(self) -> LineReader:
        """A reader that knows what this one has learnt, and from now on learns by itself."""
        made = LineReader(self._formats)
        made._rules, made._asked, made._looks = list(self._rules), set(self._asked), set(self._looks)
        made._behind, made._levels, made._formats_asked = dict(self._behind), dict(self._levels), self._formats_asked
        return made

    def taught(self) -> bytes:
        """What was learnt, for `knowing`. Formats go by their ids, so that their patterns are compiled where they are asked only."""
        rules = [(rule.template, rule.offset, rule.format.id, rule.apart) for rule in self._rules]
        levels = {key: (level, format and format.id) for key, (level, format) in self._levels.items()}
        asked = [one.id for one in self._formats_asked]
        sets = sorted(self._asked), sorted(self._looks)  # in an order that is the same in every process, since units are named by it
        return pickle.dumps((rules, sets, self._behind, levels, asked), pickle.HIGHEST_PROTOCOL)

    @classmethod
    def knowing(cls, taught: bytes, formats: tuple[Format, ...] | None = None) -> LineReader:
        """A reader that begins with what another has learnt. Only for what `taught` gave in the same run."""
        made = cls(formats)
        by_id = {one.id: one for one in made._formats}
        rules, sets, made._behind, levels, asked = pickle.loads(taught)  # noqa: S301  # our own, of this run
        made._asked, made._looks = (set(one) for one in sets)
        made._rules = [Rule(template, offset, by_id[name], apart) for template, offset, name, apart in rules]
        made._levels = {key: (level, name and by_id[name]) for key, (level, name) in levels.items()}
        made._formats_asked = tuple(by_id[name] for name in asked)
        return made

    def read(self, data: Bytes | Block, at: int = 0) -> Columns:
        """The entries of a block that begins at byte `at` of its source, and at the start of a line."""
        block = Block.of(data)
        starts = block.lines()
        if at == 0 and bytes(block.data[:3]) == _BOM:
            starts[0] = 3
        ends = np.append(starts[1:] - 1, block.size - (bytes(block.data[-1:]) == b"\n"))[: len(starts)]
        time = np.full(len(starts), UNDATED, np.int64)
        rule = np.full(len(starts), -1, np.int16)
        left = np.flatnonzero(ends - starts >= SHORTEST)
        for number in self._order():
            left = self._apply(number, block, (starts, ends), left, time, rule)
            if not len(left):
                break
        if len(left) and (learnt := self._learn(block, starts, ends, left, self._formats_asked)):
            for number in self._order():
                if number in learnt:
                    left = self._apply(number, block, (starts, ends), left, time, rule)
        self._read_inside(block, (starts, ends), time, rule)
        return self._columns(block, (starts, ends), time, rule, at)

    def _order(self) -> list[int]:
        """The rules in the order in which they are tried: sure ones first, and of those the longer time."""
        sure = any(not rule.is_doubtful for rule in self._rules)
        numbers = [number for number, rule in enumerate(self._rules) if not (sure and rule.is_doubtful)]
        return sorted(numbers, key=lambda number: (self._rules[number].is_doubtful, -self._rules[number].template.width, number))

    def _apply(self, number: int, block: Block, lines: tuple[Ints, Ints], left: Ints, time: Ints, rule: NDArray[np.int16]) -> Ints:
        """Read what a rule can read of the lines that are left; the lines that are left then."""
        for rows in _slices(left):
            self._read_by(self._rules[number], number, block, lines, rows, time, rule)
        return left[rule[left] < 0]

    def _read_by(
        self, own: Rule, number: int, block: Block, lines: tuple[Ints, Ints], left: Ints, time: Ints, rule: NDArray[np.int16]
    ) -> None:
        at = lines[0][left] + own.offset
        long_enough = at + own.template.width <= lines[1][left]  # in others it would be the time of a line below
        fits, found = own.template.read(block, at[long_enough])
        read = left[long_enough][fits]
        time[read] = found[fits]
        rule[read] = number

    def _nested(self) -> tuple[list[int], tuple[Format, ...]]:
        """Rules that may take the time of a header for that of a line, and the formats met that have a better one further behind.

        So has HAProxy, which writes behind the header of syslog when a request came: where in the line depends on the address.
        """
        inner = {one.format.id: one.format for one in self._rules if one.format.rank < known.GENERIC and one.offset > 0}
        outer = [
            number
            for number, rule in enumerate(self._rules)
            if any(one.rank < rule.format.rank and one.layout != rule.format.layout for one in inner.values())
        ]
        return outer, tuple(inner.values()) if outer else ()

    def _read_inside(self, block: Block, lines: tuple[Ints, Ints], time: Ints, rule: NDArray[np.int16]) -> None:
        """Read again the lines whose looks are those of a format that has a better time behind that of a header."""
        outer, inner = self._nested()
        rows = np.flatnonzero(np.isin(rule, outer)) if inner else np.zeros(0, np.int64)
        if not len(rows):
            return
        self._learn(block, *lines, rows, inner)
        looks, inverse = np.unique(block.shapes(lines[0][rows], lines[1][rows], SHAPE), return_inverse=True)
        claims = [self._behind.get(look) for look in looks.tolist()]
        for number in self._order():
            own = self._rules[number]
            place = own.format.id, own.offset
            mine = np.array([claim == place for claim in claims])
            if mine.any():
                others = [other for other, one in enumerate(self._rules) if (one.format.id, one.offset) != place]
                self._apply(number, block, lines, rows[mine[inverse] & np.isin(rule[rows], others)], time, rule)

    def _learn(self, block: Block, starts: Ints, ends: Ints, left: Ints, formats: tuple[Format, ...]) -> set[int]:
        """Ask the formats for one line of each shape that was never seen; the numbers of the rules that were learnt."""
        known = {rule.key for rule in self._rules}
        before = len(self._rules)
        shown: dict[int, int] = {}
        for at, rows in zip(range(0, len(left), MOST_ROWS), _slices(left), strict=True):
            shapes, first = np.unique(block.shapes(starts[rows], ends[rows], SHAPE), return_index=True)
            shown = dict(zip(shapes.tolist(), (first + at).tolist(), strict=True)) | shown
        for place, shape in sorted((place, shape) for shape, place in shown.items()):
            if shape in self._asked or len(self._rules) >= MOST_RULES:
                continue
            if len(self._asked) == MOST_SHAPES:
                formats = self._formats_asked = self._met()
            self._asked.add(shape)
            made = self._rule(block, int(starts[left[place]]), shape, formats)
            if made is not None and made.key not in known:
                known.add(made.key)
                self._rules.append(made)
        return set(range(before, len(self._rules)))

    def _met(self) -> tuple[Format, ...]:
        """The formats that were met, those asked first first."""
        met = {rule.format.id for rule in self._rules}
        return tuple(one for one in self._formats if one.id in met)

    def _head(self, block: Block, start: int) -> bytes:
        return block.bytes[start : min(start + LONGEST_HEAD, block.size)].tobytes().split(b"\n", 1)[0]

    def _rule(self, block: Block, start: int, shape: int, formats: tuple[Format, ...]) -> Rule | None:
        head = self._head(block, start)
        found = known.match(formats, head)
        if found is None:
            return None
        format, told = found
        if format.rank < known.GENERIC and told.start("time"):
            self._behind[shape] = format.id, told.start("time")
        look = format.id, told.start("time"), told["time"].translate(_BLANK)
        if look in self._looks:
            return None
        try:
            micros(told, _LEAP_DAY)
        except ValueError:
            return None
        self._looks.add(look)
        place = written(told)
        layout = format.layout
        year, day = None if layout.has_year else LEAP_YEAR, None if layout.has_date else 0
        template = Template(head, place, year, day, zone_behind=_zone_follows(layout))
        said = "level" in told.groupdict() and told["level"] is not None
        far = said and told.end("level") > place.end + SHAPE
        return Rule(template, place.start, format, said and (format.level_apart or far))

    def _columns(self, block: Block, lines: tuple[Ints, Ints], time: Ints, rule: NDArray[np.int16], at: int) -> Columns:
        starts, ends = lines
        dated = np.flatnonzero(rule >= 0)
        if len(dated) == 0 or dated[0] != 0:
            dated = np.concatenate([np.zeros(1, np.int64), dated]) if len(starts) else dated
        offset = starts[dated]
        end = np.append(offset[1:], block.size)
        length = end - offset
        length -= (length > 0) & (block.bytes[np.maximum(end - 1, 0)] == 10)
        length -= (length > 0) & (block.bytes[np.maximum(offset + length - 1, 0)] == 13)
        level, shape = self._levels_of(block, (offset, ends[dated]), length, rule[dated])
        written = np.array([*(one.written for one in self._rules), STATED], np.int8)[rule[dated]]
        place = np.array([*(one.offset for one in self._rules), 0], np.int16)[rule[dated]]
        width = np.array([*(one.template.width for one in self._rules), 0], np.int16)[rule[dated]]
        return Columns(time[dated], offset + at, length.astype(np.int32), dated, level, written, place, width, shape, len(starts))

    def _levels_of(
        self, block: Block, lines: tuple[Ints, Ints], length: Ints, rule: NDArray[np.int16]
    ) -> tuple[NDArray[np.int8], NDArray[np.uint64]]:
        """The level of each entry, by its format: once for each shape of what follows the time, or line by line where that says nothing."""
        offset, ends = lines
        behind = offset + np.array([*(one.offset + one.template.width for one in self._rules), 0])[rule]
        shapes = block.shapes(behind, ends, SHAPE)
        mixed = shapes * np.uint64(0x9E3779B97F4A7C15) + rule.astype(np.uint64)
        first, inverse = distinct(mixed)
        told = [
            self._level(self._text(block, int(offset[place]), int(length[place])), int(rule[place]), int(mixed[place])) for place in first
        ]
        level = np.array([one for one, _ in told], np.int8)[inverse]
        apart = np.array([one is not None for _, one in told], bool)[inverse]
        for place in np.flatnonzero(apart):
            format = told[inverse[place]][1]
            assert format is not None, "those without one were left out"
            level[place] = _said(format, self._text(block, int(offset[place]), int(length[place])))[0]
        return level, shapes

    def _text(self, block: Block, offset: int, length: int) -> bytes:
        return block.bytes[offset : offset + min(length, LONGEST_HEAD)].tobytes()

    def _level(self, text: bytes, rule: int, shape: int) -> tuple[int, Format | None]:
        """The level of an entry, and the format to ask of each alike where its shape does not tell it."""
        if rule < 0:
            return 0, None
        if (rule, shape) not in self._levels:
            level, format = self._level_in(text, self._rules[rule])
            apart = _reads_on(format) or (level > 0 and (format.level_apart or self._rules[rule].apart))
            self._levels[rule, shape] = level, format if apart else None
        return self._levels[rule, shape]

    def _level_in(self, text: bytes, own: Rule) -> tuple[int, Format]:
        """The level that an entry says, and the format that knows it.

        That is the first that finds the time there of those met and those that write it so: the one that the time was learnt with may be
        another's neighbour.
        Where none tells a level and the format is a generic one, all are asked.
        """
        look = known.blanked(text)
        for format in self._beside(own):
            if not format.may_be(look):
                continue
            level, at = _said(format, text)
            if at == own.offset and (level or format.rank < known.GENERIC):
                return level, format
        if own.format.rank >= known.GENERIC:
            other = known.match(self._formats, text.split(b"\n", 1)[0])
            if other is not None and other[1].start("time") == own.offset:
                return other[0].level(other[1].groupdict().get("level")), other[0]
        return 0, own.format

    def _beside(self, own: Rule) -> tuple[Format, ...]:
        """The formats that may know a line whose time a rule read, those asked first first."""
        key = own.offset, own.format.layout.base, len(self._rules)
        if key not in self._neighbours:
            met = {rule.format.id for rule in self._rules if rule.offset == own.offset}
            near = range(own.format.rank - _NEIGHBOUR, min(own.format.rank + 1, known.GENERIC))
            alike = {one.id for one in self._formats if one.layout == own.format.layout and one.rank in near}
            self._neighbours[key] = tuple(one for one in self._formats if one.id in met | alike)
        return self._neighbours[key]


def _slices(rows: Ints) -> list[Ints]:
    return [rows[at : at + MOST_ROWS] for at in range(0, len(rows), MOST_ROWS)]


def _reads_on(format: Format) -> bool:
    """Whether the level stands on the second line."""
    return rb"\n(?P<level>" in format.regex


def _said(format: Format, text: bytes) -> tuple[int, int]:
    """The level that an entry says by a format, and where in it the format finds the time; 0 and -1 where it does not know it."""
    told = format.pattern.match(text if _reads_on(format) else text.split(b"\n", 1)[0])
    return (0, -1) if told is None else (format.level(told.groupdict().get("level")), told.start("time"))


def _zone_follows(layout: Layout) -> bool:
    """Whether a zone behind a time belongs to it: not where it stands elsewhere, nor behind hours and minutes."""
    return "%z" not in layout.base and ("%S" in layout.base or "%-S" in layout.base)
