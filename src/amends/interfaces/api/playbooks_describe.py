"""What the OpenAPI document says about the addresses of playbooks."""

from __future__ import annotations

from typing import Any

from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.ledger_bodies import KEY, KEY_LIMIT, KEY_PATTERN
from amends.interfaces.api.shapes import sent

_IDEMPOTENCY: dict[str, Any] = {
    "name": KEY,
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT, "pattern": KEY_PATTERN},
    "description": "Fresh for each run, such as a UUID. A second try with the same key and body gives what the first one began.",
}
_LOCATION: dict[str, Any] = {"Location": {"schema": {"type": "string"}, "required": True, "description": "The address of the run."}}
_TALK = "initial-repair-frame.next-talk"

EXAMPLES: dict[str, dict[str, dict[str, Any]]] = {
    "StartPlaybookRequest": {
        "with a lead": {"summary": "Somebody leads it, and said that they will listen", "value": {
            "playbook": "repair-trust", "lead": "Mara", "answers": {"lead": True}}},
        "in spite of a gate": {"summary": "The reason stays, and the review shows it", "value": {
            "playbook": "repair-trust", "lead": "Mara", "answers": {"lead": True},
            "overrides": {"live": "the second region comes back tonight, and finance cannot wait"}}},
    },
    "AnswerGateRequest": {"yes": {"summary": "By the word of somebody", "value": {"gate": "speak", "yes": True, "person": "Ines"}}},
    "OverrideGateRequest": {"why": {"summary": "With the reason", "value": {"gate": "facts", "why": "the logs come on Thursday"}}},
    "FillFieldRequest": {
        "from the data": {"summary": "A promise that is there", "value": {
            "field": _TALK, "kind": "promise", "ref": "01J8Z5A1C2E3G4H5J6K7M8N9PQ"}},
        "a word": {"summary": "What somebody said", "value": {
            "field": _TALK, "kind": "person", "person": "Ines", "text": "We meet on Thursday at ten."}},
    },
    "UnknownFieldRequest": {"asked": {"summary": "Whom you asked", "value": {
        "field": "trust-break-map.fears", "asked": "Bo of Finance", "asked_at": "2026-03-05T09:00:00+00:00"}}},
    "DecideRequest": {"option": {"summary": "One of the options", "value": {
        "decision": "kind-of-trust", "text": "what we say about it"}}},
    "ReplyRequest": {"again": {"summary": "In your words", "value": {
        "question": "again", "text": "That the export is wrong again and nobody says so."}}},
    "FollowUpRequest": {"done": {"summary": "What came of it", "value": {
        "follow_up": "documents", "text": "The page for new people names the alert."}}},
    "HandOverRunRequest": {"to": {"summary": "From now on", "value": {"person": "Bo"}}},
    "UndoRunRequest": {"the last": {"summary": "What happened last", "value": {}}},
    "StopRunRequest": {"why": {"summary": "With the reason", "value": {"why": "the team was merged with another"}}},
    "FinishRunRequest": {"now": {"summary": "The address says it all", "value": {}}},
}  # fmt: skip
"""By the name of the body's schema."""

ACTS = {
    "answer": ("AnswerGateRequest", "Answer what a gate asks."),
    "override": ("OverrideGateRequest", "Go on in spite of a shut gate, with a reason that stays visible and that the review shows."),
    "fill": ("FillFieldRequest", "Put a reference into a field: something that the data hold, or the word of a person."),
    "unknown": ("UnknownFieldRequest", "Say that nobody knows yet: whom you asked, and when."),
    "decide": ("DecideRequest", "Take a decision. 409 where somebody decided it after the `seen` that you give."),
    "reply": ("ReplyRequest", "Write down an answer to one of the questions worth asking."),
    "follow-up": ("FollowUpRequest", "Say that a follow-up was done, and what came of it."),
    "hand-over": ("HandOverRunRequest", "Say who leads it from now on."),
    "undo": ("UndoRunRequest", "Undo one event. It stays in the history, and so does its undoing."),
    "stop": ("StopRunRequest", "End it before its end, with the reason."),
    "finish": ("FinishRunRequest", "Say that it is finished. 409, with what is to be done first, while anything is missing."),
}
_OPTIONAL = ("undo", "finish")


def _answers(name: str, description: str, *refused: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    return answers_of(description, {"$ref": f"#/components/schemas/{name}"}, *refused, 403, 404, 422, 429, 503, status=status)


LIBRARY: dict[str, Any] = {"responses": _answers("Playbooks", "The playbooks")}
PLAYBOOK: dict[str, Any] = {"responses": _answers("Playbook", "The playbook", 400)}
OFFERED: dict[str, Any] = {"responses": _answers("PlaybookOffers", "What may help now")}
RUNS: dict[str, Any] = {"responses": _answers("PlaybookRuns", "The runs, the one begun first first")}
RUN: dict[str, Any] = {"responses": _answers("PlaybookRun", "The run")}
_BEGUN = _answers("PlaybookRun", "The run", 400, 409, 413, status=201)
_BEGUN[201]["headers"] = _LOCATION
START: dict[str, Any] = {
    "status_code": 201,
    "responses": _BEGUN,
    "openapi_extra": {"parameters": [_IDEMPOTENCY], **sent("StartPlaybookRequest", EXAMPLES)},
}


def act(name: str) -> dict[str, Any]:
    """The description of one act in a run."""
    body, description = ACTS[name]
    return {
        "description": description,
        "responses": _answers("PlaybookRun", "The run as it stands now", 400, 409, 413),
        "openapi_extra": sent(body, EXAMPLES, required=name not in _OPTIONAL),
    }
