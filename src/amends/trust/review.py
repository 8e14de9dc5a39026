"""The trust recovery review, after a month and after a quarter: what the evidence shows, and what follows from it.

A review is planned when repair begins, prepared by the program from what happened, answered by people where the data cannot tell, and held
with a decision. Nothing typed stands for evidence: every answer is a reference, or "unknown", with whom we asked and when.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.core.incident import STATUSES
from amends.incidents.event import standing as still
from amends.promises.fate import end_of_minute

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from amends.core.incident import Incident
    from amends.incidents.event import IncidentEvent

WHICH = ("month", "quarter")
AFTER = {"month": timedelta(days=30), "quarter": timedelta(days=91)}
"""How long after the containment each is due."""

EARLY = timedelta(days=7)
"""How long before it is due a review may be held; earlier it says nothing about a month or a quarter, and must be moved, with a reason."""

DECISIONS = ("continue", "change", "stop")

QUESTIONS = ("worse", "ownership", "release", "architecture", "onboarding", "operating")
"""What people answer, because no data can: what got worse; what was promoted into ownership, release or architecture work; which onboarding
and operating documents say by now what was learnt."""

REFERENCES = (
    "message", "point", "entry", "action", "promise", "document", "break", "review", "wave", "incident", "link", "person",
)  # fmt: skip
"""What an answer can refer to; `person` is somebody's word: who said it, and when."""

UNKNOWN = "unknown"

REVIEW_EVENTS = ("moved", "led", "answered", "held", "reopened", "taken-back")
"""What can happen to a review after it was planned."""

PLANNED, HELD = "planned", "held"
STATES = (PLANNED, HELD)


