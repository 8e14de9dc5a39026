"""Parts of a timeline in Parquet: written by the workers, asked by DuckDB within a bound of memory.

A part has the columns of `timeline.table`, places counted from the beginning of the stretch that was read, and `source` the number of that
stretch within its unit; `Placed` says where each of them belongs. Only parts of structured sources have texts.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from errno import EIO
from platform import node
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import duckdb
import numpy as np

from amends.timeline.entry import FLAGS, KINDS, LEVELS, REASON_OF_KIND, UNDATED, Event
from amends.timeline.table import COLUMNS, ZONES, Table, of_events

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

Sources = Sequence[tuple[str, str]]
Window = tuple[int | None, int | None]
Redact = tuple[Callable[[str], str], Callable[[str], str]]
"""What makes a text, and the name of an actor, fit for others."""

MEMORY = "320MB"
"""Memory in which parts are put in order; what does not fit goes through the disk."""

CHUNK = 32_768
"""Rows that are handed out at once."""


_TEXTS = ("text", "actor", "time_text", "thread")
_STORED = tuple(name for name in COLUMNS if name not in ("shape", "event"))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where rows of a part belong: the number of their source, and the byte and the line (from 0) at which what was read begins in it."""

    source: int
    offset: int
    line: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A part in a timeline: its file, what its stretches are, the first and last time in it (None where none is told), and what it has.

    The rows of a stretch that is None belong to no timeline.
    """

    path: str
    stretches: tuple[Stretch | None, ...]
    first: int | None
    last: int | None
    undated: int
    has_texts: bool

    def meets(self, start: int | None, end: int | None) -> bool:
        """Whether anything in it may lie in a window; what has no time is in every window."""
        if self.undated:
            return True
        if self.first is None or self.last is None:
            return False
        return (end is None or self.first <= end) and (start is None or self.last >= start)


class Parts:
    """A connection to parts; `threads` bounds the cores that a question takes."""

    def __init__(self, threads: int | None = None, spill: str | None = None) -> None:
        spill = spill or tempfile.gettempdir()
        config: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": spill, "autoinstall_known_extensions": False}
        self._connection = duckdb.connect(config=config | ({"threads": threads} if threads else {}))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def write(self, table: Table, key: NDArray[np.uint64], path: str) -> int:
        """Write rows as one part, whole or not at all; `key` is the kind of each line. The bytes of the file."""
        columns: dict[str, Any] = {name: table[name] for name in _STORED} | {"key": key}
        select = ", ".join(f'"{name}"' for name in columns)
        if table.events:
            columns |= _texts_of(table)
            select += "".join(f", {name}::varchar as {name}" for name in _TEXTS)
        return self._copy(columns, select, path)

    def write_rows(self, rows: Iterable[Mapping[str, Any]], path: str) -> None:
        """Entries in the form of the contract as one file, in their order; columns and types are those of `sorted_file`."""
        held = list(rows)
        columns = {}
        for name in _WRITTEN:
            columns[name] = np.empty(len(held), object)
            columns[name][:] = [_value(name, row[name]) for row in held]
        self._copy(columns, ", ".join(f'"{name}"::{kind} as "{name}"' for name, kind in _WRITTEN.items()), path)

    def _copy(self, columns: dict[str, Any], select: str, path: str) -> int:
        self._connection.register("given", columns)
        try:
            _whole(self._connection, f"select {select} from given", path)
        finally:
            self._connection.unregister("given")
        return os.path.getsize(path)

    def ordered(self, parts: Sequence[Placed], start: int | None = None, end: int | None = None) -> Iterator[list[Row]]:
        """The entries of a window, in order of time and within that of their sources, some thousands at once."""
        found = _met(parts, (start, end))
        if found:
            with self._cursor(found) as cursor:
                cursor.execute(f"select {_asked(found)} from {_placed(found)} {_window(start, end)} {_ORDER}")
                while rows := cursor.fetchmany(CHUNK):
                    yield [Row(*row) for row in rows]

    def count(self, parts: Sequence[Placed], start: int | None = None, end: int | None = None) -> int:
        """How many entries lie in a window."""
        found = _met(parts, (start, end))
        if not found:
            return 0
        with self._cursor(found) as cursor:
            return int(cursor.execute(f"select count(*) from {_placed(found)} {_window(start, end)}").fetchall()[0][0])

    def find(self, parts: Sequence[Placed], source: int, offset: int) -> Row | None:
        """The entry of a source that begins at, or holds, a byte."""
        places = [each.offset for one in parts for each in one.stretches if each and each.source == source and each.offset <= offset]
        if not places:
            return None
        here = (source, max(places))
        near = [one for one in parts if any(each and (each.source, each.offset) == here for each in one.stretches)]
        before = f"where m.source = ? and {_OFFSET} <= ? order by {_OFFSET} desc limit 1"
        with self._cursor(near) as cursor:
            rows = cursor.execute(f"select {_asked(near)} from {_placed(near)} {before}", [source, offset]).fetchall()
        return Row(*rows[0]) if rows else None

    def events(self, parts: Sequence[Placed]) -> Table:
        """What structured sources tell that is no log line, in order of time."""
        found = [one for one in parts if one.has_texts]
        if not found:
            return of_events(0, ())
        log = KINDS.index("log")
        with self._cursor(found) as cursor:
            rows = cursor.execute(f"select {_asked(found)}, thread from {_placed(found)} where kind <> {log} {_ORDER}").fetchall()
        events = [
            Event(
                row[0], row[13] or "", ZONES[row[7]], row[2], row[3], KINDS[row[6]], row[11] or "", row[12],
                LEVELS[row[5] - 1] if row[5] else None, row[8], row[14],
            )
            for row in rows
        ]  # fmt: skip
        made = of_events(0, events, [row[4] for row in rows])
        return made.with_columns(source=np.array([row[1] for row in rows], np.int32))

    def sorted_file(
        self, parts: Sequence[Placed], sources: Sources, path: str, zone: str, window: Window, redact: Redact | None = None
    ) -> None:
        """All entries of a window in order as one file of Parquet. `sources` are names and hashes by number.

        Log lines are cited, not copied: their text is null. `redact` makes a text, and an actor, what may be read by others.
        """
        found = _met(parts, window)
        if not found:
            self.write_rows((), path)
            return
        with self._cursor(found) as cursor:
            words = _words(cursor, sources, zone)
            has_texts = any(one.has_texts for one in found)
            texts = [f"p.{name}" if has_texts else f"null::varchar as {name}" for name in ("time_text", "text", "actor")]
            redacted = redact if has_texts else None
            text = _redacted(cursor, "text", redacted[0]) if redacted else "text"
            actor = _redacted(cursor, "actor", redacted[1]) if redacted else "actor"
            # Numbers are put in order, and become words behind that: a sort carries words slowly.
            numbers = f"""
                select p.time, m.source as s, {_OFFSET} as o, p.length as n, {_LINE} as l, p.level, p.kind, p.zone, p.flags,
                {", ".join(texts)} from {_placed(found)} {_window(*window)} {_ORDER}"""
            query = f"""
                select {words["sha"]}[s + 1] || lower(to_hex(o)) as id, make_timestamptz(nullif(time, {UNDATED})) as time, time_text,
                {words["zone"]}[zone + 1] as zone, {words["name"]}[s + 1] as source, {words["sha256"]}[s + 1] as sha256, l as line,
                o as "offset", n::bigint as length, {words["flags"]}[flags + 1] as flags, {words["kind"]}[kind + 1] as kind,
                {words["level"]}[nullif(level, 0)] as level, {actor} as actor, {text} as text, 1::bigint as count,
                null::timestamptz as last_time, {words["why"]}[kind + 1] as why, null::varchar as because from ({numbers})"""
            _whole(cursor, query, path)

    @contextmanager
    def _cursor(self, parts: Sequence[Placed]) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for one question, which knows where the stretches of these parts belong; several may be open."""
        stretches = [(one.path, number, place) for one in parts for number, place in enumerate(one.stretches)]
        rows = [(path, number, place.source, place.offset, place.line) for path, number, place in stretches if place is not None]
        names = ("part", "stretch", "source", "at", "line")
        kinds = (object, np.int32, np.int32, np.int64, np.int64)
        with self._connection.cursor() as cursor:
            cursor.register("places", {name: np.array([row[n] for row in rows], kinds[n]) for n, name in enumerate(names)})
            yield cursor


