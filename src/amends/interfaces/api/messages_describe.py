"""What the OpenAPI document says about the addresses of messages."""

from __future__ import annotations

from typing import Any

from amends.core.people import AUDIENCES
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.ledger_bodies import KEY, KEY_LIMIT, KEY_PATTERN
from amends.interfaces.api.shapes import sent

_IDEMPOTENCY: dict[str, Any] = {
    "name": KEY,
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT, "pattern": KEY_PATTERN},
    "description": "Fresh for each message, such as a UUID. A second try with the same key and body gives the first, and sends nothing.",
}
_LOCATION: dict[str, Any] = {"Location": {"schema": {"type": "string"}, "required": True, "description": "The address of what was made."}}
EXAMPLES: dict[str, dict[str, dict[str, Any]]] = {
    "IncidentMessageRequest": {
        "sent": {"summary": "Marked as sent", "value": {
            "text": "41 invoices went out twice. Next update at 11:20 UTC.", "audience": "customers", "tz": "UTC", "via": "phone"}},
    },
    "ShareRequest": {"told": {"summary": "Told by phone, to whoever has not heard it", "value": {"via": "phone"}}},
    "AcknowledgeRequest": {"me": {"summary": "Who asks has acknowledged it", "value": {}}},
    "CorrectionRequest": {"right": {"summary": "For all who were told the wrong one", "value": {"text": "It was 43 invoices, not 41."}}},
}  # fmt: skip
"""By the name of the body's schema."""


def _answers(description: str, schema: str, *refused: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    answers = answers_of(description, {"$ref": f"#/components/schemas/{schema}"}, 403, 404, *refused, 429, 503, status=status)
    if status == 201:
        answers[201]["headers"] = _LOCATION
    return answers


def _asked(*parameters: tuple[str, dict[str, Any], str]) -> dict[str, Any]:
    told = [{"name": name, "in": "query", "schema": schema, "description": says, "required": False} for name, schema, says in parameters]
    return {"parameters": told}


_AUDIENCE = ("audience", {"enum": list(AUDIENCES)}, "Who reads it.")
_TZ = ("tz", {"type": "string"}, "The IANA zone in which times are told; UTC when absent.")
_WRONG = ("corrects", {"type": "string"}, "The message that a correction is of.")

OF_INCIDENT: dict[str, Any] = {"responses": _answers("The messages, the one sent first first", "Messages")}
SEND: dict[str, Any] = {
    "status_code": 201,
    "responses": _answers("The message and who heard it", "Messages", 400, 409, 413, 422, 501, status=201),
    "openapi_extra": {"parameters": [_IDEMPOTENCY], **sent("IncidentMessageRequest", EXAMPLES)},
}
DELIVERIES: dict[str, Any] = {"responses": _answers("The message and who heard it", "Messages")}
SHARE: dict[str, Any] = {
    "responses": _answers("The message and who heard it now", "Messages", 400, 409, 413, 422, 501),
    "openapi_extra": sent("ShareRequest", EXAMPLES, required=False),
}
ACKNOWLEDGE: dict[str, Any] = {
    "responses": _answers("The message and who heard it now", "Messages", 400, 413, 422),
    "openapi_extra": sent("AcknowledgeRequest", EXAMPLES, required=False),
}
CORRECTIONS: dict[str, Any] = {"responses": _answers("The message, what it corrects and what corrects it, the first one first", "Messages")}
CORRECT: dict[str, Any] = {
    "status_code": 201,
    "responses": _answers("The correction and who heard it", "Messages", 400, 409, 413, 422, 501, status=201),
    "openapi_extra": {"parameters": [_IDEMPOTENCY], **sent("CorrectionRequest", EXAMPLES)},
}
START: dict[str, Any] = {
    "responses": _answers("The text", "MessageStart", 422),
    "openapi_extra": _asked(_AUDIENCE, _TZ, _WRONG, ("changes", {"type": "boolean"}, "Whether to add what changed since the last update.")),
}
CHANGES: dict[str, Any] = {
    "responses": _answers("What changed", "MessageChanges", 422),
    "openapi_extra": _asked(_AUDIENCE, _TZ, ("message", {"type": "string"}, "Since this message, and not since the last one.")),
}
NOTE: dict[str, Any] = {"responses": _answers("The note", "FollowUpNote", 422), "openapi_extra": _asked(_TZ)}
COMMITS: dict[str, Any] = {"responses": _answers("The commits", "CommitCandidates")}
