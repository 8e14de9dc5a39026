"""What the OpenAPI document says about the addresses of the account of an incident."""

from __future__ import annotations

from typing import Any

from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.ledger_bodies import KEY, KEY_LIMIT, KEY_PATTERN
from amends.interfaces.api.shapes import sent

_IDEMPOTENCY: dict[str, Any] = {
    "name": KEY,
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT, "pattern": KEY_PATTERN},
    "description": "Fresh for each point, such as a UUID. A second try with the same key and body gives what the first one made.",
}
_LOCATION: dict[str, Any] = {"Location": {"schema": {"type": "string"}, "required": True, "description": "The address of what was made."}}
_SEEN = "01KNAVQP5H4SGDNQE1B3H6ZQ2M"

POINT: dict[str, Any] = {
    "id": _SEEN,
    "item": _SEEN,
    "incident": "01KNAVQNB2V4T1XKX5F1PTC7JB",
    "part": "claim",
    "kind": "number",
    "text": "Payments that were charged twice",
    "what": "written",
    "at": None,
    "who": None,
    "value": "4,212 payments",
    "because": None,
    "of": None,
    "answer": None,
    "recorded_at": "2026-03-04T11:00:00+00:00",
    "by": "ana",
}
EXAMPLE: dict[str, Any] = {
    "schema": "amends.account/1",
    "incident": "01KNAVQNB2V4T1XKX5F1PTC7JB",
    "points": [{**POINT, "open": False, "support": {"status": "unsupported", "why": "nothing is cited"}, "evidence": [], "before": []}],
    "withdrawn": [],
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "StateRequest": {
        "a number": {"summary": "A number with its figure", "value": {
            "part": "claim", "kind": "number", "text": "Payments that were charged twice", "value": "4,212 payments"}},
        "a condition": {"summary": "Where people were left without support", "value": {
            "part": "condition", "kind": "organisational", "text": "Nobody on call had ever restored the index."}},
        "a question": {"summary": "What is not known", "value": {"part": "question", "text": "Were refunds charged twice as well?"}},
    },
    "ReviseRequest": {"another text": {"summary": "Having seen the first revision", "value": {
        "based_on": _SEEN, "text": "Payments that were charged twice, by the ledger"}}},
    "WithdrawPointRequest": {"taken back": {"summary": "Having seen the first revision", "value": {"based_on": _SEEN}}},
    "ChooseRequest": {"an alert": {"summary": "An entry of the timeline, as a signal", "value": {
        "entries": ["3f2a91c0-15a39"], "kind": "signal"}}},
    "BeginRequest": {"two of them": {"summary": "A fact of the record, and a message", "value": {
        "names": [_SEEN, "01KNAVQR5H4SGDNQE1B3H6ZQ2N"]}}},
    "CiteRequest": {
        "a measure": {"summary": "Something was counted", "value": {
            "kind": "measure", "text": "4,212 rows with two charges of one order, counted in the ledger"}},
        "a word against it": {"summary": "Somebody says otherwise", "value": {
            "kind": "person", "text": "Ines: the shops count 4,190", "stance": "contradicts"}},
    },
}  # fmt: skip
"""By the name of the body's schema; a test sends those that need nothing but an incident and a point."""


def _answers(name: str, description: str, *refused: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    answers = answers_of(description, {"$ref": f"#/components/schemas/{name}"}, *refused, 403, 404, 429, 503, status=status)
    if name == "Account":
        answers[status]["content"]["application/json"]["example"] = EXAMPLE
    return answers


def _act(body: str, description: str, *refused: int, status: int = 200) -> dict[str, Any]:
    described: dict[str, Any] = {
        "responses": _answers("Account", description, 400, *refused, 413, 422, status=status),
        "openapi_extra": sent(body, EXAMPLES),
    }
    if 409 in refused:
        more = {"current": {"$ref": "#/components/schemas/AccountRevision"}, "refused": {"type": ["string", "null"]}}
        problem = described["responses"][409]["content"]["application/problem+json"]
        problem["schema"] = {"allOf": [problem["schema"], {"type": "object", "properties": more}]}
        problem["example"] = {**problem["example"], "current": POINT, "refused": "Payments that failed"}
    return described


ACCOUNT: dict[str, Any] = {"responses": _answers("Account", "The account")}
HISTORY: dict[str, Any] = {"responses": _answers("AccountHistory", "The changes, oldest first")}
ONE: dict[str, Any] = {"responses": _answers("Account", "The point")}
STATE = {"status_code": 201, **_act("StateRequest", "The point", status=201)}
STATE["responses"][201]["headers"] = _LOCATION
STATE["openapi_extra"]["parameters"] = [_IDEMPOTENCY]
REVISE = _act("ReviseRequest", "The point as it stands then", 409)
WITHDRAW = _act("WithdrawPointRequest", "The point, withdrawn", 409)
RECORDED: dict[str, Any] = {"responses": _answers("AccountRecorded", "What was written down, by its time")}
BEGIN = _act("BeginRequest", "The points, in the order of the ids")
CHOOSE = _act("ChooseRequest", "The claims, in the order of the entries")
CITE = _act("CiteRequest", "The point with what it cites")
BEHIND: dict[str, Any] = {"responses": _answers("Cited", "What it rests on", 501)}
UNCITE: dict[str, Any] = {"responses": _answers("Account", "The point without it", 409)}
