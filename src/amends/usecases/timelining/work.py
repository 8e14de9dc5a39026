"""What a worker does with one unit: read it, leave its entries as a part and a record, and tell what it saw. Done again, it does nothing.

A unit is named by what goes into it: the bytes, how they are read, and what was known beside them. So its result can be found by whoever
does the same work, later or elsewhere, and is the same bytes wherever it was made.
"""

from __future__ import annotations

import mmap
import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from functools import cache, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from amends import __version__
from amends.core.problem import Problem
from amends.core.zones import zone_named
from amends.integrations.evidence.places import at_once, is_remote
from amends.store.evidence.folder import Folder, name_of
from amends.store.evidence.parts import Parts
from amends.timeline import digest as digests
from amends.timeline.entry import UNDATED, Event, flag
from amends.timeline.kinds import STEMS
from amends.timeline.lines import source as logs
from amends.timeline.lines.block import Block
from amends.timeline.lines.reader import LineReader
from amends.timeline.lines.settle import Anchor, settled
from amends.timeline.readers import HEAD, Reader, Source, reader_of
from amends.timeline.readers.jsoncolumns import SAMPLE, JsonLines
from amends.timeline.table import Table, joined, of_events, order_of
from amends.usecases.timelining.units import LONGEST, SIZE, Piece, Taught, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]

FORM = 2
"""The form of what is kept; another one makes everything kept before be read anew."""

LINES, JSON_LINES = "lines", "json-lines"
BY_LINE = ("jsonlogs", "journald", "otlp")
"""Readers of structured sources that are often one object a line, so that a long one can be read in ranges."""

_LONG_LINE = 1 << 20
"""Bytes of an endless line that are looked at."""

_CONTINUATION = flag("continuation")

_BATCH = 100_000
"""Events that are held at once."""

_FORM = 500
"""Lines of a unit of JSON with the same stem of a change, beyond which it is the name of a field."""

_TAIL = 1 << 16
"""Bytes at the end of a log in which its last time is looked for."""


Trouble = tuple[str, str, str, str | None, int | None, str | None]
"""The fields of a `core.problem.Problem`, which travels as such."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of entries: how many bytes, from when to when (None where none is dated), how many undated, and whether it has texts."""

    number: int
    size: int
    first: int | None
    last: int | None
    undated: int
    has_texts: bool


@dataclass(frozen=True, slots=True)
class Read:
    """What was understood of one piece.

    `zones` has a bit for each of `table.ZONES` that was met; `sha256` is that of a whole source. `shown`, `lead` and `day` are what a
    long log is put together by (`lines.source`): the times without a day, the byte until which its beginning belongs to the entry before,
    and the day that was supplied; `opens` says that it begins with lines that have the time of the entry before, and `closes` is the time
    of its last entry, None where it has none but those.
    """

    reader: str
    formats: tuple[str, ...] = ()
    entries: int = 0
    undated: int = 0
    lines: int = 0
    first: int | None = None
    last: int | None = None
    zones: int = 0
    sha256: str | None = None
    shown: logs.Shown = field(default_factory=logs.Shown)
    lead: int | None = None
    day: date | None = None
    opens: bool = False
    closes: int | None = None
    problems: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """The record of a unit: its parts, what was understood of each of its pieces, their digests, and what the head of a log learnt."""

    name: str
    parts: tuple[Part, ...]
    reads: tuple[Read, ...]
    digests: tuple[tuple[int, bytes], ...]
    taught: Taught | None = None


