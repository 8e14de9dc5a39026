"""A ledger entry as plain values, the same on the command line and over HTTP: the shapes of `amends.ledger/1`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from amends.core.incident import SentMessage
    from amends.promises.ledger import LedgerEntry
    from amends.promises.promise import Event

SCHEMA = "amends.ledger/1"


def as_dict(entry: LedgerEntry) -> dict[str, Any]:
    """A promise, how it stands, what it asks for next, and its history. Times are RFC 3339 with an offset."""
    promise, now = entry.promise, entry.standing
    return {
        "id": promise.id,
        "quote": promise.words,
        "time_quote": promise.time_words,
        "kind": promise.kind,
        "firmness": promise.firmness,
        "due": _time(promise.due),
        "due_earliest": _time(promise.due_earliest),
        "grain": promise.grain,
        "tz": promise.tz,
        "note": promise.note,
        "maker": promise.maker,
        "owner": now.owner,
        "audience": promise.audience,
        "made_to": promise.made_to,
        "made_at": _time(promise.made_at),
        "recorded_at": _time(promise.recorded_at),
        "incident": promise.incident_id,
        "message": promise.message_id,
        "private": promise.private,
        "follows": promise.follows,
        "state": now.state,
        "closed": now.closed,
        "step": now.step,
        "settled_at": _time(now.settled_at),
        "settled_by": f"{now.evidence.kind}:{now.evidence.reference}" if now.evidence else None,
        "late_by_s": now.late_by_s,
        "successor": now.successor,
        "offered_to": now.offered_to,
        "snoozed_until": _time(now.snoozed_until),
        "events": [_event(event) for event in entry.events],
    }


def message_as_dict(message: SentMessage) -> dict[str, Any]:
    """A message that was sent, with its text."""
    return {
        "id": message.id,
        "incident": message.incident_id,
        "audience": message.audience,
        "author": message.author,
        "sent_at": _time(message.sent_at),
        "recorded_at": _time(message.recorded_at),
        "text": message.text,
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "what": event.what,
        "at": _time(event.at),
        "recorded_at": _time(event.recorded_at),
        "by": event.by,
        "why": event.why,
        "to": event.to,
        "until": _time(event.until),
        "evidence": f"{event.evidence.kind}:{event.evidence.reference}" if event.evidence else None,
        "successor": event.successor,
        "undoes": event.undoes,
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
