"""Entries as the contract writes them; the texts of log lines are read back from their sources."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from amends.core.errors import NotFoundError
from amends.integrations.evidence.places import identity, opened, size_of
from amends.store.evidence.parts import Row
from amends.timeline.entry import FLAGS, KINDS, LEVELS, REASON_OF_KIND, REASONS, UNDATED
from amends.timeline.readers.jsoncolumns import JsonLines
from amends.timeline.table import ZONES
from amends.usecases.timelining.ids import entry_id
from amends.usecases.timelining.records import JSON_LINES
from amends.usecases.timelining.sources import hashed
from amends.usecases.timelining.units import LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from amends.integrations.evidence.places import Opened
    from amends.timeline.highlight import Kept
    from amends.timeline.table import Table
    from amends.usecases.timelining import Timeline
    from amends.usecases.timelining.index import Evidence

_AROUND_TIME = " ]),;|\t"
"""What stands between a time and what a line says."""

_OPEN = 64
"""Sources that are held open at once."""


def kept_rows(timeline: Timeline, kept: Kept, texts: Texts) -> Iterator[dict[str, Any]]:
    """What matters, one after the other, with how often, until when, and why."""
    for place, row in enumerate(_rows(kept.table)):
        count = int(kept.count[place])
        yield written_row(timeline, row, texts) | {
            "count": count,
            "last_time": written(int(kept.last[place])) if count > 1 else None,
            "why": _words(int(kept.why[place]), REASONS),
            "because": list(kept.because[place]),
        }


def all_rows(timeline: Timeline, texts: Texts, start: int | None = None, end: int | None = None) -> Iterator[dict[str, Any]]:
    """Every entry of a window by itself."""
    for rows in timeline.all(start, end):
        for row in rows:
            reason = REASON_OF_KIND.get(KINDS[row.kind])
            yield written_row(timeline, row, texts) | {"count": 1, "last_time": None, "why": [reason] if reason else [], "because": []}


def written_row(timeline: Timeline, row: Row, texts: Texts) -> dict[str, Any]:
    """One entry, but for what a timeline of several says of it."""
    source = timeline.index.evidence[row.source]
    zone, text, actor, time_text = ZONES[row.zone], row.text, row.actor, row.time_text
    if text is None:
        zone, text, actor, time_text = texts.said(source, row, zone)
    return {
        "id": entry_id(source.sha256, row.offset),
        "time": written(row.time),
        "time_text": time_text or None,
        "zone": f"assumed:{timeline.zone or 'UTC'}" if zone == "assumed" else zone,
        "source": source.name,
        "sha256": source.sha256,
        "line": row.line,
        "offset": row.offset,
        "length": row.length,
        "flags": _words(row.flags, FLAGS),
        "kind": KINDS[row.kind],
        "level": LEVELS[row.level - 1] if row.level else None,
        "actor": actor,
        "text": text,
    }


def written(micros: int) -> str | None:
    """An instant as RFC 3339 in UTC with microseconds; None for none."""
    return None if micros == UNDATED else f"{np.datetime64(micros, 'us')}Z"


def _words(bits: int, names: tuple[str, ...]) -> list[str]:
    return [name for bit, name in enumerate(names) if bits >> bit & 1]


def _rows(table: Table) -> Iterator[Row]:
    names = ("time", "source", "offset", "length", "line", "level", "kind", "zone", "flags", "time_at", "time_length", "event")
    for *values, event in zip(*(table[name].tolist() for name in names), strict=True):
        said = table.events[event] if event >= 0 else None
        yield Row(*values, *((said.text, said.actor, said.time_text) if said else (None, None, None)))


class Texts:
    """Reads the text of entries back from the sources, of which some are held open."""

    def __init__(self) -> None:
        self._open: OrderedDict[int, Opened] = OrderedDict()
        self._readers: dict[int, JsonLines] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._open.values():
            one.close()
        self._open.clear()

    def of(self, source: Evidence, offset: int, length: int) -> bytes:
        """The bytes of an entry. Raises NotFoundError when its source is not what it was when it was read."""
        file = self._opened(source)
        try:
            found = file.read(offset, offset + length)
        except OSError as error:
            raise _changed(source) from error
        if len(found) != length:
            raise _changed(source)
        return found

    def text_of(self, source: Evidence, row: Row) -> str:
        """What an entry says."""
        return row.text if row.text is not None else self.said(source, row, "")[1]

    def teller(self, evidence: Mapping[int, Evidence]) -> Callable[[Table, int], str]:
        """What gives the words of a row of a table, of a line those behind its time; none where the source is not what it was."""

        def told(table: Table, place: int) -> str:
            row = next(_rows(table.taken(slice(place, place + 1))))
            source = evidence[row.source]
            try:
                if row.text is not None or source.reader == JSON_LINES:
                    return self.text_of(source, row)
                line = self.of(source, row.offset, min(row.length, LONGEST)).decode("utf-8", "replace")
            except NotFoundError:
                return ""
            behind = line[row.time_at + row.time_length :].lstrip(_AROUND_TIME)
            return behind if behind.strip() else line

        return told

    def said(self, source: Evidence, row: Row, zone: str) -> tuple[str, str, str | None, str | None]:
        """The zone, the text, who, and the time as it was written, of a log line; of what is longer than `LONGEST`, its beginning."""
        line = self.of(source, row.offset, min(row.length, LONGEST))
        if source.reader == JSON_LINES:
            reader = self._readers.setdefault(source.number, JsonLines(source.name, None))
            event = reader.event(line)
            if event is not None:
                return (event.zone if zone != "assumed" else zone), event.text, event.actor, event.time_text
        time_text = line[row.time_at : row.time_at + row.time_length].decode("utf-8", "replace")
        return zone, line.decode("utf-8", "replace"), None, time_text

    def _opened(self, source: Evidence) -> Opened:
        file = self._open.get(source.number)
        if file is not None:
            self._open.move_to_end(source.number)
            return file
        try:
            file = self._open[source.number] = opened(source.path, source.size)
            if identity(source.path) != source.seen and not _has_grown(source):
                raise _changed(source)
        except OSError as error:
            raise _changed(source) from error
        if len(self._open) > _OPEN:
            self._open.popitem(last=False)[1].close()
        return file


def _has_grown(source: Evidence) -> bool:
    """Whether a source still begins with all that was read of it, as a log does that is being written."""
    return size_of(source.path) >= source.size and hashed(source.path, source.size) == source.sha256


def _changed(source: Evidence) -> NotFoundError:
    return NotFoundError(f"{source.name} has changed since it was read", hint="give the source as it was, or read it again")
