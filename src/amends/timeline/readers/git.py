"""The history of a git repository, as `git log` wrote it for us: commits, tags on them, and which change a revert took back.

Somebody else runs git, with `ARGUMENTS`. NULs part the fields, since no message can hold one. An event stands at the time of the commit,
which is nearer to when others got it; the author's time is told where it differs. A change and its revert share a thread.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from amends.timeline.entry import UNDATED, Event
from amends.timeline.readers.source import Reader, trouble
from amends.timeline.readers.times import instant
from amends.timeline.readers.values import clean, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from amends.core.problem import Problem
    from amends.timeline.readers.source import Source

FORMAT = "%x00amends-commit%x00%H%x00%P%x00%an%x00%aI%x00%cn%x00%cI%x00%D%x00%B%x00"
"""What git is to write of each commit: id, parents, author and time, committer and time, the names that point at it, message."""
ARGUMENTS = ("log", "--all", f"--format={FORMAT}", "--numstat", "--no-color", "--no-show-signature", "--encoding=UTF-8")
"""What git is called with."""

_START = b"\x00amends-commit\x00"
_FIELDS = 8
_REVERTS = re.compile(rb"This reverts commit ([0-9a-f]{7,64})")
_ID = re.compile(rb"\x00amends-commit\x00([0-9a-f]{40,64})\x00")
_MARKED = re.compile(rb"\x00amends-commit\x00")
_COUNTS = re.compile(r"^(\d{1,9}|-)\t(\d{1,9}|-)\t(.+)$", re.MULTILINE)


class Family(NamedTuple):
    """Which commit each revert takes back, and the subject of each commit that is taken back."""

    reverts: Mapping[str, str]
    undone_by: Mapping[str, str]

    def root(self, id: str) -> str:
        """The change at the beginning of a chain of reverts."""
        seen = {id}
        while (before := self.reverts.get(id)) is not None and before not in seen:
            seen.add(before)
            id = before
        return id


def sniff(head: bytes, _: str) -> bool:
    """Whether a file is what git wrote for us."""
    return head.lstrip(b"\n").startswith(_START)


def read(source: Source) -> Iterator[Event | Problem]:
    """The commits."""
    view = source.view
    family = _family(view)
    seen: set[str] = set()
    records = _records(view)
    before = records[0][0] if records else len(view)
    if bytes(view[:before]).strip(b"\n\x00") or not records:
        yield trouble(source, "bad-line", "not a commit", 0, "run git log again")
    for start, end in records:
        yield from _commit(source, start, end, family, seen)


def _records(view: memoryview) -> list[tuple[int, int]]:
    """Where each commit stands, from its mark to that of the next."""
    starts = [found.start() for found in _MARKED.finditer(view)]
    return list(pairwise([*starts, len(view)]))


def _family(view: memoryview) -> Family:
    """Who reverts whom; a shortened id counts where only one commit begins with it."""
    ids = sorted(found[1].decode() for found in _ID.finditer(view))
    reverts: dict[str, str] = {}
    for start, end in _records(view) if _REVERTS.search(view) else ():
        told, own = _REVERTS.search(view, start, end), _ID.match(view, start)
        if told is not None and own is not None:
            reverts[own[1].decode()] = _full(told[1].decode(), ids)
    return Family(reverts, {undone: by for by, undone in reverts.items()})


def _full(short: str, ids: list[str]) -> str:
    from bisect import bisect_left

    first = bisect_left(ids, short)
    fitting = ids[first : first + 2]
    unique = fitting and fitting[0].startswith(short) and (len(fitting) < 2 or fitting[1] == fitting[0] or not fitting[1].startswith(short))
    return fitting[0] if unique else short


def _commit(source: Source, start: int, end: int, family: Family, seen: set[str]) -> Iterator[Event | Problem]:
    """The event of the bytes from a mark to the next; it cites them without the marks and the line ends behind."""
    offset = start + len(_START)
    record = bytes(source.view[offset:end])
    fields = record.split(b"\x00", _FIELDS)
    if len(fields) <= _FIELDS or _ID.match(source.view, start) is None:
        yield trouble(source, "truncated", "a commit that breaks off", offset, "run git log again")
        return
    id, _, author, written, committer, committed, names, message, counts = (field.decode("utf-8", "replace") for field in fields)
    if id in seen:
        yield trouble(source, "duplicate", f"commit {id[:12]} is there twice", offset)
        return
    seen.add(id)
    told, first = instant(committed, source.zone), instant(written, source.zone)
    if told is None:
        yield trouble(source, "bad-time", f"commit {id[:12]} has no time that can be: {clean(committed)[:40]!r}", offset)
    notes = [
        f"(reverts {family.reverts[id][:12]})" if id in family.reverts else "",
        f"(reverted by {family.undone_by[id][:12]})" if id in family.undone_by else "",
    ]
    if first is not None and (told is None or first.time != told.time):
        notes.append(f"(written {first.text})")
    if committer != author:
        notes.append(f"(committed by {committer})")
    subject, _, body = message.strip().partition("\n")
    # What git knows stands behind the subject: a list of entries shows no more of a long message.
    text = joined(joined(subject, *notes, _tags(names), _size(counts)), body.strip(), by="\n\n")
    yield Event(
        told.time if told else UNDATED,
        told.text if told else committed,
        "stated",
        offset,
        len(record.rstrip(b"\x00\n")),
        "commit",
        clean(text),
        clean(author) or None,
        thread=family.root(id),
        reference=id,
    )


def _tags(names: str) -> str:
    tags = [name.removeprefix("tag: ") for name in names.split(", ") if name.startswith("tag: ")]
    return f"(tag {', '.join(tags)})" if tags else ""


def _size(counts: str) -> str:
    files = _COUNTS.findall(counts)
    if not files:
        return ""
    added, removed = (sum(int(file[side]) for file in files if file[side] != "-") for side in (0, 1))
    return f"({len(files)} file{'s' if len(files) != 1 else ''}, +{added} −{removed})"


READER = Reader("git", "commit", sniff, read)
