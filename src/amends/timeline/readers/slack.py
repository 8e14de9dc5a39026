"""A day of a channel from a Slack export, and the lists of its people and channels.

A `ts` is time and id at once. The text of a bot stands in its attachments or blocks. Of an edited message an export keeps only the last
words, and of a deleted one at most a tombstone: both are told. A reply stands in the file of its own day, and names its thread.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from amends.timeline.entry import flag
from amends.timeline.readers.desk import Desk, Element
from amends.timeline.readers.outline import has, keys
from amends.timeline.readers.source import Reader
from amends.timeline.readers.values import dicts, joined, parsed, said, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from amends.core.problem import Problem
    from amends.timeline.entry import Event
    from amends.timeline.readers.source import Source

_LISTS = ("channels.json", "groups.json", "dms.json", "mpims.json", "users.json", "org_users.json")
_MARK = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_TYPE = re.compile(rb'"type"\s*:\s*"message"')
_DEEP = 12
_EDITED = flag("edited")


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
    text = decoded(words_of(value), lambda id: names.get(id, id))
    flags = _EDITED if isinstance(value.get("edited"), dict) else 0
    desk.say(
        one,
        desk.time(value.get("ts"), "s") or value.get("ts"),
        "a message that was deleted" if gone and not text else text,
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
    words = decoded(words_of(kept), lambda id: names.get(id, id)) if isinstance(kept, dict) else ""
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


def words_of(one: dict[str, Any]) -> str:
    """What a message says: its text, or what its blocks or attachments hold where it is empty, and the names of its files."""
    text = one.get("text")
    found = [text] if isinstance(text, str) and text.strip() else []
    comment = one.get("comment")
    if isinstance(comment, dict) and not found:
        found = [said(comment.get("comment"))]
    if not found:
        _texts_in(one.get("blocks"), found, 0)
        for attachment in dicts(one.get("attachments")):
            _attachment(attachment, found)
    for file in dicts(one.get("files")):
        found.append(f"[file: {word(file, 'title', 'name') or 'no longer there'}]")
    return "\n".join(found)


def _attachment(one: dict[str, Any], found: list[str]) -> None:
    words = [said(one.get(key)) for key in ("pretext", "title", "text")]
    fields = [joined(said(field.get("title")), said(field.get("value")), by=": ") for field in dicts(one.get("fields"))]
    words = [part for part in (*words, *fields) if part]
    if not words:
        _texts_in(one.get("blocks"), words, 0)
    found += words or [said(one.get("fallback"))]


def _texts_in(value: Any, found: list[str], depth: int) -> None:
    """The texts of all blocks, in order; the pieces of one rich text section are one line."""
    if depth > _DEEP:
        return
    if isinstance(value, list):
        for one in value:
            _texts_in(one, found, depth + 1)
    elif isinstance(value, dict):
        elements, text = value.get("elements"), value.get("text")
        if str(value.get("type")).startswith("rich_text_") and value.get("type") != "rich_text_list" and isinstance(elements, list):
            found.append("".join(_inline(one) for one in elements if isinstance(one, dict)))
        elif isinstance(text, str):
            found.append(text)
        else:
            for one in (text, elements, value.get("fields")):
                _texts_in(one, found, depth + 1)


def _inline(one: dict[str, Any]) -> str:
    kind = one.get("type")
    if kind in ("user", "channel", "usergroup"):
        return f"<{'#' if kind == 'channel' else '@'}{said(one.get(f'{kind}_id'))}>"
    return (
        f":{said(one.get('name'))}:"
        if kind == "emoji"
        else said(one.get("range"))
        if kind == "broadcast"
        else str(one.get("text", one.get("url", "")))
    )


def decoded(text: str, name: Callable[[str], str]) -> str:
    """The text as its readers saw it: mentions, channels and links by their names, signs unescaped last."""

    def shown(mark: re.Match[str]) -> str:
        sign, what, label = mark[1], mark[2], mark[3]
        if sign in ("@", "#"):
            return f"{sign}{label or name(what)}"
        if sign == "!":
            return label or f"@{what.partition('^')[0]}"
        return f"{label} ({what})" if label and label != what and not what.endswith(label) else label or what

    return unescape(_MARK.sub(shown, text)) if "<" in text or "&" in text else text


READERS = (Reader("slack", "chat", sniff, read), Reader("slack-names", "chat", sniff_names, read_names))
