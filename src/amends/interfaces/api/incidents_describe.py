"""What the OpenAPI document says about the addresses of incidents."""

from __future__ import annotations

from typing import Any

from amends.core.incident import SEVERITIES, STATUSES
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.incidents_bodies import LIMIT
from amends.interfaces.api.ledger_bodies import KEY, KEY_LIMIT, KEY_PATTERN
from amends.interfaces.api.shapes import parameter, sent

_ID: dict[str, Any] = {"type": "string", "pattern": "^[0-9A-Z]{26}$"}
_INCIDENT, _EVENT = "01J8Z4Q2B7H5C9D1E3F6G8J0KM", "01J8Z4T7Q8A1B2C3D4E5F6G7H8"
_AT, _LATER = "2026-03-04T10:42:00+00:00", "2026-03-04T10:50:00+00:00"
ROW: dict[str, Any] = {
    "id": _INCIDENT,
    "title": "Checkout is down",
    "severity": "SEV2",
    "status": "investigating",
    "started_at": _AT,
    "recorded_at": _LATER,
    "origin": "own",
    "visibility": "open",
    "version": 1,
    "removed_at": None,
}
_SHOWN: dict[str, Any] = {"schema": "amends.incident/1", **ROW}
_FACT: dict[str, Any] = {
    "id": _EVENT, "what": "fact", "at": _AT, "recorded_at": _LATER, "by": "ana", "kind": "number", "text": "charged twice",
    "value": "4212 payments", "replaces": None, "stands": True,
}  # fmt: skip
EXAMPLES: dict[str, dict[str, dict[str, Any]]] = {
    "OpenRequest": {
        "one sentence": {"summary": "Says when it began", "value": {"title": "Checkout is down since 08:42", "severity": "SEV2"}},
        "in private": {
            "summary": "Only those who are invited see it",
            "value": {"title": "A mailbox was read by a stranger", "private": True, "started_at": _AT},
        },
    },
    "ChangeRequest": {
        "worse": {"summary": "It is worse than it looked", "value": {"version": 1, "severity": "SEV1"}},
        "contained": {"summary": "It is contained, and has a better title", "value": {
            "version": 1, "status": "monitoring", "title": "Card payments fail in the EU"}},
        "earlier": {"summary": "It was understood before somebody wrote it down", "value": {
            "version": 1, "status": "identified", "reached_at": _LATER}},
    },
    "FollowRequest": {"nothing": {"summary": "It follows from no other", "value": {"earlier": None}}},
    "EventRequest": {
        "a number": {
            "summary": "A figure with its unit",
            "value": {"what": "fact", "kind": "number", "text": "charged twice", "value": "4212 payments", "at": _AT},
        },
        "detected": {
            "summary": "Others told us",
            "value": {"what": "milestone", "kind": "detected", "value": "others", "text": "a shop called", "at": _AT},
        },
        "a box": {"summary": "What shows that it is prevented", "value": {
            "what": "box", "kind": "prevention", "text": "the migration check runs before each merge"}},
        "a commit": {"summary": "The fix", "value": {
            "what": "commit", "kind": "hotfix", "sha": "8c2f1d0", "subject": "Restore the region index"}},
        "a comment": {"summary": "For those who work on it", "value": {"what": "comment", "text": "The cache looks cold."}},
    },
    "AssignRequest": {"lead": {"summary": "Ana leads from now on", "value": {"function": "lead", "person": "ana"}}},
    "LeaveRequest": {"lead": {"summary": "Nobody leads any more", "value": {"function": "lead"}}},
    "InviteRequest": {"ben": {"summary": "Ben", "value": {"person": "ben"}}},
    "LetInRequest": {"asked": {"summary": "With the reason that everybody in it reads", "value": {"why": "the regulator asks"}}},
    "StakeholderRequest": {
        "a group": {
            "summary": "A group of customers",
            "value": {"name": "EU shops", "kind": "affected", "audience": "customers", "address": "shops@example.com", "size": 312},
        }
    },
    "LinkRequest": {"a channel": {"summary": "Where people talk", "value": {"kind": "channel", "target": "#checkout-down"}}},
}  # fmt: skip
"""By the name of the body's schema; a test sends each."""

_IDEMPOTENCY: dict[str, Any] = {
    "name": KEY,
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT, "pattern": KEY_PATTERN},
    "description": "Fresh for each thing, such as a UUID. A second try with the same key and body gives what the first one made.",
}
_LOCATION: dict[str, Any] = {"Location": {"schema": {"type": "string"}, "required": True, "description": "The address of what was made."}}


