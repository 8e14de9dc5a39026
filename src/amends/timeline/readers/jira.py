"""Jira issues with their changelogs, comments and work logs; a description is a document (ADF) or wiki text, by the version of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.timeline.entry import flag
from amends.timeline.readers.desk import Desk, Element
from amends.timeline.readers.outline import has
from amends.timeline.readers.severity import level
from amends.timeline.readers.source import Reader
from amends.timeline.readers.values import at, dicts, joined, said, word, words_of_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.problem import Problem
    from amends.timeline.entry import Event
    from amends.timeline.readers.source import Source

_PEOPLE = ("displayName", "name", "emailAddress", "accountId")


def sniff(head: bytes, _: str) -> bool:
    """Whether a file holds issues of Jira, or a changelog of one."""
    return (
        has(head, "key", "fields", paths=("", "issues", "issue"))
        or has(head, "author", "items", "created", paths=("values", "histories", "changelog.histories", "issues.changelog.histories", ""))
        or has(head, "webhookEvent", "issue")
    )


def read(source: Source) -> Iterator[Event | Problem]:
    """How each issue was opened, changed and commented on."""
    return Desk(source, "ticket").run(_element, "issues", "values", "histories")


def _element(desk: Desk, one: Element) -> None:
    value = one.value
    if isinstance(value.get("fields"), dict):
        _issue(desk, one, value, ())
    elif isinstance(value.get("issue"), dict):
        _webhook(desk, one)
    elif isinstance(value.get("items"), list):
        _history(desk, one, word(one.around, "key"))
    else:
        desk.tell("bad-field", "not an issue of Jira", one.piece.offset)


def _issue(desk: Desk, one: Element, issue: dict[str, Any], path: tuple[str, ...]) -> None:
    fields, key = issue["fields"], word(issue, "key", "id")
    text = joined(f"{key}: {said(fields.get('summary'))}", words_of_document(fields.get("description")), by="\n")
    actor = _name(fields.get("creator")) or _name(fields.get("reporter"))
    bad = level(said(at(fields, "priority", "name")).split("/")[0])
    desk.say(
        one, fields.get("created"), f"opened {text}", actor=actor, level=bad, thread=key, reference=word(issue, "self"), id=f"{key} opened"
    )
    histories = list(desk.inner(one, *path, "changelog", "histories"))
    for history in histories:
        _history(desk, history, key)
    for comment in desk.inner(one, *path, "fields", "comment", "comments"):
        _comment(desk, comment, key)
    for log in desk.inner(one, *path, "fields", "worklog", "worklogs"):
        text = joined(f"{key}: worked {said(log.get('timeSpent'))}", words_of_document(log.get("comment")), by=": ")
        desk.say(log, log.get("started") or log.get("created"), text, actor=_name(log.get("author")), thread=key)
    resolved = fields.get("resolutiondate")
    told = any(said(item.get("field")) == "resolution" for history in histories for item in dicts(history.get("items")))
    if resolved and not told:
        text = joined(f"{key}: resolved", word(fields, "resolution.name"), by=" as ")
        desk.say(one, resolved, text, thread=key)


def _history(desk: Desk, one: Element, key: str | None) -> None:
    """One change, which may be of several fields."""
    changes = "; ".join(_change(item) for item in dicts(one.get("items")))
    id = f"{key} change {word(one.value, 'id')}" if word(one.value, "id") else None
    desk.say(
        one, one.get("created"), joined(f"{key}:" if key else "", changes or "changed"), actor=_name(one.get("author")), thread=key, id=id
    )


def _change(item: dict[str, Any]) -> str:
    before, after = (word(item, f"{side}String", side) or "nothing" for side in ("from", "to"))
    field = said(item.get("field"))
    if field in ("description", "Comment", "environment"):
        return f"{field} was changed"
    moved = " (a due date that moved)" if field == "duedate" and "nothing" not in (before, after) else ""
    return f"{field}: {before} → {after}{moved}"


def _comment(desk: Desk, one: Element, key: str | None) -> None:
    edited = flag("edited") if one.get("updated") not in (None, one.get("created")) else 0
    text = joined(f"{key}:", words_of_document(one.get("body")))
    desk.say(
        one, one.get("created"), text, actor=_name(one.get("author")), flags=edited, thread=key, id=f"{key} comment {word(one.value, 'id')}"
    )


def _webhook(desk: Desk, one: Element) -> None:
    """A delivery: what happened and to which issue."""
    value, issue = one.value, one.value["issue"]
    key = word(issue, "key")
    when, actor = (
        desk.time(value.get("timestamp"), "ms") or value.get("timestamp"),
        _name(value.get("user")) or _name(at(value, "comment", "author")),
    )
    changes = "; ".join(_change(item) for item in dicts(at(value, "changelog", "items")))
    event = said(value.get("webhookEvent")).removeprefix("jira:").replace("_", " ")
    words = words_of_document(at(value, "comment", "body"))
    text = joined(f"{key}: {event}:", changes, words) if changes or words else f"{key}: {event}: {said(at(issue, 'fields', 'summary'))}"
    desk.say(one, when, text, actor=actor, thread=key, reference=word(issue, "self"))


def _name(person: object) -> str | None:
    return word(person, *_PEOPLE)


READER = Reader("jira", "ticket", sniff, read)
