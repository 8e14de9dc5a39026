"""Opsgenie: alerts and their logs and notes, incidents and their timelines, as its API gave them or an export kept them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.timeline.entry import flag
from amends.timeline.readers.desk import Desk, Element
from amends.timeline.readers.outline import has
from amends.timeline.readers.severity import level
from amends.timeline.readers.source import Reader
from amends.timeline.readers.values import at, joined, plain, said, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.problem import Problem
    from amends.timeline.entry import Event
    from amends.timeline.readers.source import Source

_PLACES = ("", "data", "data.entries", "entries", "logs", "notes", "alerts", "incidents")
_SYSTEM = frozenset({"system", "api", "integration", "policy", "schedule", "heartbeat"})


def sniff(head: bytes, _: str) -> bool:
    """Whether a file holds alerts, logs or timelines of Opsgenie."""
    return (
        has(head, "tinyId", "createdAt", "priority", paths=_PLACES)
        or has(head, "log", "owner", "createdAt", paths=_PLACES)
        or has(head, "note", "owner", "createdAt", paths=_PLACES)
        or has(head, "eventTime", "group", "type", paths=_PLACES)
        or has(head, "impactedServices", "createdAt", paths=_PLACES)
    )


def read(source: Source) -> Iterator[Event | Problem]:
    """What happened with alerts and incidents."""
    return Desk(source, "alert").run(_element, "data", "entries", "logs", "notes", "alerts", "incidents")


def _element(desk: Desk, one: Element) -> None:
    value = one.value
    data = value.get("data")
    if isinstance(data, dict) and isinstance(data.get("entries"), list):
        for entry in desk.inner(one, "data", "entries"):
            _element(desk, entry)
    elif isinstance(data, dict):
        _alert(desk, one, data)
    elif "eventTime" in value:
        _entry(desk, one)
    elif "log" in value or "note" in value:
        owner = said(value.get("owner"))
        human = owner if said(value.get("type")).lower() not in _SYSTEM and owner.lower() not in _SYSTEM else None
        kind = "chat" if "note" in value else None
        desk.say(
            one,
            value.get("createdAt"),
            plain(value.get("log", value.get("note"))),
            kind=kind,
            actor=human,
            thread=word(one.around, "alertId", "id"),
        )
    elif "createdAt" in value:
        _alert(desk, one, value)
    else:
        desk.tell("bad-field", "nothing that Opsgenie writes", one.piece.offset)


def _entry(desk: Desk, one: Element) -> None:
    """An entry of the timeline of an incident."""
    value = one.value
    text = joined(said(value.get("type")) + ":", word(value, "description.content", "description.name", "title.content"))
    actor = word(value, "actor.name") if said(at(value, "actor", "type")).lower() not in _SYSTEM else None
    edited = flag("edited") if value.get("lastEdit") else 0
    spoken = "chat" if "note" in text[:40].lower() else None
    desk.say(
        one,
        value.get("eventTime"),
        plain(text),
        kind=spoken,
        actor=actor,
        flags=edited,
        thread=word(one.around, "incidentId", "id"),
        id=word(value, "id"),
    )


def _alert(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    title = joined(f"#{said(value.get('tinyId'))}" if value.get("tinyId") else "", word(value, "message"))
    bad, thread = level(value.get("priority")), word(value, "id", "alias")
    text = joined(title, plain(value.get("description")), by=" – ")
    desk.say(one, value.get("createdAt"), f"opened: {text}", level=bad, thread=thread, reference=word(value, "tinyId"), id=thread)
    for field, verb, who in (
        ("impactStartDate", "impact began", None),
        ("impactDetectDate", "impact was noticed", None),
        ("impactEndDate", "impact ended", None),
        ("report.ackTime", "acknowledged", "report.acknowledgedBy"),
        ("report.closeTime", "closed", "report.closedBy"),
    ):
        found = at(value, *field.split("."))
        if field.startswith("report"):
            _after(desk, one, value, found, (f"{verb}: {title}", who, bad, thread))
        elif found:
            desk.say(one, found, f"{verb}: {title}", level=bad, thread=thread)
    if value.get("status") in ("closed", "resolved") and not at(value, "report", "closeTime") and value.get("updatedAt"):
        desk.say(one, value["updatedAt"], f"{value['status']}: {title}", level="info", thread=thread)


def _after(desk: Desk, one: Element, value: dict[str, Any], millis: object, told: tuple[str, str | None, str | None, str | None]) -> None:
    """What a report counts in milliseconds from the creation of its alert."""
    created = desk.time(value.get("createdAt"))
    if created is None or not isinstance(millis, int) or isinstance(millis, bool) or not 0 < millis < 10**12:
        return
    text, who, bad, thread = told
    when = created._replace(time=created.time + millis * 1000, text=f"{created.text} + {millis} ms")
    desk.say(one, when, text, actor=word(value, who) if who else None, level=bad, thread=thread)


READER = Reader("opsgenie", "alert", sniff, read)
