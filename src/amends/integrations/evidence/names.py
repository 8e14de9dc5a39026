"""Names of members: how they are written in citations, which ones no archive may give, and which of them is older."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

INSIDE = "!/"
"""Stands between an archive and what is in it: `bundle.zip!/app.log.gz`."""

_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_DRIVE = re.compile(r"[A-Za-z]:")
_PACKED = re.compile(r"\.(?:gz|z|zst|zstd|bz2|xz|zip)$", re.IGNORECASE)
_DATED = re.compile(
    r"[._-]?(\d{4})[-_.]?(0[1-9]|1[0-2])[-_.]?([0-3]\d)(?:[T_.-]?(\d{2})(?:[-_:.]?(\d{2}))?(?:[-_:.]?(\d{2}))?)?(?!\d)"
    r"(?:[._-](?P<number>\d{1,6})(?=\.|$))?"
)
_NUMBERED = re.compile(r"(?P<base>.+)\.(?P<number>\d{1,6})")
_NUMBERED_INSIDE = re.compile(r"(?P<stem>.+)\.(?P<number>\d{1,6})(?P<suffix>\.[A-Za-z]+)")
_CLUTTER = frozenset((".git", ".gitignore", ".gitattributes", ".DS_Store", "__MACOSX", "Thumbs.db", "desktop.ini"))

Age = tuple[int, int, int]
"""Where a file stands among those that a log was rotated through; the oldest is the least."""


def shown(name: str) -> str:
    """A name as citations write it: what cannot be written, or would move the text around it, is told by its number."""
    name = name.encode("utf-8", "backslashreplace").decode()
    return _UNSHOWN.sub(lambda found: f"\\x{ord(found[0]):02x}" if ord(found[0]) < 256 else f"\\u{ord(found[0]):04x}", name)


def inner_name(name: str, backslashes: bool) -> str | None:
    """The name of a thing in an archive as a plain path below it; None when it leads out. `backslashes` part folders, as on Windows."""
    if backslashes:
        name = name.replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    outside = name.startswith(("/", "\\")) or _DRIVE.match(name) or ".." in re.split(r"[/\\]", name)
    return None if "\0" in name or outside or not parts else "/".join(parts)


def is_hidden(name: str) -> bool:
    """Whether one name of a path is one that people do not see."""
    return name.startswith(".") or name in _CLUTTER


def is_clutter(name: str) -> bool:
    """Whether a hidden name is never worth a word."""
    return name in _CLUTTER


def unlike(name: str, taken: set[str]) -> str:
    """The name, or one made from it when it was taken; it is taken afterwards."""
    number = 1
    free = name
    while free in taken:
        number += 1
        free = f"{name}#{number}"
    taken.add(free)
    return free


def in_order(names: Iterable[str]) -> list[str]:
    """Names of one folder, the oldest of each rotated log first: `app.log.2.gz`, `app.log.1`, `app.log`."""
    names = list(names)
    stems = {_PACKED.sub("", name) for name in names}
    return sorted(names, key=lambda name: (*_rotation(name, stems), name))


def paths_in_order(paths: Iterable[str]) -> list[str]:
    """Paths, folder by folder; those of one folder as `in_order` has them."""
    tree: dict[str, list[str]] = {}
    for path in paths:
        tree.setdefault(path.partition("/")[0], []).append(path)
    found = []
    stack = [("", in_order(tree)[::-1], tree)]
    while stack:
        prefix, firsts, tree = stack.pop()
        while firsts:
            first = firsts.pop()
            below = [path[len(first) + 1 :] for path in tree[first] if path != first]
            found += [prefix + first] * (len(tree[first]) - len(below))
            if below:
                stack.append((prefix, firsts, tree))
                inner: dict[str, list[str]] = {}
                for path in below:
                    inner.setdefault(path.partition("/")[0], []).append(path)
                stack.append((f"{prefix}{first}/", in_order(inner)[::-1], inner))
                break
    return found


def rotated(names: Mapping[int, str]) -> dict[int, int]:
    """Of sources by number, which are files that one log was rotated through: each of them and the first of them."""
    folders: dict[str, dict[int, str]] = {}
    for number, name in sorted(names.items()):
        folder, _, file = name.rpartition("/")
        folders.setdefault(folder, {})[number] = file
    found: dict[int, int] = {}
    for files in folders.values():
        stems = {_PACKED.sub("", file) for file in files.values()}
        first: dict[str, int] = {}
        for number, file in files.items():
            found[number] = first.setdefault(_rotation(file, stems)[0], number)
    files_of = Counter(found.values())
    return {number: log for number, log in found.items() if files_of[log] > 1}


def _rotation(name: str, stems: set[str]) -> tuple[str, Age]:
    """The log that a file is a part of, and the place of the part."""
    stem = _PACKED.sub("", name)
    if dated := list(_DATED.finditer(stem)):
        last = dated[-1]
        digits = "".join(part or "00" for part in last.groups()[:6])
        return stem[: last.start()] + stem[last.end() :], (0, int(digits), int(last["number"] or 0))  # beside a date, numbers count upwards
    found = _NUMBERED.fullmatch(stem)
    if found is not None:
        return found["base"], (1, -int(found["number"]), 0)
    found = _NUMBERED_INSIDE.fullmatch(stem)
    if found is not None and found["stem"] + found["suffix"] in stems:
        return found["stem"] + found["suffix"], (1, -int(found["number"]), 0)
    return stem, (2, 0, 0)
