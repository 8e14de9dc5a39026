"""Sentry: issues by when they were first and last seen, single events, and its webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.timeline.readers.desk import Desk, Element
from amends.timeline.readers.outline import has, keys
from amends.timeline.readers.severity import level
from amends.timeline.readers.source import Reader
from amends.timeline.readers.values import at, joined, said, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.problem import Problem
    from amends.timeline.entry import Event
    from amends.timeline.readers.source import Source


def sniff(head: bytes, _: str) -> bool:
    """Whether a file holds issues, events or webhooks of Sentry."""
    return (
        has(head, "firstSeen", "lastSeen", "title", paths=("", "data.issue"))
        or has(head, "event_id", "platform", paths=("", "data.event", "event", "data.error"))
        or has(head, "eventID", "dateCreated")
        or (
            has(head, "action", "installation", "data")
            and bool(keys(head, "data") & {"issue", "event", "error", "metric_alert", "comment"})
        )
    )


def read(source: Source) -> Iterator[Event | Problem]:
    """When each issue was first and last seen, and each event."""
    return Desk(source, "alert").run(_element)


def _element(desk: Desk, one: Element) -> None:
    value = one.value
    data = value.get("data") if isinstance(value.get("data"), dict) else None
    issue = value if "firstSeen" in value else at(data, "issue")
    event = at(data, "event") or at(data, "error") or value.get("event") or value
    if isinstance(issue, dict):
        _issue(desk, one, issue)
    elif isinstance(event, dict) and _time(desk, event) is not None:
        _event(desk, one, event)
    elif "event_id" in value or "eventID" in value:
        desk.say(one, value.get("datetime", value.get("dateCreated")), _title(value), level=level(value.get("level")))
    else:
        desk.tell("bad-field", "nothing that Sentry writes", one.piece.offset)


def _issue(desk: Desk, one: Element, issue: dict[str, Any]) -> None:
    title, bad = _title(issue), level(issue.get("level"))
    thread, place = word(issue, "shortId", "id"), word(issue, "permalink", "web_url")
    count = said(issue.get("count"))
    desk.say(
        one,
        issue.get("firstSeen"),
        f"first seen: {title}",
        level=bad,
        thread=thread,
        reference=place,
        id=f"{thread} first {said(issue.get('firstSeen'))}",
    )
    times = f"seen {count} times, last: " if count.isdigit() and int(count) > 1 else "last seen: "
    if issue.get("lastSeen") and issue.get("lastSeen") != issue.get("firstSeen"):
        desk.say(one, issue["lastSeen"], times + title, level=bad, thread=thread, reference=place)
    resolved = at(issue, "statusDetails", "resolvedAt")
    if resolved:
        desk.say(one, resolved, f"resolved: {title}", level="info", thread=thread, reference=place)


def _event(desk: Desk, one: Element, event: dict[str, Any]) -> None:
    id = word(event, "event_id", "eventID", "id")
    thread = word(event, "groupID", "issue_id", "group_id")
    release = word(event, "release.version", "release")
    text = joined(_title(event), f"[release {release}]" if release else "")
    place = word(event, "web_url", "url", "permalink")
    desk.say(one, _time(desk, event), text, level=level(event.get("level")) or "error", thread=thread, reference=place or id, id=id)


def _time(desk: Desk, event: dict[str, Any]) -> object:
    return next((found for key in ("datetime", "dateCreated", "timestamp") if (found := desk.time(event.get(key))) is not None), None)


def _title(value: dict[str, Any]) -> str:
    kind = joined(word(value, "metadata.type"), word(value, "metadata.value"), by=": ")
    title = word(value, "title") or kind or word(value, "message", "logentry.formatted", "logentry.message")
    culprit = said(value.get("culprit"))
    return joined(title, f"in {culprit}" if culprit and culprit not in (title or "") else "")


READER = Reader("sentry", "alert", sniff, read)
