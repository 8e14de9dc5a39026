"""All units of all sources done, in any order, by any engine; and what they come to: where each entry is, and what each source is."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from errno import EDQUOT, EFBIG, ENOSPC, EROFS
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from amends.core.problem import Problem
from amends.integrations.evidence.addresses import Identity, bare, is_remote
from amends.integrations.evidence.engines import Engine, Result, Task
from amends.integrations.evidence.places import identities, identity
from amends.store.evidence.folder import Folder, name_of
from amends.store.evidence.parts import Placed, Stretch
from amends.timeline.clock import DAY
from amends.timeline.dates import day_named
from amends.timeline.highlight import Place
from amends.timeline.lines.reader import YEARLESS
from amends.timeline.readers import HEAD
from amends.usecases.timelining.longlog import LongLog
from amends.usecases.timelining.reading import is_by_line, reader_id
from amends.usecases.timelining.records import Done, Read, record
from amends.usecases.timelining.sources import Bytes, Names, bytes_of, copy_of, days_of, hashed
from amends.usecases.timelining.units import MANY, SIZE, Piece, Unit
from amends.usecases.timelining.work import engine_name, work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from amends.integrations.evidence.member import Member


_NO_ROOM = (ENOSPC, EDQUOT, EFBIG, EROFS)
"""What is wrong with the folder of copies, and not with what is copied into it."""


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
        self._logs: dict[int, LongLog] = {}
        self._units: list[tuple[Sequence[Piece], Done]] = []
        self._moved: set[int] = set()
        self._seen: dict[int, Identity] = {}
        self._stored: dict[str, Identity] = {}
        self._in_hand = 0
        self._done_bytes = self._all_bytes = 0
        self._short: list[Piece] = []
        self._sizes: defaultdict[int, list[tuple[str, Bytes]]] = defaultdict(list)

    def run(self, members: Sequence[Member]) -> Index:
        """Read everything. What was done before, by this or another run, is not done again."""
        self._all_bytes = sum(member.size or 0 for member in members)
        self._ask_storages(members)
        for task in self._tasks(members):
            self._submit(task)
            while self._in_hand >= self._engine.width:
                self._next()
        self._drain()
        self._ask_neighbours()
        for source, log in self._logs.items():
            if log.is_read:
                for number, unit in log.again():
                    self._submit(self._task(("range", (log.piece,), source, number), unit))
        self._drain()
        self._ask_storages(members)
        latest = {piece.source: piece for pieces, _ in self._units for piece in pieces}
        for pieces, done in self._units:
            self._put([piece if latest[piece.source] is piece else None for piece in pieces], done)
        for source, log in self._logs.items():
            self._put_together(source, log)
        self._index.evidence = dict(sorted(self._index.evidence.items()))
        return self._index

    def _ask_storages(self, members: Sequence[Member]) -> None:
        """What objects are known by now, all at once and not one by one."""
        self._stored = identities({one.path for one in members if one.path is not None and is_remote(one.path)})

    def _identity(self, path: str) -> Identity:
        return self._stored.get(path) or identity(path)

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
            stored = self._stored.get(member.path or "")
            given = bytes_of(member, self._spool) if stored is None else Bytes(member.path or "", stored[2])
            self._seen[number] = self._identity(given.path)
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
            piece = self._here(piece)
            yield self._task(("units", (piece,)), Unit((piece,), self._zone))
            return
        log = self._logs[piece.source] = LongLog.of(piece, self._zone)
        if self._known(piece.source, log):
            return
        yield self._task(("range", (piece,), piece.source, 0), log.head())
        if log.sha256 is None:
            yield Task(("hash", piece.source), hashed, (piece.path, piece.size))

    def _range_came(self, source: int, number: int, done: Done) -> None:
        log = self._logs[source]
        is_new = log.done[number] is None
        log.done[number] = done
        if is_new:
            self._done_bytes += log.size_of(number)
            if number == 0:
                for later, unit in log.others():
                    self._submit(self._task(("range", (log.piece,), source, later), unit))

    def _ask_neighbours(self) -> None:
        """Logs without days, or years, that their files date far from all other sources, are read again: a copy is dated by its copying."""
        told = [(piece, read) for pieces, done in self._units for piece, read in zip(pieces, done.reads, strict=True)]
        told += [(log.piece, log.together()) for log in self._logs.values() if log.is_read]
        sure = [read for _, read in told if read.shown.written is None]
        first = min((read.first for read in sure if read.first is not None), default=None)
        last = max((read.last for read in sure if read.last is not None), default=None)
        if first is None or last is None:
            return
        for piece, read in told:
            is_far = read.last is not None and not first - DAY <= read.last <= last + DAY
            if is_far and read.shown.written is not None and day_named(piece.name) is None:
                self._read_as_of(piece, _date_of(last), read)

    def _read_as_of(self, piece: Piece, day: date, read: Read) -> None:
        what = "year" if read.shown.written == YEARLESS else "day"
        words = f"its lines say no {what} and its file is of {piece.ended}, far from the other sources; {day} is taken as its last day"
        self._refuse(Problem("day-from-neighbours", words, "give the file with the time of its last change (cp -p, tar)", piece.name))
        moved = replace(piece, ended=day, day=day)
        if piece.source in self._logs:
            self._logs[piece.source].piece = moved
        else:
            self._submit(self._task(("units", (moved,)), Unit((moved,), self._zone)))
        self._moved.add(piece.source)

    def _put_together(self, source: int, log: LongLog) -> None:
        if not log.is_read or log.sha256 is None:
            return
        line = 0
        for (start, _), done, read in zip(log.ranges, log.done, log.reads, strict=True):
            assert done is not None, "looked at above"
            self._add(done, [Stretch(source, start, line)])
            line += read.lines
        if source not in self._moved:
            self._record(source, log)
        self._source(log.piece, log.together())

    def _came(self, pieces: Sequence[Piece], done: Done) -> None:
        self._units.append((pieces, done))
        self._done_bytes += sum(piece.size for piece in pieces if piece.source not in self._moved)

    def _put(self, pieces: Sequence[Piece | None], done: Done) -> None:
        """The entries of short sources; None stands for those that were read again by themselves."""
        self._add(done, [Stretch(piece.source, 0, 0) if piece else None for piece in pieces])
        for piece, read in zip(pieces, done.reads, strict=True):
            if piece is not None:
                self._source(piece, read)

    def _add(self, done: Done, stretches: list[Stretch | None]) -> None:
        for part in done.parts:
            path = self._folder.part(done.name, part.number)
            self._index.parts.append(Placed(path, tuple(stretches), part.first, part.last, part.undated, part.has_texts))
        for number, packed in done.digests:
            one = stretches[number]
            if one is not None:
                self._index.digests.append((Place(one.source, one.offset, one.line), packed))

    def _source(self, piece: Piece, read: Read) -> None:
        for one in read.problems:
            self._refuse(one.problem())
        if read.reader == "none":
            return
        with suppress(OSError):
            if self._identity(piece.path) != self._seen[piece.source]:
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
            bare(piece.path),
            *self._seen[source],
            piece.name,
            piece.ended.isoformat(),
            piece.day.isoformat(),
            self._zone,
            names,
            engine_name(),
        )

    def _record(self, source: int, log: LongLog) -> None:
        if log.piece.sha256 is None and log.sha256 is not None:
            told = (log.sha256, [done.name for done in log.done if done is not None])
            self._folder.put("sources", self._name(source, log.piece), msgspec.msgpack.encode(told))

    def _here(self, piece: Piece) -> Piece:
        """A long source that is read as a whole, as a file that can be mapped. Raises OSError."""
        if not is_remote(piece.path):
            return piece
        given = copy_of(self._members[piece.source], self._spool)
        self._seen[piece.source] = identity(given.path)
        return replace(piece, path=given.path, end=given.size, size=given.size, sha256=given.sha256)

    def _known(self, source: int, log: LongLog) -> bool:
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
        log.done, log.sha256 = list(found), sha
        self._done_bytes += log.piece.size
        return True


def _date_of(micros: int) -> date:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)).date()
