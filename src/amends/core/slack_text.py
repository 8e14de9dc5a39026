"""What a message of Slack says, as its readers saw it: from its text, or from the blocks and attachments of a bot."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_MARK = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_DEEP = 12
"""How deep the blocks of a message are followed; it is a tree made by somebody else."""


def decoded(text: str, name: Callable[[str], str], *, addresses: bool = False) -> str:
    """A text with people, groups, channels and links by their names, signs unescaped last.

    `name` gives what an id stands for. `addresses` shows behind the words of a link where it goes, for those who cannot follow it.
    """

    def shown(mark: re.Match[str]) -> str:
        sign, what, label = mark[1], mark[2], mark[3]
        if sign in ("@", "#"):
            return f"{sign}{label or name(what)}"
        if sign == "!":
            kind, _, id = what.partition("^")
            return label or f"@{name(id.partition('^')[0]) if kind == 'subteam' else kind}"
        if not label or label == what or not addresses or what.endswith(label):
            return label or what
        return f"{label} ({what})"

    return unescape(_MARK.sub(shown, text)) if "<" in text or "&" in text else text


def words_of(message: dict[str, Any]) -> str:
    """What a message says, for `decoded`: its text, or what its blocks or attachments hold where that is empty."""
    comment = message.get("comment")
    if isinstance(comment, dict) and (said := _said(comment, "comment")):
        return said
    text = message.get("text")
    if isinstance(text, str) and text.strip():
        return text
    found: list[str] = []
    _texts_in(message.get("blocks"), found, 0)
    for attachment in _dicts(message.get("attachments")):
        _attachment(attachment, found)
    return "\n".join(found)


def files_of(message: dict[str, Any]) -> list[str]:
    """The names of the files of a message; "" for one that is no longer there."""
    return [_said(file, "title") or _said(file, "name") for file in _dicts(message.get("files"))]


def _attachment(one: dict[str, Any], found: list[str]) -> None:
    words = [_said(one, key) for key in ("pretext", "title", "text")]
    words += [": ".join(part for part in (_said(field, "title"), _said(field, "value")) if part) for field in _dicts(one.get("fields"))]
    words = [part for part in words if part]
    if not words:
        _texts_in(one.get("blocks"), words, 0)
    found += words or [_said(one, "fallback")]


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
            found.append("".join(_inline(one) for one in _dicts(elements)))
        elif isinstance(text, str):
            found.append(text)
        else:
            for one in (text, elements, value.get("fields")):
                _texts_in(one, found, depth + 1)


def _inline(one: dict[str, Any]) -> str:
    """A piece of rich text as it would stand in a text: its words are as they were typed, so that signs are escaped here."""
    kind, words = one.get("type"), escape(str(one.get("text") or ""), quote=False)
    if kind in ("user", "channel", "usergroup"):
        return f"<{'#' if kind == 'channel' else '@'}{_said(one, f'{kind}_id')}>"
    if kind == "link":
        return f"<{_said(one, 'url')}|{words}>" if words else _said(one, "url")
    if kind == "emoji":
        return f":{_said(one, 'name')}:"
    return f"<!{_said(one, 'range')}>" if kind == "broadcast" else words or _said(one, "fallback") or _said(one, "url")


def _said(one: dict[str, Any], key: str) -> str:
    """A text or a number of an object as a text; "" for anything else."""
    value = one.get(key)
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
