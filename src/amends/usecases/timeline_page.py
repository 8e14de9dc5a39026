"""What the picture of a timeline is drawn from: columns of entries, sources with their rates, and the lanes of promises and updates.

The shape is `amends.timeline-page/1`. Instants of entries are microseconds since 1970, those of promises and updates RFC 3339.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amends.timeline.entry import FLAGS, KINDS, LEVELS, REASONS, UNDATED
from amends.timeline.notes import micros

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from amends.promises.ledger import LedgerEntry
    from amends.timeline.notes import Entry
    from amends.timeline.versions import Version

SCHEMA = "amends.timeline-page/1"


@dataclass(frozen=True, slots=True)
class Update:
    """A message about an incident that was sent, with the form that its draft had."""

    id: str
    sent_at: datetime
    form: str
    audience: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Lanes:
    """What was promised and told about an incident, each in the order of its time."""

    promises: tuple[LedgerEntry, ...]
    updates: tuple[Update, ...]


def payload(title: str, version: Version, entries: Sequence[Entry], lanes: Lanes) -> dict[str, Any]:
    """Everything that the picture shows of a version: hidden entries are left out, corrected times hold."""
    document = version.document
    shown = [entry for entry in entries if not entry.marks.hidden]
    sources = [dict(one) for one in document["sources"]]
    return {
        "schema": SCHEMA,
        "title": title,
        "made_at": version.made_at.isoformat(),
        "zone": document["zone"],
        "all": False,
        "entries": _columns(shown, sources),
        "sources": sources,
        "rates": document["rates"],
        "kinds": list(KINDS),
        "levels": ["", *LEVELS],
        "reasons": list(REASONS),
        "flags": list(FLAGS),
        "promises": [_promise(one) for one in lanes.promises],
        "updates": [{"id": one.id, "time": one.sent_at.isoformat(), "form": one.form, "text": one.text} for one in lanes.updates],
        "problems": [{"source": one["source"] or "", "message": one["message"]} for one in document["problems"]],
    }


def _columns(entries: Sequence[Entry], sources: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """The entries as columns; a source that the version does not know, such as a person's words, is put behind the others."""
    places = {(one["name"], one["sha256"]): number for number, one in enumerate(sources)}
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for entry in entries:
        row: Mapping[str, Any] = entry.row
        key = (row["source"], row["sha256"])
        if key not in places:
            places[key] = len(sources)
            sources.append(_unread(row))
        values = (
            _or_none(entry.time), places[key], KINDS.index(row["kind"]), LEVELS.index(row["level"]) + 1 if row["level"] else 0,
            row["text"], row["actor"], row["count"], _or_none(micros(row["last_time"])), _bits(row["why"], REASONS),
            list(row["because"]) or 0, entry.id, row["line"], row["offset"], row["length"], _bits(row["flags"], FLAGS),
            row["time_text"] or "", int(entry.marks.pinned),
        )  # fmt: skip
        for name, value in zip(_COLUMNS, values, strict=True):
            columns[name].append(value)
    return columns


_COLUMNS = (
    "time", "source", "kind", "level", "text", "actor", "count", "last", "why", "because", "id", "line", "offset", "length", "flags",
    "time_text", "pinned",
)  # fmt: skip


def _unread(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": row["source"], "sha256": row["sha256"], "size": 0, "reader": "", "formats": [], "entries": 0, "undated": 0,
        "first": None, "last": None, "zone": "stated", "problems": [], "skew": [],
    }  # fmt: skip


def _promise(entry: LedgerEntry) -> dict[str, Any]:
    promise, stands = entry.promise, entry.standing
    return {
        "id": promise.id,
        "quote": promise.words,
        "made_at": promise.made_at.isoformat(),
        "due": promise.due.isoformat() if promise.due else None,
        "fate": stands.state,
        "settled_at": stands.settled_at.isoformat() if stands.settled_at else None,
    }


def _bits(names: Sequence[str], known: tuple[str, ...]) -> int:
    return sum(1 << known.index(name) for name in names if name in known)


def _or_none(time: int) -> int | None:
    return None if time == UNDATED else time
