"""Tables with a time column (CSV and its cousins): one row, one event, cited by its exact bytes, also where a cell goes over several lines.

Columns are known by their names. Whether 03/04 is in March or in April is told by the other rows of the column; where no row tells, it is
not guessed.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property
from typing import TYPE_CHECKING

from amends.timeline.entry import UNDATED, Event
from amends.timeline.readers.severity import level
from amends.timeline.readers.source import Reader, trouble
from amends.timeline.readers.times import Instant, instant
from amends.timeline.readers.values import clean, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.problem import Problem
    from amends.timeline.readers.source import Source

LARGEST = 1 << 20
"""Bytes of a row; what goes on longer has a quote that nobody closed, and is read line by line."""

_ROW = re.compile(rb'(?:[^"\r\n]++|"(?:[^"]++|"")*+")*+')
_LINE = re.compile(rb"[^\r\n]*+")
_BREAK = re.compile(rb"(?:\r\n|\n|\r)")
_BLANK = re.compile(rb"[\r\n]*+")
_DELIMITERS = (",", ";", "\t", "|")
_IN_UTC = re.compile(r"\b(?:utc|gmt|zulu)\b", re.IGNORECASE)
_SLASHED = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4}),?(?: +(\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?)(?: ?([AaPp][Mm]))?( ?(?:Z|UTC|[+-]\d\d:?\d\d))?)?"
)
_DATE_ONLY = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4}")

_TIMES = tuple(
    "timestamp time datetime date_time occurred_at occurredat event_time eventtime event_ts ts created_at createdat created started_at "
    "start_time starts_at date_created logged_at published_at received_at opened_at opened when date start updated_at".split()
)
_CLOCKS = ("time", "time_of_day", "clock", "hour")
_ACTORS = tuple("user username author actor owner by reporter created_by who person responder changed_by name_of_user".split())
_LEVELS = tuple("level severity loglevel log_level lvl priority".split())
_WORDS = tuple(
    "description event message msg text summary title note notes details detail action entry comment what subject name status".split()
)
_THREADS = tuple("incident_id incident incident_number ticket issue_key thread key alert_id".split())
_IDS = tuple("id event_id uuid link url permalink".split())


@dataclass(frozen=True)
class Table:
    """The columns of a table by what they are for: numbers of columns, None where there is none."""

    header: tuple[str, ...]
    delimiter: str

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns in one spelling, without what stands in brackets."""
        return tuple(re.sub(r"[^a-z0-9]+", "_", re.sub(r"\(.*?\)|\[.*?\]", "", name.lower())).strip("_") for name in self.header)

    def first(self, wanted: tuple[str, ...]) -> int | None:
        """The column of the first of the names that is there."""
        return next((self.names.index(name) for name in wanted if name in self.names), None)

    @cached_property
    def parts(self) -> tuple[int | None, ...]:
        """The columns of who, how bad, the words, what it belongs to, and its id."""
        return tuple(self.first(wanted) for wanted in (_ACTORS, _LEVELS, _WORDS, _THREADS, _IDS))

    @cached_property
    def time(self) -> int | None:
        """The column that says when."""
        if "date" in self.names and self.clock is not None:
            return self.names.index("date")
        found = self.first(_TIMES)
        return (
            found
            if found is not None
            else next((number for number, name in enumerate(self.names) if name.endswith(("_at", "_time", "timestamp"))), None)
        )

    @cached_property
    def clock(self) -> int | None:
        """The column of the time of day, where it stands apart from the date."""
        return self.first(_CLOCKS) if "date" in self.names else None

    @cached_property
    def in_utc(self) -> bool:
        """Whether the head of a time column says that it is in UTC."""
        return any(_IN_UTC.search(self.header[number]) is not None for number in (self.time, self.clock) if number is not None)

    def cells(self, row: bytes) -> list[str]:
        """The cells of a row."""
        text = row.decode("utf-8", "replace").replace("\0", "\ufffd").replace("\r\n", "\n")
        try:
            return [cell.strip() for cell in next(csv.reader(re.split(r"(?<=\n)", text), delimiter=self.delimiter), [])]
        except csv.Error:
            return [cell.strip() for cell in text.split(self.delimiter)]


def sniff(head: bytes, _: str) -> bool:
    """Whether a file is a table: a row of names with a time among them, and a row whose cell there is one."""
    table, start = table_of(head)
    if table is None or table.time is None:
        return False
    for row_start, row_end in rows(memoryview(head), start):
        cells = table.cells(head[row_start:row_end])
        return len(cells) >= 2 and abs(len(cells) - len(table.header)) <= 1 and _looks_dated(table, cells)
    return False


def _looks_dated(table: Table, cells: list[str]) -> bool:
    if table.time is None or table.time >= len(cells):
        return False
    cell = cells[table.time]
    return instant(cell) is not None or _SLASHED.fullmatch(cell) is not None or _DATE_ONLY.fullmatch(cell) is not None


