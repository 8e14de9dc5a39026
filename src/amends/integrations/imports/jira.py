"""Issues of Jira as its REST API gives them with `expand=changelog`: each is an action item, and each change of its due date was a move."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from amends.core.errors import InputError
from amends.integrations.imports.records import ForeignAction, Move, WrongRowError, day_end, instant, perhaps, read_json, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from amends.core.problem import Problem

ACTION_LIMIT = 200
DROPPED = ("won't do", "won't fix", "wont do", "declined", "cancelled", "canceled", "duplicate", "cannot reproduce", "rejected")
"""Names of resolutions that say that it will not be done."""

_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,30}-\d{1,9}")


def read(data: bytes, path: str) -> Iterator[ForeignAction | Problem]:
    """The issues in their order. Raises InputError for what holds none."""
    value = read_json(data, path)
    listed = value.get("issues", [value] if "fields" in value else None) if isinstance(value, dict) else value
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        hint = "ask Jira for /rest/api/2/search?expand=changelog, or for one issue"
        raise InputError("this holds no issues of Jira", hint=hint, path=path)
    for number, one in enumerate(listed):
        try:
            yield _action(one)
        except WrongRowError as error:
            yield error.problem(path, None, f"$.issues[{number}]")


def _action(one: dict[str, Any]) -> ForeignAction:
    key, fields = str(one.get("key") or ""), one.get("fields")
    if not _KEY.fullmatch(key) or not isinstance(fields, dict):
        raise WrongRowError("bad-field", f"{key[:40]!r} is no key of an issue with its fields", field="key")
    created = instant(fields.get("created"), "fields.created")
    first, moves = _due(one, key, day_end(fields.get("duedate"), "fields.duedate"), created)
    resolved = perhaps(fields.get("resolutiondate"), "fields.resolutiondate")
    how = _named(fields.get("resolution")).casefold()
    state = "open" if resolved is None else "dropped" if how in DROPPED else "done"
    return ForeignAction(
        f"jira/{key}", "jira", key, text(fields.get("summary"), "fields.summary", most=ACTION_LIMIT), created,
        _words(fields.get("description")), _named(fields.get("assignee")) or None, first, moves, state, resolved,
        _address(one.get("self"), key),
    )  # fmt: skip


def _due(one: dict[str, Any], key: str, now: datetime | None, created: datetime) -> tuple[datetime | None, tuple[Move, ...]]:
    """The first date that an issue was due, and what became of it; `now` is the one that it has."""
    changes: list[tuple[datetime, str, datetime | None, datetime | None]] = []
    log = one.get("changelog")
    histories = log.get("histories") if isinstance(log, dict) else None
    for history in histories if isinstance(histories, list) else ():
        items = history.get("items") if isinstance(history, dict) else None
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and item.get("field") == "duedate":
                at = instant(history.get("created"), "changelog.created")
                changes.append((at, str(history.get("id")), day_end(item.get("from"), "from"), day_end(item.get("to"), "to")))
    changes.sort(key=lambda change: change[:2])
    if not changes:
        return now, ()
    first = changes[0][2]
    moves = [Move(f"jira/{key}/{own}", max(at, created), to) for at, own, _, to in changes]
    if first is None:  # the first change gave it a date; that is when it became due at all
        return moves[0].due, tuple(moves[1:])
    return first, tuple(moves)


def _named(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("displayName") or value.get("name") or value.get("emailAddress")
    return text(value, "name", needed=False, most=100)


def _words(value: object) -> str | None:
    """A description: wiki text as it stands, the texts of a document (ADF) one a line."""
    if isinstance(value, str):
        return text(value, "fields.description", needed=False) or None
    found: list[str] = []
    stack: list[object] = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if isinstance(node.get("text"), str):
                found.append(node["text"])
            stack += reversed(node["content"]) if isinstance(node.get("content"), list) else ()
    return text(" ".join(found), "fields.description", needed=False) or None


def _address(value: object, key: str) -> str | None:
    """Where people see an issue, from where programs do."""
    if not isinstance(value, str) or not value.startswith(("https://", "http://")) or "/rest/" not in value or not value.isprintable():
        return None
    return f"{value.partition('/rest/')[0]}/browse/{key}"
