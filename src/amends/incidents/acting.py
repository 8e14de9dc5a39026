"""How an action item stands: a total function of its events and of one moment.

Nothing here is ever rewritten. An idea binds nobody; a named person accepts it until a time and says what would show that it helps; then it
is done, and in the end something shows that it helps, or that it does not. An event that says nothing new where an item stands changes
nothing, so every history has exactly one meaning. Closing a ticket is not the changed condition: what a tracker says is kept beside the
state, and proposes to its owner to say so themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from amends.promises.fate import end_of_minute
from amends.promises.promise import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.incidents.actions import ActionEvent, ActionItem

GUARDRAILS = ("test", "monitoring", "alert", "soak", "rollout", "kill-switch", "automation", "limit")
"""The kinds that stand in the way of a repetition when nobody thinks of them; the others help people who remember them."""

STEPS = ("accept", "do", "confirm", "verify", "again", "")
"""What somebody has to do now. `confirm` is up to the owner of an item whose ticket was closed, `again` follows what did not help."""

OPEN, CLOSED = "open", "closed"
"""What a tracker says of a ticket, whatever it calls its own states."""

_NEVER = datetime.max.replace(tzinfo=UTC)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Said:
    """What a tracker said of the ticket, and when we were told.

    `state` is open or closed, `words` what the tracker calls it itself, `owner` and `due` (the last minute of the day) are those there.
    """

    state: str
    words: str | None
    owner: str | None
    due: datetime | None
    told_at: datetime


@dataclass(frozen=True, slots=True)
class ActionStanding:
    """How an action item stands at a moment.

    `was_due` are the times that it was moved from, oldest first. `late` says that it was not done, or not even moved, in its time, and
    stays; `overdue` that it still is not done. `shown` is what shows that it is done, `helps` what shows that it helps, or that it does
    not. `ticket` is `TRACKER:REFERENCE`. `reason` says why it was dropped, or given back.
    """

    item: ActionItem
    events: tuple[ActionEvent, ...]
    state: str = "idea"
    owner: str | None = None
    due: datetime | None = None
    was_due: tuple[datetime, ...] = ()
    helps_when: str | None = None
    done_at: datetime | None = None
    shown: Evidence | None = None
    judged_at: datetime | None = None
    helps: Evidence | None = None
    reason: str | None = None
    ticket: str | None = None
    ticket_url: str | None = None
    said: Said | None = None
    late: bool = False
    overdue: bool = False

    @property
    def step(self) -> str:
        """What somebody has to do now, one of `STEPS`; "" when all is done."""
        if self.state == "accepted":
            return "confirm" if self.said is not None and self.said.state == CLOSED else "do"
        return {"idea": "accept", "done": "verify", "no-help": "again"}.get(self.state, "")

    @property
    def is_open(self) -> bool:
        """Whether it still asks something of somebody."""
        return bool(self.step)

    @property
    def due_there(self) -> datetime | None:
        """The last minute of the day by which the ticket is due, where that is another day than here."""
        if self.said is None or self.said.due is None or self.due is None:
            return None
        return None if timedelta(0) <= end_of_minute(self.said.due) - self.due <= _DAY else self.said.due


def standing(item: ActionItem, events: Iterable[ActionEvent], now: datetime) -> ActionStanding:
    """How an action item stands at `now`, by the events recorded until then. Never raises, whatever the events are."""
    known = sorted((event for event in events if event.recorded_at <= now), key=lambda event: (event.recorded_at, event.id))
    undone = {event.undoes for event in known if event.what == "taken-back"}
    state = ActionStanding(item, tuple(known))
    for event in known:
        if event.id not in undone:
            state = _after(state, event)
    if state.state == "accepted" and _has_passed(state.due, now):
        return replace(state, late=True, overdue=True)
    return state


def _after(state: ActionStanding, event: ActionEvent) -> ActionStanding:
    match event.what:
        case "linked" | "followed":
            return _in_tracker(state, event)
        case "dropped" if state.state != "dropped":
            return replace(state, state="dropped", reason=event.text)
        case "accepted" | "declined" | "moved" | "done":
            return _before_done(state, event)
        case "reopened" | "verified" | "no-help":
            return _once_done(state, event)
        case _:
            return state


def _before_done(state: ActionStanding, event: ActionEvent) -> ActionStanding:
    if event.what == "accepted":
        if state.state != "idea" or event.person is None or event.due is None:
            return state
        before = state.was_due[:-1] if state.was_due[-1:] == (event.due,) else state.was_due  # handed over, with the time that it had
        return replace(state, state="accepted", owner=event.person, due=event.due, was_due=before, helps_when=event.text, reason=None)
    if state.state != "accepted" or state.due is None:
        return state
    match event.what:
        case "declined":
            return replace(state, state="idea", owner=None, due=None, was_due=(*state.was_due, state.due), reason=event.text)
        case "moved" if event.due is not None:
            late = state.late or _has_passed(state.due, event.recorded_at)
            return replace(state, due=event.due, was_due=(*state.was_due, state.due), late=late)
        case "done":
            late = state.late or _has_passed(state.due, event.at)
            return replace(state, state="done", done_at=event.at, shown=_evidence(event), late=late)
        case _:
            return state


def _once_done(state: ActionStanding, event: ActionEvent) -> ActionStanding:
    if state.state not in ("done", "verified", "no-help"):
        return state
    if event.what == "reopened":
        again = replace(state, state="accepted", done_at=None, shown=None, judged_at=None, helps=None, reason=event.text)
        if event.due is None or state.due is None:
            return again
        return replace(again, due=event.due, was_due=(*state.was_due, state.due))
    evidence = _evidence(event)
    if state.state == event.what or (event.what == "verified" and evidence is None):
        return state
    return replace(state, state=event.what, judged_at=event.at, helps=evidence, reason=event.text)


def _in_tracker(state: ActionStanding, event: ActionEvent) -> ActionStanding:
    if event.what == "linked":
        linked = state.ticket is not None or state.state == "dropped"
        return state if linked else replace(state, ticket=event.evidence, ticket_url=event.text)
    if state.ticket is None or event.evidence != state.ticket:
        return state
    said, _, words = (event.text or "").partition(": ")
    return replace(state, said=Said(CLOSED if said == CLOSED else OPEN, words or None, event.person, event.due, event.recorded_at))


def _evidence(event: ActionEvent) -> Evidence | None:
    return Evidence(event.evidence_kind, event.evidence) if event.evidence_kind and event.evidence else None


def _has_passed(due: datetime | None, at: datetime) -> bool:
    return due is not None and at >= end_of_minute(due)


def is_guardrail(now: ActionStanding) -> bool:
    """Whether it is in place and stands in the way of a repetition when nobody thinks of it; what was shown not to help does not."""
    return now.item.kind in GUARDRAILS and now.state in ("done", "verified")


def by_urgency(items: Iterable[ActionStanding]) -> list[ActionStanding]:
    """What is due first stands first; what nobody has accepted stands last, the oldest idea first."""
    return sorted(items, key=lambda one: (one.due or _NEVER, one.item.proposed_at, one.item.id))


_NOT_OPEN = {
    "idea": "nobody has accepted it yet",
    "done": "it is done already",
    "verified": "it is done, and it was shown to help",
    "no-help": "it was done, and it did not help; reopen it, or propose what would help",
    "dropped": "it was dropped; undo that, or propose it anew",
}


def refusal(now: ActionStanding, what: str) -> str:
    """Why an act of `actions.ACTION_EVENTS` makes no sense where an item stands, or "" where it does."""
    if what == "linked":
        return f"it has a ticket already, {now.ticket}" if now.ticket is not None else _dropped(now)
    if what == "followed":
        return "" if now.ticket is not None else "it has no ticket in a tracker"
    if what == "dropped":
        return _NOT_OPEN[now.state] if now.state in ("verified", "dropped") else ""
    if what == "accepted":
        return "" if now.state == "idea" else _NOT_OPEN.get(now.state, f"{now.owner} has accepted it already")
    if what in ("declined", "moved", "done"):
        return "" if now.state == "accepted" else _NOT_OPEN[now.state]
    return _refusal_once_done(now, what)


def _refusal_once_done(now: ActionStanding, what: str) -> str:
    if now.state in ("idea", "accepted"):
        return "it is not done yet"
    if now.state == what:
        return "that was said already"
    return _dropped(now)


def _dropped(now: ActionStanding) -> str:
    return _NOT_OPEN["dropped"] if now.state == "dropped" else ""


def undoable(now: ActionStanding) -> tuple[ActionEvent, ...]:
    """The events that can be taken back, oldest first: what people did, and neither what a tracker said nor what was taken back already."""
    undone = {event.undoes for event in now.events}
    return tuple(event for event in now.events if event.what not in ("followed", "taken-back") and event.id not in undone)