def _met(parts: Sequence[Placed], window: Window) -> list[Placed]:
    """The parts that meet a window."""
    return [one for one in parts if one.meets(*window)]


def _placed(parts: Sequence[Placed]) -> str:
    """Rows of parts with where they belong, as a source of rows."""
    listed = ", ".join(_quoted(one.path) for one in parts)
    return (
        f"read_parquet([{listed}], union_by_name = true, filename = true) p join places m on m.part = p.filename and m.stretch = p.source"
    )


def _asked(parts: Sequence[Placed]) -> str:
    """What is asked of each row: the fields of `Row`."""
    texts = _TEXTS[:3] if any(one.has_texts for one in parts) else ("null",) * 3
    return ", ".join((*_ASKED, *texts))


def _redacted(cursor: duckdb.DuckDBPyConnection, column: str, redact: Callable[[str], str]) -> str:
    """The call of a function of ours on a column, where there is something."""
    cursor.create_function(f"redacted_{column}", redact, ["VARCHAR"], "VARCHAR", side_effects=True)
    return f"case when {column} is null then null else redacted_{column}({column}) end"


def _words(cursor: duckdb.DuckDBPyConnection, sources: Sources, zone: str) -> dict[str, str]:
    """Lists of words by which numbers become words, as SQL; most of enumerated types, of which a file holds each word once."""
    flags = [" ".join(name for bit, name in enumerate(FLAGS) if number >> bit & 1) for number in range(1 << len(FLAGS))]
    words = {
        "name": [_written(name) for name, _ in sources],
        "sha256": [sha for _, sha in sources],
        "zone": [*ZONES[:2], f"assumed:{zone}"],
        "flags": flags,
        "kind": KINDS,
        "level": LEVELS,
        "why": [REASON_OF_KIND.get(kind, "") for kind in KINDS],
    }
    found = {"sha": f"[{', '.join(_quoted(sha[:8] + '-') for _, sha in sources)}]"}
    for name, some in words.items():
        cursor.execute(f"create or replace temp type {name}_word as enum ({', '.join(_quoted(word) for word in dict.fromkeys(some))})")
        found[name] = f"[{', '.join(f'{_quoted(word)}::{name}_word' for word in some)}]"
    return found


