"""PagerDuty: log entries of incidents, notes, status updates, and incidents themselves where nothing finer is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.timeline.readers.desk import Desk, Element
from amends.timeline.readers.outline import has, keys
from amends.timeline.readers.severity import level
from amends.timeline.readers.source import Reader
from amends.timeline.readers.values import at, joined, plain, said, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.problem import Problem
    from amends.timeline.entry import Event
    from amends.timeline.readers.source import Source

_HUMAN = ("user_reference", "user")
_SPOKEN = frozenset({"annotate", "status_update"})


def sniff(head: bytes, _: str) -> bool:
    """Whether a file holds log entries, notes or incidents of PagerDuty."""
    if "log_entries" in keys(head) or (b"_log_entry" in head and has(head, "type", "created_at", "agent")):
        return True
    if has(head, "incident_number", "created_at", paths=("incidents", "", "incident")):
        return True
    if has(head, "event_type", "resource_type", "occurred_at", paths=("event",)):
        return True
    return any(has(head, "content", "created_at", "user", paths=(path,)) for path in ("notes",)) or has(
        head, "message", "created_at", "sender", paths=("status_updates",)
    )


def read(source: Source) -> Iterator[Event | Problem]:
    """What happened with incidents."""
    return Desk(source, "alert").run(_element, "log_entries", "notes", "status_updates", "incidents")


def _element(desk: Desk, one: Element) -> None:
    value = one.value
    if isinstance(value.get("event"), dict) and "occurred_at" in value["event"]:
        _webhook(desk, one, value["event"])
    elif said(value.get("type")).endswith("_log_entry") or "_log_entry" in said(value.get("type")):
        _log_entry(desk, one)
    elif "content" in value or "sender" in value:
        text = joined(said(value.get("subject")), plain(value.get("content", value.get("message"))), by=": ")
        thread = word(one.around, "incident.id") or word(value, "incident.id")
        desk.say(
            one,
            value.get("created_at"),
            text,
            kind="chat",
            actor=word(value, "user.summary", "sender.summary"),
            thread=thread,
            id=word(value, "id"),
        )
    elif "incident_number" in value or "created_at" in value:
        _incident(desk, one, value)
    else:
        desk.tell("bad-field", "nothing that PagerDuty writes", one.piece.offset)


def _log_entry(desk: Desk, one: Element) -> None:
    value = one.value
    verb = said(value.get("type")).partition("_log_entry")[0]
    agent = value.get("agent")
    incident = value.get("incident")
    note = word(value, "note", "channel.content", "channel.note", "channel.summary") if verb in _SPOKEN else None
    details = word(value, "event_details.description", "channel.details.description", "channel.description")
    urgency = "critical" if verb == "trigger" else None
    desk.say(
        one,
        value.get("created_at"),
        joined(said(value.get("summary")) or verb.replace("_", " "), said(at(incident, "summary")), note, details, by=" – "),
        kind="chat" if verb in _SPOKEN else None,
        actor=word(agent, "summary") if at(agent, "type") in _HUMAN else None,
        level=urgency,
        thread=word(incident, "id"),
        reference=word(value, "html_url", "self") or word(value, "id"),
        id=word(value, "id"),
    )


def _incident(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    title = joined(
        f"#{said(value.get('incident_number'))}" if "incident_number" in value else "", word(value, "title", "summary", "description")
    )
    bad = level(at(value, "priority", "summary")) or level(value.get("urgency"))
    thread, place = word(value, "id"), word(value, "html_url")
    desk.say(one, value.get("created_at"), f"triggered: {title}", level=bad, thread=thread, reference=place, id=thread)
    ended = value.get("resolved_at")
    if ended is None and value.get("status") == "resolved":
        ended = value.get("last_status_change_at")
    if ended is not None:
        by = value.get("last_status_change_by")
        actor = word(by, "summary") if at(by, "type") in _HUMAN else None
        desk.say(one, ended, f"resolved: {title}", actor=actor, level="info", thread=thread, reference=place)


def _webhook(desk: Desk, one: Element, event: dict[str, Any]) -> None:
    data, agent = event.get("data"), event.get("agent")
    text = joined(said(event.get("event_type")) + ":", word(data, "title", "content", "message", "summary"))
    thread = word(data, "incident.id") or word(data, "id")
    bad = "critical" if event.get("event_type") == "incident.triggered" else None
    actor = word(agent, "summary") if at(agent, "type") in _HUMAN else None
    desk.say(
        one, event.get("occurred_at"), text, actor=actor, level=bad, thread=thread, reference=word(data, "html_url"), id=word(event, "id")
    )


READER = Reader("pagerduty", "alert", sniff, read)
