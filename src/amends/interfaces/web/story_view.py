"""The story of an incident in one order of time: its record, messages, promises, people, action items, texts and pinned entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.interfaces.web import words
from amends.interfaces.web.timelines_view import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from amends.core.incident import SentMessage
    from amends.incidents.event import IncidentEvent
    from amends.incidents.story import Story
    from amends.promises.ledger import LedgerEntry
    from amends.timeline.notes import Entry

LISTED = 100
"""Items on a page at first; a link leads to all of them."""

EDITABLE = ("fact", "milestone", "commit", "comment")
"""What of the record can be taken back beside its words; boxes are opened again in their own place."""

_TOLD = ("kept", "moved", "withdrawn", "accepted", "declined", "taken-on")
"""What of a promise's history belongs into the story."""

_ACTED = ("accepted", "done", "verified", "no-help", "dropped", "reopened")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened: when, what sort of thing it is, its words, who said so, and where it leads.

    `tone` is a meaning where it has one; `gone` says that it was corrected or taken back, `event` is the row of the record behind it,
    `recorded` when we were told where that was later. `is_message` shows its words as what somebody sent.
    """

    id: str
    at: datetime
    label: str
    text: str = ""
    by: str = ""
    href: str = ""
    more: str = ""
    tone: str = ""
    gone: bool = False
    is_message: bool = False
    recorded: datetime | None = None
    event: IncidentEvent | None = None

    @property
    def can_be_taken_back(self) -> bool:
        """Whether it is of the record and still holds."""
        return self.event is not None and self.event.what in EDITABLE and not self.gone


def story_items(story: Story, pinned: Sequence[Entry] = (), *, oldest_first: bool = False) -> list[Item]:
    """Everything that happened, the newest first unless asked otherwise."""
    found = [Item("begun", story.incident.started_at, "It began", recorded=_later(story.incident.started_at, story.incident.recorded_at))]
    found += _record(story)
    found += (_message(story, one) for one in story.messages)
    found += _promises(story.promises)
    found += _people(story)
    found += _actions(story)
    found += (_entry(story, one) for one in pinned)
    for head in story.documents:
        href = f"/incidents/{head.incident_id}/documents/{head.id}"
        label = words.DOCUMENT_NAMES.get(head.kind, "Text")
        found.append(Item(f"document-{head.id}", head.created_at, f"{label} begun", head.title, head.created_by, href))
    if story.timeline is not None and story.timeline_at is not None:
        href = f"/incidents/{story.incident.id}/timeline"
        found.append(Item("timeline", story.timeline_at, "Timeline", f"Version {story.timeline} was put together.", href=href))
    ordered = sorted(enumerate(found), key=lambda pair: (pair[1].at, pair[0]))
    items = [item for _, item in ordered]
    return items if oldest_first else items[::-1]


def _record(story: Story) -> Iterable[Item]:
    gone = {event.replaces for event in story.events if event.replaces is not None}
    for event in story.events:
        if event.what != "withdrawn":
            yield _event(event, gone=event.id in gone)


def _event(event: IncidentEvent, *, gone: bool) -> Item:
    return Item(
        f"event-{event.id}",
        event.at,
        _label(event),
        _text(event),
        event.by,
        tone="soon" if event.what == "gate" else "",
        gone=gone,
        recorded=_later(event.at, event.recorded_at),
        event=event,
    )


_NAMES = {"fact": words.FACT_NAMES, "milestone": words.MILESTONE_NAMES, "box": words.BOX_NAMES, "commit": words.COMMIT_NAMES}


def _label(event: IncidentEvent) -> str:
    """What an event of the record is called."""
    kind = event.kind or ""
    if event.what in _NAMES:
        name = _NAMES[event.what].get(kind, kind)
        if event.what == "box":
            return f"{name}: {'ticked' if event.value == 'ticked' else 'open again'}"
        return f"{name} ({words.FINDER_NAMES[event.value]})" if event.value in words.FINDER_NAMES else name
    if event.what == "status":
        return f"Status: {words.STATUS_NAMES.get(kind, kind)}"
    if event.what == "severity":
        return f"Severity: {kind}"
    return words.EVENT_LABELS.get(f"{event.what}-{kind}", words.EVENT_LABELS.get(event.what, event.what.capitalize()))


def _text(event: IncidentEvent) -> str:
    """Its words; a number with its figure before them, a commit with its hash behind them."""
    text = event.text or ""
    if event.what == "fact" and event.value:
        return f"{event.value}: {text}"
    if event.what == "commit":
        return f"{text} ({(event.value or '')[:12]})"
    return f"It was {event.value}." if event.what == "severity" and event.value and not text else text


def _message(story: Story, sent: SentMessage) -> Item:
    reached = [one for one in story.deliveries if one.message_id == sent.id]
    acknowledged = len({one.stakeholder_id for one in reached if one.what == "acknowledged"})
    heard = len({one.stakeholder_id for one in reached})
    more = ""
    if heard:
        more = f"reached {heard}" + (f", {acknowledged} acknowledged it" if acknowledged else "")
    to = words.AUDIENCE_NAMES.get(sent.audience or "", sent.audience or "")
    label = ("Correction" if sent.corrects else "Message") + (f" to {to}" if to else "")
    href = f"/incidents/{story.incident.id}/messages#message-{sent.id}"
    recorded = _later(sent.sent_at, sent.recorded_at)
    return Item(f"message-{sent.id}", sent.sent_at, label, sent.text, sent.author, href, more, is_message=True, recorded=recorded)


def _promises(entries: Sequence[LedgerEntry]) -> Iterable[Item]:
    for entry in entries:
        promise, stands = entry.promise, entry.standing
        href, quoted = f"/promises/{promise.id}", f"“{promise.words}”"
        if promise.message_id is None:
            yield Item(f"promise-{promise.id}", promise.made_at, "Promised", quoted, promise.maker, href)
        for event in entry.events:
            if event.what in _TOLD:
                tone = "kept" if event.what == "kept" else ""
                label = f"Promise {words.EVENT_NAMES[event.what].lower()}"
                yield Item(f"promise-event-{event.id}", event.at, label, quoted, event.by, href, event.why or "", tone)
        if stands.state == "missed" and promise.due is not None:
            yield Item(f"missed-{promise.id}", promise.due, "Promise missed", quoted, stands.owner or "", href, tone="missed")


def _people(story: Story) -> Iterable[Item]:
    for one in story.assignments:
        name = words.FUNCTION_NAMES.get(one.function, one.function)
        by = one.given_by if one.given_by != one.person else ""
        yield Item(f"function-{one.id}", one.since, name, words.person(one.person), by)
    for invited in story.invitations:
        if invited.why:
            text = f"{words.person(invited.person)}: “{invited.why}”"
            yield Item(f"invited-{invited.person}", invited.since, "An owner let themselves in", text, tone="soon")


def _actions(story: Story) -> Iterable[Item]:
    href = f"/incidents/{story.incident.id}/actions"
    for one in story.actions:
        yield Item(f"action-{one.item.id}", one.item.proposed_at, "Action item", one.item.title, one.item.proposed_by, href)
        undone = {event.undoes for event in one.events if event.undoes}
        for event in one.events:
            if event.what in _ACTED and event.id not in undone:
                tone = {"verified": "kept", "no-help": "soon"}.get(event.what, "")
                label = words.ACTION_EVENT_NAMES[event.what]
                yield Item(
                    f"action-event-{event.id}", event.at, label, one.item.title, event.person or event.by, href, event.text or "", tone
                )


def _entry(story: Story, entry: Entry) -> Item:
    shown = line(entry)
    href = f"/incidents/{story.incident.id}/timeline/entries/{entry.id}"
    assert shown.at is not None
    return Item(f"entry-{entry.id}", shown.at, "Timeline", shown.text, shown.place, href)


def _later(at: datetime, recorded: datetime) -> datetime | None:
    """When we were told, where that was not at once."""
    return recorded if (recorded - at).total_seconds() >= 60 else None
