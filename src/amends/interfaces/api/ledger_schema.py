"""JSON Schema of `amends.ledger/1`: what the command line and the API say about promises."""

from __future__ import annotations

from typing import Any

from amends.core.people import AUDIENCES
from amends.interfaces.api.shapes import many, record
from amends.promises.promise import EVENTS, STATES
from amends.promises.report import SCHEMA

KINDS = ["next_update", "fix", "prevention", "deliver", "other"]
STEPS = ["accept", "assign", "answer", "settle", "time", "tell", ""]
_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_MAYBE_TIME: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}


def ledger_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of the ledger by name, referring to each other below `place`."""
    promise = {**_PROMISE, "events": many(f"{place}LedgerEvent")}
    return {
        "Ledger": _ledger(place),
        "LedgerPromise": record("A promise, how it stands, and what it asks for next.", promise),
        "LedgerEvent": record("One thing that happened to a promise.", _EVENT),
        "SentMessage": record("A message that was sent.", _MESSAGE),
    }


def _ledger(place: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": "Promises; with the message that was recorded, or with the first words to tell people of a change.",
        "required": ["schema", "promises"],
        "properties": {
            "schema": {"const": SCHEMA},
            "message": {"$ref": f"{place}SentMessage"},
            "tell": {**_TEXT, "description": "How to begin telling those it was made to, with [gaps] for what only its maker knows."},
            "promises": many(f"{place}LedgerPromise"),
        },
    }


_PROMISE: dict[str, Any] = {
    "id": _TEXT,
    "quote": {**_TEXT, "description": "The words that make it."},
    "time_quote": _MAYBE_TEXT,
    "kind": {"enum": KINDS},
    "firmness": {"enum": ["firm", "conditional", "expectation", "vague"]},
    "due": {**_MAYBE_TIME, "description": "Kept until the end of this minute is in time; null where no time was promised."},
    "due_earliest": _MAYBE_TIME,
    "grain": {"enum": ["minute", "hour", "day", "week", "month", "quarter", None]},
    "tz": _MAYBE_TEXT,
    "note": {**_MAYBE_TEXT, "description": "What was assumed about its time, or why there is none."},
    "maker": {**_TEXT, "description": "Who said it; `local` is the one person of an installation without accounts."},
    "owner": {**_MAYBE_TEXT, "description": "Who must keep it."},
    "audience": {"enum": [*AUDIENCES, None]},
    "made_to": _MAYBE_TEXT,
    "made_at": _TIME,
    "recorded_at": _TIME,
    "incident": _MAYBE_TEXT,
    "message": _MAYBE_TEXT,
    "private": {"type": "boolean"},
    "follows": {**_MAYBE_TEXT, "description": "The promise that it took the place of."},
    "state": {"enum": list(STATES)},
    "closed": {"type": "boolean", "description": "Nothing more can become of it."},
    "step": {"enum": STEPS, "description": "What somebody has to do now; empty when all is done."},
    "settled_at": _MAYBE_TIME,
    "settled_by": {**_MAYBE_TEXT, "description": "What shows that it was kept, as `kind:reference`."},
    "late_by_s": {"type": "integer"},
    "successor": {**_MAYBE_TEXT, "description": "The promise that took its place."},
    "offered_to": _MAYBE_TEXT,
    "snoozed_until": _MAYBE_TIME,
}
_EVENT: dict[str, Any] = {
    "id": _TEXT,
    "what": {"enum": list(EVENTS)},
    "at": _TIME,
    "recorded_at": _TIME,
    "by": _TEXT,
    "why": _MAYBE_TEXT,
    "to": _MAYBE_TEXT,
    "until": _MAYBE_TIME,
    "evidence": _MAYBE_TEXT,
    "successor": _MAYBE_TEXT,
    "undoes": {**_MAYBE_TEXT, "description": "The event that this one takes back."},
}
_MESSAGE: dict[str, Any] = {
    "id": _TEXT,
    "incident": _MAYBE_TEXT,
    "audience": {"enum": [*AUDIENCES, None]},
    "author": _TEXT,
    "sent_at": _TIME,
    "recorded_at": _TIME,
    "text": _TEXT,
}
