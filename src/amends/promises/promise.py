"""A promise, what happened to it, and how it stands: a total function of its events and of one moment.

Nothing here is ever rewritten. A promise is as it was made; each act on it is an event that is appended; `standing` folds
them, in the order in which they were recorded, into what holds at a moment. An event that says nothing new where it stands
(keeping what is kept, accepting what was never proposed) changes nothing, so every history has exactly one meaning.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from amends.promises import fate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

STATES = (*fate.FATES, "proposed", "declined")
"""The fates of the contract, and two for a promise that its owner has not taken on, or has refused."""

EVENTS = ("accepted", "declined", "kept", "moved", "withdrawn", "offered", "taken-on", "turned-down", "told", "snoozed", "taken-back")
"""What can happen to a promise. `offered` hands it to somebody else, who has `taken-on` or `turned-down`; `taken-back` undoes one event."""

EVIDENCE = ("message", "commit", "ticket", "deploy", "person")
"""What shows that a promise was kept; `person` is somebody's word for it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that a promise was kept: `reference` is a message id, a commit, a ticket, a deploy, or the name of who says so."""

    kind: str
    reference: str


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise as it was made.

    `words` is the clause that makes it, `time_words` its time as it was said; `kind`, `firmness` and `grain` are those of the
    contract. `due` is None where the words name no usable time, and `note` says what was assumed about it or why there is none.
    `maker` said it, `owner` must keep it (None where nobody was named), `audience` and `made_to` are whom it was made to.
    A `proposed` one binds nobody before its owner accepts; a `private` one is seen by its maker and owner only.
    `follows` is the promise that it took the place of. Instants are aware.
    """

    id: str
    words: str
    kind: str
    firmness: str
    due: datetime | None
    grain: str | None
    maker: str
    owner: str | None
    made_at: datetime
    recorded_at: datetime
    due_earliest: datetime | None = None
    time_words: str | None = None
    tz: str | None = None
    note: str | None = None
    message_id: str | None = None
    incident_id: str | None = None
    audience: str | None = None
    made_to: str | None = None
    proposed: bool = False
    private: bool = False
    follows: str | None = None

    @property
    def has_listeners(self) -> bool:
        """Whether somebody else was told of it, and must hear when it changes."""
        return self.audience is not None or self.made_to is not None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a promise.

    `at` is when it happened, `recorded_at` when we were told. `to` is who was offered the promise, or who was told; `until` the end
    of a snooze; `successor` the promise that took its place; `undoes` the id of the event that this one takes back.
    """

    id: str
    promise_id: str
    what: str
    at: datetime
    recorded_at: datetime
    by: str
    why: str | None = None
    to: str | None = None
    until: datetime | None = None
    evidence: Evidence | None = None
    successor: str | None = None
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a promise stands at a moment.

    `closed` says that nothing more can become of it. `settled_at` and `evidence` tell what settled it and `late_by_s` by how many
    seconds too late. `offered_to` is who was asked to take it over and has not answered; `untold` says that it was moved, withdrawn or
    handed over and that those it was made to have not heard of it. `snoozed_until` is when it reminds again.
    """

    state: str
    owner: str | None
    closed: bool = False
    settled_at: datetime | None = None
    evidence: Evidence | None = None
    late_by_s: int = 0
    successor: str | None = None
    offered_to: str | None = None
    untold: bool = False
    snoozed_until: datetime | None = None

    @property
    def step(self) -> str:
        """What somebody has to do now: accept, assign, settle, time, answer, tell, or "" when all is done.

        `assign` finds an owner for what was refused or belongs to nobody, `time` gives it a time, `answer` is up to who was offered it.
        """
        if self.closed:
            return "tell" if self.untold else ""
        if self.state == "declined" or self.owner is None:
            return "assign"
        if self.state == "proposed":
            return "accept"
        if self.offered_to is not None:
            return "answer"
        if self.untold:
            return "tell"
        return "time" if self.state == "unverifiable" else "settle"


def standing(promise: Promise, events: Iterable[Event], now: datetime) -> Standing:
    """How a promise stands at `now`, by the events recorded until then. Never raises, whatever the events are."""
    known = sorted((event for event in events if event.recorded_at <= now), key=lambda event: (event.recorded_at, event.id))
    undone = {event.undoes for event in known if event.what == "taken-back"}
    state = Standing("proposed" if promise.proposed else "open", promise.owner)
    for event in known:
        if event.id not in undone:
            state = _after(promise, state, event)
    if state.closed or state.state != "open":
        return state
    return replace(state, state=fate.unsettled(promise.due, now))


def _after(promise: Promise, state: Standing, event: Event) -> Standing:
    if event.what == "told":
        return replace(state, untold=False)
    return state if state.closed else _after_open(promise, state, event)


def _after_open(promise: Promise, state: Standing, event: Event) -> Standing:
    match event.what:
        case "kept":
            return _kept(promise, state, event)
        case "moved" | "withdrawn":
            return _let_go(promise, state, event)
        case "snoozed":
            return replace(state, snoozed_until=event.until)
        case _:
            return _passed_on(promise, state, event)


def _kept(promise: Promise, state: Standing, event: Event) -> Standing:
    late_by_s = 0 if promise.due is None else fate.late_by(promise.due, event.at)
    became = fate.settled(promise.due, event.at)
    settled = replace(state, settled_at=event.at, evidence=event.evidence, late_by_s=late_by_s)
    return replace(settled, state=became, closed=True, offered_to=None)


def _passed_on(promise: Promise, state: Standing, event: Event) -> Standing:
    """Who must keep it: taken on by the one it was proposed to, or handed to somebody else."""
    match event.what:
        case "accepted" if state.state in ("proposed", "declined"):
            return replace(state, state="open", owner=event.to or state.owner or event.by)
        case "declined" if state.state == "proposed":
            return replace(state, state="declined")
        case "offered" if state.state == "open" and event.to is not None and event.to != state.owner:
            return replace(state, offered_to=event.to)
        case "taken-on" if state.offered_to is not None:
            return replace(state, state="open", owner=state.offered_to, offered_to=None, untold=promise.has_listeners)
        case "turned-down":
            return replace(state, offered_to=None)
        case _:
            return state


def _let_go(promise: Promise, state: Standing, event: Event) -> Standing:
    """Moved or withdrawn: honest before the due minute has passed, and by when it was recorded, since a time can be claimed later.

    Afterwards the promise stays missed; who was promised must hear of it either way.
    """
    in_time = promise.due is None or event.recorded_at < fate.end_of_minute(promise.due)
    became = event.what if in_time else "missed"
    return replace(state, state=became, closed=True, successor=event.successor, untold=promise.has_listeners, offered_to=None)
