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

REASON_OF_KIND = {
    "chat": "human", "mail": "human", "ticket": "human", "status": "human", "other": "human",
    "alert": "alert", "deploy": "change", "commit": "change",
}  # fmt: skip
"""Why an entry matters by what sort of thing it is; "other" are notes and tables, which somebody wrote by hand."""

UNDATED = -(2**63)
"""The instant of what has no time of its own and follows nothing that has one."""


def flag(name: str) -> int:
    """The bit of a flag."""
    return 1 << FLAGS.index(name)


@dataclass(frozen=True, slots=True)
class Event:
    """What a structured source says happened: a message, an alert, a commit.

    `time` is microseconds since 1970 in UTC, `UNDATED` where there is none; `time_text` is how it was written and `zone` says how it was
    understood: stated, utc, or assumed. `offset` and `length` cite its bytes in the decompressed source; `thread` joins what belongs
    together, such as a message and its answers, or an alert and its end.
    """

    time: int
    time_text: str
    zone: str
    offset: int
    length: int
    kind: str
    text: str
    actor: str | None = None
    level: str | None = None
    flags: int = 0
    thread: str | None = None
    reference: str | None = None
