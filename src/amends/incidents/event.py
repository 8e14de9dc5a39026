"""What happened to an incident: events that are only ever appended, each with when it was and when we were told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

EVENTS = (
    "opened", "status", "severity", "renamed", "started", "visibility", "follows", "removed", "restored",
    "fact", "milestone", "box", "commit", "gate", "comment", "withdrawn",
)  # fmt: skip
"""What can happen: `kind` says more. `withdrawn` takes back the fact, box, commit, milestone or comment that it `replaces`.

A change of a field of the incident has what it became in `kind` (a title in `text`) and what it was in `value`; `opened` keeps the words
that opened it. Passing a gate has the gate in `kind`, the reason in `text` and the status in `value`.
"""

SAID = ("fact", "milestone", "box", "commit", "comment")
"""The events that somebody can take back."""

FACTS = ("happened", "impact", "number", "cause", "recovery", "prevention", "constraint", "decision", "question")
"""What a fact is about. A `number` carries its figure in `value`; a `question` is a decision still needed, a `decision` one taken."""

MILESTONES = ("impact-began", "detected", "contained", "checked-in", "timeline-shared", "meeting", "fix-deployed", "recovered")
"""Moments of an incident that people write down. The `value` of `detected` says who found it, one of `FINDERS`."""

AGAIN = ("checked-in", "timeline-shared", "meeting")
"""The milestones that an incident can have several of; of the others a new one takes the place of the one that stands."""

FINDERS = ("us", "others")
"""Who told whom first: we found it ourselves, or others told us."""

BOXES = ("impact", "prevention")
"""The two checkboxes of the follow-up note; `value` is one of `BOX_VALUES`, `text` what shows it."""

BOX_VALUES = ("ticked", "open")

COMMITS = ("hotfix", "rollback", "guardrail")
"""What a commit does for an incident; `value` is its hash, `text` its subject."""


@dataclass(frozen=True, slots=True)
class IncidentEvent:
    """One thing that happened to an incident.

    `at` is when it happened, `recorded_at` when we were told; `by` told us. `text` are words of a person, `value` a short value that
    programs read (a number, a hash, the status before). `replaces` is the event whose place this one takes: that is how a fact is
    corrected, and nothing is overwritten.
    """

    id: str
    incident_id: str
    what: str
    at: datetime
    recorded_at: datetime
    by: str
    kind: str | None = None
    text: str | None = None
    value: str | None = None
    replaces: str | None = None


def standing(events: tuple[IncidentEvent, ...], what: str, kind: str | None = None) -> tuple[IncidentEvent, ...]:
    """The events of a sort that still hold, oldest first: those that nothing took the place of, and that were not withdrawn."""
    gone = {event.replaces for event in events if event.replaces is not None}
    return tuple(event for event in events if event.what == what and event.id not in gone and kind in (None, event.kind))