@dataclass(frozen=True, slots=True)
class PlannedReview:
    """A review as it was planned: which, when it is due, counted from the containment, and `lead`, who sees to it and is reminded."""

    id: str
    incident_id: str
    which: str
    due_at: datetime
    recorded_at: datetime
    by: str
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewEvent:
    """One thing that happened to a review.

    `answered`: `question`, one of `QUESTIONS`, with `text` (what), `ref_kind` (one of `REFERENCES`, or `unknown`) and `ref` (the id or
    address, of a person their name). What is unknown has `asked` and `asked_at`, a person's word has in `asked_at` when it was said.
    `moved`: `due_at`, and the reason in `text`. `led`: who sees to it from now on in `lead`. `held`: `decision`, why in `text`, what
    those affected are told in `said`, and `prepared`, the evidence of that moment as JSON. `reopened`: why, in `text`. `taken-back`: the
    event that `undoes` names counts no more.
    """

    id: str
    incident_id: str
    review_id: str
    what: str
    recorded_at: datetime
    by: str
    question: str | None = None
    ref_kind: str | None = None
    ref: str | None = None
    asked: str | None = None
    asked_at: datetime | None = None
    text: str | None = None
    said: str | None = None
    due_at: datetime | None = None
    lead: str | None = None
    decision: str | None = None
    prepared: str | None = None
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered to one question: a reference with words, or `unknown`, asked whom and when. Several may answer one."""

    id: str
    question: str
    text: str
    kind: str
    ref: str | None
    asked: str | None
    asked_at: datetime | None
    recorded_at: datetime
    by: str

    @property
    def is_unknown(self) -> bool:
        """Whether it says that nobody knows yet."""
        return self.kind == UNKNOWN


@dataclass(frozen=True, slots=True)
class TrustReview:
    """A review as it stands: a function of its plan and its events. `was_due` are the times that it was moved from, oldest first."""

    plan: PlannedReview
    events: tuple[ReviewEvent, ...]
    due_at: datetime
    lead: str
    state: str = PLANNED
    was_due: tuple[datetime, ...] = ()
    answers: tuple[Answer, ...] = ()
    decision: str | None = None
    why: str | None = None
    said: str | None = None
    held_at: datetime | None = None
    held_by: str | None = None
    prepared: str | None = None
    overdue: bool = False

    @property
    def id(self) -> str:
        """The id by which it is named everywhere."""
        return self.plan.id

    @property
    def incident_id(self) -> str:
        """Whose review it is."""
        return self.plan.incident_id

    @property
    def which(self) -> str:
        """One of `WHICH`."""
        return self.plan.which

    @property
    def opens_at(self) -> datetime:
        """From when it can be held: `EARLY` before it is due."""
        return self.due_at - EARLY

    def answered(self, question: str) -> tuple[Answer, ...]:
        """The answers to one of `QUESTIONS`, oldest first."""
        return tuple(one for one in self.answers if one.question == question)


_CONTAINED = STATUSES.index("monitoring")


def contained_at(incident: Incident, events: tuple[IncidentEvent, ...]) -> datetime | None:
    """Since when an incident is contained, None while it is not.

    What people wrote down as the containment counts first; else when the status became monitoring or later and stayed so. `events` come
    in the order in which they were recorded: a status that was written down later than it was reached stands after those before it.
    """
    if STATUSES.index(incident.status) < _CONTAINED:
        return None
    written = still(events, "milestone", "contained")
    if written:
        return written[-1].at
    since: datetime | None = None
    for event in (one for one in events if one.what == "status" and one.kind in STATUSES):
        contained = STATUSES.index(event.kind or "") >= _CONTAINED
        since = (since or event.at) if contained else None
    return since or incident.started_at


def standing(plan: PlannedReview, events: Iterable[ReviewEvent], now: datetime) -> TrustReview:
    """How a review stands at `now`, by its events in the order in which they were recorded. Never raises, whatever the events are."""
    known = tuple(events)
    undone = {one.undoes for one in known if one.what == "taken-back"}
    state = TrustReview(plan, known, plan.due_at, plan.lead or plan.by)
    for event in known:
        if event.id not in undone:
            state = _after(state, event)
    return replace(state, overdue=state.state == PLANNED and now >= end_of_minute(state.due_at))


def _after(state: TrustReview, event: ReviewEvent) -> TrustReview:
    match event.what:
        case "led" if event.lead:
            return replace(state, lead=event.lead)
        case "reopened" if state.state == HELD:
            return replace(state, state=PLANNED, decision=None, why=None, said=None, held_at=None, held_by=None, prepared=None)
        case "moved" if event.due_at is not None and state.state == PLANNED:
            return replace(state, due_at=event.due_at, was_due=(*state.was_due, state.due_at))
        case "answered" if event.question and event.ref_kind and state.state == PLANNED:
            new = Answer(
                event.id, event.question, event.text or "", event.ref_kind, event.ref, event.asked, event.asked_at, event.recorded_at,
                event.by,
            )  # fmt: skip
            return replace(state, answers=(*state.answers, new))
        case "held" if event.decision and state.state == PLANNED:
            return replace(
                state, state=HELD, decision=event.decision, why=event.text, said=event.said, held_at=event.recorded_at, held_by=event.by,
                prepared=event.prepared,
            )  # fmt: skip
        case _:
            return state


def unanswered(review: TrustReview) -> tuple[str, ...]:
    """The questions that nobody has answered, not even with whom we asked; in the order of `QUESTIONS`."""
    return tuple(one for one in QUESTIONS if not review.answered(one))


def is_early(review: TrustReview, now: datetime) -> bool:
    """Whether it cannot be held yet, because the time that it looks back on is not over."""
    return review.state != HELD and now < review.opens_at


def refusal(review: TrustReview, what: str, now: datetime) -> str:
    """Why an act of `REVIEW_EVENTS` makes no sense where a review stands, or "" where it does."""
    if what == "reopened":
        return "" if review.state == HELD else "it was not held yet"
    if what in ("led", "taken-back"):
        return ""
    if review.state == HELD:
        return "it was held already, and its evidence is pinned; reopen it with a reason"
    if what == "held" and is_early(review, now):
        return f"it is due on {_day(review.due_at)} and open for a decision from {_day(review.opens_at)}; move it where it must be earlier"
    return ""


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def undoable(review: TrustReview) -> tuple[ReviewEvent, ...]:
    """The events that can be taken back, oldest first: a held review is reopened instead, so that its evidence stays where it was seen."""
    undone = {one.undoes for one in review.events}
    if review.state == HELD:
        return ()
    return tuple(one for one in review.events if one.what in ("moved", "led", "answered") and one.id not in undone)
