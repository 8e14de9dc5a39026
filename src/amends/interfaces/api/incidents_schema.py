"""JSON Schemas of incidents, their stories, records, people and links: what the command line and the API say about them."""

from __future__ import annotations

from typing import Any

from amends.core.incident import ORIGINS, SEVERITIES, STATUSES
from amends.core.people import AUDIENCES
from amends.incidents import report
from amends.incidents.document_report import document_schemas
from amends.incidents.event import EVENTS
from amends.incidents.involved import DELIVERIES, FUNCTIONS, LINKS, STAKEHOLDER_KINDS, VISIBILITIES
from amends.interfaces.api.actions_schema import action_schemas
from amends.interfaces.api.ledger_schema import ledger_schemas
from amends.interfaces.api.shapes import record

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_MAYBE_TIME: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
_NUMBER: dict[str, Any] = {"type": "integer"}
_MAYBE_NUMBER: dict[str, Any] = {"type": ["integer", "null"]}
_FLAG: dict[str, Any] = {"type": "boolean"}


def incident_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records by name, referring to each other below `place`; a story refers to those of its parts too."""
    return {
        "Incident": record("One incident as it stands.", {"schema": {"const": report.INCIDENT}, **_ROW}),
        "IncidentRow": record("An incident as lists show it.", _ROW),
        "Incidents": _listed("Incidents, the one that started last first.", report.INCIDENTS, "incidents", f"{place}IncidentRow"),
        "Story": record("Everything that is known of an incident.", _story(place)),
        "IncidentEvent": record("One thing that happened to an incident, or that somebody wrote down.", _EVENT),
        "IncidentEvents": _part("Some of the record of an incident.", report.EVENTS, "events", f"{place}IncidentEvent"),
        "Assignment": record("Somebody who holds a function, or held it.", _ASSIGNMENT),
        "Assignments": _part("Who held which function.", report.ASSIGNMENTS, "assignments", f"{place}Assignment"),
        "Invitation": record("Somebody who may see a private incident.", _INVITATION),
        "Invitations": _part("Who may see it while it is private.", report.INVITATIONS, "invitations", f"{place}Invitation"),
        "Stakeholder": record("A group or a person that must be told.", _STAKEHOLDER),
        "Stakeholders": _part("Who must be told.", report.STAKEHOLDERS, "stakeholders", f"{place}Stakeholder"),
        "Link": record("Where else something about it stands.", _LINK),
        "Links": _part("Where else something about it stands.", report.LINKS, "links", f"{place}Link"),
        "StoryMessage": record("A message that was sent.", _MESSAGE),
        "StoryDelivery": record("How far a message came with one stakeholder.", _DELIVERY),
        "Gates": record("What keeps an incident from a status.", _GATES),
    }


def story_schemas() -> dict[str, dict[str, Any]]:
    """The schema of a whole story and what it refers to, for a file of their own."""
    place = "#/$defs/"
    return {**incident_schemas(place), **ledger_schemas(place), **document_schemas(place), **action_schemas(place)}


def _story(place: str) -> dict[str, Any]:
    rows = {name: {"type": "array", "items": {"$ref": f"{place}{kind}"}} for name, kind in _LISTS.items()}
    timeline = {"version": _NUMBER, "made_at": _TIME}
    made = {"type": "object", "required": list(timeline), "properties": timeline}
    shown = {"anyOf": [made, {"type": "null"}], "description": "The newest version of its timeline."}
    return {"schema": {"const": report.STORY}, **_ROW, **rows, "timeline": shown}


_LISTS = {
    "before": "IncidentRow",
    "after": "IncidentRow",
    "events": "IncidentEvent",
    "assignments": "Assignment",
    "invitations": "Invitation",
    "stakeholders": "Stakeholder",
    "links": "Link",
    "messages": "StoryMessage",
    "deliveries": "StoryDelivery",
    "promises": "LedgerPromise",
    "actions": "ActionItem",
    "documents": "SharedTextHead",
}
_ROW: dict[str, Any] = {
    "id": _TEXT,
    "title": _TEXT,
    "severity": {"enum": list(SEVERITIES)},
    "status": {"enum": list(STATUSES)},
    "started_at": {**_TIME, "description": "When it began; when somebody noticed is the milestone `detected`."},
    "recorded_at": {**_TIME, "description": "When it was opened here."},
    "origin": {"enum": list(ORIGINS)},
    "visibility": {"enum": list(VISIBILITIES)},
    "version": {**_NUMBER, "description": "Grows with every change; a change says which one it is based on."},
    "removed_at": _MAYBE_TIME,
}
_EVENT: dict[str, Any] = {
    "id": _TEXT,
    "what": {"enum": list(EVENTS)},
    "at": {**_TIME, "description": "When it happened."},
    "recorded_at": {**_TIME, "description": "When it was written down."},
    "by": _TEXT,
    "kind": {**_MAYBE_TEXT, "description": "Which kind of fact, milestone, box or commit; for a change, what it became."},
    "text": _MAYBE_TEXT,
    "value": {**_MAYBE_TEXT, "description": "A figure, a hash, ticked or open, who found it; for a change, what it was."},
    "replaces": {**_MAYBE_TEXT, "description": "The event whose place this one takes, or that it takes back."},
    "stands": {**_FLAG, "description": "Whether nothing took its place, and nobody took it back."},
}
_ASSIGNMENT: dict[str, Any] = {
    "id": _TEXT, "function": {"enum": list(FUNCTIONS)}, "person": _TEXT, "since": _TIME, "given_by": _TEXT, "until": _MAYBE_TIME,
}  # fmt: skip
_INVITATION: dict[str, Any] = {
    "person": _TEXT,
    "since": _TIME,
    "invited_by": _TEXT,
    "why": {**_MAYBE_TEXT, "description": "The reason of an owner who let themselves in."},
}
_STAKEHOLDER: dict[str, Any] = {
    "id": _TEXT, "name": _TEXT, "kind": {"enum": list(STAKEHOLDER_KINDS)}, "audience": {"enum": list(AUDIENCES)}, "added_at": _TIME,
    "added_by": _TEXT, "address": _MAYBE_TEXT, "size": _MAYBE_NUMBER, "removed_at": _MAYBE_TIME,
}  # fmt: skip
_LINK: dict[str, Any] = {
    "id": _TEXT, "kind": {"enum": list(LINKS)}, "target": _TEXT, "added_at": _TIME, "added_by": _TEXT, "title": _MAYBE_TEXT,
    "removed_at": _MAYBE_TIME,
}  # fmt: skip
_MESSAGE: dict[str, Any] = {
    "id": _TEXT, "incident": _MAYBE_TEXT, "audience": {"enum": [*AUDIENCES, None]}, "author": _TEXT, "sent_at": _TIME,
    "recorded_at": _TIME, "text": _TEXT, "corrects": {**_MAYBE_TEXT, "description": "The message that it corrects."}, "via": _MAYBE_TEXT,
}  # fmt: skip
_DELIVERY: dict[str, Any] = {
    "id": _TEXT, "message": _TEXT, "stakeholder": _TEXT, "what": {"enum": list(DELIVERIES)}, "at": _TIME, "recorded_at": _TIME,
    "by": _TEXT, "via": _MAYBE_TEXT, "attempt": _NUMBER, "text": _MAYBE_TEXT,
}  # fmt: skip
_GATE: dict[str, Any] = {"id": _TEXT, "message": _TEXT, "hint": _TEXT, "promise": _MAYBE_TEXT}
_GATES: dict[str, Any] = {
    "schema": {"const": report.GATES},
    "incident": _TEXT,
    "status": {"enum": list(STATUSES)},
    "gates": {"type": "array", "items": {"type": "object", "required": list(_GATE), "properties": _GATE}},
}


def _listed(description: str, schema: str, name: str, item: str) -> dict[str, Any]:
    return record(description, {"schema": {"const": schema}, name: {"type": "array", "items": {"$ref": item}}})


def _part(description: str, schema: str, name: str, item: str) -> dict[str, Any]:
    found = _listed(description, schema, name, item)
    found["properties"]["incident"] = _TEXT
    found["required"].append("incident")
    return found
