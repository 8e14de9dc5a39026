"""Stories made by hand: an incident with a record, messages and promises, without a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from amends.core.incident import Incident, SentMessage
from amends.incidents.event import IncidentEvent
from amends.incidents.story import Story
from amends.promises.ledger import LedgerEntry
from amends.promises.promise import Event, Promise, standing

NOW = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)
BEGAN = NOW - timedelta(minutes=40)


def incident(**more: Any) -> Incident:
    return replace(Incident("I1", "Invoices went out twice", "SEV2", "investigating", BEGAN, BEGAN), **more)


def event(name: str, what: str, minutes: float = 0, **more: Any) -> IncidentEvent:
    """Something that happened, and was recorded, so many minutes before (or after) now."""
    at = NOW + timedelta(minutes=minutes)
    return replace(IncidentEvent(name, "I1", what, at, at, "local"), **more)


def fact(name: str, kind: str, text: str, minutes: float = -30, **more: Any) -> IncidentEvent:
    return event(name, "fact", minutes, kind=kind, text=text, **more)


def message(
    name: str, audience: str = "team", minutes: float = -20, text: str = "412 invoices went out twice.", **more: Any
) -> SentMessage:
    at = NOW + timedelta(minutes=minutes)
    return replace(SentMessage(name, f"D{name}", 1, "I1", audience, "local", at, at, text), **more)


def promise(
    name: str,
    kind: str,
    due_in: float | None,
    *events: Event,
    audience: str | None = "team",
    made: float = -20,
    now: datetime = NOW,
    **more: Any,
) -> LedgerEntry:
    """A promise due so many minutes from now, made so many minutes before."""
    at = NOW + timedelta(minutes=made)
    due = NOW + timedelta(minutes=due_in) if due_in is not None else None
    made_one = Promise(name, "We fix the job", kind, "firm", due, "minute", "local", "local", at, at, audience=audience, incident_id="I1")
    whole = replace(made_one, **more)
    return LedgerEntry(whole, events, standing(whole, events, now))


def act(name: str, about: str, what: str, minutes: float = 0, **more: Any) -> Event:
    at = NOW + timedelta(minutes=minutes)
    return replace(Event(name, about, what, at, at, "local"), **more)


FACTS = (
    fact("F1", "happened", "The nightly job sent the invoices of 3 March a second time"),
    fact("F2", "impact", "41 customers got each invoice twice"),
    fact("F3", "number", "invoices went out twice", value="412"),
    fact("F4", "cause", "The job had no lock, and two hosts ran it"),
    fact("F5", "recovery", "We stopped the job on the second host"),
    fact("F6", "prevention", "We are adding a lock to the job that refuses a second run"),
    event("M1", "milestone", -40, kind="impact-began"),
    event("M2", "milestone", -31, kind="detected", value="others"),
    event("M3", "milestone", -15, kind="contained"),
)


def story(*events: IncidentEvent, **more: Any) -> Story:
    return replace(Story(incident(), NOW, events), **more)