def table_of(data: bytes | memoryview) -> tuple[Table | None, int]:
    """The table that data begins with, and where its rows begin; None where the first row is none of names."""
    at = 3 if bytes(data[:3]) == b"\xef\xbb\xbf" else 0
    view = memoryview(data)
    blank = _BLANK.match(view, at)
    at = blank.end() if blank else at
    found = _ROW.match(view, at)
    row = bytes(found[0]) if found else b""
    if not 3 <= len(row) <= 4096 or row[:1] in b"{[<#":
        return None, at
    text = row.decode("utf-8", "replace")
    delimiter = max(_DELIMITERS, key=text.count)
    header = tuple(Table((), delimiter).cells(row))
    named = all(len(cell) <= 60 and not re.search(r"\d{3}|[=;{}<>]", cell) for cell in header) and header[0] != ""
    return (Table(header, delimiter), found.end()) if len(header) >= 2 and named and found else (None, at)


def rows(view: memoryview, at: int) -> Iterator[tuple[int, int]]:
    """Where each row stands, without its line end; empty ones are passed over."""
    while at < len(view):
        blank = _BLANK.match(view, at)
        at = blank.end() if blank else at
        if at >= len(view):
            return
        end = _row_end(view, at)
        yield at, end
        at = end


def _row_end(view: memoryview, at: int) -> int:
    """The end of the row at a byte. One whose quotes do not close ends with its line."""
    found = _ROW.match(view, at, min(len(view), at + LARGEST))
    end = found.end() if found else at
    if end < len(view) and _BREAK.match(view, end) is None:
        line = _LINE.match(view, at)
        end = line.end() if line else len(view)
    return max(end, at + 1)


def read(source: Source) -> Iterator[Event | Problem]:
    """The rows."""
    view = source.view
    table, start = table_of(view)
    if table is None or table.time is None:
        yield trouble(source, "bad-line", "no row of names with a time among them", 0)
        return
    day_first = _day_first(table, view, start)
    for at, end in rows(view, start):
        cells = table.cells(bytes(view[at:end]))
        if len(cells) > len(table.header) and any(cells[len(table.header) :]):
            yield trouble(source, "bad-line", f"{len(cells)} cells under {len(table.header)} names", at, "put cells with commas in quotes")
        elif len(cells) < 2 and len(table.header) >= 2:
            yield trouble(source, "bad-line", "a row of one cell", at)
        yield from _event(source, table, cells, (at, end), day_first)


def _day_first(table: Table, view: memoryview, start: int) -> bool | None:
    """Whether dates with slashes begin with the day; None where no row tells, or rows tell both."""
    told: set[bool] = set()
    for number, (at, end) in enumerate(rows(view, start)):
        if number >= 2000 or table.time is None:
            break
        cells = table.cells(bytes(view[at:end]))
        found = _SLASHED.match(cells[table.time]) if table.time < len(cells) else None
        if found is None and number == 0:
            return None
        if found is not None and max(int(found[1]), int(found[2])) > 12:
            told.add(int(found[1]) > 12)
    return told.pop() if len(told) == 1 else None


def _event(source: Source, table: Table, cells: list[str], place: tuple[int, int], day_first: bool | None) -> Iterator[Event | Problem]:
    def cell(number: int | None) -> str:
        return cells[number] if number is not None and number < len(cells) else ""

    written = joined(cell(table.time), cell(table.clock))
    zone = UTC if table.in_utc else source.zone
    told = instant(_unslashed(written, day_first), zone) if written else None
    if told is None:
        code, message = (
            ("bad-time", f"not a time that can be read for certain: {clean(written)[:60]!r}")
            if written
            else ("no-time", "a row without a time")
        )
        yield trouble(source, code, message, place[0], "write it as 2026-03-04 10:50:00")
        told = Instant(UNDATED, clean(written)[:80], "stated")
    elif table.in_utc and told.flags:
        told = told._replace(zone="stated", flags=0)
    actor, bad, words, thread, id = table.parts
    used = {table.time, table.clock, actor, bad, words}
    rest = [
        f"{name}={value}" for number, (name, value) in enumerate(zip(table.header, cells, strict=False)) if number not in used and value
    ]
    text = joined(cell(words), ", ".join(rest), by=" – ") if words is not None else ", ".join(rest)
    yield Event(
        told.time,
        clean(written) or told.text,
        told.zone,
        place[0],
        place[1] - place[0],
        "other",
        clean(text),
        clean(cell(actor)) or None,
        level(cell(bad)),
        told.flags,
        clean(cell(thread)) or None,
        clean(cell(id)) or None,
    )


def _unslashed(text: str, day_first: bool | None) -> str:
    """A date with slashes as ISO writes it, where it is known which of its numbers is the day."""
    found = _SLASHED.fullmatch(text)
    if found is None or day_first is None:
        return text
    day, month = (found[1], found[2]) if day_first else (found[2], found[1])
    clock = found[4] or "00:00"
    hour, _, rest = clock.partition(":")
    if found[5] and 1 <= int(hour) <= 12:
        hour = str(int(hour) % 12 + 12 * (found[5].lower() == "pm"))
    return f"{found[3]}-{month:0>2}-{day:0>2} {hour:0>2}:{rest}{(found[6] or '').strip()}"


READER = Reader("table", "other", sniff, read)
