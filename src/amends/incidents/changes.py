"""What has changed since the last update to an audience: computed from the record, so that nobody has to remember it.

Each change is one sentence that can stand in the next update. What is private, and what the update said itself, is no change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.incidents.facts import Facts, sentence, words_of
from amends.incidents.starts import STATUS_SAYS, corrected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo

    from amends.core.incident import SentMessage
    from amends.incidents.event import IncidentEvent
    from amends.incidents.story import Story
    from amends.promises.ledger import LedgerEntry

CHANGES = ("status", "severity", "corrected", "number", "fact", "withdrawn", "milestone", "promise", "action", "commit", "box", "timeline")
"""The kinds, in the order in which they are told: how it stands, what was wrong, what is new, what was kept."""

_FACT_NAMES = {
    "happened": "What happened", "impact": "Impact", "cause": "Cause", "recovery": "Recovery", "prevention": "Prevention",
    "constraint": "Constraint", "decision": "Decided", "question": "To be decided",
}  # fmt: skip
_REACHED = {
    "impact-began": "It hit people from {}.",
    "detected": "It was noticed at {}.",
    "contained": "It has been contained since {}.",
    "checked-in": "We checked in with the people affected at {}.",
    "timeline-shared": "The timeline was shared at {}.",
    "meeting": "We met about it at {}.",
    "fix-deployed": "The fix was deployed at {}.",
    "recovered": "It has been right again since {}.",
}
_DONE = {
    "accepted": "Accepted: {}",
    "done": "Done: {}",
    "verified": "Shown to help: {}",
    "no-help": "It did not help: {}",
    "dropped": "Dropped: {}",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise now: its kind, the sentence that tells it, when it happened, and the id of what it is about."""

    kind: str
    text: str
    at: datetime
    about: str


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since the last update to an audience: `message`, None before the first. `text` can stand in the next."""

    message: SentMessage | None
    changes: tuple[Change, ...]
    text: str


def since(story: Story, message: SentMessage, zone: tzinfo | None = None) -> tuple[Change, ...]:
    """What changed since a message was sent, for its audience, in the order of `CHANGES`, then of time; `zone` None tells times in UTC."""
    from datetime import UTC

    facts = Facts(story, message.audience or "team", story.now, zone or UTC)
    found = [
        *_fields(facts, message.sent_at),
        *_corrections(facts, message.sent_at),
        *_events(facts, message.sent_at),
        *_promises(facts, message),
        *_actions(facts, message.sent_at),
        *_timeline(facts, message.sent_at),
    ]
    return tuple(sorted(found, key=lambda one: (CHANGES.index(one.kind), one.at, one.about)))


def last_to(story: Story, audience: str) -> SentMessage | None:
    """The last update to an audience, None before the first."""
    sent = [one for one in story.reached if one.audience == audience]
    return max(sent, key=lambda one: (one.sent_at, one.id), default=None)


def as_text(changes: tuple[Change, ...], message: SentMessage, story: Story, zone: tzinfo) -> str:
    """The changes as a part of the next update; a sentence that says so where nothing has changed."""
    at = Facts(story, message.audience or "team", story.now, zone).time(message.sent_at)
    if not changes:
        return f"No change since {at}.\n"
    return "\n".join([f"Since {at}:", *(f"- {one.text}" for one in changes)]) + "\n"


def _fields(facts: Facts, after: datetime) -> Iterator[Change]:
    incident = facts.story.incident
    for what, kind in (("status", "status"), ("severity", "severity")):
        told = [one for one in facts.story.events if one.what == what and one.recorded_at > after]
        if not told or told[0].value == getattr(incident, kind):
            continue
        last = told[-1]
        before = told[0].value
        if what == "status":
            text = f"Status: {incident.status} since {facts.time(last.at)}, {STATUS_SAYS[incident.status]}."
        else:
            text = f"Severity: {incident.severity}, before {before}."
        yield Change(kind, text, last.at, last.id)


def _corrections(facts: Facts, after: datetime) -> Iterator[Change]:
    for old, now in corrected(facts.story, after):
        if old.kind == "number":
            yield Change("number", f"{sentence(words_of(now)).rstrip('.')}; we said {old.value} before.", now.recorded_at, now.id)
        else:
            yield Change(
                "corrected",
                f"Corrected: {sentence(words_of(now))} We said “{(old.text or '').rstrip('.')}” before.",
                now.recorded_at,
                now.id,
            )
    by_id = {event.id: event for event in facts.story.events}
    for event in facts.story.events:
        gone = by_id.get(event.replaces or "")
        if (
            event.what == "withdrawn"
            and event.recorded_at > after
            and gone is not None
            and gone.what == "fact"
            and gone.recorded_at <= after
        ):
            yield Change("withdrawn", f"We no longer say this: “{words_of(gone).rstrip('.')}”.", event.recorded_at, gone.id)


def _events(facts: Facts, after: datetime) -> Iterator[Change]:
    changed = {now.id for _, now in corrected(facts.story, after)}
    for event in facts.story.events:
        if event.recorded_at <= after or event.id in changed or not _stands(facts.story, event):
            continue
        if event.what == "fact":
            name = _FACT_NAMES.get(event.kind or "")
            text = sentence(words_of(event))
            yield Change("number" if event.kind == "number" else "fact", f"{name}: {text}" if name else text, event.at, event.id)
        elif event.what == "milestone" and event.kind in _REACHED:
            yield Change("milestone", _REACHED[event.kind].format(facts.time(event.at)), event.at, event.id)
        elif event.what == "commit":
            yield Change("commit", f"{(event.kind or '').capitalize()}: `{event.text}` ({(event.value or '')[:12]}).", event.at, event.id)
        elif event.what == "box" and event.value == "ticked":
            shown = f": {event.text}" if event.text else ""
            yield Change("box", sentence(f"{(event.kind or '').capitalize()} checked{shown}"), event.at, event.id)


def _promises(facts: Facts, message: SentMessage) -> Iterator[Change]:
    for entry in facts.story.promises:
        promise, now = entry.promise, entry.standing
        theirs = promise.audience in (None, message.audience) or promise.kind in ("fix", "prevention")
        said_there = promise.message_id == message.id and promise.kind == "next_update"
        if promise.private or said_there or not theirs:
            continue
        text = _promise(facts, entry, message)
        if text:
            yield Change("promise", text, now.settled_at or promise.due or promise.made_at, promise.id)


def _promise(facts: Facts, entry: LedgerEntry, message: SentMessage) -> str | None:
    """What became of a promise since, as far as that is news."""
    promise, now, after = entry.promise, entry.standing, message.sent_at
    words = promise.words.rstrip(".")
    due = facts.time(promise.due) if promise.due is not None else None
    acts = {event.what for event in entry.events if event.recorded_at > after}
    if now.state in ("kept", "late") and now.settled_at is not None and now.settled_at > after:
        late = f", {now.late_by_s // 60} min late" if now.state == "late" and now.late_by_s >= 60 else ""
        return f"Kept at {facts.time(now.settled_at)}{late}: “{words}”."
    if "moved" in acts and due is not None:
        new = next((one for one in facts.story.promises if one.promise.id == now.successor), None)
        if new is not None and new.promise.due is not None:
            return f"Moved to {facts.time(new.promise.due)}, from {due}: “{words}”."
    if "withdrawn" in acts:
        return f"Withdrawn: “{words}”."
    if now.state == "missed" and promise.due is not None and promise.due > after:
        return f"We did not keep this at {due}: “{words}”."
    if promise.made_at > after and promise.follows is None and due is not None and not promise.proposed:
        return f"Promised by {due}: “{words}”."
    return None


def _actions(facts: Facts, after: datetime) -> Iterator[Change]:
    for action in facts.story.actions:
        news = [event for event in action.events if event.recorded_at > after and event.what in _DONE]
        if news and news[-1].what in (action.state, "accepted"):
            last = news[-1]
            until = f", until {facts.time(action.due)}" if last.what == "accepted" and action.due is not None else ""
            yield Change("action", sentence(_DONE[last.what].format(action.item.title.rstrip(".")) + until), last.at, action.item.id)


def _timeline(facts: Facts, after: datetime) -> Iterator[Change]:
    story = facts.story
    if story.timeline is not None and story.timeline_at is not None and story.timeline_at > after:
        made = facts.time(story.timeline_at)
        yield Change("timeline", f"The timeline is at version {story.timeline} since {made}.", story.timeline_at, str(story.timeline))


def _stands(story: Story, event: IncidentEvent) -> bool:
    return not any(other.replaces == event.id for other in story.events)
