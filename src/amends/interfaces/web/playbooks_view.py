"""What the pages of playbooks say: where each reference and each place of the program stands, and what happened, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.interfaces.web import words
from amends.playbooks.acts import refusal
from amends.playbooks.happened import told
from amends.playbooks.sources import METRICS, PLACES, SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.playbooks.artifact import FieldState
    from amends.playbooks.happened import Happened
    from amends.playbooks.known import Item
    from amends.playbooks.state import RunState, StepState

STATES = {
    "filled": ("kept", "Cited"),
    "unknown": ("soon", "Asked, not known yet"),
    "missing": ("missed", "Missing"),
    "optional": ("note", "May stay empty"),
}
"""How a field stands: its tone, and its words."""

GATES = {
    "open": ("kept", "Open"),
    "shut": ("missed", "Shut"),
    "unanswered": ("soon", "Not answered yet"),
    "overridden": ("soon", "Passed with a reason"),
}
STEPS = {
    "finished": ("is-done", "finished"), "now": ("is-now", "to be taken now"), "waiting": ("is-waiting", "waits at a gate"),
    "ahead": ("is-ahead", "not reached yet"),
}  # fmt: skip
"""How far a step is: its class, and its words."""
RUNS = {
    "going": ("note", "Under way"),
    "halted": ("soon", "Waits at a gate"),
    "stopped": ("quiet", "Stopped"),
    "finished": ("kept", "Finished"),
}
KINDS = {
    "message": "Message", "point": "Account", "entry": "Timeline", "action": "Action item", "promise": "Promise", "document": "Text",
    "break": "Broken trust", "repair": "Repair", "review": "Look back", "wave": "Pulse", "incident": "Incident", "fact": "Fact",
    "commit": "Commit", "link": "Who", "sign": "Sign", "person": "By word",
}  # fmt: skip
ENDS = {"finished": "It finishes", "refused": "It is refused", "gate": "It waits at a gate", "step": "It stays at a step"}
_ENDS_OF_PLACES = {
    "incident": "", "messages": "/messages", "timeline": "/timeline", "account": "/account", "versions": "/versions", "actions": "/actions",
    "review": "/review", "note": "/note", "trust": "/trust", "pulse": "/pulse", "people": "#people",
}  # fmt: skip
_SHOWN = 5
"""How many references of a field stand open; the others are folded."""


def place_href(place: str, incident_id: str) -> str:
    """Where a place of `playbooks.sources.PLACES` is, for one incident."""
    if place == "compose":
        return f"/write?incident={incident_id}"
    if place == "promises":
        return f"/promises?incident={incident_id}"
    if place == "practice":
        return "/practice"
    if place == "run":
        return "#lead"
    return f"/incidents/{incident_id}{_ENDS_OF_PLACES[place]}"


def place_name(place: str) -> str:
    """How people call it."""
    return PLACES[place]


def item_href(item: Item, incident_id: str) -> str:
    """Where something stands that a field refers to; "" for the word of a person."""
    here = f"/incidents/{incident_id}"
    return {
        "message": f"{here}/messages#message-{item.id}",
        "point": f"{here}/account/points/{item.id}",
        "entry": f"{here}/timeline?entry={item.id}",
        "action": f"/actions/{item.id}",
        "promise": f"/promises/{item.id}",
        "document": f"{here}/documents/{item.id}",
        "break": f"{here}/trust#{item.id}",
        "repair": f"{here}/trust#{item.id}",
        "review": f"{here}/trust#reviews",
        "wave": f"{here}/pulse",
        "incident": f"/incidents/{item.id}",
        "fact": f"{here}?all=1#event-{item.id}",
        "commit": f"{here}?all=1#event-{item.id}",
    }.get(item.kind, "")


def places_of(field: FieldState, incident_id: str) -> tuple[tuple[str, str], ...]:
    """Where what a field misses is written: each address with its name, once."""
    found = {SOURCES[name].place for name in field.field.sources if SOURCES[name].place != "run"}
    return tuple((place_href(one, incident_id), PLACES[one]) for one in PLACES if one in found)


def options_of(field: FieldState) -> tuple[tuple[str, str], ...]:
    """What can be chosen for a field, as the options of a list."""
    return tuple((f"{one.kind}:{one.id}", f"{KINDS[one.kind]}: {one.words}") for one in field.offered)


def shown_step(now: RunState, wanted: str) -> StepState | None:
    """The step that a page shows: the one that was asked for, else the one to be taken, now or once a gate is open."""
    return now.step(wanted) or now.standing


def next_href(now: RunState) -> str:
    """Where on the page, or elsewhere, what is to be done is done."""
    to_do = now.next
    if to_do.place and to_do.place != "run":
        return place_href(to_do.place, now.run.incident_id)
    if to_do.what == "finish":
        return "#ending"
    if to_do.about is None:
        return ""
    step = next((one for one in now.steps if to_do.what in ("field", "decide") and not one.complete), None)
    prefix = f"?step={step.step.id}" if step is not None else ""
    return f"{prefix}#{anchor(to_do.about)}"


def anchor(about: str) -> str:
    """The id that the part of a page has which is about something in the playbook."""
    return f"about-{about.replace('.', '-')}"


def can(now: RunState, what: str, about: str | None = None) -> bool:
    """Whether something can be done now."""
    return refusal(now, what, about) is None


def history(now: RunState) -> tuple[Happened, ...]:
    """What happened in a run, the newest first."""
    return told(now.playbook, now.events, words.person)[::-1]


def split(rows: Iterable[object]) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """The references that stand open, and those that are folded."""
    every = tuple(rows)
    return (every, ()) if len(every) <= _SHOWN + 1 else (every[:_SHOWN], every[_SHOWN:])


def metric_says(metric_id: str) -> str:
    """What a metric counts."""
    return METRICS[metric_id]
