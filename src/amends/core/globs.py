"""File name patterns as people know them from .gitignore, matched against paths written with forward slashes.

`*` and `?` stay inside one name, `**` crosses folders, a pattern without a slash matches at any depth, and a trailing
slash asks for a folder. A leading `!` takes back what an earlier pattern matched.
"""

from __future__ import annotations

import re

_IN_SET = re.compile(r"([\\\[\]^&~|])")


class Glob:
    """One pattern. `negated` patterns take back what an earlier one matched."""

    __slots__ = ("_expression", "folder_only", "negated")

    def __init__(self, pattern: str) -> None:
        self.negated = pattern.startswith("!")
        pattern = pattern.removeprefix("!")
        self.folder_only = pattern.endswith("/")
        self._expression = re.compile(_expression(pattern.rstrip("/") if self.folder_only else pattern))

    def matches(self, path: str, folder: bool = False) -> bool:
        """Whether a relative path such as `docs/a.md` is meant; `folder` tells that the path is one."""
        return (folder or not self.folder_only) and self._expression.fullmatch(path) is not None


def parse_globs(source: str) -> tuple[Glob, ...]:
    """The patterns of an ignore file: one a line, blank lines and lines starting with `#` left out."""
    globs = []
    for line in source.splitlines():
        line = line.rstrip("\r")
        if not line.endswith("\\ "):
            line = line.rstrip(" ")
        if line and not line.startswith("#") and line.strip("/!"):
            globs.append(Glob(line))
    return tuple(globs)


def any_matches(globs: tuple[Glob, ...], path: str, folder: bool = False) -> bool | None:
    """What the last pattern that matches says: True for ignored, False for taken back, None when no pattern speaks."""
    for glob in reversed(globs):
        if glob.matches(path, folder):
            return not glob.negated
    return None


def _expression(pattern: str) -> str:
    anchored = "/" in pattern
    names = pattern.removeprefix("/").split("/")
    out = "" if anchored else "(?:.*/)?"
    for number, name in enumerate(names):
        last = number == len(names) - 1
        if name == "**":
            out += ".+" if last else "(?:.*/)?" if not out.endswith("(?:.*/)?") else ""
        else:
            out += _name_expression(name) + ("" if last else "/")
    return out


def _name_expression(name: str) -> str:
    """One name of a path. Of several stars all but the last take as little as they can and never reconsider: no pattern is slow."""
    parts = [""]
    at = 0
    while at < len(name):
        char = name[at]
        at += 1
        if char == "*":
            at += len(name[at:]) - len(name[at:].lstrip("*"))
            parts.append("")
        elif char == "?":
            parts[-1] += "[^/]"
        elif char == "[" and name.find("]", at + 1) > 0:
            end = name.find("]", at + 1 + (name[at] in "!^"))
            end = end if end > 0 else name.find("]", at + 1)
            inside = name[at:end]
            negated = inside[0] in "!^" and len(inside) > 1
            parts[-1] += "(?!/)[" + ("^" if negated else "") + _IN_SET.sub(r"\\\1", inside[negated:]) + "]"
            at = end + 1
        elif char == "\\" and at < len(name):
            parts[-1] += re.escape(name[at])
            at += 1
        else:
            parts[-1] += re.escape(char)
    if len(parts) == 1:
        return parts[0]
    return parts[0] + "".join(f"(?>[^/]*?{part})" for part in parts[1:-1]) + "[^/]*" + parts[-1]