def _whole(cursor: duckdb.DuckDBPyConnection, query: str, path: str) -> None:
    """The result of a query as a file, whole or not at all."""
    draft = f"{path}.{node()}-{os.getpid()}.draft"  # the folder may be shared by machines
    try:
        cursor.execute(f"copy ({query}) to {_quoted(draft)} ({_FORMAT})")
        os.replace(draft, path)
    except duckdb.IOException as error:
        raise _unwritten(error) from error
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft)


class Row(NamedTuple):
    """One entry as it is asked of parts: the columns of `timeline.table`, and the words of those that structured sources told."""

    time: int
    source: int
    offset: int
    length: int
    line: int
    level: int
    kind: int
    zone: int
    flags: int
    time_at: int
    time_length: int
    text: str | None
    actor: str | None
    time_text: str | None


_WRITTEN = {
    "id": "varchar", "time": "timestamptz", "time_text": "varchar", "zone": "varchar", "source": "varchar", "sha256": "varchar",
    "line": "bigint", "offset": "bigint", "length": "bigint", "flags": "varchar", "kind": "varchar", "level": "varchar",
    "actor": "varchar", "text": "varchar", "count": "bigint", "last_time": "timestamptz", "why": "varchar", "because": "varchar",
}  # fmt: skip

_FORMAT = "format parquet, parquet_version v2, compression lz4_raw, dictionary_size_limit 300"
_OFFSET = '(p."offset" + m.at)'
_LINE = "(p.line + m.line)"
_ASKED = (
    "p.time", "m.source", f"{_OFFSET}", "p.length", f"{_LINE}", "p.level", "p.kind", "p.zone", "p.flags", "p.time_at", "p.time_length"
)  # fmt: skip
_ORDER = f"order by p.time, m.source, {_OFFSET}"


def _window(start: int | None, end: int | None) -> str:
    """The condition of a window; what has no time is in every one."""
    if start is None and end is None:
        return ""
    bounds = [f"p.time >= {start}"] if start is not None else []
    bounds += [f"p.time <= {end}"] if end is not None else []
    return f"where ({' and '.join(bounds)} or p.time = {UNDATED})"


def _texts_of(table: Table) -> dict[str, NDArray[np.object_]]:
    """The words of events, one for each row; half characters, which no file of Parquet can hold, are replaced."""
    places = np.asarray(table["event"], np.int64).tolist()
    events = [table.events[place] if place >= 0 else None for place in places]
    found = {}
    for name in _TEXTS:
        words = [getattr(one, name) if one is not None else None for one in events]
        found[name] = np.array([word if word is None or word.isascii() else _written(word) for word in words], object)
    return found


def _value(name: str, value: Any) -> Any:
    """A value as one cell: words of a list behind each other, reasons in words below each other."""
    if isinstance(value, list):
        value = ("\n" if name == "because" else " ").join(value)
    return _written(value) if isinstance(value, str) else value


def _written(word: str) -> str:
    return word.encode("utf-8", "replace").decode("utf-8")


def _unwritten(error: duckdb.IOException) -> OSError:
    """What the system says, in its words: DuckDB tells it in a form of its own, with paths."""
    number = re.search(r'"errno":"(\d+)"', str(error))
    return OSError(int(number[1]), os.strerror(int(number[1]))) if number else OSError(EIO, str(error).partition("\n")[0][:200])


def _quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
