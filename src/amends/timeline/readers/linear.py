"""Linear: deliveries of its webhooks, and issues with comments and history as its API gives them. A due date that moved is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.timeline.entry import flag
from amends.timeline.readers.desk import Desk, Element
from amends.timeline.readers.outline import has, keys
from amends.timeline.readers.source import Reader
from amends.timeline.readers.values import at, joined, mapping, said, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.problem import Problem
    from amends.timeline.entry import Event
    from amends.timeline.readers.source import Source

_PLACES = ("", "data.issues.nodes", "issues.nodes", "nodes", "data.issue", "issue")
_OWN = frozenset({"webhookTimestamp", "webhookId", "organizationId", "updatedFrom"})
_LEVELS = {1: "critical", 2: "error", 3: "warning", 4: "info"}
_NAMES = {"stateId": "state.name", "assigneeId": "assignee.name"}
_UNTOLD = frozenset(
    {"updatedAt", "sortOrder", "boardOrder", "subIssueSortOrder", "prioritySortOrder", "startedAt", "completedAt", "labelIds", "botActor"}
)


def sniff(head: bytes, _: str) -> bool:
    """Whether a file holds deliveries or issues of Linear."""
    delivered = has(head, "action", "type", "createdAt", "data") and not _OWN.isdisjoint(keys(head))
    return delivered or any(has(head, "identifier", "title", "createdAt", paths=(path,)) for path in _PLACES)


def read(source: Source) -> Iterator[Event | Problem]:
    """What happened with issues."""
    return Desk(source, "ticket").run(_element, "nodes")


def _element(desk: Desk, one: Element) -> None:
    value = one.value
    if "action" in value and isinstance(value.get("data"), dict):
        _delivery(desk, one, value["data"])
        return
    for nodes in (("data", "issues", "nodes"), ("issues", "nodes")):
        if at(value, *nodes) is not None:
            for issue in desk.inner(one, *nodes):
                _issue(desk, issue, issue.value, ())
            return
    places: tuple[tuple[str, ...], ...] = (("data", "issue"), ("issue",), ())
    for path in places:
        issue = at(value, *path)
        if isinstance(issue, dict) and "identifier" in issue:
            _issue(desk, one, issue, path)
            return
    desk.tell("bad-field", "nothing that Linear writes", one.piece.offset)


def _delivery(desk: Desk, one: Element, data: dict[str, Any]) -> None:
    value = one.value
    kind, action = said(value.get("type")), said(value.get("action"))
    key = word(data, "identifier", "issue.identifier", "issueId", "id")
    changes = "; ".join(_changes(data, mapping(value.get("updatedFrom")))) if action == "update" else ""
    words = joined(word(data, "title", "name", "issue.title"), word(data, "body"), by=": ")
    text = joined(f"{key if kind != 'Project' else ''} {kind} {action}:".strip(), joined(words, changes, by="; "))
    desk.say(
        one,
        value.get("createdAt") or value.get("webhookTimestamp"),
        text,
        actor=word(value, "actor.name"),
        level=_level(data),
        thread=key,
        reference=word(value, "url"),
        id=word(value, "webhookId") and f"{word(value, 'webhookId')} {said(value.get('webhookTimestamp'))}",
    )


def _changes(data: dict[str, Any], before: dict[str, Any]) -> list[str]:
    found = []
    for field, old in before.items():
        if field in _UNTOLD:
            continue
        now = word(data, _NAMES.get(field, field), field) or "nothing"
        if field in ("description", "descriptionData"):
            found.append("description was changed")
        elif field in _NAMES:
            found.append(f"{_NAMES[field].partition('.')[0]} is now {now}")
        else:
            moved = " (a due date that moved)" if field == "dueDate" and old and now != "nothing" else ""
            found.append(f"{field}: {said(old) or 'nothing'} → {now}{moved}")
    return found


def _issue(desk: Desk, one: Element, issue: dict[str, Any], path: tuple[str, ...]) -> None:
    key, place, bad = word(issue, "identifier"), word(issue, "url"), _level(issue)
    text = joined(f"{key}: {said(issue.get('title'))}", said(issue.get("description")), by="\n")
    desk.say(
        one,
        issue.get("createdAt"),
        f"opened {text}",
        actor=word(issue, "creator.name"),
        level=bad,
        thread=key,
        reference=place,
        id=f"{key} opened",
    )
    for field, verb in (("startedAt", "started"), ("completedAt", "completed"), ("canceledAt", "cancelled")):
        if issue.get(field):
            desk.say(one, issue[field], f"{key}: {verb}", thread=key, reference=place)
    for comment in desk.inner(one, *path, "comments", "nodes"):
        edited = flag("edited") if comment.get("editedAt") else 0
        said_by = word(comment.value, "user.name", "botActor.name")
        text = joined(f"{key}:", said(comment.get("body")))
        desk.say(comment, comment.get("createdAt"), text, actor=said_by, flags=edited, thread=key, id=word(comment.value, "id"))
    for change in desk.inner(one, *path, "history", "nodes"):
        before, after = word(change.value, "fromState.name", "fromDueDate"), word(change.value, "toState.name", "toDueDate")
        if before or after:
            text = f"{key}: {before or 'nothing'} → {after or 'nothing'}"
            desk.say(change, change.get("createdAt"), text, actor=word(change.value, "actor.name"), thread=key)


def _level(data: dict[str, Any]) -> str | None:
    priority = data.get("priority")
    return _LEVELS.get(priority) if isinstance(priority, int) else None


READER = Reader("linear", "ticket", sniff, read)
