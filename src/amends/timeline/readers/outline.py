"""Which keys stand where at the beginning of a JSON text, by which readers know what they can read, even where the beginning ends early."""

from __future__ import annotations

import re
from functools import lru_cache

from amends.timeline.readers.pieces import STRING

_DEEPEST = 4
_TOKENS = re.compile(rb"(" + STRING + rb")\s*+(:)?|[\[\]{}]|\n", re.DOTALL)


@lru_cache(maxsize=8)
def outline(head: bytes) -> dict[str, frozenset[str]]:
    """The keys of the objects at each path, such as "" and "value.from"; lists are looked through."""
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n\x1e").startswith((b"{", b"[")):
        return {}
    found: dict[str, set[str]] = {}
    stack: list[tuple[bytes, str]] = []
    key = ""
    for token in _TOKENS.finditer(head):
        sign = token[0][:1]
        if sign == b'"':
            if token[2] and stack and stack[-1][0] == b"{" and len(stack) <= 2 * _DEEPEST:
                key = token[1][1:-1].decode("utf-8", "replace")
                found.setdefault(stack[-1][1], set()).add(key)
        elif sign in (b"{", b"["):
            path = stack[-1][1] if stack else ""
            stack.append((sign, path if not stack or stack[-1][0] == b"[" else f"{path}.{key}".lstrip(".")))
        elif sign in (b"}", b"]") and stack:
            stack.pop()
        elif sign == b"\n" and stack and len(stack) > 200:
            return {}
    return {path: frozenset(keys) for path, keys in found.items()}


def keys(head: bytes, path: str = "") -> frozenset[str]:
    """The keys at a path."""
    return outline(head).get(path, frozenset())


def has(head: bytes, *wanted: str, paths: tuple[str, ...] = ("",)) -> bool:
    """Whether the objects at one of the paths have all of these keys."""
    known = outline(head)
    return any(known.get(path, frozenset()).issuperset(wanted) for path in paths)