def _answers(name: str, description: str, *refused: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    return answers_of(description, {"$ref": f"#/components/schemas/{name}"}, *refused, 403, 429, 503, status=status)


def _conflict(described: dict[str, Any], more: dict[str, Any], example: dict[str, Any]) -> dict[str, Any]:
    """What a refusal tells besides: what stands now."""
    refusal = described["responses"][409]["content"]["application/problem+json"]
    refusal["schema"] = {"allOf": [refusal["schema"], {"type": "object", "properties": more}]}
    refusal["example"] = {**refusal["example"], **example}
    return described


def _example(described: dict[str, Any], example: dict[str, Any], status: int = 200) -> dict[str, Any]:
    described["responses"][status]["content"]["application/json"]["example"] = example
    return described


def _some(name: str, known: tuple[str, ...], description: str) -> dict[str, Any]:
    return {**parameter(name, {"type": "array", "items": {"enum": list(known)}}, description), "style": "form", "explode": True}


LIST = _example(
    {
        "responses": _answers("Incidents", "The incidents", 404, 422),
        "openapi_extra": {
            "parameters": [
                _some("status", STATUSES, "Only those of this status; may come several times."),
                _some("severity", SEVERITIES, "Only those of this severity; may come several times."),
                parameter("limit", {"type": "integer", "minimum": 1, "maximum": LIMIT, "default": LIMIT}, "The most that are wanted."),
                parameter("before", _ID, "The id of the last incident of the answer before, to go on behind it."),
            ]
        },
    },
    {"schema": "amends.incidents/1", "incidents": [ROW]},
)
OPEN = _example(
    {
        "status_code": 201,
        "responses": _answers("Incident", "The incident", 400, 404, 413, 422, status=201),
        "openapi_extra": {"parameters": [_IDEMPOTENCY], **sent("OpenRequest", EXAMPLES)},
    },
    _SHOWN,
    201,
)
OPEN["responses"][201]["headers"] = _LOCATION
STORY: dict[str, Any] = {"responses": _answers("Story", "The story", 404)}
_GATE = {"id": f"promise:{_EVENT}", "message": "“Next update 11:10 UTC” waits for an answer", "hint": "keep it, move it or withdraw it"}
CHANGE = _conflict(
    _example(
        {
            "responses": _answers("Incident", "The incident as it stands then", 400, 404, 409, 413, 422),
            "openapi_extra": sent("ChangeRequest", EXAMPLES),
        },
        _SHOWN,
    ),
    {"current": {"$ref": "#/components/schemas/IncidentRow"}, "gates": {"type": "array", "items": {"type": "object"}}},
    {"code": "stale", "detail": "somebody else changed this incident meanwhile", "current": {**_SHOWN, "version": 2}},
)
FOLLOW: dict[str, Any] = {
    "responses": _answers("Incident", "The incident as it stands then", 400, 404, 409, 413, 422),
    "openapi_extra": sent("FollowRequest", EXAMPLES),
}
REMOVE: dict[str, Any] = {"responses": _answers("Incident", "The incident, removed", 404)}
RESTORE: dict[str, Any] = {"responses": _answers("Incident", "The incident, back again", 404)}
GATES = _example(
    {
        "responses": _answers("Gates", "The gates that are shut", 404, 422),
        "openapi_extra": {
            "parameters": [parameter("status", {"enum": list(STATUSES), "default": "resolved"}, "The status that is wanted.")]
        },
    },
    {"schema": "amends.incident-gates/1", "incident": _INCIDENT, "status": "resolved", "gates": [{**_GATE, "promise": _EVENT}]},
)
EVENTS: dict[str, Any] = {"responses": _answers("IncidentEvents", "The record", 404)}
RECORD = _conflict(
    _example(
        {
            "status_code": 201,
            "responses": _answers("IncidentEvents", "What was written down", 400, 404, 409, 413, 422, status=201),
            "openapi_extra": {"parameters": [_IDEMPOTENCY], **sent("EventRequest", EXAMPLES)},
        },
        {"schema": "amends.incident-events/1", "incident": _INCIDENT, "events": [_FACT]},
        201,
    ),
    {"current": {"$ref": "#/components/schemas/IncidentEvent"}, "refused": {"type": ["string", "null"]}},
    {"code": "stale", "detail": "this fact was corrected meanwhile", "current": _FACT, "refused": "40 payments: charged twice"},
)

_LOOKS = {
    "assignments": ("Assignments", "Who holds which function, and who held it, in the order in which they took it."),
    "invitations": ("Invitations", "Who may see it while it is private."),
    "stakeholders": ("Stakeholders", "Who must be told, removed ones too."),
    "links": ("Links", "Where else something about it stands, removed links too."),
}
_ACTS = {
    "assignments": ("Assignments", "Give somebody a function. Who held it until now holds it no longer, from the same instant.", ()),
    "assignments/leave": ("Assignments", "Let nobody hold a function any more.", (409,)),
    "invitations": ("Invitations", "Let somebody see a private incident. Twice is once.", ()),
    "invitations/remove": ("Invitations", "Let somebody see a private incident no longer; the answer is who still may.", (409,)),
    "let-in": (
        "Invitations",
        "Let yourself see a private incident, as an owner; your reason shows to everybody in it.",
        (),
    ),
    "stakeholders": ("Stakeholders", "Write down a group or a person that must be told.", ()),
    "links": ("Links", "Write down where else something about it stands. Twice is once.", ()),
}


def look(part: str) -> dict[str, Any]:
    """The description of one of the lists of an incident."""
    name, description = _LOOKS[part]
    return {"description": description, "responses": _answers(name, description.rstrip("."), 404)}


def act(name: str, body: str, status: int) -> dict[str, Any]:
    """The description of one thing that can be done about the people and links of an incident."""
    kind, description, refused = _ACTS[name]
    return {
        "status_code": status,
        "description": description,
        "responses": _answers(kind, "What came of it", 400, 404, *refused, 413, 422, status=status),
        "openapi_extra": sent(body, EXAMPLES),
    }


def removal(noun: str) -> dict[str, Any]:
    """The description of taking a stakeholder or a link out of its list."""
    kind = "Stakeholders" if noun == "stakeholder" else "Links"
    return {"description": f"Take a {noun} out of the list; it stays in the history.", "responses": _answers(kind, f"The {noun}", 404)}
