"""All units of all sources done, in any order, by any engine; and what they come to: where each entry is, and what each source is."""

from __future__ import annotations

import os
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from errno import EDQUOT, EFBIG, ENOSPC, EROFS
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from amends.core.problem import Problem
from amends.integrations.evidence.engines import Engine, Result, Task
from amends.store.evidence.folder import Folder, name_of
from amends.store.evidence.parts import Placed, Stretch
from amends.timeline.highlight import Place
from amends.timeline.lines import source as logs
from amends.timeline.readers import HEAD
from amends.usecases.timelining.sources import Bytes, Names, bytes_of, days_of
from amends.usecases.timelining.units import MANY, SIZE, Piece, Taught, Unit, ranges
from amends.usecases.timelining.work import LINES, Done, Read, engine_name, hashed, is_by_line, reader_id, record, work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from amends.integrations.evidence.member import Member


_NO_ROOM = (ENOSPC, EDQUOT, EFBIG, EROFS)
"""What is wrong with the folder of copies, and not with what is copied into it."""

Identity = tuple[int, int, int, int]
"""By what a file is known: another one, or one that was changed, has another."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One source as it was read: its name in citations, its bytes and their hash, and what was understood of it.

    `path` is where its bytes are now, which is a copy for what was packed, and `seen` by what that file is known to be the same. `first`
    and `last` are microseconds since 1970, None where nothing is dated; `zones` has a bit for each of `timeline.table.ZONES` that was met.
    """

    number: int
    name: str
    path: str
    size: int
    sha256: str
    reader: str
    member: Member
    seen: Identity
    formats: tuple[str, ...] = ()
    entries: int = 0
    undated: int = 0
    first: int | None = None
    last: int | None = None
    zones: int = 0


@dataclass(slots=True)
class Index:
    """What was read: the sources by number, the parts and where they belong, and the packed digests of each stretch."""

    evidence: dict[int, Evidence] = field(default_factory=dict)
    parts: list[Placed] = field(default_factory=list)
    digests: list[tuple[Place, bytes]] = field(default_factory=list)


class Progress(NamedTuple):
    """How far the reading is, in bytes of unpacked sources; `total` grows while archives are opened."""

    done: int
    total: int


@dataclass(slots=True)
class _Log:
    """A long log whose ranges come back in any order."""

    piece: Piece
    ranges: list[tuple[int, int]]
    done: list[Done | None]
    days: list[date | None]
    tails: list[int | None]
    befores: list[int | None]
    sha256: str | None = None
    left: int = 0

    def unit(self, number: int, taught: Taught | None, zone: str | None) -> Unit:
        start, end = self.ranges[number]
        return Unit((replace(self.piece, start=start, end=end),), zone, taught, self.days[number], self.tails[number], self.befores[number])

    def read(self, number: int) -> Read:
        done = self.done[number]
        assert done is not None, "asked when all are done"
        return done.reads[0]


