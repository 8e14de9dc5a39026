"""What the OpenAPI document says about the addresses of action items."""

from __future__ import annotations

from typing import Any

from amends.interfaces.api.actions_bodies import STATES, USUAL_LIMIT
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.ledger_bodies import KEY, KEY_LIMIT, KEY_PATTERN, LIMIT
from amends.interfaces.api.shapes import parameter, sent

_ID: dict[str, Any] = {"type": "string", "pattern": "^[0-9A-Z]{26}$"}
_IDEMPOTENCY: dict[str, Any] = {
    "name": KEY,
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT, "pattern": KEY_PATTERN},
    "description": "Fresh for each item, such as a UUID. A second try with the same key and body gives what the first one made.",
}
_LOCATION: dict[str, Any] = {"Location": {"schema": {"type": "string"}, "required": True, "description": "The address of what was made."}}
_COMMIT = {"kind": "commit", "reference": "4f2c1ab"}
_MEASURE = {"kind": "measure", "reference": "0 of 212 deploys dropped an index"}
_WHY = "the check was switched off"

EXAMPLES: dict[str, dict[str, dict[str, Any]]] = {
    "ProposeActionRequest": {
        "a test": {"summary": "Something that works when nobody is careful", "value": {
            "title": "Refuse a deploy that drops an index", "kind": "test", "detail": "The check reads the plan of the migration."}},
        "in one line": {"summary": "Only what will be there", "value": {"title": "Alert when the queue is older than 5 minutes"}},
    },
    "AcceptActionRequest": {
        "by the rule": {"summary": "You, until the time that is usual for the severity", "value": {
            "helps_when": "a deploy that drops an index is red"}},
        "for Bo": {"summary": "You write down the word of Bo", "value": {
            "helps_when": "a deploy that drops an index is red", "person": "Bo", "due": "2099-03-19T17:00:00+00:00"}},
    },
    "DeclineActionRequest": {"why": {"summary": "With the reason", "value": {"why": "I move to another team"}}},
    "MoveActionRequest": {"later": {"summary": "With the reason", "value": {
        "due": "2099-03-26T17:00:00+00:00", "why": "the migration comes first"}}},
    "DoneActionRequest": {
        "a commit": {"summary": "The commit shows it", "value": {"evidence": _COMMIT}},
        "your word": {"summary": "Nothing but your word", "value": {}},
    },
    "ReopenActionRequest": {"not there": {"summary": "With the reason", "value": {"why": _WHY}}},
    "VerifyActionRequest": {
        "a measure": {"summary": "Something was counted", "value": {"evidence": _MEASURE}},
        "a word": {"summary": "Somebody's word, called that", "value": {"evidence": {"kind": "person", "reference": "Ines, on call"}}},
    },
    "NoHelpActionRequest": {"again": {"summary": "An alert fired", "value": {
        "why": "it happened again on Tuesday", "evidence": {"kind": "alert", "reference": "checkout-errors"}}}},
    "DropActionRequest": {"gone": {"summary": "With the reason", "value": {"why": "the service is switched off"}}},
    "UndoActionRequest": {"the last": {"summary": "What happened last", "value": {}}},
    "PushActionRequest": {"the only one": {"summary": "To the tracker that is set up", "value": {}}},
    "FollowActionRequest": {"now": {"summary": "The address says it all", "value": {}}},
}  # fmt: skip
"""By the name of the body's schema; a test sends each."""

EXAMPLE: dict[str, Any] = {
    "schema": "amends.actions/1",
    "remarks": [],
    "actions": [
        {
            "id": "01J8Z5A1C2E3G4H5J6K7M8N9PQ",
            "incident": "01J8Z4Q2B7H5C9D1E3F6G8J0KM",
            "title": "Refuse a deploy that drops an index",
            "kind": "test",
            "detail": None,
            "proposed_at": "2026-03-05T09:00:00+00:00",
            "proposed_by": "ana",
            "state": "accepted",
            "step": "do",
            "owner": "bo",
            "due": "2026-03-20T23:59:00+00:00",
            "was_due": [],
            "late": False,
            "overdue": False,
            "helps_when": "a deploy that drops an index is red",
            "done_at": None,
            "shown_by": None,
            "judged_at": None,
            "helps_by": None,
            "reason": None,
            "guardrail": False,
            "ticket": "ours:12",
            "ticket_url": "https://github.com/acme/shop/issues/12",
            "there": {"state": "open", "words": None, "owner": "bo", "due": None, "told_at": "2026-03-06T10:15:00+00:00"},
            "events": [],
        }
    ],
}


def _answers(description: str, *refused: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    answers = answers_of(description, {"$ref": "#/components/schemas/Actions"}, 403, 404, *refused, 429, 503, status=status)
    answers[status]["content"]["application/json"]["example"] = EXAMPLE
    return answers


OF_INCIDENT: dict[str, Any] = {"responses": _answers("The action items of the incident, the one proposed first first")}
LIST: dict[str, Any] = {
    "responses": _answers("The action items", 422),
    "openapi_extra": {
        "parameters": [
            parameter("incident", {"type": "string"}, "Only those of this incident."),
            parameter("owner", {"type": "string"}, "Only those that this person accepted."),
            parameter(
                "state",
                {"enum": list(STATES), "default": STATES[0]},
                "Those that ask for something, the one due first first; only the overdue; or all, the one proposed last first.",
            ),
            parameter("limit", {"type": "integer", "minimum": 1, "maximum": LIMIT, "default": USUAL_LIMIT}, "The most that are wanted."),
            parameter("before", _ID, "With `state=all`: the id of the last item of the answer before, to go on behind it."),
        ]
    },
}
ONE: dict[str, Any] = {"responses": _answers("The action item")}
_PROPOSED = _answers("The action item", 400, 413, 422, status=201)
_PROPOSED[201]["headers"] = _LOCATION
PROPOSE: dict[str, Any] = {
    "status_code": 201,
    "responses": _PROPOSED,
    "openapi_extra": {"parameters": [_IDEMPOTENCY], **sent("ProposeActionRequest", EXAMPLES)},
}

ACTS = {
    "accept": ("AcceptActionRequest", "Take an idea on until a time, and say what would show that it helps."),
    "decline": ("DeclineActionRequest", "Give back what was accepted. It is an idea again."),
    "move": ("MoveActionRequest", "Give it another time. Before it was due that is honest; afterwards it stays late."),
    "done": ("DoneActionRequest", "Say that it is done, and by what that is shown."),
    "reopen": ("ReopenActionRequest", "Say that it is not done after all, or must be done otherwise."),
    "verify": ("VerifyActionRequest", "Show by evidence that it helps."),
    "no-help": ("NoHelpActionRequest", "Say that it was done and did not help."),
    "drop": ("DropActionRequest", "Say that nobody will do it, and why."),
    "undo": ("UndoActionRequest", "Undo one event. It stays in the history, and so does its undoing."),
    "push": ("PushActionRequest", "Make it a ticket of a tracker, once: what broke off is found by the next try."),
    "follow": ("FollowActionRequest", "Ask the tracker how its ticket stands. A closed one asks its owner; it decides nothing."),
}
_OPTIONAL = ("decline", "done", "undo", "push", "follow")


def act(name: str) -> dict[str, Any]:
    """The description of one act on an action item."""
    body, description = ACTS[name]
    outside = (502,) if name in ("push", "follow") else ()
    return {
        "description": description,
        "responses": _answers("The action item as it stands now", 400, 409, 413, 422, *outside),
        "openapi_extra": sent(body, EXAMPLES, required=name not in _OPTIONAL),
    }
