"""What the OpenAPI document says about the addresses of exports and imports."""

from __future__ import annotations

from typing import Any

from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.shapes import parameter

FORMS = ("zip", "bundle", "markdown", "pdf", "docx")
PAPERS = ("account", "note", "review", "timeline", "actions")
TOOLS = ("folder", "statuspage", "dispatch", "incidentio", "jira")
_COUNTS = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
_NAMES = {"type": "array", "items": {"type": "string"}}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["code", "message", "hint", "path", "line", "field"],
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "hint": {"type": "string"},
        "path": {"type": ["string", "null"]},
        "line": {"type": ["integer", "null"]},
        "field": {"type": ["string", "null"]},
    },
}
_PROBLEMS = {"type": "array", "items": _PROBLEM}
IMPORTED: dict[str, Any] = {
    "type": "object",
    "required": ["schema", "dry_run", "incidents", "tables", "renamed", "problems"],
    "properties": {
        "schema": {"const": "amends.imported/1"},
        "dry_run": {"type": "boolean"},
        "incidents": _NAMES,
        "tables": _COUNTS,
        "renamed": {"type": "object", "additionalProperties": {"type": "string"}},
        "problems": _PROBLEMS,
    },
}
TAKEN: dict[str, Any] = {
    "type": "object",
    "required": ["schema", "tool", "dry_run", "made", "known", "incidents", "refused", "problems"],
    "properties": {
        "schema": {"const": "amends.taken-over/1"},
        "tool": {"enum": list(TOOLS[1:])},
        "dry_run": {"type": "boolean"},
        "made": _COUNTS,
        "known": _COUNTS,
        "incidents": _NAMES,
        "refused": {"type": "integer", "minimum": 0},
        "problems": _PROBLEMS,
    },
}


def _file(description: str, media: tuple[str, ...], *refused: int) -> dict[int | str, dict[str, Any]]:
    answers = answers_of(description, {}, 403, *refused, 429, 503)
    answers[200]["content"] = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media}
    answers[200]["headers"] = {
        "Content-Disposition": {"schema": {"type": "string"}, "required": True, "description": "A name for the file."}
    }
    return answers


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXPORT: dict[str, Any] = {
    "responses": _file("The file", ("application/zip", "text/markdown", "application/pdf", _DOCX), 404, 413, 422, 501),
    "openapi_extra": {
        "parameters": [
            parameter("format", {"enum": list(FORMS), "default": "zip"}, "A zip to import again, a signed bundle, or a document."),
            parameter("what", {"enum": list(PAPERS), "default": "account"}, "Which document, where the format is one of a document."),
            parameter("tz", {"type": "string", "default": "UTC"}, "The zone of the times in a document."),
        ]
    },
}
WORKSPACE: dict[str, Any] = {"responses": _file("The zip", ("application/zip",))}
IMPORT: dict[str, Any] = {
    "responses": answers_of("What came of it", {"oneOf": [IMPORTED, TAKEN]}, 400, 403, 404, 413, 422, 429, 503),
    "openapi_extra": {
        "parameters": [
            parameter("incident", {"type": "string"}, "Of other tools: the incident that entries and action items belong to."),
            parameter("dry_run", {"enum": ["no", "yes"], "default": "no"}, "Say what would be made, and make nothing."),
        ],
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        },
    },
}
