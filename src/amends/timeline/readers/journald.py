"""The journal of systemd in its export format: fields one a line, with a length before those that hold line ends or other bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.timeline.entry import UNDATED, Event
from amends.timeline.readers.severity import syslog
from amends.timeline.readers.source import Reader, trouble
from amends.timeline.readers.times import instant
from amends.timeline.readers.values import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from amends.core.problem import Problem
    from amends.timeline.readers.source import Source

_FIELD = re.compile(rb"([A-Z_][A-Z0-9_]{0,63})(=([^\n]*+)\n?|\n)")
_ENDS = re.compile(rb"\n+")
_LINE = re.compile(rb"[^\n]*+\n?")


def sniff(head: bytes, _: str) -> bool:
    """Whether a file begins with the fields of a journal."""
    return head.startswith((b"__CURSOR=", b"__REALTIME_TIMESTAMP=")) and b"\n" in head


def read(source: Source) -> Iterator[Event | Problem]:
    """The entries of the journal."""
    view, at = source.view, 0
    while at < len(view):
        start, problem = at, None
        fields: dict[str, bytes] = {}
        while at < len(view) and view[at] != 10:
            name, value, after = _field(view, at)
            if name is None:
                problem = trouble(source, "bad-line", "not a field of a journal", at, "export it again with journalctl -o export")
                line = _LINE.match(view, at)
                after = line.end() if line else len(view)
            elif after < 0:
                problem = trouble(source, "truncated", f"the field {name} breaks off", at, "export it again")
                after = len(view)
            else:
                fields.setdefault(name, value)
            at = after
        if problem is not None:
            yield problem
        if fields:
            yield from _entry(source, start, at, fields)
        gap = _ENDS.match(view, at)
        at = gap.end() if gap else at


def _field(view: memoryview, at: int) -> tuple[str | None, bytes, int]:
    """The name and the value of a field, and where it ends: -1 where it does not."""
    found = _FIELD.match(view, at)
    if found is None:
        return None, b"", at
    name = found[1].decode()
    if found[3] is not None:
        return name, found[3], found.end()
    start = found.end() + 8
    size = int.from_bytes(view[found.end() : start], "little")
    end = start + size
    if end > len(view):
        return name, b"", -1
    return name, bytes(view[start:end]), end + 1


def _entry(source: Source, start: int, end: int, fields: Mapping[str, bytes]) -> Iterator[Event | Problem]:
    end = min(end, len(source.view))
    length = end - start - (end > start and source.view[end - 1] == 10)
    written = fields.get("__REALTIME_TIMESTAMP", fields.get("_SOURCE_REALTIME_TIMESTAMP", b"")).decode("ascii", "replace")
    told = instant(written, None, "us")
    if told is None:
        yield trouble(source, "bad-time" if written else "no-time", f"an entry whose time is none: {written[:40]!r}", start)
    text = fields.get("MESSAGE", b"").decode("utf-8", "replace")
    unit = (fields.get("SYSLOG_IDENTIFIER") or fields.get("_SYSTEMD_UNIT") or b"").decode("utf-8", "replace")
    priority = fields.get("PRIORITY", b"")
    level = syslog(int(priority)) if priority in (b"0", b"1", b"2", b"3", b"4", b"5", b"6", b"7") else None
    yield Event(
        told.time if told else UNDATED,
        told.text if told else clean(written),
        "utc",
        start,
        length,
        "log",
        clean(f"{unit}: {text}" if unit else text),
        level=level,
        thread=fields.get("INVOCATION_ID", b"").decode("ascii", "replace") or None,
        reference=None,
    )


READER = Reader("journald", "log", sniff, read)
