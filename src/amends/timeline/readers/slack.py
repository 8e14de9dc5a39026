"""A day of a channel from a Slack export, and the lists of its people and channels.

A `ts` is time and id at once. The text of a bot stands in its attachments or blocks. Of an edited message an export keeps only the last
words, and of a deleted one at most a tombstone: both are told. A reply stands in the file of its own day, and names its thread.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from amends.core.slack_text import decoded, files_of, words_of
from amends.timeline.entry import flag
from amends.timeline.readers.desk import Desk, Element
from amends.timeline.readers.outline import has, keys
from amends.timeline.readers.source import Reader
from amends.timeline.readers.values import dicts, joined, parsed, said, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from amends.core.problem import Problem
    from amends.timeline.entry import Event
    from amends.timeline.readers.source import Source

_LISTS = ("channels.json", "groups.json", "dms.json", "mpims.json", "users.json", "org_users.json")
_TYPE = re.compile(rb'"type"\s*:\s*"message"')
_EDITED = flag("edited")

_NOTED = ("channel_join", "channel_leave", "group_join", "group_leave")
"""What the program itself notes in a channel, which nobody said."""


def sniff(head: bytes, _: str) -> bool:
    """Whether a file is one day of a channel: objects with a `ts` that say they are messages."""
    return has(head, "ts", "type") and bool(keys(head) & {"text", "user", "bot_id", "subtype"}) and _TYPE.search(head) is not None


def sniff_names(head: bytes, _: str) -> bool:
    """Whether a file lists the people or the channels of a workspace."""
    return has(head, "id", "team_id", "profile", "name") or has(head, "id", "created", "members", "creator")


def names_of(files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """What ids of people and channels stand for, from the lists of an export; a list that cannot be read tells none."""
    found: dict[str, str] = {}
    for name, data in files:
        if name.rpartition("/")[2] not in _LISTS:
            continue
        try:
            people = dicts(parsed(data))
        except ValueError:
            continue
        for one in people:
            shown = word(one, "profile.display_name", "real_name", "profile.real_name", "name")
            if shown and isinstance(one.get("id"), str):
                found[one["id"]] = said(one.get("name")) or shown if one.get("members") is not None else shown
    return found


def read(source: Source) -> Iterator[Event | Problem]:
    """The messages of a day."""
    return Desk(source, "chat").run(_message, "messages")


def read_names(source: Source) -> Iterator[Event | Problem]:
    """When channels were made; people have no time."""
    return Desk(source, "chat").run(_channel)


def _channel(desk: Desk, one: Element) -> None:
    if one.get("members") is not None and one.get("created"):
        who = desk.source.names.get(said(one.get("creator")), said(one.get("creator")))
        desk.say(
            one, desk.time(one.get("created"), "s") or one.get("created"), f"channel {said(one.get('name'))} was created", actor=who or None
        )


def _message(desk: Desk, one: Element) -> None:
    value, subtype, offset = one.value, one.get("subtype"), one.piece.offset
    if value.get("type", "message") != "message":
        desk.tell("bad-field", f"no message but {said(value.get('type'))[:40]!r}", offset)
        return
    if subtype in ("message_changed", "message_deleted"):
        _changed(desk, one, subtype)
        return
    names = desk.source.names
    gone = subtype == "tombstone" or value.get("hidden") is True
    if gone:
        desk.tell("deleted", "a message that was deleted: what it said is not in the export", offset)
    text = _text(value, names)
    flags = _EDITED if isinstance(value.get("edited"), dict) else 0
    desk.say(
        one,
        desk.time(value.get("ts"), "s") or value.get("ts"),
        "a message that was deleted" if gone and not text else text,
        kind="log" if subtype in _NOTED else None,
        flags=flags,
        actor=None if gone else _author(value, names),
        thread=said(value.get("thread_ts")) or None,
        reference=said(value.get("ts")) or None,
        id=said(value.get("ts")) or None,
    )


def _changed(desk: Desk, one: Element, subtype: str) -> None:
    """What exports for the courts tell of an edit or a deletion: both are events of their own, with the words as they were."""
    names = desk.source.names
    before = one.get("previous_message") if isinstance(one.get("previous_message"), dict) else one.get("original")
    after = one.get("message")
    kept = before if subtype == "message_deleted" or not isinstance(after, dict) else after
    words = _text(kept, names) if isinstance(kept, dict) else ""
    verb = "deleted" if subtype == "message_deleted" else "changed"
    actor = _author(one.value, names) or (_author(kept, names) if isinstance(kept, dict) and verb == "changed" else None)
    thread = word(kept, "thread_ts", "ts") or word(one.value, "deleted_ts")
    when = desk.time(one.get("ts"), "s") or one.get("ts")
    desk.say(one, when, joined(f"{verb} a message:", words), actor=actor, flags=_EDITED, thread=thread, id=word(one.value, "ts"))


def _author(one: dict[str, Any], names: Mapping[str, str]) -> str | None:
    user = word(one, "user", "comment.user")
    if user and user in names:
        return names[user]
    return word(one, "user_profile.display_name", "user_profile.real_name", "username", "bot_profile.name") or user or word(one, "bot_id")


def _text(one: dict[str, Any], names: Mapping[str, str]) -> str:
    """The words of a message, and the names of its files."""
    files = [f"[file: {file or 'no longer there'}]" for file in files_of(one)]
    words = decoded(words_of(one), lambda id: names.get(id, id), addresses=True)
    return "\n".join(part for part in (words, *files) if part)


READERS = (Reader("slack", "chat", sniff, read), Reader("slack-names", "chat", sniff_names, read_names))
