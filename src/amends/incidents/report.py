"""An incident as plain values, the same on the command line and over HTTP: the shapes of `amends.incident/1` and what goes with it."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from amends.incidents import action_report as actions
from amends.incidents.document_report import head_as_dict
from amends.promises import report as ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amends.core.incident import Incident
    from amends.incidents.event import IncidentEvent
    from amends.incidents.gates import Gate
    from amends.incidents.involved import Assignment, Delivery, Invitation, Link, Stakeholder
    from amends.incidents.story import Story

    Part = Assignment | Delivery | Invitation | Link | Stakeholder

INCIDENT = "amends.incident/1"
INCIDENTS = "amends.incidents/1"
STORY = "amends.story/1"
EVENTS = "amends.incident-events/1"
ASSIGNMENTS = "amends.incident-assignments/1"
INVITATIONS = "amends.incident-invitations/1"
STAKEHOLDERS = "amends.incident-stakeholders/1"
LINKS = "amends.incident-links/1"
GATES = "amends.incident-gates/1"


def row_as_dict(incident: Incident) -> dict[str, Any]:
    """An incident as lists show it. What it follows from stands in its story, for who may see that."""
    return {
        "id": incident.id,
        "title": incident.title,
        "severity": incident.severity,
        "status": incident.status,
        "started_at": incident.started_at.isoformat(),
        "recorded_at": incident.recorded_at.isoformat(),
        "origin": incident.origin,
        "visibility": incident.visibility,
        "version": incident.version,
        "removed_at": _plain(incident.removed_at),
    }


def as_dict(incident: Incident) -> dict[str, Any]:
    """One incident as it stands."""
    return {"schema": INCIDENT, **row_as_dict(incident)}


def list_as_dict(incidents: Iterable[Incident]) -> dict[str, Any]:
    """Some incidents."""
    return {"schema": INCIDENTS, "incidents": [row_as_dict(one) for one in incidents]}


def story_as_dict(story: Story) -> dict[str, Any]:
    """Everything that is known of an incident, as `Story` has it."""
    return {
        "schema": STORY,
        **row_as_dict(story.incident),
        "before": [row_as_dict(one) for one in story.before],
        "after": [row_as_dict(one) for one in story.after],
        "events": events_as_rows(story.events),
        "assignments": [part_as_dict(one) for one in story.assignments],
        "invitations": [part_as_dict(one) for one in story.invitations],
        "stakeholders": [part_as_dict(one) for one in story.stakeholders],
        "links": [part_as_dict(one) for one in story.links],
        "messages": [{**ledger.message_as_dict(one), "corrects": one.corrects, "via": one.via} for one in story.messages],
        "deliveries": [part_as_dict(one) for one in story.deliveries],
        "promises": [ledger.as_dict(one) for one in story.promises],
        "actions": [actions.as_dict(one) for one in story.actions],
        "documents": [head_as_dict(one) for one in story.documents],
        "timeline": None if story.timeline is None else {"version": story.timeline, "made_at": _plain(story.timeline_at)},
    }


def events_as_dict(incident_id: str, events: Sequence[IncidentEvent], every: Iterable[IncidentEvent] | None = None) -> dict[str, Any]:
    """Some events of an incident; `every` are all there are, where `events` are not, to tell which of them still stand."""
    return {"schema": EVENTS, "incident": incident_id, "events": events_as_rows(events, every)}


def events_as_rows(events: Iterable[IncidentEvent], every: Iterable[IncidentEvent] | None = None) -> list[dict[str, Any]]:
    """The events, each with whether it still stands: nothing took its place, and it was not taken back."""
    told = tuple(events)
    gone = {event.replaces for event in (told if every is None else every)}
    return [{**_record(event), "stands": event.id not in gone} for event in told]


def parts_as_dict(schema: str, incident_id: str, parts: Iterable[Part]) -> dict[str, Any]:
    """Some of the people or links of an incident, under the last word of their schema's name."""
    name = schema.partition("/")[0].rpartition("-")[2]
    return {"schema": schema, "incident": incident_id, name: [part_as_dict(one) for one in parts]}


def part_as_dict(part: Part) -> dict[str, Any]:
    """One of them, without the id of the incident that they are listed under."""
    return _record(part)


def gates_as_dict(incident_id: str, status: str, gates: Iterable[Gate]) -> dict[str, Any]:
    """What keeps an incident from a status."""
    return {"schema": GATES, "incident": incident_id, "status": status, "gates": gates_as_rows(gates)}


def gates_as_rows(gates: Iterable[Gate]) -> list[dict[str, Any]]:
    """The gates, each with what is missing and what opens it."""
    return [_record(gate) for gate in gates]


def _record(record: Any) -> dict[str, Any]:
    return {field.name.removesuffix("_id"): _plain(getattr(record, field.name)) for field in fields(record) if field.name != "incident_id"}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
