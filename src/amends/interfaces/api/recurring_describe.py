"""What the OpenAPI document says about the addresses of recurrence."""

from __future__ import annotations

from typing import Any

from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.ledger_bodies import KEY, KEY_LIMIT, KEY_PATTERN
from amends.interfaces.api.recurring_bodies import MOST_DAYS
from amends.interfaces.api.shapes import sent
from amends.usecases.recurring import WINDOW

_EARLIER = "01J8Z4Q2B7H5C9D1E3F6G8J0KM"
_GUARDRAIL = "01J8Z5A1C2E3G4H5J6K7M8N9PQ"
EXAMPLES: dict[str, dict[str, dict[str, Any]]] = {
    "JudgeRequest": {
        "again": {"summary": "The same failure", "value": {"earlier": _EARLIER, "verdict": "repeat", "why": "the same field is missing"}},
        "another": {"summary": "It only looks like it", "value": {"earlier": _EARLIER, "verdict": "new"}},
    },
    "DeclareRequest": {
        "some": {"summary": "What failed, and in what", "value": {"category": "credential", "component": "login, mail gateway"}},
        "back": {"summary": "What set it off is left to the words again", "value": {"trigger": ""}},
    },
    "TellGuardrailRequest": {"fired": {"summary": "A check refused a deploy", "value": {
        "kind": "action", "guardrail": _GUARDRAIL, "what": "fired", "evidence": {"kind": "test", "reference": "ci/8812"}}}},
    "UndoGuardrailRequest": {"it": {"summary": "The address says it all", "value": {}}},
    "ModeRequest": {"shadow": {"summary": "Kept, shown to nobody, judged at the review", "value": {"mode": "shadow"}}},
}  # fmt: skip
"""By the name of the body's schema; a test sends those that need nothing but an incident."""

_IDEMPOTENCY: dict[str, Any] = {
    "name": KEY,
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT, "pattern": KEY_PATTERN},
    "description": "Fresh for each thing that is told, such as a UUID. A second try with the same key and body changes nothing.",
}
_TZ = {"name": "tz", "in": "query", "schema": {"type": "string"}, "description": "The IANA zone whose day it is; UTC when absent."}
_DAYS = {
    "name": "days",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1, "maximum": MOST_DAYS, "default": WINDOW},
    "description": "In how many days repeats are counted.",
}
_BEFORE = {
    "name": "before",
    "in": "query",
    "schema": {"type": "string", "pattern": "^[0-9A-Z]{26}$"},
    "description": "The id of the last incident of the answer before, to go on behind it.",
}


def _answers(name: str, description: str, *refused: int) -> dict[int | str, dict[str, Any]]:
    return answers_of(description, {"$ref": f"#/components/schemas/{name}"}, 403, *refused, 429, 503)


def _act(body: str, answers: dict[int | str, dict[str, Any]], *, required: bool = True, more: tuple[Any, ...] = ()) -> dict[str, Any]:
    extra: dict[str, Any] = sent(body, EXAMPLES, required=required)
    return {"responses": answers, "openapi_extra": extra | ({"parameters": list(more)} if more else {})}


_ACTED = (400, 404, 409, 413, 422)
MET: dict[str, Any] = {"responses": _answers("MetBefore", "What it may be again", 404)}
JUDGE = _act("JudgeRequest", _answers("MetBefore", "What it may be again now", *_ACTED))
DECLARE = _act("DeclareRequest", _answers("MetBefore", "What it may be again now", *_ACTED))
OF_INCIDENT: dict[str, Any] = {"responses": _answers("Guardrails", "The guardrails of the incident", 404)}
TELL = _act("TellGuardrailRequest", _answers("Guardrails", "The guardrails of the incident now", *_ACTED), more=(_IDEMPOTENCY,))
UNDO = _act("UndoGuardrailRequest", _answers("Guardrails", "The guardrails of the incident now", *_ACTED), required=False)
LIST: dict[str, Any] = {
    "responses": _answers("Guardrails", "Mistakes and their guardrails", 404, 422),
    "openapi_extra": {"parameters": [_BEFORE]},
}
DAY: dict[str, Any] = {"responses": _answers("OnThisDay", "What began on this date", 422), "openapi_extra": {"parameters": [_TZ]}}
OVER_TIME: dict[str, Any] = {"responses": _answers("Recurrence", "How it stands", 422), "openapi_extra": {"parameters": [_DAYS]}}
MODE = _act("ModeRequest", _answers("Recurrence", "How it stands now", 400, 413, 422))
KINDS: dict[str, Any] = {"responses": _answers("RecurrenceKinds", "The kinds")}
