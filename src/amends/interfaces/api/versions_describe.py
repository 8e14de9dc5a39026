"""What the OpenAPI document says about the addresses of versions of an account."""

from __future__ import annotations

from typing import Any

from amends.core.people import AUDIENCES
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.documents_describe import EXAMPLE
from amends.interfaces.api.shapes import sent

EXAMPLES: dict[str, dict[str, Any]] = {
    "SaveVersionRequest": {"written": {"summary": "The first text", "value": {
        "text": "Between 10:42 and 11:30 checkout was down. 4,212 payments were charged twice.\n", "based_on": 1}}},
    "HoldRequest": {"being written": {"summary": "A text that is not saved", "value": {
        "text": "Some payments were affected.", "tz": "Europe/London"}}},
    "TieRequest": {"a sentence": {"summary": "A sentence that stands in the text", "value": {
        "sentence": "4,212 payments were charged twice.", "item": "01KNAVQP5H4SGDNQE1B3H6ZQ2M"}}},
    "RedactRequest": {"privacy": {"summary": "Until the people were told themselves", "value": {
        "item": "01KNAVQP5H4SGDNQE1B3H6ZQ2M", "audience": "partner", "ground": "privacy",
        "why": "it names the shops that were hit", "lift_at": "2099-03-11T09:00:00+00:00"}}},
}  # fmt: skip
"""By the name of the body's schema."""

_TZ = {
    "name": "tz",
    "in": "query",
    "schema": {"type": "string"},
    "description": "The IANA zone of clock times in the account as text; UTC when absent.",
}


def _answers(name: str, description: str, *refused: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    return answers_of(description, {"$ref": f"#/components/schemas/{name}"}, *refused, 403, 404, 422, 429, 503, status=status)


def _act(body: str, answer: str, description: str, *refused: int, status: int = 200) -> dict[str, Any]:
    return {
        "responses": _answers(answer, description, 400, *refused, 413, status=status),
        "openapi_extra": sent(body, EXAMPLES),
    }


def _side(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": True, "schema": {"enum": list(AUDIENCES)}, "description": description}


LIST: dict[str, Any] = {"responses": _answers("Versions", "The versions"), "openapi_extra": {"parameters": [_TZ]}}
TOLD: dict[str, Any] = {"responses": _answers("VersionsTold", "The messages that carried a version")}
BETWEEN: dict[str, Any] = {
    "responses": _answers("Comparison", "The comparison"),
    "openapi_extra": {
        "parameters": [_side("source", "Whose version is the source."), _side("retold", "Whose version is held against it."), _TZ]
    },
}
ONE: dict[str, Any] = {"responses": _answers("VersionView", "The version"), "openapi_extra": {"parameters": [_TZ]}}
BEGIN: dict[str, Any] = {"responses": _answers("SharedText", "The text of the version")}
SAVE = _act("SaveVersionRequest", "VersionView", "The version as it stands then", 409)
_PROBLEM = SAVE["responses"][409]["content"]["application/problem+json"]
_MORE = {"current": {"$ref": "#/components/schemas/SharedText"}, "kept_as": {"type": "integer", "minimum": 1}}
_PROBLEM["schema"] = {"allOf": [_PROBLEM["schema"], {"type": "object", "required": list(_MORE), "properties": _MORE}]}
_PROBLEM["example"] = {**_PROBLEM["example"], "current": {**EXAMPLE, "kind": "version", "audience": "customers"}, "kept_as": 3}
HOLD = _act("HoldRequest", "VersionView", "The text held against the account")
OFFERS: dict[str, Any] = {"responses": _answers("VersionOffers", "What there is to tell"), "openapi_extra": {"parameters": [_TZ]}}
DRAFT: dict[str, Any] = {"status_code": 201, "responses": _answers("VersionDraft", "The draft", status=201)}
TIE = _act("TieRequest", "VersionTies", "The tie")
UNTIE = _act("TieRequest", "VersionTies", "That it was taken back")
REDACTIONS: dict[str, Any] = {"responses": _answers("Redactions", "What was withheld, and lifted")}
REDACT = {"status_code": 201, **_act("RedactRequest", "Redactions", "What is withheld", 409, status=201)}
LIFT: dict[str, Any] = {"responses": _answers("Redactions", "That it was lifted", 409)}
