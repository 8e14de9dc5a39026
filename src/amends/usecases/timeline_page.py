"""What the picture of a timeline is drawn from: columns of entries, sources with their rates, and the lanes of promises and updates.

The shape is `amends.timeline-page/1`, as `integrations.export.timeline` draws it. Instants of promises and updates are RFC 3339.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amends.integrations.export.timeline.columns import Columns, named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from amends.promises.ledger import LedgerEntry
    from amends.timeline.notes import Entry
    from amends.timeline.versions import Version


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
    rows = _rows(shown, sources)
    head = {
        "title": title,
        "made_at": version.made_at.isoformat(),
        "zone": document["zone"],
        "all": False,
        "sources": sources,
        "rates": document["rates"],
        "promises": [_promise(one) for one in lanes.promises],
        "updates": [{"id": one.id, "time": one.sent_at.isoformat(), "form": one.form, "text": one.text} for one in lanes.updates],
        "problems": [{"source": one["source"] or "", "message": one["message"]} for one in document["problems"]],
    }
    return named(head) | {"entries": [Columns(sources).block(rows)] if rows else []}


def _rows(entries: Sequence[Entry], sources: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows of the entries; a source that the version does not know, such as a person's words, is put behind the others."""
    known = {(one["name"], one["sha256"]) for one in sources}
    found: list[Mapping[str, Any]] = []
    for entry in entries:
        row: Mapping[str, Any] = entry.row
        if (row["source"], row["sha256"]) not in known:
            known.add((row["source"], row["sha256"]))
            sources.append(_unread(row))
        correction = entry.marks.correction
        found.append(row if correction is None or correction.time is None else {**row, "time": correction.time.isoformat()})
    return found


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
