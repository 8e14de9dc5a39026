"""Messages of Microsoft Teams as pages of Graph give them: HTML as text, what the program says itself, and tombstones.

An edit is known by `lastEditedDateTime`; `lastModifiedDateTime` changes with every reaction and says nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.core.html_text import text_of
from amends.timeline.entry import flag
from amends.timeline.readers.desk import Desk, Element
from amends.timeline.readers.outline import has
from amends.timeline.readers.source import Reader
from amends.timeline.readers.values import at, dicts, joined, said, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.problem import Problem
    from amends.timeline.entry import Event
    from amends.timeline.readers.source import Source

_EVENT = re.compile(r"#?microsoft\.graph\.|EventMessageDetail$")
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def sniff(head: bytes, _: str) -> bool:
    """Whether a file is a page of messages."""
    return has(head, "messageType", "createdDateTime", paths=("value", ""))


def read(source: Source) -> Iterator[Event | Problem]:
    """The messages of pages."""
    return Desk(source, "chat").run(_message, "value")


def _message(desk: Desk, one: Element) -> None:
    value = one.value
    if "messageType" not in value and "createdDateTime" not in value:
        desk.tell("bad-field", "not a message of Teams", one.piece.offset)
        return
    id = word(value, "id")
    thread = word(value, "replyToId") or id
    actor = word(
        value, "from.user.displayName", "from.application.displayName", "from.device.displayName", "from.user.id", "from.application.id"
    )
    edited = flag("edited") if value.get("lastEditedDateTime") else 0
    deleted = value.get("deletedDateTime")
    if deleted is not None:
        desk.say(one, deleted, "a message was deleted", thread=thread, reference=word(value, "webUrl"), id=f"{id} deleted")
        desk.tell("deleted", "a message that was deleted: what it said is not in the export", one.piece.offset)
    text = _words(one)
    if text or deleted is None:
        place = word(value, "webUrl")
        desk.say(one, value.get("createdDateTime"), text, actor=actor, flags=edited, thread=thread, reference=place, id=id)


def _words(one: Element) -> str:
    body = one.get("body")
    content = said(at(body, "content"))
    text = text_of(content) if at(body, "contentType") == "html" else content
    if one.get("messageType") in ("systemEventMessage", "unknownFutureValue") and not text:
        text = _event(one)
    files = [f"[file: {name}]" for file in dicts(one.get("attachments")) if (name := said(file.get("name")))]
    return joined(said(one.get("subject")), text, *files, by="\n")


def _event(one: Element) -> str:
    """What the program says of itself, by the name of the kind of event."""
    kind = _EVENT.sub("", said(at(one.get("eventDetail"), "@odata.type")))
    name = word(
        one.value,
        "eventDetail.teamDisplayName",
        "eventDetail.channelDisplayName",
        "eventDetail.callEventType",
        "eventDetail.chatDisplayName",
    )
    return joined("system:", " ".join(_HUMPS.split(kind)).lower() or "event", name)


READER = Reader("teams", "chat", sniff, read)
