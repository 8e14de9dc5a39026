"""JSON Schema of `amends.actions/1`: what the command line and the API say about action items."""

from __future__ import annotations

from typing import Any

from amends.incidents.acting import CLOSED, OPEN, STEPS
from amends.incidents.action_report import SCHEMA
from amends.incidents.actions import ACTION_EVENTS, ACTION_KINDS, ACTION_STATES
from amends.interfaces.api.shapes import many, record

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_MAYBE_TIME: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
_YES: dict[str, Any] = {"type": "boolean"}


def action_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of action items by name, referring to each other below `place`."""
    item = {
        **_ITEM,
        "there": {"anyOf": [{"$ref": f"{place}ActionTicket"}, {"type": "null"}]},
        "events": many(f"{place}ActionEvent"),
    }
    return {
        "Actions": {
            "type": "object",
            "description": "Action items; with remarks on the words of one, or on its time, which keep nobody from anything.",
            "required": ["schema", "actions"],
            "properties": {
                "schema": {"const": SCHEMA},
                "remarks": many(f"{place}ActionRemark"),
                "actions": many(f"{place}ActionItem"),
            },
        },
        "ActionItem": record("An action item of a review, how it stands, and what it asks for next.", item),
        "ActionEvent": record("One thing that happened to an action item.", _EVENT),
        "ActionTicket": record("What a tracker says of its ticket. It decides nothing here.", _TICKET),
        "ActionRemark": record("What could be said better.", {"code": _TEXT, "message": _TEXT, "hint": _TEXT}),
    }


_ITEM: dict[str, Any] = {
    "id": _TEXT,
    "incident": _TEXT,
    "title": _TEXT,
    "kind": {"enum": list(ACTION_KINDS), "description": "What it puts in place."},
    "detail": _MAYBE_TEXT,
    "proposed_at": _TIME,
    "proposed_by": _TEXT,
    "state": {"enum": list(ACTION_STATES)},
    "step": {"enum": list(STEPS), "description": "What somebody has to do now; empty when all is done."},
    "owner": {**_MAYBE_TEXT, "description": "Who accepted it."},
    "due": {**_MAYBE_TIME, "description": "In time until the end of this minute."},
    "was_due": {"type": "array", "items": _TIME, "description": "The times that it was moved from, oldest first."},
    "late": {**_YES, "description": "It was not done, or not even moved, in its time; this stays."},
    "overdue": {**_YES, "description": "It should have been done by now."},
    "helps_when": {**_MAYBE_TEXT, "description": "What would show that it helps."},
    "done_at": _MAYBE_TIME,
    "shown_by": {**_MAYBE_TEXT, "description": "What shows that it is done, as `kind:reference`."},
    "judged_at": _MAYBE_TIME,
    "helps_by": {**_MAYBE_TEXT, "description": "What shows that it helps, or that it does not, as `kind:reference`."},
    "reason": {**_MAYBE_TEXT, "description": "Why it was given back, reopened or dropped, or how it was judged."},
    "guardrail": {**_YES, "description": "It is in place, and stands in the way of a repetition when nobody thinks of it."},
    "ticket": {**_MAYBE_TEXT, "description": "Its ticket, as `tracker:reference`."},
    "ticket_url": _MAYBE_TEXT,
}
_EVENT: dict[str, Any] = {
    "id": _TEXT,
    "what": {"enum": list(ACTION_EVENTS)},
    "at": _TIME,
    "recorded_at": _TIME,
    "by": {**_TEXT, "description": "Who said it; `tracker:NAME` where a tracker did."},
    "person": _MAYBE_TEXT,
    "due": _MAYBE_TIME,
    "text": _MAYBE_TEXT,
    "evidence": _MAYBE_TEXT,
    "undoes": {**_MAYBE_TEXT, "description": "The event that this one takes back."},
}
_TICKET: dict[str, Any] = {
    "state": {"enum": [OPEN, CLOSED]},
    "words": {**_MAYBE_TEXT, "description": "What the tracker calls it itself."},
    "owner": _MAYBE_TEXT,
    "due": {"type": ["string", "null"], "format": "date"},
    "told_at": _TIME,
}
