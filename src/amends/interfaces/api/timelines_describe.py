"""What the OpenAPI document says about the addresses of timelines."""

from __future__ import annotations

from typing import Any

from amends.interfaces.api import examples
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.shapes import sent


def _answers(name: str, description: str, *refused: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    return answers_of(description, {"$ref": f"#/components/schemas/{name}"}, *refused, 429, 503, status=status)


_VERSION = {
    "name": "version",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
    "description": "An older version; the newest when absent.",
}
TIMELINE: dict[str, Any] = {
    "responses": _answers("IncidentTimeline", "The timeline", 404, 422),
    "openapi_extra": {"parameters": [_VERSION]},
}
BYTES: dict[str, Any] = {"responses": _answers("EntryBytes", "The bytes of the entry", 404, 501)}
EVIDENCE: dict[str, Any] = {
    "status_code": 201,
    "responses": _answers("IncidentTimeline", "The timeline with the new source", 400, 404, 413, 422, status=201),
    "openapi_extra": sent("EvidenceRequest", examples.TIMELINE_REQUESTS),
}
SOURCE: dict[str, Any] = {"responses": _answers("IncidentTimeline", "The timeline as it stands", 404)}
READ: dict[str, Any] = {
    "status_code": 202,
    "responses": _answers("IncidentTimeline", "The timeline, with the reading that began", 400, 404, 409, 413, 422, status=202),
    "openapi_extra": sent("ReadRequest", examples.TIMELINE_REQUESTS, required=False),
}
STOP: dict[str, Any] = {"responses": _answers("IncidentTimeline", "The timeline, with the reading as it stands", 404)}
ADD: dict[str, Any] = {
    "status_code": 201,
    "responses": _answers("TimelineEntry", "The entry", 400, 404, 413, 422, status=201),
    "openapi_extra": sent("EntryRequest", examples.TIMELINE_REQUESTS),
}
WITHDRAW: dict[str, Any] = {"responses": _answers("TimelineEntry", "The entry without what was taken back", 404, 409, 422)}
_ACTS = {
    "pin": ("EmptyRequest", "Say that an entry matters to the story."),
    "unpin": ("EmptyRequest", "Undo a pin."),
    "hide": ("EmptyRequest", "Say that an entry does not belong to the story. It stays, out of sight."),
    "show": ("EmptyRequest", "Undo a hide."),
    "comment": ("CommentRequest", "Say something about an entry."),
    "correct": (
        "CorrectRequest",
        "Give an entry another time, and the reason. The time of its source stays, and so does each correction before; the last one holds.",
    ),
}


def act(name: str) -> dict[str, Any]:
    """The description of one note about an entry."""
    body, description = _ACTS[name]
    return {
        "description": description,
        "responses": _answers("TimelineEntry", "The entry as it stands", 400, 404, 413, 422),
        "openapi_extra": sent(body, examples.TIMELINE_REQUESTS, required=body != "EmptyRequest"),
    }
