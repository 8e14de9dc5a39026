"""What the OpenAPI document says about the addresses of practice."""

from __future__ import annotations

from typing import Any

from amends.interfaces.api import practising_bodies as bodies
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.shapes import sent
from amends.practice.report import SCHEMA

MOST = 500
"""The most drills of one answer."""
_LOCATION: dict[str, Any] = {"Location": {"schema": {"type": "string"}, "required": True, "description": "The address of what was made."}}
_SOME = {
    "name": "limit", "in": "query", "description": "The most drills that are wanted.",
    "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": 100},
}  # fmt: skip


def answers(name: str, description: str, *refused: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """What an address answers, with each way to refuse."""
    return answers_of(description, {"$ref": f"#/components/schemas/{name}"}, *refused, 403, 429, 503, status=status)


def acting(body: str, name: str, description: str, *refused: int, status: int = 200) -> dict[str, Any]:
    """An address that takes a body."""
    described: dict[str, Any] = {
        "responses": answers(name, description, 400, 413, 422, *refused, status=status),
        "openapi_extra": sent(body, bodies.EXAMPLES),
    }
    if status == 201:
        described |= {"status_code": 201}
        described["responses"][201]["headers"] = _LOCATION
    return described


CATALOGUE: dict[str, Any] = {"responses": answers("PracticeCatalogue", "The drills")}
PERSONAS: dict[str, Any] = {"responses": answers("PracticePersonas", "The personas")}
TRY = acting("TryRequest", "Play", f"The play, as `{SCHEMA}`")
SESSIONS: dict[str, Any] = {
    "responses": answers("PracticeSessions", "Your drills", 422), "openapi_extra": {"parameters": [_SOME]},
}  # fmt: skip
BEGIN = acting("BeginRequest", "PracticeSession", "The drill, before your first word", 404, status=201)
SESSION: dict[str, Any] = {"responses": answers("PracticeSession", "The drill", 404)}
SAY = acting("SayRequest", "PracticeSession", "The drill after this turn", 404, 409)
LEAVE: dict[str, Any] = {"responses": answers("PracticeSession", "The drill, which is over", 404)}
FORGET: dict[str, Any] = {"responses": answers("PracticeForgotten", "It is gone", 404)}
FORGET_ALL: dict[str, Any] = {"responses": answers("PracticeForgotten", "All of it is gone")}
DUE: dict[str, Any] = {"responses": answers("PracticeDue", "What is due")}
HISTORY: dict[str, Any] = {"responses": answers("PracticeHistory", "Your history")}
EXPORT: dict[str, Any] = {"responses": answers("PracticeExport", "All that is kept of your practice")}
SETTINGS: dict[str, Any] = {"responses": answers("PracticeSettings", "What you chose")}
CHOOSE = acting("ChooseRealRequest", "PracticeSettings", "What you chose")
OWN: dict[str, Any] = {"responses": answers("PracticeOwn", "Your conversations")}
KEEP_OWN = acting("OwnRequest", "PracticeOwn", "The conversation, which is begun like a drill", status=201)
REHEARSE = acting("RehearseRequest", "PracticeSession", "The drill, with your draft as its first turn", status=201)
