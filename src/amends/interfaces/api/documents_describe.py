"""What the OpenAPI document says about the addresses of shared texts."""

from __future__ import annotations

from typing import Any

from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.ledger_bodies import KEY, KEY_LIMIT, KEY_PATTERN
from amends.interfaces.api.shapes import parameter, sent

_VERSION = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
_IDEMPOTENCY: dict[str, Any] = {
    "name": KEY,
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT, "pattern": KEY_PATTERN},
    "description": "Fresh for each text, such as a UUID. A second try with the same key and body gives what the first one made.",
}
EXAMPLE: dict[str, Any] = {
    "schema": "amends.document/1",
    "id": "01KNAVQP5H4SGDNQE1B3H6ZQ2M",
    "incident": "01KNAVQNB2V4T1XKX5F1PTC7JB",
    "kind": "note",
    "title": "Call at 11:00",
    "version": 2,
    "length": 17,
    "created_at": "2026-03-04T11:00:00+00:00",
    "created_by": "ana",
    "updated_at": "2026-03-04T11:04:00+00:00",
    "updated_by": "ben",
    "removed_at": None,
    "text": "- Ben rolls back\n",
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "NewTextRequest": {
        "notes of a call": {"summary": "Notes of a call", "value": {"title": "Call at 11:00", "text": "- Dana rolls back\n"}}
    },
    "SaveTextRequest": {
        "one more line": {
            "summary": "A line was added to version 1",
            "value": {"text": "- Dana rolls back\n- Ines calls the shops\n", "based_on": 1},
        }
    },
    "RenameTextRequest": {"another title": {"summary": "Another title", "value": {"title": "First call"}}},
    "GoBackRequest": {"the first": {"summary": "As it was at first", "value": {"version": 1}}},
}
"""By the name of the body's schema; a test sends each."""


def _answers(name: str, description: str, *refused: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    return answers_of(description, {"$ref": f"#/components/schemas/{name}"}, 403, 404, *refused, 429, 503, status=status)


def _written(body: str, description: str, *refused: int) -> dict[str, Any]:
    return {
        "responses": _answers("SharedText", description, 400, *refused, 413, 422),
        "openapi_extra": sent(body, EXAMPLES),
    }


def _conflict(described: dict[str, Any]) -> dict[str, Any]:
    """The refusal of a text names what stands there, and where the refused one is kept."""
    more = {"current": {"$ref": "#/components/schemas/SharedText"}, "kept_as": {"type": "integer", "minimum": 1}}
    problem = described["responses"][409]["content"]["application/problem+json"]
    problem["schema"] = {"allOf": [problem["schema"], {"type": "object", "required": list(more), "properties": more}]}
    problem["example"] = {**problem["example"], "current": EXAMPLE, "kept_as": 3}
    return described


LIST: dict[str, Any] = {
    "responses": _answers("SharedTexts", "The shared texts", 422),
    "openapi_extra": {"parameters": [parameter("removed", {"enum": ["no", "yes"], "default": "no"}, "Also those that were removed.")]},
}
ONE: dict[str, Any] = {"responses": _answers("SharedText", "The shared text")}
HISTORY: dict[str, Any] = {"responses": _answers("SharedTextHistory", "The versions")}
DIFFERENCES: dict[str, Any] = {
    "responses": _answers("SharedTextDifferences", "The differences", 422),
    "openapi_extra": {
        "parameters": [
            parameter("from", _VERSION, "The version to begin with.", required=True),
            parameter("to", _VERSION, "The version to end with.", required=True),
        ]
    },
}
_NEW = _written("NewTextRequest", "The shared text")
_LOCATION: dict[str, Any] = {"Location": {"schema": {"type": "string"}, "required": True, "description": "The address of what was made."}}
NEW: dict[str, Any] = {
    "status_code": 201,
    "responses": {201: {**_NEW["responses"].pop(200), "headers": _LOCATION}, **_NEW["responses"]},
    "openapi_extra": {**_NEW["openapi_extra"], "parameters": [_IDEMPOTENCY]},
}
SAVE = _conflict(_written("SaveTextRequest", "The shared text as it stands then", 409))
GO_BACK = _conflict(_written("GoBackRequest", "The shared text as it stands then", 409))
RENAME = _written("RenameTextRequest", "The shared text as it stands then")
REMOVE: dict[str, Any] = {"responses": _answers("SharedText", "The shared text, removed")}
RESTORE: dict[str, Any] = {"responses": _answers("SharedText", "The shared text, back again")}