_decoder = msgspec.msgpack.Decoder(Done)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a piece gave: tables whose places count from the beginning of the piece, and the kinds of their lines."""

    read: Read
    tables: tuple[tuple[Table, Keys, dict[int, str]], ...] = ()
    taught: Taught | None = None


def work(unit: Unit, root: str) -> Done:
    """Do a unit, or find that it was done. What cannot be read is a problem in what it tells. Raises OSError where the folder fails."""
    folder = Folder(root)
    with ExitStack() as stack:
        given = _all_given(unit.pieces, stack)
        hashes = [repr(one) if isinstance(one, OSError) else sha256(_data(one)).hexdigest() for one in given]
        name = _name(unit, hashes)
        known = record(folder, name)
        if known is not None:
            return known
        found = [_read(*one, unit) for one in zip(unit.pieces, given, hashes, strict=True)]
        parts = _written(folder, name, found)
    told = tuple(
        (number, digests.packed(digests.digest(table, keys, texts)))
        for number, one in enumerate(found)
        for table, keys, texts in one.tables
    )
    done = Done(name, parts, tuple(one.read for one in found), told, next((one.taught for one in found if one.taught), None))
    folder.put("units", name, msgspec.msgpack.encode(done))
    return done


def record(folder: Folder, name: str) -> Done | None:
    """The record of a unit that was done, and whose parts are whole."""
    raw = folder.get("units", name)
    if raw is None:
        return None
    with suppress(msgspec.DecodeError, OSError):
        done = _decoder.decode(raw)
        if all(os.path.getsize(folder.part(name, part.number)) == part.size for part in done.parts):
            return done
    return None


Given = Block | mmap.mmap | OSError
"""The bytes of a piece in memory, or mapped into it, or why there are none."""


def _all_given(pieces: Sequence[Piece], stack: ExitStack) -> list[Given]:
    """The bytes of pieces; those of objects in a storage are asked for at the same time."""
    if len(pieces) > 1 and any(is_remote(piece.path) for piece in pieces):
        return at_once(lambda piece: _given(piece, stack), pieces)
    return [_given(piece, stack) for piece in pieces]


def _given(piece: Piece, stack: ExitStack) -> Given:
    """The bytes of a piece: a long source that is read whole is mapped; of an endless line there is only the beginning."""
    try:
        if piece.is_whole and piece.size > SIZE:  # a map of a file that is cut short meanwhile would be the end of this process
            file = stack.enter_context(open(piece.path, "rb"))  # noqa: SIM115  # the stack closes it
            if os.fstat(file.fileno()).st_size >= piece.size:
                return stack.enter_context(mmap.mmap(file.fileno(), piece.size, access=mmap.ACCESS_READ))
        return piece.block(_LONG_LINE if _is_endless(piece) and not piece.is_whole else None)
    except OSError as error:
        return error


def _is_endless(piece: Piece) -> bool:
    """Whether a piece of a log is one line of which only the beginning is looked at."""
    return piece.end - piece.start > LONGEST


def _line_end(piece: Piece) -> int:
    """The byte behind an endless line, without what ends it."""
    with suppress(OSError):
        last = replace(piece, start=max(piece.start, piece.end - 2)).read()
        return piece.end - (len(last) - len(last.removesuffix(b"\n").removesuffix(b"\r")))
    return piece.end


@cache
def engine_name() -> str:
    """What the results depend on beside their input: this program, file by file, since it may be one that is being worked on."""
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    names = sorted(os.path.join(folder, file) for folder, _, files in os.walk(os.path.join(here, "timeline")) for file in files)
    seen = [os.stat(name) for name in names if name.endswith((".py", ".toml", ".bin"))]
    return repr((FORM, __version__, [(one.st_size, one.st_mtime_ns) for one in seen]))


def _name(unit: Unit, hashes: Sequence[str]) -> str:
    """What a unit is called. A piece of a long log is called the same when the log has grown: what that changes, it is told (`day`)."""
    taught = unit.taught and replace(unit.taught, last=None, written=None)
    made: list[str | bytes | int | None] = [engine_name(), msgspec.msgpack.encode((unit.zone, taught, unit.day, unit.tail, unit.before))]
    for piece, digest in zip(unit.pieces, hashes, strict=True):
        made += [piece.name, piece.start, piece.end - piece.start]
        made += [piece.ended.isoformat(), piece.day.isoformat(), piece.modified_at] if piece.is_whole else []
        made += [repr(sorted(piece.names.items())), digest]
    return name_of(*made)


def _written(folder: Folder, name: str, found: Sequence[_Found]) -> tuple[Part, ...]:
    """Leave the entries of a unit: all in one part, but of long structured sources one for each batch."""
    batches: list[list[tuple[Table, Keys]]] = [[]]
    for number, one in enumerate(found):
        for table, keys, _ in one.tables:
            if batches[-1] and sum(len(each) for each, _ in batches[-1]) + len(table) > _BATCH and table.events:
                batches.append([])
            batches[-1].append((table.with_columns(source=np.full(len(table), number, np.int32)), keys))
    parts = []
    for number, batch in enumerate(batches):
        table = joined([each for each, _ in batch])
        if len(table):
            order, keys = order_of(table), np.concatenate([each for _, each in batch])
            if order is not None:
                table, keys = table.taken(order), keys[order]
            size = _parts(os.getpid()).write(table, keys, folder.part(name, number))
            parts.append(Part(number, size, *_span(table), has_texts=bool(table.events)))
    return tuple(parts)


@cache
def _parts(_: int) -> Parts:
    """The connection of this process, which is another one in a fork of it."""
    return Parts(threads=1)


def _span(table: Table) -> tuple[int | None, int | None, int]:
    """The first and the last time of a table, and how many rows have none."""
    time = np.asarray(table["time"], np.int64)
    dated = time[time != UNDATED]
    undated = len(time) - len(dated)
    return (int(dated.min()), int(dated.max()), undated) if len(dated) else (None, None, undated)


def _data(given: Block | mmap.mmap) -> memoryview | mmap.mmap:
    return given.data if isinstance(given, Block) else given


def _read(piece: Piece, given: Given, digest: str, unit: Unit) -> _Found:
    zone = zone_named(unit.zone)
    if isinstance(given, OSError):
        return _Found(_trouble("unreadable", f"it cannot be read: {(given.strerror or str(given)).lower()}", piece))
    data = _data(given)
    if not len(data):
        return _Found(_trouble("empty", "the file is empty", piece))
    if len(data) < piece.end - piece.start and (piece.is_whole or not _is_endless(piece)):
        piece = replace(piece, end=piece.start + len(data))
    found = _by_reader(piece, given, unit, zone)
    return replace(found, read=replace(found.read, sha256=digest)) if piece.is_whole else found


def _by_reader(piece: Piece, given: Block | mmap.mmap, unit: Unit, zone: tzinfo | None) -> _Found:
    head = bytes(_data(given)[:HEAD])
    name = unit.taught.reader if unit.taught else reader_id(head, piece.name)
    if name == JSON_LINES:
        return _json_lines(piece, bytes(_data(given)), unit, zone)
    if name is None:
        return _Found(_trouble("not-text", "binary, and of no kind that is known", piece))
    if name != LINES:
        whole = given if isinstance(given, mmap.mmap) else bytes(given.data)
        return _structured(piece, whole, _reader(name, head, piece.name), zone)
    return _line_log(piece, given, unit, zone)


def reader_id(head: bytes, name: str) -> str | None:
    """What reads a source that begins so; None for what is no text."""
    reader = reader_of(head, name)
    if reader is not None:
        return JSON_LINES if reader.id in BY_LINE and _columns(name, _sample(head), None) is not None else reader.id
    return None if b"\0" in head and not _is_text(head) else LINES


def is_by_line(head: bytes, reader: str) -> bool:
    """Whether a source can be read in ranges: lines of text, or objects of JSON of which each has a line."""
    if reader in (LINES, JSON_LINES):
        return True
    lines = head.split(b"\n")[:-1][:SAMPLE]
    return reader in BY_LINE and len(lines) > 1 and all(line.strip()[:1] + line.strip()[-1:] in (b"{}", b"") for line in lines)


def _reader(name: str, head: bytes, file: str) -> Reader:
    from amends.timeline.readers import READERS

    found = reader_of(head, file)
    return found if found is not None and found.id == name else next(one for one in READERS if one.id == name)


def _line_log(piece: Piece, given: Block | mmap.mmap, unit: Unit, zone: tzinfo | None) -> _Found:
    block = given if isinstance(given, Block) else Block(np.frombuffer(given, np.uint8)[:_LONG_LINE])
    reader = _taught_reader(unit.taught.learnt) if unit.taught else LineReader()
    found, lead = logs.without_lead(reader.read(block, piece.start), piece.start)
    found = logs.with_tail(found, unit.tail)
    if _is_endless(piece):
        lead = _line_end(piece) if lead is not None else None
        found = logs.with_tail(found, _line_end(piece) if len(found.time) else None)
    shown = logs.shown_of(found)
    taught = None
    if not piece.is_whole and piece.start == 0:
        taught = Taught(LINES, reader.taught(), *_end_of(piece, reader))
    day = unit.day or _day(piece, shown, unit.taught or taught)
    table = settled(found, 0, 1, Anchor(day, zone or UTC, zone is not None))
    table = table.with_columns(offset=np.asarray(table["offset"], np.int64) - piece.start)
    keys, texts = digests.keys_of(table, block, 0)
    problems: list[Trouble] = []
    if _is_endless(piece):
        problems.append(_endless(piece))
    elif piece.is_whole and not reader.formats:
        problems.append(no_times(piece.name))
    elif lost := logs.beyond(block.data, found):
        words = f"{lost[0]:,} lines tell a time of a year that no log is of, first {lost[2]!r}; they stand in the entry above"
        problems.append(("bad-time", words, "", piece.name, None, f"byte {piece.start + lost[1]}"))
    read = _told(LINES, [table], int(found.lines), problems)
    read = replace(read, formats=tuple(reader.formats), shown=shown, lead=lead, day=day)
    return _Found(read, ((table, keys, texts),), taught)


@lru_cache(maxsize=4)
def _learnt(taught: bytes) -> LineReader:
    return LineReader.knowing(taught)


def _taught_reader(taught: bytes) -> LineReader:
    """A reader that knows what the first range taught, and no more: what it learns itself is not for the next unit."""
    return _learnt(taught).copy()


def _end_of(piece: Piece, reader: LineReader) -> tuple[int | None, int | None]:
    """The last time of a log that says no year or date, and which of them, as far as what was learnt from its beginning reads its end."""
    end = replace(piece, start=max(piece.end, piece.size - _TAIL), end=piece.size)
    with suppress(OSError):
        data = end.read()
        found = reader.copy().read(np.frombuffer(data, np.uint8), end.start)
        shown = logs.shown_of(found)
        if shown.written is not None:
            return shown.tail[-1], shown.written
    return None, None


def _day(piece: Piece, shown: logs.Shown, taught: Taught | None) -> date:
    """The year or day of the first time of a piece: of a whole log it is known, of a range it is what holds if the log is of one period."""
    if taught is None or taught.last is None or taught.written is None or shown.written != taught.written:
        return logs.days([shown], piece.end_of(shown))[0]
    began_anew = bool(shown.tail) and taught.last < shown.tail[-1]
    return logs.back_from(taught.last, taught.written, shown.turns + began_anew, piece.end_of(shown))


def _json_lines(piece: Piece, block: bytes, unit: Unit, zone: tzinfo | None) -> _Found:
    sample = unit.taught.learnt if unit.taught else _sample(block[:HEAD])
    reader = _columns(piece.name, sample, zone)
    assert reader is not None, "it was asked before"
    found, problems = reader.read(block, piece.start)
    table = _following(reader.table(found).with_columns(offset=found.offset - piece.start), unit.before)
    keys, texts = digests.keys_of_events(_with_events(table, found.said))
    told = [(one.code, one.message, one.hint, one.path, one.line, one.field) for one in problems]
    lines = block.count(b"\n")
    if _is_endless(piece):
        told, lines = [_endless(piece)], 1
        table = table.with_columns(length=np.full(len(table), _line_end(piece) - piece.start, np.int32))
    read = replace(_told(JSON_LINES, [table], lines, told), **_edges(table))
    taught = Taught(JSON_LINES, sample) if not piece.is_whole and piece.start == 0 else None
    return _Found(read, ((table, keys, texts),), taught)


def _edges(table: Table) -> dict[str, Any]:
    """Whether a piece begins with lines that have the time of the entry before, and the time of its last entry."""
    own = np.flatnonzero((np.asarray(table["flags"]) & _CONTINUATION) == 0)
    opens = len(table) > 0 and (len(own) == 0 or int(own[0]) > 0)
    return {"opens": opens, "closes": int(table["time"][-1]) if len(own) else None}


def _following(table: Table, before: int | None) -> Table:
    """Rows of which those that only go on with the entry before the piece have its time."""
    if before is None:
        return table
    time = np.asarray(table["time"], np.int64).copy()
    time[np.logical_and.accumulate((np.asarray(table["flags"]) & _CONTINUATION) > 0)] = before
    return table.with_columns(time=time)


def _endless(piece: Piece) -> Trouble:
    words = f"a line of {piece.end - piece.start:,} bytes; its time and level were looked for in the first {_LONG_LINE:,}"
    return ("endless-line", words, "", piece.name, None, f"byte {piece.start}")


def _with_events(table: Table, said: NDArray[np.object_]) -> Table:
    """The rows with what those say that are serious or may tell of a change."""
    asked = np.asarray(table["level"]) >= digests.WARNING
    asked[_stemmed(said)] = True
    rows = np.flatnonzero(asked)
    event = np.full(len(table), -1, np.int32)
    event[rows] = np.arange(len(rows), dtype=np.int32)
    return Table({**table.columns, "event": event}, tuple(Event(0, "", "stated", 0, 0, "log", text) for text in said[rows]))


def _stemmed(said: NDArray[np.object_]) -> NDArray[np.intp]:
    """In which messages stems of changes stand; not those that stand in so many that they are part of their form."""
    ends = np.cumsum([len(text) + 1 for text in said])
    text = "\n".join(said).encode("ascii", "replace").lower()  # a byte for each character, so that places are those of messages
    found: list[int] = []
    for stem in STEMS:
        rows: list[int] = []
        place = text.find(stem)
        while place >= 0 and len(rows) <= _FORM:
            rows.append(int(np.searchsorted(ends, place, side="right")))
            place = text.find(stem, int(ends[rows[-1]]))
        found += rows if len(rows) <= _FORM else []
    return np.array(found, np.intp)


def _sample(head: bytes) -> bytes:
    """The first whole lines, by which it is learnt which keys say what."""
    return b"\n".join(head[: head.rfind(b"\n") + 1 or len(head)].split(b"\n")[:SAMPLE])


@lru_cache(maxsize=64)
def _columns(name: str, sample: bytes, zone: tzinfo | None) -> JsonLines | None:
    made = JsonLines(name, zone)
    return made if made.learn(sample) else None


def _structured(piece: Piece, data: bytes | mmap.mmap, reader: Reader, zone: tzinfo | None) -> _Found:
    source = Source(piece.name, data, zone, piece.modified_at, piece.names)
    breaks = np.flatnonzero(np.frombuffer(data, np.uint8) == 10)
    problems: list[Problem] = []
    tables = []
    for events in _batches(reader.read(source), problems):
        lines = np.searchsorted(breaks, [one.offset for one in events], side="left") + 1
        table = of_events(0, events, lines.tolist())
        tables.append((table, *digests.keys_of_events(table)))
    by_line = not piece.is_whole
    told = [(one.code, one.message, one.hint, one.path, one.line, _moved(one.field, piece.start)) for one in problems]
    read = _told(reader.id, [table for table, _, _ in tables], len(breaks), told)
    return _Found(read, tuple(tables), Taught(reader.id, b"") if by_line and piece.start == 0 else None)


def _moved(field: str | None, by: int) -> str | None:
    """The place of a problem in a piece as one in its source."""
    if not by or not field or not field.startswith("byte "):
        return field
    return f"byte {int(field.removeprefix('byte ')) + by}"


def _batches(found: Iterator[Event | Problem], problems: list[Problem]) -> Iterator[list[Event]]:
    events: list[Event] = []
    for one in found:
        if isinstance(one, Problem):
            problems.append(one)
            continue
        events.append(one)
        if len(events) == _BATCH:
            yield events
            events = []
    if events:
        yield events


def _told(reader: str, tables: Sequence[Table], lines: int, problems: Sequence[Trouble]) -> Read:
    spans = [_span(table) for table in tables]
    first = min((span[0] for span in spans if span[0] is not None), default=None)
    last = max((span[1] for span in spans if span[1] is not None), default=None)
    zones = 0
    for table in tables:
        zones |= sum(1 << int(zone) for zone in np.unique(np.asarray(table["zone"])[np.asarray(table["time"]) != UNDATED]))
    entries = sum(len(table) for table in tables)
    return Read(reader, (), entries, sum(span[2] for span in spans), lines, first, last, zones, problems=tuple(problems))


def no_times(name: str) -> Trouble:
    """That a log tells no time."""
    return "no-times", "no line of it tells a time", "its lines stand undated, as one entry", name, None, None


def _trouble(code: str, message: str, piece: Piece) -> Read:
    return Read("none", problems=((code, message, "", piece.name, None, None),))


def _is_text(head: bytes) -> bool:
    """Whether a head with NUL bytes is text nevertheless: logs of a machine that lost power have runs of them, and no other odd bytes."""
    odd = sum(byte < 32 and byte not in (0, 9, 10, 12, 13, 27) for byte in head)
    return odd < 0.02 * len(head) and head.count(0) < 0.9 * len(head)
