"""The texts in a folder: what a person would call the messages in it, in a fixed order."""

from __future__ import annotations

import os

from amends.core.errors import InputError
from amends.core.globs import any_matches, parse_globs

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.core.globs import Glob

TEXT_SUFFIXES = (".md", ".markdown", ".txt", ".text", ".eml")


class _Ignoring:
    """The patterns that hold in a folder, from the root of its repository down to it."""

    __slots__ = ("_layers",)

    def __init__(self, layers: tuple[tuple[str, tuple[Glob, ...]], ...] = ()) -> None:
        self._layers = layers

    def inside(self, folder: str) -> _Ignoring:
        """The patterns that hold in a folder below, with its own ignore file on top."""
        try:
            with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as file:
                globs = parse_globs(file.read())
        except OSError:
            return self
        return _Ignoring((*self._layers, (folder, globs))) if globs else self

    def ignores(self, path: str, folder: bool) -> bool:
        for root, globs in reversed(self._layers):
            said = any_matches(globs, os.path.relpath(path, root).replace(os.sep, "/"), folder)
            if said is not None:
                return said
        return False


def texts_in(folder: str, refuse: Callable[[str, OSError], None]) -> Iterator[str]:
    """The paths of the texts in a folder and below, sorted; what is hidden or ignored by git is left out.

    A folder that is reached again through a link is not entered twice; one that cannot be read is told to `refuse`.
    """
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[str, _Ignoring | None]] = [(folder, _around(folder))]
    while waiting:
        path, ignoring = waiting.pop()
        if ignoring is None:
            yield path
            continue
        try:
            waiting += reversed(_entries(path, ignoring.inside(os.path.abspath(path)), seen))
        except OSError as error:
            refuse(path, error)


def nothing_in(folder: str) -> InputError:
    """The error to tell when a folder holds no texts, so that silence is not taken for praise."""
    return InputError(
        f"no texts to check in {folder}",
        hint=f"looked for names that end in {', '.join(TEXT_SUFFIXES)}, neither hidden nor ignored by git; name a file itself to check it",
    )


def _around(folder: str) -> _Ignoring:
    """The ignore files above a folder, up to the root of its repository; none when it is in no repository."""
    above = []
    here = os.path.abspath(folder)
    while not os.path.exists(os.path.join(here, ".git")):
        parent = os.path.dirname(here)
        if parent == here:
            return _Ignoring()
        here = parent
        above.append(here)
    ignoring = _Ignoring()
    for one in reversed(above):
        ignoring = ignoring.inside(one)
    return ignoring


def _entries(folder: str, ignoring: _Ignoring, seen: set[tuple[int, int]]) -> list[tuple[str, _Ignoring | None]]:
    """What a folder holds, in order: folders with the patterns that hold in them, and texts with None."""
    status = os.stat(folder)
    if (status.st_dev, status.st_ino) in seen:
        return []
    seen.add((status.st_dev, status.st_ino))
    with os.scandir(folder) as entries:
        found = sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda entry: entry.name)
    kept: list[tuple[str, _Ignoring | None]] = []
    for entry in found:
        path = os.path.join(folder, entry.name)
        is_folder = entry.is_dir()
        wanted = is_folder or (entry.name.lower().endswith(TEXT_SUFFIXES) and entry.is_file())
        if wanted and not ignoring.ignores(os.path.abspath(path), is_folder):
            kept.append((path, ignoring if is_folder else None))
    return kept
