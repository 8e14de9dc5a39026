"""Entries by the million as columns: what units of work hand over, and what is put in order, searched and written.

A row is an entry. Text is not copied: a row cites its bytes; only what a structured source says in fields of its own is kept as an
`Event` beside the columns. A unit is a byte range of a line log, or a whole structured source.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from amends.timeline.entry import KINDS, LEVELS, UNDATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from amends.timeline.entry import Event

ZONES = ("stated", "utc", "assumed")
"""How the zone of a time was understood."""

COLUMNS: dict[str, type[np.generic]] = {
    "time": np.int64,
    "source": np.int32,
    "offset": np.int64,
    "length": np.int32,
    "line": np.int64,
    "level": np.int8,
    "kind": np.int8,
    "zone": np.int8,
    "flags": np.int16,
    "time_at": np.int16,
    "time_length": np.int16,
    "shape": np.uint64,
    "event": np.int32,
}
"""The columns and their types.

`time` is microseconds since 1970 in UTC, `UNDATED` for none; `source` the number of the source; `offset` and `length` the bytes in it;
`line` counts from 1; `level` is 0 or the number of one of `LEVELS`, counted from 1; `kind` and `zone` are numbers of `KINDS` and `ZONES`;
`flags` has a bit for each of `FLAGS`; `time_at` and `time_length` are where in a log line its time stands; `shape` is a hash by which
lines that look alike are told; `event` is the place in `Table.events` of what a structured source says, -1 for a log line.
"""


@dataclass(frozen=True, slots=True)
class Table:
    """Entries as columns of equal length, with the events that some of them have."""

    columns: dict[str, NDArray[np.generic]]
    events: tuple[Event, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.columns["time"])

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        """A column."""
        return self.columns[name]

    def taken(self, rows: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Table:
        """Some of the rows, in that order; events stay, since rows name them by place."""
        return Table({name: column[rows] for name, column in self.columns.items()}, self.events)

    def with_columns(self, **columns: NDArray[np.generic]) -> Table:
        """The same rows with some columns replaced."""
        return Table({**self.columns, **columns}, self.events)


def of_events(source: int, events: Sequence[Event], lines: Sequence[int] = ()) -> Table:
    """The entries of a structured source; `lines` are the numbers of the lines at which they begin, where somebody counted."""
    level = {name: number for number, name in enumerate(LEVELS, 1)}
    values = {
        "time": [event.time for event in events],
        "offset": [event.offset for event in events],
        "length": [event.length for event in events],
        "line": list(lines) or [0] * len(events),
        "level": [level.get(event.level or "", 0) for event in events],
        "kind": [KINDS.index(event.kind) for event in events],
        "zone": [ZONES.index(event.zone.partition(":")[0]) for event in events],
        "flags": [event.flags for event in events],
    }
    size = len(events)
    made = {name: np.array(column, COLUMNS[name]) for name, column in values.items()}
    made |= {"source": np.full(size, source, np.int32), "shape": np.zeros(size, np.uint64), "event": np.arange(size, dtype=np.int32)}
    made |= {"time_at": np.zeros(size, np.int16), "time_length": np.zeros(size, np.int16)}
    return Table({name: made[name] for name in COLUMNS}, tuple(events))


def joined(tables: Sequence[Table]) -> Table:
    """Several tables as one, in the order given; places of events are moved along."""
    if len(tables) == 1:
        return tables[0]
    if not tables:
        return Table({name: np.zeros(0, kind) for name, kind in COLUMNS.items()})
    moved: list[NDArray[np.generic]] = []
    events: list[Event] = []
    for table in tables:
        places = np.asarray(table["event"], np.int32)
        moved.append(np.where(places >= 0, places + len(events), -1).astype(np.int32))
        events += table.events
    columns = {name: np.concatenate([table[name] for table in tables]) for name in COLUMNS if name != "event"}
    return Table({**columns, "event": np.concatenate(moved)}, tuple(events))


def order_of(table: Table) -> NDArray[np.intp] | None:
    """The rows by time, what has no time first; None where they are so already, as most logs are.

    Rows come source by source, each in its own order, and keep that within a microsecond.
    """
    time = np.asarray(table["time"], np.int64)
    return None if bool((time[1:] >= time[:-1]).all()) else np.argsort(time, kind="stable")


def dated(table: Table) -> NDArray[np.bool_]:
    """Which rows have a time."""
    return np.asarray(table["time"] != UNDATED)
