"""A folder and a .zip as one thing: names and bytes, in a fixed order, with limits. Nothing of an archive is ever unpacked to disk."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from typing import TYPE_CHECKING, Protocol, cast

from amends.core.errors import AmendsError, InputError
from amends.core.files import unreadable
from amends.promises.updates.update import problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from amends.core.problem import Problem

ENTRY_LIMIT = 256_000_000
"""The most bytes that one file of a tree may hold."""
TOTAL_LIMIT = 20_000_000_000
"""The most bytes that an archive may hold once it is unpacked."""
MOST_ENTRIES = 1_000_000
RATIO = 1_000
"""An entry that grows more than this many times is a bomb; deflate reaches 1,032 only with nothing but repeats."""
BROKEN = (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError)
"""What reading a file, or an entry of an archive, may end with."""
_BARE = 1_000_000
"""Below this many bytes an entry may be as dense as it likes."""


class Tree(Protocol):
    """Files under names with slashes."""

    label: str
    problems: list[Problem]

    def names(self) -> list[str]:
        """All names, sorted."""
        ...

    def open(self, name: str) -> BinaryIO:
        """A file, to be read. Raises InputError when it cannot be opened."""
        ...

    def shown(self, name: str) -> str:
        """How a name is called in messages."""
        ...


class Folder:
    """A folder of the disk. Links out of it are followed for files, not for folders, so that there is no circle."""

    def __init__(self, path: str) -> None:
        self.label = path
        self.problems: list[Problem] = []
        self._names: list[str] | None = None

    def names(self) -> list[str]:
        """All files that are not hidden, sorted."""
        if self._names is None:
            self._names = sorted(self._walk("", self.label))
        return self._names

    def _walk(self, inside: str, folder: str) -> Iterator[str]:
        waiting = [(inside, folder)]
        while waiting:
            inside, folder = waiting.pop()
            try:
                entries = list(os.scandir(folder))
            except OSError as error:
                self.problems.append(problem("unreadable", unreadable(folder, error).message, "", folder))
                continue
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{inside}{entry.name}/", entry.path))
                elif entry.is_file():
                    yield f"{inside}{entry.name}"

    def open(self, name: str) -> BinaryIO:
        """A file, to be read. Raises InputError when it cannot be opened."""
        path = os.path.join(self.label, name)
        try:
            return open(path, "rb")
        except OSError as error:
            raise unreadable(path, error) from error

    def shown(self, name: str) -> str:
        """The path of a file."""
        return os.path.join(self.label, name)


class Archive:
    """A .zip, looked into without trusting what it says about itself."""

    def __init__(self, path: str) -> None:
        self.label = path
        self.problems: list[Problem] = []
        try:
            self._zip = zipfile.ZipFile(path)
        except OSError as error:
            raise unreadable(path, error) from error
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise InputError(f"not a whole .zip: {str(error)[:80]}", hint="export or download it again", path=path) from error
        self._entries = self._checked()

    def names(self) -> list[str]:
        """All files that are safe to read, sorted."""
        return sorted(self._entries)

    def open(self, name: str) -> BinaryIO:
        """An entry, to be read; it gives no more bytes than its checked size. Raises InputError when it cannot be opened."""
        try:
            return cast("BinaryIO", self._zip.open(self._entries[name]))
        except BROKEN as error:
            raise InputError(f"this entry cannot be unpacked: {str(error)[:80]}", path=self.shown(name)) from error

    def shown(self, name: str) -> str:
        """The archive, and the name in it."""
        return f"{self.label}!/{name}"

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        """The entries that may be read; what looks like an attack is told and left closed. Raises InputError for a bomb."""
        entries: dict[str, zipfile.ZipInfo] = {}
        listed = self._zip.infolist()
        total = sum(entry.file_size for entry in listed)
        if len(listed) > MOST_ENTRIES or total > TOTAL_LIMIT:
            hint = "unpack it where there is room, and give the folder"
            raise InputError(f"unpacks to {total:,} bytes in {len(listed):,} files, more than is read", hint=hint, path=self.label)
        for entry in listed:
            name = entry.filename.replace("\\", "/")
            if entry.is_dir() or any(part.startswith(".") and part != ".." for part in name.split("/")) or name.startswith("__MACOSX/"):
                continue
            wrong = _wrong(entry, name, known=name in entries)
            if wrong:
                self.problems.append(problem("bad-archive", wrong, "nothing of it was read", f"{self.label}!/{name[:200]}"))
            else:
                entries[name] = entry
        return entries


def _wrong(entry: zipfile.ZipInfo, name: str, *, known: bool) -> str:
    """Why an entry is left closed; empty when it may be read."""
    if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
        return "its name leads out of the archive"
    if known:
        return "a second file of the same name"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "a link, not a file"
    if entry.flag_bits & 1:
        return "encrypted"
    if entry.file_size > ENTRY_LIMIT or (entry.file_size > _BARE and entry.file_size > RATIO * max(1, entry.compress_size)):
        return f"unpacks to {entry.file_size:,} bytes from {entry.compress_size:,}, as a bomb does"
    return ""


def read_or_tell(tree: Tree, name: str) -> bytes | Problem:
    """The bytes of a file, or why they cannot be had."""
    try:
        with tree.open(name) as file:
            data = file.read(ENTRY_LIMIT + 1)
    except AmendsError as error:
        return problem("unreadable", error.message, error.hint, tree.shown(name))
    except BROKEN as error:
        return problem("unreadable", f"it breaks off: {str(error)[:80]}", "copy or export it again", tree.shown(name))
    if len(data) > ENTRY_LIMIT:
        return problem("too-large", f"more than {ENTRY_LIMIT:,} bytes", "split it", tree.shown(name))
    return data
