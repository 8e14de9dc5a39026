"""A run of a playbook: a function of the events of it, of what the data hold now, and of the moment; nothing of it is stored as a state.

So a claim that is withdrawn empties the field that cited it, and an incident that is live again shuts its gate, without anybody noticing
it for the run. What was written stays: an override stands with its reason, and what was undone stands as undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

EVENTS = (
    "started", "answered", "overridden", "filled", "unknown", "decided", "replied", "followed", "handed-over", "stopped", "finished",
    "undone",
)  # fmt: skip
"""What can happen in a run. `answered` and `overridden` are about a gate, `filled` and `unknown` about a field (`artifact.field`),
`decided` about a decision point, `replied` about a question, `followed` about a follow-up."""

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Run:
    """A playbook that was begun for an incident, pinned as it was then: `source` is the whole file, `sha256` its hash."""

    id: str
    incident_id: str
    playbook_id: str
    title: str
    sha256: str
    source: str
    started_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One thing that happened in a run; `number` counts from 1 in it.

    `about` is the id of what it is about in the playbook. `started` and `handed-over`: `person`, who leads. `answered`: `value` yes or no,
    and who said so in `person`. `overridden`: the reason in `why`. `filled`: a reference, `ref_kind` and `ref`, its words in `text`; of the
    word of a person `ref_kind` is `person`, `person` who said it, and `asked_at` when. `unknown`: `asked` whom, `asked_at` when. `decided`,
    `replied`, `followed`: the words in `text`, a chosen option in `value`, the reason in `why`. `stopped`: `why`. `undone`: `undoes`.
    """

    id: str
    run_id: str
    incident_id: str
    number: int
    what: str
    at: datetime
    recorded_at: datetime
    by: str
    about: str | None = None
    value: str | None = None
    ref_kind: str | None = None
    ref: str | None = None
    text: str | None = None
    person: str | None = None
    asked: str | None = None
    asked_at: datetime | None = None
    why: str | None = None
    undoes: str | None = None


def counting(events: tuple[RunEvent, ...]) -> tuple[RunEvent, ...]:
    """The events that hold, oldest first: without those that were undone, and without the undoing."""
    undone = {one.undoes for one in events if one.what == "undone"}
    return tuple(one for one in events if one.what != "undone" and one.id not in undone)


def last(events: tuple[RunEvent, ...], what: str, about: str | None = None) -> RunEvent | None:
    """The newest event of a sort that holds, about one thing where it is named; None where there is none."""
    return next((one for one in reversed(events) if one.what == what and about in (None, one.about)), None)


def undoable(events: tuple[RunEvent, ...]) -> tuple[RunEvent, ...]:
    """The events that can be undone, oldest first: all that hold, but the beginning."""
    return tuple(one for one in counting(events) if one.what != "started")


def lead(events: tuple[RunEvent, ...]) -> str | None:
    """Who leads the run: the last one whom it was handed over to, else who was named when it was begun."""
    found = next((one for one in reversed(events) if one.what in ("started", "handed-over") and one.person), None)
    return found.person if found is not None else None
