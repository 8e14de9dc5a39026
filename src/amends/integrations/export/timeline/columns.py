"""Rows of the contract as columns, which repeat no names and which a browser turns into typed arrays.

A block is a JSON object of lists of one length. `time` and `last` are microseconds since 1970 in UTC or null, `source`, `kind` and
`level` are places in the lists of the head (level 0 is "not said"), `why` and `flags` are bits, `because` is a list of words or 0,
`zone` is 0 where it is the zone of the whole source.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from amends.timeline.entry import FLAGS, KINDS, LEVELS, REASONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SCHEMA = "amends.timeline-page/1"

TEXT_LIMIT = 2000
"""Characters of one entry that a page holds; the command `amends timeline show` has all of them."""

_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_KIND = {name: at for at, name in enumerate(KINDS)}
_LEVEL: dict[str | None, int] = {None: 0, **{name: at for at, name in enumerate(LEVELS, 1)}}


class Columns:
    """Turns rows into blocks; knows the sources of the head by name and hash."""

    def __init__(self, sources: Sequence[Mapping[str, Any]]) -> None:
        self._zones = [str(source.get("zone", "")) for source in sources]
        self._by_hash = {(source["name"], source["sha256"]): at for at, source in enumerate(sources)}

    def block(self, rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
        """The columns of some rows. KeyError for a source that the head does not list."""
        written = [self._cells(row) for row in rows]
        return {name: list(column) for name, column in zip(_NAMES, zip(*written, strict=True), strict=True)}

    def _cells(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        source = self._by_hash[row["source"], row["sha256"]]
        return (
            micros(row["time"]),
            source,
            _KIND[row["kind"]],
            _LEVEL[row["level"]],
            _cut(row["text"]),
            row["actor"],
            row["count"],
            micros(row["last_time"]),
            sum(1 << REASONS.index(name) for name in row["why"]),
            list(row.get("because") or ()) or 0,
            row["id"],
            row["line"],
            row["offset"],
            row["length"],
            sum(1 << FLAGS.index(name) for name in row["flags"]),
            row["time_text"],
            0 if row["zone"] == self._zones[source] else row["zone"],
        )


_NAMES = (
    "time", "source", "kind", "level", "text", "actor", "count", "last", "why", "because", "id", "line", "offset", "length", "flags",
    "time_text", "zone",
)  # fmt: skip


def micros(written: str | None) -> int | None:
    """An ISO time in microseconds since 1970 in UTC; None stays None."""
    return None if written is None else (datetime.fromisoformat(written) - _BEGIN) // _MICROSECOND


def named(head: Mapping[str, Any]) -> dict[str, Any]:
    """The head with its schema and the names that the numbers in the columns stand for."""
    names = {"kinds": list(KINDS), "levels": [None, *LEVELS], "reasons": list(REASONS), "flags": list(FLAGS)}
    return {"schema": SCHEMA, **head, **names}


def for_script(value: object) -> str:
    """JSON that can stand inside a script element: plain ASCII in which no markup can begin."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def _cut(text: str) -> str:
    if len(text) <= TEXT_LIMIT:
        return text
    return f"{text[:TEXT_LIMIT]} … ({len(text) - TEXT_LIMIT:,} more characters)"
