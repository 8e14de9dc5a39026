"""From what the lines of a block show to rows of the timeline: years and days are supplied, zones applied, and both are flagged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date
from typing import TYPE_CHECKING

import numpy as np

from amends.timeline import clock
from amends.timeline.entry import KINDS, UNDATED, flag
from amends.timeline.lines.reader import DATELESS, STATED, UNIVERSAL, YEARLESS
from amends.timeline.table import COLUMNS, ZONES, Table

if TYPE_CHECKING:
    from datetime import tzinfo

    from amends.timeline.lines.reader import Columns

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the first line of a block needs to be told: the year, or the day, that it does not say, and the zone of its clock."""

    day: date
    zone: tzinfo = UTC
    zone_given: bool = False


def settled(found: Columns, source: int, first_line: int, anchor: Anchor) -> Table:
    """The rows of a block of source number `source` whose first line is number `first_line`, counted from 1."""
    time = found.time.copy()
    flags = np.zeros(len(time), np.int16)
    dated = time != UNDATED
    flags[~dated] |= flag("unparsed")
    for written, period, inferred in ((YEARLESS, 366 * clock.DAY, "year_inferred"), (DATELESS, clock.DAY, "date_inferred")):
        rows = np.flatnonzero((found.written == written) & dated)
        if len(rows):
            time[rows] = _supplied(time[rows], written, period, anchor)
            flags[rows] |= flag(inferred)
    local = np.flatnonzero((found.written != STATED) & (found.written != UNIVERSAL) & dated)
    time[local] = clock.in_zone(time[local], anchor.zone)
    zone = np.full(len(time), ZONES.index("stated"), np.int8)
    zone[(found.written == UNIVERSAL) & dated] = ZONES.index("utc")
    zone[local] = ZONES.index("utc" if anchor.zone is UTC and anchor.zone_given else "assumed")
    if not anchor.zone_given:
        flags[local] |= flag("zone_assumed")
    columns = {
        "time": time,
        "source": np.full(len(time), source),
        "offset": found.offset,
        "length": found.length,
        "line": found.line + first_line,
        "level": found.level,
        "kind": np.full(len(time), KINDS.index("log")),
        "zone": zone,
        "flags": flags,
        "time_at": found.time_at,
        "time_length": found.time_length,
        "shape": found.shape,
        "event": np.full(len(time), -1),
    }
    return Table({name: np.asarray(columns[name]).astype(kind, copy=False) for name, kind in COLUMNS.items()})


def _supplied(shown: np.ndarray[tuple[int], np.dtype[np.int64]], written: int, period: int, anchor: Anchor) -> clock.Ints:
    turns = clock.turns(shown, period)
    if written == DATELESS:
        day = anchor.day.toordinal() - _EPOCH
        return shown + (day + turns.before.astype(np.int64)) * clock.DAY
    return clock.with_years(shown, np.clip(anchor.day.year + turns.before, 1, 9999).astype(np.int32))
