"""A Slack export: a folder or a .zip with a file for each channel and day. Channels are read one after the other, in time order.

The incident is the channel, and a reply stands in its thread, in whichever day's file it lies. What the program itself says
(joins, topics, pins) is no message. An export keeps only the last words of an edited message, so that is told.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from amends.core.problem import Problem
from amends.core.slack_text import decoded, words_of
from amends.promises.updates.trees import read_or_tell
from amends.promises.updates.update import TOP, Update, has_surrogate, problem, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.promises.updates.trees import Tree
    from amends.promises.updates.update import Desk

_LISTS = ("channels.json", "groups.json", "dms.json", "mpims.json", "users.json", "org_users.json", "integration_logs.json")
_DAY = re.compile(r"(?:^|/)\d{4}-\d\d-\d\d\.json$")
_SPOKEN = frozenset({None, "bot_message", "thread_broadcast", "reply_broadcast", "file_share", "file_comment", "me_message"})
_BROADCAST = frozenset({"thread_broadcast", "reply_broadcast"})
_GONE = frozenset({"tombstone", "message_deleted", "message_changed"})


def root_of_export(names: list[str]) -> str | None:
    """The folder inside a tree that is a Slack export ("" for the tree itself); None where none is."""
    folders = {name.rpartition("/")[0] for name in names if name.rpartition("/")[2] in _LISTS}
    days = [name for name in names if _DAY.search(name)]
    for folder in sorted(folders, key=len):
        start = f"{folder}/" if folder else ""
        if any(name.startswith(start) and name.count("/") == start.count("/") + 1 for name in days):
            return start
    return None


def looks_like_messages(value: Any) -> bool:
    """Whether a JSON list is one day of a channel."""
    return isinstance(value, list) and any(isinstance(one, dict) and one.get("type") == "message" and "ts" in one for one in value[:20])


def read_export(tree: Tree, root: str, desk: Desk) -> Iterator[Update | Problem]:
    """The messages of an export, channel by channel."""
    lists = {name: read_list(tree, root + name) for name in _LISTS if root + name in tree.names()}
    for name, found in lists.items():
        if isinstance(found, Problem):
            yield found
            lists[name] = []
    people = People([*_dicts(lists.get("users.json")), *_dicts(lists.get("org_users.json"))], desk)
    channels = {str(one.get("id")): str(one.get("name")) for key in _LISTS[:4] for one in _dicts(lists.get(key)) if one.get("name")}
    for name in tree.names():
        if not name.startswith(root) or not _DAY.search(name):
            continue
        channel = name[len(root) :].rpartition("/")[0]
        found = read_list(tree, name)
        if isinstance(found, Problem):
            yield found
        else:
            yield from read_day(found, channels.get(channel, channel), tree.shown(name), people, channels)


def read_day(messages: list[Any], channel: str, source: str, people: People, channels: dict[str, str]) -> Iterator[Update | Problem]:
    """The messages of one file."""
    for number, one in enumerate(messages, 1):
        if not isinstance(one, dict):
            yield problem("bad-field", "a message that is not an object", "export the channel again", source, number)
            continue
        subtype = one.get("subtype")
        if subtype in _GONE or one.get("hidden") is True:
            yield problem(
                "deleted", "a message that was changed or deleted: what it said is not in the export", "", source, number, "subtype"
            )
        elif one.get("type", "message") == "message" and subtype in _SPOKEN:
            yield _message(one, channel, source, number, people, channels)


def _message(one: dict[str, Any], channel: str, source: str, number: int, people: People, channels: dict[str, str]) -> Update | Problem:
    ts = one.get("ts")
    at = moment(ts)
    if at is None:
        return problem("bad-time", f"a message whose ts is no time: {str(ts)[:40]!r}", "export the channel again", source, number, "ts")
    comment = one.get("comment")
    author = one.get("user") or (comment.get("user") if isinstance(comment, dict) else None) or one.get("bot_id") or one.get("username")
    author = str(author) if author else None
    text = decoded(words_of(one), lambda id: channels.get(id) or people.name(id))
    if has_surrogate(text):
        return problem("bad-field", "text holds half of a surrogate pair, which is no character", "", source, number, "text")
    flags = ("edited",) if isinstance(one.get("edited"), dict) else ()
    places = places_of(one)
    tz = people.zone(author)
    return Update(str(ts), channel, at, tz, text, None, channel, author, None, flags, talk=True, places=places, source=source, line=number)


def places_of(one: dict[str, Any]) -> tuple[str, ...]:
    """Where a message is read: in the channel, in a thread, or, like the first of a thread, in both."""
    ts, thread = one.get("ts"), one.get("thread_ts")
    if not isinstance(thread, str):
        return TOP
    return ("", thread) if thread == ts or one.get("subtype") in _BROADCAST else (thread,)


def moment(ts: object) -> datetime | None:
    """The instant of a `ts` such as "1482960137.003543"; None when it is none."""
    if not isinstance(ts, str) or not re.fullmatch(r"\d{1,11}(?:\.\d{1,6})?", ts):
        return None
    seconds, _, rest = ts.partition(".")
    return whole(datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int(f"{rest:0<6}")))


class People:
    """Who is who in an export: names for mentions, and zones where the export tells them."""

    def __init__(self, users: list[dict[str, Any]], desk: Desk) -> None:
        self._names: dict[str, str] = {}
        self._zones: dict[str, str] = {}
        self._desk = desk
        for user in users:
            id, name, tz = user.get("id"), user.get("name"), user.get("tz")
            if isinstance(id, str) and isinstance(name, str):
                self._names[id] = name
            if isinstance(id, str) and isinstance(tz, str) and desk.zone(tz) is not None:
                self._zones[id] = tz

    def name(self, id: str) -> str:
        """The name of somebody; the id where the export does not tell."""
        return self._names.get(id, id)

    def zone(self, id: str | None) -> str | None:
        """The zone of somebody; that of the run where the export does not tell."""
        return self._zones.get(id or "", self._desk.tz)


def read_list(tree: Tree, name: str) -> list[Any] | Problem:
    """A JSON list of a tree, or why it cannot be had."""
    data = read_or_tell(tree, name)
    if isinstance(data, Problem):
        return data
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        return problem("bad-field", "not a JSON list", "export the workspace again", tree.shown(name))
    return found


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
