"""One event on the timeline, and the words that describe it.

An entry cites bytes: the source, where in it, how many, and the hash of the source. Its text is read from there when it is shown.
Instants are microseconds since 1970 in UTC, since a day of logs has more of them than objects can be made for.
"""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = ("trace", "debug", "info", "notice", "warning", "error", "critical")
"""How bad a line says it is, from the least; 0 in a column of levels is "not said", and 1 to 7 are these."""

KINDS = ("log", "chat", "alert", "deploy", "commit", "ticket", "status", "mail", "other")
"""What sort of thing an entry is."""

FLAGS = ("year_inferred", "zone_assumed", "skew_applied", "continuation", "unparsed", "date_inferred", "out_of_order", "edited")
"""What is to be known about an entry beside its time; bit n of a column of flags is the n-th of these."""

REASONS = ("first-seen", "burst", "rate-change", "change", "after-change", "alert", "human", "silence")
"""Why an entry is kept when not all are shown."""

UNDATED = -(2**63)
"""The instant of what has no time of its own and follows nothing that has one."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where the bytes of an entry stand: in a source, at a byte, so many of them; `line` counts from 1."""

    source: str
    sha256: str
    offset: int
    length: int
    line: int


def flag(name: str) -> int:
    """The bit of a flag."""
    return 1 << FLAGS.index(name)
