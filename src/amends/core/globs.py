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
    pattern = pattern.removeprefix("/")
    out = [] if anchored else ["(?:.*/)?"]
    at = 0
    while at < len(pattern):
        if pattern.startswith("**/", at) and (at == 0 or pattern[at - 1] == "/"):
            out.append("(?:.*/)?")
            at += 3
        elif pattern.startswith("/**", at) and at + 3 == len(pattern):
            out.append("/.+")
            at += 3
        elif pattern[at] == "*":
            out.append("[^/]*")
            at += 1
            while at < len(pattern) and pattern[at] == "*":
                at += 1
        elif pattern[at] == "?":
            out.append("[^/]")
            at += 1
        elif pattern[at] == "[" and pattern.find("]", at + 2) > 0:
            end = pattern.find("]", at + 2)
            inside = pattern[at + 1 : end]
            negated = inside[0] in "!^"
            body = inside[1:] if negated else inside
            out.append("(?!/)[" + ("^" if negated else "") + _IN_SET.sub(r"\\\1", body) + "]")
            at = end + 1
        elif pattern[at] == "\\" and at + 1 < len(pattern):
            out.append(re.escape(pattern[at + 1]))
            at += 2
        else:
            out.append(re.escape(pattern[at]))
            at += 1
    return "".join(out)
