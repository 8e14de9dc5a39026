"""Action items of a review: an idea becomes a commitment of a named person, is done, and is shown to help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

ACTION_KINDS = (
    "test", "test-plan", "checklist", "review", "monitoring", "alert", "soak", "rollout", "kill-switch", "runbook", "automation", "limit",
    "ownership", "documentation", "other",
)  # fmt: skip
"""What an action item puts in place: a thing that works when nobody is careful."""

ACTION_EVENTS = ("accepted", "declined", "moved", "done", "reopened", "verified", "no-help", "dropped", "linked", "followed", "taken-back")
"""What can happen to one. `verified` says with evidence that it helps, `no-help` that it does not; `linked` names its ticket in a tracker,
`followed` what the tracker said last."""

ACTION_STATES = ("idea", "accepted", "done", "verified", "no-help", "dropped")

ACTION_EVIDENCE = ("measure", "alert", "test", "message", "commit", "ticket", "deploy", "person")
"""What shows that an action item was done, or that it helps; `person` is somebody's word, and counts only where it is called that."""


@dataclass(frozen=True, slots=True)
class ActionItem:
    """An action item as it was proposed; what became of it are its events. It binds nobody before a named person accepts it."""

    id: str
    incident_id: str
    title: str
    kind: str
    proposed_at: datetime
    proposed_by: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class ActionEvent:
    """One thing that happened to an action item. `person` accepted it or did it, `due` is until when, `text` says why or how."""

    id: str
    action_id: str
    what: str
    at: datetime
    recorded_at: datetime
    by: str
    person: str | None = None
    due: datetime | None = None
    text: str | None = None
    evidence_kind: str | None = None
    evidence: str | None = None
    undoes: str | None = None
