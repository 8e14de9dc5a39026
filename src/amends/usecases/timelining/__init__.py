"""Evidence into one timeline: every source is read by what knows it, and each entry can be read back from the bytes it cites."""

from __future__ import annotations

import mmap
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Self

import numpy as np

from amends.core.errors import InputError, NotFoundError
from amends.core.problem import Problem
from amends.integrations.evidence.member import beside
from amends.integrations.evidence.sources import find
from amends.timeline.entry import FLAGS, KINDS, LEVELS, REASONS, UNDATED, Event
from amends.timeline.highlight import everything, highlights
from amends.timeline.lines.source import LineLog
from amends.timeline.readers import HEAD, Source, reader_of, slack
from amends.timeline.table import ZONES, Table, in_order, joined, of_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, tzinfo

    from amends.integrations.evidence.member import Member

BLOCK = 8 << 20
"""Bytes of a log that are read at once."""


_NEAR = 4096
"""Bytes around an entry in which its neighbours are looked for."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One source as it was read: its name in citations, its bytes and their hash, and what was understood of it."""

    number: int
    name: str
    size: int
    sha256: str
    reader: str
    member: Member
    formats: tuple[str, ...] = ()


@dataclass
class Timeline:
    """All entries in order, and the sources that they cite."""

    evidence: tuple[Evidence, ...]
    table: Table
    zone: str | None = None


class Timelining:
    """Assembles timelines; `now` tells what day it is where a log says no year and its file no date."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def assemble(
        self, operands: Sequence[str], refuse: Callable[[Problem], None], zone: tzinfo | None = None, tz: str | None = None
    ) -> Timeline:
        """Read every source that the operands hold.

        Raises InputError when an operand does not exist, and when nothing could be read.
        """
        evidence: list[Evidence] = []
        tables: list[Table] = []
        names = _Names()
        members = list(find(operands, refuse))
        for member in members:
            names.learn(member)
        for member in members:
            if names.is_of(member):
                continue
            try:
                made = self._read(len(evidence), member, names, refuse, zone)
            except OSError as error:
                refuse(Problem("unreadable", f"it cannot be read: {(error.strerror or str(error)).lower()}", "", member.name))
                continue
            if made is not None:
                evidence.append(made[0])
                tables.append(made[1])
        if not evidence:
            raise InputError("nothing in the sources could be read", hint="give logs, exports, mails or a repository; --help lists them")
        return Timeline(tuple(evidence), in_order(joined(tables)), tz)

    def _read(
        self, number: int, member: Member, names: _Names, refuse: Callable[[Problem], None], zone: tzinfo | None
    ) -> tuple[Evidence, Table] | None:
        with ExitStack() as stack:
            data = _bytes_of(member, stack)
            if not len(data):
                refuse(Problem("empty", "the file is empty", "", member.name))
                return None
            digest = sha256(data).hexdigest()
            head = bytes(data[:HEAD])
            reader = reader_of(head, member.name)
            if reader is not None:
                source = Source(member.name, data, zone, member.modified_at, names.of(member))
                table = of_events(number, _events(reader.read(source), refuse))
                return Evidence(number, member.name, len(data), digest, reader.id, member), _with_lines(table, data)
            if b"\0" in head and not _is_text(head):
                refuse(Problem("not-text", "binary, and of no kind that is known", "", member.name))
                return None
            log = LineLog(number, self._day(member), zone)
            for start, end in _blocks(data):
                log.read(np.frombuffer(data, np.uint8, end - start, start), start)
            if not log.formats:
                refuse(Problem("no-times", "no line of it tells a time", "its lines stand undated, as one entry", member.name))
            return Evidence(number, member.name, len(data), digest, "lines", member, tuple(log.formats)), log.table()

    def _day(self, member: Member) -> date:
        """The day on which a source was last written, today where nobody knows."""
        if member.modified_at is None:
            return self._now().date()
        return min(datetime.fromtimestamp(member.modified_at / 1e6, UTC), self._now()).date()


class _Names:
    """What sibling files tell about a source, such as the names of a Slack workspace; they are read first, and are no entries."""

    def __init__(self) -> None:
        self._of_root: dict[str, dict[str, str]] = {}
        self._tellers: set[str] = set()

    def learn(self, member: Member) -> None:
        """Read a member that tells names."""
        if member.name.rpartition("/")[2] not in ("users.json", "org_users.json", "channels.json"):
            return
        with ExitStack() as stack:
            told = slack.names_of([(member.name.rpartition("/")[2], bytes(_bytes_of(member, stack)))])
        if told:
            folder = member.name.rpartition("/")[0]
            self._of_root.setdefault(folder, {}).update(told)
            self._tellers.add(member.name)

    def is_of(self, member: Member) -> bool:
        """Whether a member only told names."""
        return member.name in self._tellers

    def of(self, member: Member) -> dict[str, str]:
        """The names that hold for a member: those told nearest to it."""
        return next(
            (self._of_root[name.rpartition("/")[0]] for name in beside(member, "users.json") if name.rpartition("/")[0] in self._of_root),
            {},
        )


def rows(timeline: Timeline, texts: Texts, *, all_entries: bool) -> Iterator[dict[str, object]]:
    """The entries as the contract writes them, one after the other; the texts of log lines are read from their sources."""
    kept = everything(timeline.table) if all_entries else highlights(timeline.table)
    table = kept.table
    for place in range(len(table)):
        source = timeline.evidence[int(table["source"][place])]
        event = table.events[int(table["event"][place])] if table["event"][place] >= 0 else None
        yield _row(timeline, table, place, source, event, texts) | {
            "count": int(kept.count[place]),
            "last_time": written(int(kept.last[place])) if kept.count[place] > 1 else None,
            "why": [name for bit, name in enumerate(REASONS) if int(kept.why[place]) >> bit & 1],
        }


def _row(timeline: Timeline, table: Table, place: int, source: Evidence, event: Event | None, texts: Texts) -> dict[str, object]:
    offset, level, flags = int(table["offset"][place]), int(table["level"][place]), int(table["flags"][place])
    zone = event.zone if event else ZONES[int(table["zone"][place])]
    text, time_text = event.text if event else "", event.time_text if event else ""
    if event is None:
        line = texts.of(source, offset, int(table["length"][place]))
        at = int(table["time_at"][place])
        time_text = line[at : at + int(table["time_length"][place])].decode("utf-8", "replace")
        text = line.decode("utf-8", "replace")
    return {
        "id": entry_id(source, offset),
        "time": written(int(table["time"][place])),
        "time_text": time_text or None,
        "zone": f"assumed:{timeline.zone or 'UTC'}" if zone == "assumed" else zone,
        "source": source.name,
        "sha256": source.sha256,
        "line": int(table["line"][place]),
        "offset": offset,
        "length": int(table["length"][place]),
        "flags": [name for bit, name in enumerate(FLAGS) if flags >> bit & 1],
        "kind": KINDS[int(table["kind"][place])],
        "level": LEVELS[level - 1] if level else None,
        "actor": event.actor if event else None,
        "text": text,
    }


def entry_id(source: Evidence, offset: int) -> str:
    """The name of an entry: the same wherever and whenever its source is read again."""
    return sha256(f"{source.sha256}:{offset}".encode()).hexdigest()[:12]


def written(micros: int) -> str | None:
    """An instant as RFC 3339 in UTC with microseconds; None for none."""
    if micros == UNDATED:
        return None
    return f"{np.datetime64(micros, 'us')}Z"


class Texts:
    """Reads the text of entries back from the sources, each opened once."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._open: dict[int, mmap.mmap | bytes] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def of(self, source: Evidence, offset: int, length: int) -> bytes:
        """The bytes of an entry. Raises NotFoundError when its source is not what it was when it was read."""
        if source.number not in self._open:
            data = _bytes_of(source.member, self._stack)
            if len(data) != source.size or sha256(data).hexdigest() != source.sha256:
                raise NotFoundError(f"{source.name} has changed since it was read", hint="give the source as it was, or read it again")
            self._open[source.number] = data
        return bytes(self._open[source.number][offset : offset + length])

    def around(self, source: Evidence, offset: int, length: int, lines: int) -> tuple[bytes, bytes, bytes]:
        """The bytes of an entry, and the lines before and behind it. Raises NotFoundError as `of` does."""
        found = self.of(source, offset, length)
        data = self._open[source.number]
        before = bytes(data[max(0, offset - _NEAR) : offset]).splitlines(keepends=True)[-lines:]
        after = bytes(data[offset + length : offset + length + _NEAR]).lstrip(b"\r\n").splitlines(keepends=True)[:lines]
        return b"".join(before), found, b"".join(after)


