"""What the OpenAPI document says about the addresses of the trust board of an incident."""

from __future__ import annotations

from typing import Any

from amends.integrations.export.documents import FORMATS, MEDIA
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.ledger_bodies import KEY, KEY_LIMIT, KEY_PATTERN
from amends.interfaces.api.shapes import sent

_IDEMPOTENCY: dict[str, Any] = {
    "name": KEY,
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT, "pattern": KEY_PATTERN},
    "description": "Fresh for each thing, such as a UUID. A second try with the same key and body gives what the first one made.",
}
_LOCATION: dict[str, Any] = {"Location": {"schema": {"type": "string"}, "required": True, "description": "Where what was made stands."}}
_ITEM = "01KNAVQP5H4SGDNQE1B3H6ZQ2M"
_TIED: dict[str, Any] = {
    "kind": "misleading-status",
    "breaks": [_ITEM],
    "uncertainty": "Partners see within 5 minutes if payments fail",
    "visible": "the error rate stands on the public status page",
    "check_at": "2026-04-02T09:00:00+00:00",
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "BreakRequest": {"heard": {"summary": "What a partner said", "value": {
        "text": "They do not believe our status page.", "whose": "Payments partners", "subject": "behaviour", "direction": "outward",
        "kind": "honesty", "fear": "That we hear it from our own customers again.", "heard_from": "Ines of Payments"}}},
    "PlaceRequest": {
        "heard": {"summary": "What they fear, and who said so", "value": {
            "fear": "That we hear it from our own customers again.", "heard_from": "Ines of Payments"}},
        "asked": {"summary": "They were asked, and have not answered", "value": {"whose": "the shops", "asked": "Ola, for the shops"}}},
    "NotAskedRequest": {"a group": {"summary": "Hit, and not asked yet", "value": {"group": "Payments partners"}}},
    "WithdrawBreakRequest": {"why": {"summary": "It was written of the wrong incident", "value": {
        "why": "they spoke of the outage in May"}}},
    "TieRequest": {"a repair": {"summary": "Of an action item that is there", "value": _TIED}},
    "ProposeRepairRequest": {"a repair": {"summary": "With a new action item", "value": {
        "title": "Publish the error rate as it is", "item_kind": "monitoring", **_TIED}}},
    "WithdrawRepairRequest": {"why": {"summary": "It answers nothing", "value": {"why": "it is plain maintenance"}}},
    "PlanReviewsRequest": {"a lead": {"summary": "Who sees to them", "value": {"lead": "Dana"}}},
    "MoveReviewRequest": {"later": {"summary": "Two weeks later", "value": {
        "due_at": "2040-04-17T09:00:00+00:00", "why": "the alert runs since last week only"}}},
    "HandOverReviewRequest": {"a person": {"summary": "From now on", "value": {"person": "Bo"}}},
    "AnswerRequest": {
        "unknown": {"summary": "Whom we asked, and when", "value": {
            "question": "worse", "kind": "unknown", "asked": "Ines of Payments", "asked_at": "2026-03-03T09:00:00+00:00"}},
        "a document": {"summary": "Which runbook says it by now", "value": {
            "question": "operating", "kind": "link", "text": "Step 3 of the runbook names the lock", "ref": "https://wiki.example/queue"}}},
    "TakeBackRequest": {"the last": {"summary": "The last answer or move", "value": {}}},
    "HoldRequest": {"change": {"summary": "What was shown, and what follows", "value": {
        "decision": "change", "why": "Partners heard first in 2 of 3 failures; the third alert was muted.",
        "said": "In 30 days there were 3 failures. You heard first in 2. The third alert was muted; it pages since 4 April."}}},
    "ReopenRequest": {"why": {"summary": "New evidence", "value": {"why": "the fourth failure was found after the review"}}},
}  # fmt: skip
"""By the name of the body's schema; a test sends those that need nothing but an incident."""


def _answers(name: str, description: str, *refused: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    return answers_of(description, {"$ref": f"#/components/schemas/{name}"}, *refused, 403, 404, 422, 429, 503, status=status)


def _act(body: str, answer: str, description: str, *refused: int, status: int = 200) -> dict[str, Any]:
    return {
        "responses": _answers(answer, description, 400, *refused, 413, status=status),
        "openapi_extra": sent(body, EXAMPLES),
    }


def _made(body: str, answer: str, description: str, *refused: int) -> dict[str, Any]:
    described = {"status_code": 201, **_act(body, answer, description, *refused, status=201)}
    described["responses"][201]["headers"] = _LOCATION
    described["openapi_extra"]["parameters"] = [_IDEMPOTENCY]
    return described


def _query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description}


BOARD: dict[str, Any] = {"responses": _answers("TrustBoard", "The board")}
ADD_BREAK = _made("BreakRequest", "PlacedBreak", "The broken trust")
NOT_ASKED = _act("NotAskedRequest", "PlacedBreak", "The row of the group")
PLACE = _act("PlaceRequest", "PlacedBreak", "The broken trust as it stands then")
WITHDRAW_BREAK = _act("WithdrawBreakRequest", "TrustBoard", "The board without it", 409)
RESTORE_BREAK: dict[str, Any] = {"responses": _answers("TrustBoard", "The board with it", 409)}
PROPOSE = _made("ProposeRepairRequest", "TiedRepair", "The repair", 409)
TIE = _act("TieRequest", "TiedRepair", "The repair", 409)
WITHDRAW = _act("WithdrawRepairRequest", "TrustBoard", "The board without it", 409)
RESTORE: dict[str, Any] = {"responses": _answers("TiedRepair", "The repair", 409)}
REVIEWS: dict[str, Any] = {"responses": _answers("TrustReviews", "The reviews")}
PLAN = _act("PlanReviewsRequest", "TrustReviews", "The reviews", 409)
REVIEW: dict[str, Any] = {
    "responses": _answers("TrustReview", "The review", 501),
    "openapi_extra": {
        "parameters": [
            _query("format", {"enum": ["json", *FORMATS], "default": "json"}, "With its evidence, or as a document."),
            _query("tz", {"type": "string"}, "The IANA zone of times in a document; UTC when absent."),
        ]
    },
}
REVIEW["responses"][200]["content"] |= {
    MEDIA[form].partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for form in FORMATS
}
MOVE = _act("MoveReviewRequest", "TrustReview", "The review", 409)
HAND_OVER = _act("HandOverReviewRequest", "TrustReview", "The review", 409)
ANSWER = _act("AnswerRequest", "TrustReview", "The review", 409)
ANSWER["openapi_extra"]["parameters"] = [_IDEMPOTENCY]
TAKE_BACK = _act("TakeBackRequest", "TrustReview", "The review", 409)
HOLD = _act("HoldRequest", "TrustReview", "The review, held", 409)
REOPEN = _act("ReopenRequest", "TrustReview", "The review", 409)
