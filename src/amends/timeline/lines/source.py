"""One line log put together from its blocks: lines that run over a border, years and days that follow from the whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date
from typing import TYPE_CHECKING

import numpy as np

from amends.timeline import clock
from amends.timeline.entry import UNDATED
from amends.timeline.lines.reader import DATELESS, YEARLESS, Columns, LineReader
from amends.timeline.lines.settle import Anchor, settled
from amends.timeline.table import Table, joined

if TYPE_CHECKING:
    from datetime import tzinfo

    from amends.timeline.formats import Format
    from amends.timeline.lines.block import Bytes


class LineLog:
    """Reads the blocks of one log in order; `table` gives its rows when all are read.

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

    def read(self, data: Bytes, at: int) -> None:
        """Read a block that begins at byte `at`, at the start of a line, and ends at the end of one."""
        found = self._reader.read(data, at)
        if self._blocks and len(found.time) and found.time[0] == UNDATED:
            found = self._run_over(found)
        self._blocks.append(found)
        self._first_lines.append(self._lines + 1)
        self._lines += found.lines

    def _run_over(self, found: Columns) -> Columns:
        """Lines before the first time of a block belong to the last entry before it."""
        last = next((block for block in reversed(self._blocks) if len(block.time)), None)
        if last is None:
            return found
        last.length[-1] = found.offset[0] + found.length[0] - last.offset[-1]
        kept = {
            name: getattr(found, name)[1:]
            for name in ("time", "offset", "length", "line", "level", "written", "time_at", "time_length", "shape")
        }
        return replace(found, **kept)

    def table(self) -> Table:
        """The rows, in the order of the source."""
        zone = self._zone or UTC
        tables: list[Table] = []
        firsts = self._days()
        for block, first_line, day in zip(self._blocks, self._first_lines, firsts, strict=True):
            tables.append(settled(block, self._number, first_line, Anchor(day, zone, self._zone is not None)))
        return joined(tables)

    def _days(self) -> list[date]:
        """For each block the year, or the day, of its first line that says none: counted back from the last one of the log."""
        for written, period in ((YEARLESS, 366 * clock.DAY), (DATELESS, clock.DAY)):
            rows = [block.time[(block.written == written) & (block.time != UNDATED)] for block in self._blocks]
            shown = np.concatenate(rows) if rows else np.zeros(0, np.int64)
            if len(shown):
                turns = clock.turns(shown, period)
                places = np.cumsum([0, *(len(part) for part in rows)])[:-1]
                back = [turns.total - int(turns.before[min(place, len(shown) - 1)]) for place in places]
                return [self._back(int(shown[-1]), written, count) for count in back]
        return [self._ended] * len(self._blocks)

    def _back(self, last: int, written: int, turns: int) -> date:
        if written == YEARLESS:
            return date(max(1, clock.last_year(last, self._ended) - turns), 1, 1)
        return date.fromordinal(max(1, self._ended.toordinal() - turns))
