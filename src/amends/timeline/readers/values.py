"""Values from outside as what is wanted of them, and None where they are not that."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import msgspec

from amends.core.html_text import looks_like_html, text_of
from amends.timeline.readers.pieces import MALFORMED

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 65_536
"""Characters of a text that an event carries; its citation has all of it."""

_UNSAYABLE = re.compile("[\x00\ud800-\udfff]")
_DEEP = 60
_decode = msgspec.json.Decoder().decode


def parsed(raw: bytes | memoryview) -> Any:
    """The value of a JSON text. What is no UTF-8 in it is replaced. Raises ValueError."""
    try:
        return _decode(raw)
    except MALFORMED:
        pass
    try:
        return json.loads(bytes(raw).decode("utf-8", "replace"), strict=False)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def clean(text: str) -> str:
    """A text that can be written down: no half characters, no NULs, not endless."""
    if len(text) > LONGEST:
        text = text[:LONGEST] + " …"
    return _UNSAYABLE.sub("\ufffd", text) if not text.isascii() or "\0" in text else text


def plain(value: object) -> str:
    """The words of what may be HTML."""
    if not isinstance(value, str):
        return ""
    return text_of(value) if looks_like_html(value) else value.strip()


def said(value: object) -> str:
    """A text or a number as a text; "" for anything else."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""


def at(value: Any, *path: str | int) -> Any:
    """What stands at a path of keys; None where nothing does."""
    for key in path:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def word(value: Any, *paths: str) -> str | None:
    """The first text among the paths, each with dots between its keys; None where there is none."""
    for path in paths:
        found = said(at(value, *path.split(".")) if "." in path else value.get(path)) if isinstance(value, dict) else ""
        if found:
            return found
    return None


def dicts(value: object) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def mapping(value: object) -> dict[str, Any]:
    """A value that is an object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def joined(*parts: str | None, by: str = " ") -> str:
    """The parts that say something, in one text."""
    return by.join(part for part in parts if part)


def words_of_document(node: object, depth: int = 0) -> str:
    """The words of a document of Atlassian (ADF), or of the wiki text that older versions have in its place."""
    if isinstance(node, str):
        return node.strip()
    return "".join(_words(node, depth)).strip()


def _words(node: object, depth: int) -> Iterator[str]:
    if not isinstance(node, dict) or depth > _DEEP:
        return
    kind, text = node.get("type"), node.get("text")
    if isinstance(text, str):
        yield text
    elif kind in ("mention", "emoji", "status", "date", "inlineCard"):
        yield said(at(node, "attrs", "text") or at(node, "attrs", "shortName") or at(node, "attrs", "url"))
    elif kind == "hardBreak":
        yield "\n"
    content = node.get("content")
    for one in content if isinstance(content, list) else ():
        yield from _words(one, depth + 1)
    if kind in ("paragraph", "heading", "codeBlock", "rule", "tableRow"):
        yield "\n"