class Indexing:
    """Reads members into an index. `refuse` gets every problem, `progress` how far it is."""

    def __init__(
        self,
        folder: Folder,
        engine: Engine,
        zone: str | None,
        now: datetime,
        refuse: Callable[[Problem], None],
        progress: Callable[[Progress], None],
        spool: Callable[[], str],
    ) -> None:
        self._folder = folder
        self._engine = engine
        self._zone = zone
        self._now = now
        self._refuse = refuse
        self._progress = progress
        self._spool = spool
        self._index = Index()
        self._members: list[Member] = []
        self._logs: dict[int, _Log] = {}
        self._seen: dict[int, Identity] = {}
        self._in_hand = 0
        self._done_bytes = self._all_bytes = 0
        self._short: list[Piece] = []
        self._sizes: defaultdict[int, list[tuple[str, Bytes]]] = defaultdict(list)

    def run(self, members: Sequence[Member]) -> Index:
        """Read everything. What was done before, by this or another run, is not done again."""
        self._all_bytes = sum(member.size or 0 for member in members)
        for task in self._tasks(members):
            self._submit(task)
            while self._in_hand >= self._engine.width:
                self._next()
        self._drain()
        for number, log in self._logs.items():
            self._settle(number, log)
        self._drain()
        for number, log in self._logs.items():
            self._put_together(number, log)
        self._index.evidence = dict(sorted(self._index.evidence.items()))
        return self._index

    def _submit(self, task: Task) -> None:
        self._engine.submit(task)
        self._in_hand += 1

    def _drain(self) -> None:
        while self._in_hand:
            self._next()

    def _next(self) -> None:
        result = self._engine.next()
        self._in_hand -= 1
        what, *tag = result.tag
        if what == "hash":
            self._hashed(tag[0], result)
        elif result.error is not None:
            self._failed(tag[0], result.error)
        elif what == "units":
            self._came(tag[0], result.value)
        else:
            self._range_came(tag[1], tag[2], result.value)
        self._progress(Progress(self._done_bytes, self._all_bytes))

    def _tasks(self, members: Sequence[Member]) -> Iterator[Task]:
        names = Names()
        for member in members:
            try:
                names.learn(member)
            except OSError as error:
                self._refuse_member(member, error)
        for number, member in enumerate(members):
            self._members.append(member)
            if not names.is_of(member):
                yield from self._of_member(number, member, names)
        yield from self._flush()

    def _refuse_member(self, member: Member, error: OSError) -> None:
        self._refuse(Problem("unreadable", f"it cannot be read: {(error.strerror or str(error)).lower()}", "", member.name))

    def _of_member(self, number: int, member: Member, names: Names) -> Iterator[Task]:
        if member.path is None:
            self._spool()
        try:
            given = bytes_of(member, self._spool)
            self._seen[number] = identity(given.path)
            self._all_bytes += given.size - (member.size or 0)
            if self._came_before(member.name, given):
                return
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise
            self._refuse_member(member, error)
            return
        days = days_of(member, self._now)
        piece = Piece(number, member.name, given.path, 0, given.size, given.size, *days, member.modified_at, names.of(member), given.sha256)
        if given.size > SIZE:
            try:
                yield from self._long(piece)
            except OSError as error:
                self._refuse_member(member, error)
            return
        self._short.append(piece)
        if len(self._short) == MANY or sum(one.size for one in self._short) >= SIZE:
            yield from self._flush()

    def _came_before(self, name: str, given: Bytes) -> bool:
        """Whether the same bytes came under another name, one of them packed in a way that does not tell how many there are."""
        for number, (other, its) in enumerate(self._sizes[given.size]):
            if given.sha256 is None and its.sha256 is None:
                continue
            its, given = (one if one.sha256 else one._replace(sha256=hashed(one.path, one.size)) for one in (its, given))
            self._sizes[given.size][number] = other, its
            if its.sha256 == given.sha256 and given.size:
                self._refuse(Problem("duplicate", f"the same bytes as {other}; it is read once", "", name))
                self._done_bytes += given.size
                return True
        self._sizes[given.size].append((name, given))
        return False

    def _flush(self) -> Iterator[Task]:
        """Short sources, all in one unit."""
        if self._short:
            pieces, self._short = tuple(self._short), []
            yield self._task(("units", pieces), Unit(pieces, self._zone))

    def _task(self, tag: tuple[object, ...], unit: Unit) -> Task:
        return Task(tag, work, (unit, str(self._folder.root)))

    def _long(self, piece: Piece) -> Iterator[Task]:
        """A long source: in ranges where each line stands for itself."""
        head = replace(piece, end=HEAD).read()
        reader = reader_id(head, piece.name)
        if reader is None or not is_by_line(head, reader):
            yield self._task(("units", (piece,)), Unit((piece,), self._zone))
            return
        borders = list(ranges(piece.path, piece.size))
        size = len(borders)
        log = self._logs[piece.source] = _Log(piece, borders, [None] * size, [None] * size, [None] * size, [None] * size, piece.sha256)
        if self._known(piece.source, log):
            return
        log.left = size
        yield self._task(("range", (piece,), piece.source, 0), log.unit(0, None, self._zone))
        if log.sha256 is None:
            yield Task(("hash", piece.source), hashed, (piece.path, piece.size))

    def _range_came(self, source: int, number: int, done: Done) -> None:
        log = self._logs[source]
        self._done_bytes += (log.ranges[number][1] - log.ranges[number][0]) * (log.done[number] is None)
        log.done[number] = done
        if number == 0 and log.left:
            log.left = 0
            for later in range(1, len(log.ranges)):
                self._submit(self._task(("range", (log.piece,), source, later), log.unit(later, done.taught, self._zone)))

    def _settle(self, source: int, log: _Log) -> None:
        """Ranges that need what only the whole log tells are read again: another year, or an entry that goes on in the next."""
        if any(one is None for one in log.done) or log.left < 0:
            return
        reads = [log.read(number) for number in range(len(log.ranges))]
        shown = next((one.shown for one in reads if one.shown.written is not None), reads[0].shown)
        days = logs.days([one.shown for one in reads], log.piece.end_of(shown))
        tails: list[int | None] = [None] * len(reads)
        befores: list[int | None] = [None] * len(reads)
        holder, last = 0, None
        for number, one in enumerate(reads):
            befores[number] = last if one.opens else None
            last = one.closes if one.closes is not None else last
            if one.lead is not None and number:
                tails[holder] = one.lead
            holder = number if one.entries else holder
        head = log.done[0]
        for number, one in enumerate(reads):
            wrong = one.shown.written is not None and one.day != days[number]
            if wrong or (tails[number], befores[number]) != (log.tails[number], log.befores[number]):
                log.days[number] = days[number] if wrong else log.days[number]
                log.tails[number], log.befores[number] = tails[number], befores[number]
                taught = head.taught if head and number else None
                self._submit(self._task(("range", (log.piece,), source, number), log.unit(number, taught, self._zone)))

    def _put_together(self, source: int, log: _Log) -> None:
        if any(one is None for one in log.done):
            return
        reads = [log.read(number) for number in range(len(log.ranges))]
        line = 0
        for (start, _), done, read in zip(log.ranges, log.done, reads, strict=True):
            assert done is not None, "looked at above"
            self._add(done, [Stretch(source, start, line)])
            line += read.lines
        formats = tuple(dict.fromkeys(name for one in reads for name in one.formats))
        if reads[0].reader == LINES and not formats:
            self._no_times(log.piece.name)
        self._record(source, log)
        told = replace(
            reads[0], formats=formats, entries=sum(one.entries for one in reads), undated=sum(one.undated for one in reads),
            first=min((one.first for one in reads if one.first is not None), default=None),
            last=max((one.last for one in reads if one.last is not None), default=None),
            sha256=log.sha256, problems=tuple(trouble for one in reads for trouble in one.problems),
        )  # fmt: skip
        for one in reads:
            told = replace(told, zones=told.zones | one.zones)
        self._source(log.piece, told)

    def _no_times(self, name: str) -> None:
        self._refuse(Problem("no-times", "no line of it tells a time", "its lines stand undated, as one entry", name))

    def _came(self, pieces: Sequence[Piece], done: Done) -> None:
        self._add(done, [Stretch(piece.source, 0, 0) for piece in pieces])
        for piece, read in zip(pieces, done.reads, strict=True):
            self._done_bytes += piece.size
            self._source(piece, read)

    def _add(self, done: Done, stretches: list[Stretch]) -> None:
        for part in done.parts:
            path = self._folder.part(done.name, part.number)
            self._index.parts.append(Placed(path, tuple(stretches), part.first, part.last, part.undated, part.has_texts))
        for number, packed in done.digests:
            one = stretches[number]
            self._index.digests.append((Place(one.source, one.offset, one.line), packed))

    def _source(self, piece: Piece, read: Read) -> None:
        for code, message, hint, path, line, place in read.problems:
            self._refuse(Problem(code, message, hint, path, line, place))
        if read.reader == "none":
            return
        with suppress(OSError):
            if identity(piece.path) != self._seen[piece.source]:
                self._refuse(Problem("changed", "it changed while it was read", "run it again when it is at rest", piece.name))
        self._index.evidence[piece.source] = Evidence(
            piece.source, piece.name, piece.path, piece.size, read.sha256 or "", read.reader, self._members[piece.source],
            self._seen[piece.source], read.formats,
            read.entries, read.undated, read.first, read.last, read.zones,
        )  # fmt: skip

    def _failed(self, pieces: Sequence[Piece], error: Exception) -> None:
        """A unit that could not be done: its sources are told, the others go on. What the folder does to all is for the caller."""
        if isinstance(error, OSError):
            raise error
        for piece in pieces:
            self._unread(piece, str(error) or type(error).__name__)

    def _hashed(self, source: int, result: Result) -> None:
        if result.error is not None:
            self._unread(self._logs[source].piece, str(result.error))
        else:
            self._logs[source].sha256 = result.value

    def _unread(self, piece: Piece, why: str) -> None:
        self._refuse(Problem("unreadable", f"it could not be read: {why}", "", piece.name))

    def _name(self, source: int, piece: Piece) -> str:
        """The name under which it is kept how a file, as it is now, was read."""
        names = repr(sorted(piece.names.items()))
        return name_of(
            piece.path, *self._seen[source], piece.name, piece.ended.isoformat(), piece.day.isoformat(), self._zone, names, engine_name()
        )

    def _record(self, source: int, log: _Log) -> None:
        if log.piece.sha256 is None and log.sha256 is not None:
            told = (log.sha256, [done.name for done in log.done if done is not None])
            self._folder.put("sources", self._name(source, log.piece), msgspec.msgpack.encode(told))

    def _known(self, source: int, log: _Log) -> bool:
        """Whether a file is what it was when it was read before, and all of that is still there."""
        raw = self._folder.get("sources", self._name(source, log.piece)) if log.piece.sha256 is None else None
        if raw is None:
            return False
        try:
            sha, units = msgspec.msgpack.decode(raw, type=tuple[str, list[str]])
        except msgspec.DecodeError:
            return False
        found = [record(self._folder, name) for name in units]
        if len(found) != len(log.ranges) or any(one is None for one in found):
            return False
        log.done, log.sha256, log.left = list(found), sha, -1
        self._done_bytes += log.piece.size
        return True


def identity(path: str) -> Identity:
    """By what a file is known. Raises OSError."""
    status = os.stat(path)
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