def between(timeline: Timeline, start: int | None, end: int | None) -> Timeline:
    """The part of a timeline from one instant to another, in microseconds; None leaves an end open. What has no time is in every part."""
    time = np.asarray(timeline.table["time"], np.int64)
    keep = np.ones(len(time), bool)
    if start is not None:
        keep &= (time >= start) | (time == UNDATED)
    if end is not None:
        keep &= time <= end
    return replace(timeline, table=timeline.table.taken(keep))


def _bytes_of(member: Member, stack: ExitStack) -> mmap.mmap | bytes:
    """The bytes of a member: mapped where it is a plain file, else read."""
    if member.path is not None and member.size:
        file = stack.enter_context(open(member.path, "rb"))  # noqa: SIM115  # the stack closes it
        return stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    with member.open() as stream:
        return stream.read()


def _blocks(data: mmap.mmap | bytes) -> Iterator[tuple[int, int]]:
    """Stretches of whole lines; a line longer than a block is a block of its own."""
    start = 0
    while start < len(data):
        end = min(len(data), start + BLOCK)
        if end < len(data):
            found = data.rfind(b"\n", start, end)
            if found < 0:
                found = data.find(b"\n", end)
            end = len(data) if found < 0 else found + 1
        yield start, end
        start = end


def _events(found: Iterator[Event | Problem], refuse: Callable[[Problem], None]) -> list[Event]:
    events: list[Event] = []
    for one in found:
        if isinstance(one, Problem):
            refuse(one)
        else:
            events.append(one)
    return events


def _with_lines(table: Table, data: mmap.mmap | bytes) -> Table:
    """The numbers of the lines at which events begin."""
    offsets = np.asarray(table["offset"], np.int64)
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == 10)
    return table.with_columns(line=(np.searchsorted(ends, offsets, side="left") + 1).astype(np.int64))


def _is_text(head: bytes) -> bool:
    """Whether a head with NUL bytes is text nevertheless: logs of a machine that lost power have runs of them, and no other odd bytes."""
    odd = sum(byte < 32 and byte not in (0, 9, 10, 12, 13, 27) for byte in head)
    return odd < 0.02 * len(head) and head.count(0) < 0.9 * len(head)
