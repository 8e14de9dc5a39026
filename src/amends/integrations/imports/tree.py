"""A folder or a zip that somebody hands over, as a list of files that can be read: nothing that leads out of it, no links, no bombs.

Everything about names and sizes is checked before the first byte of a file is read. A zip may unpack to what `evidence.limits` allows.
"""

from __future__ import annotations

import os
import stat
import unicodedata
import zipfile
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

from amends.core.errors import InputError, TooLargeError
from amends.integrations.evidence.limits import Limits
from amends.integrations.evidence.names import inner_name, shown
from amends.integrations.export.tree import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO, Self

MOST_FILES = 250_000
LARGEST_RECORD = 256 << 20
"""The most bytes of one file of records, which is read whole; files of evidence pass through in blocks."""


class GivenTree:
    """Files by name, with slashes; use it in a `with`; `called` is how messages name it.

    Raises InputError, TooLargeError for what is not taken.
    """

    def __init__(self, path: str, limits: Limits = Limits(members=MOST_FILES), *, called: str | None = None) -> None:
        self.path = path
        self._called = called or path
        self._zip: zipfile.ZipFile | None = None
        self._sizes: dict[str, int] = {}
        try:
            if os.path.isdir(path):
                self._list_folder(limits)
            elif os.path.isfile(path):
                self._list_zip(limits)
            else:
                hint = "name what `amends export` or `amends backup` wrote"
                raise InputError("there is no such folder or zip", hint=hint, path=self._called)
        except OSError as error:
            raise InputError(f"this cannot be read: {(error.strerror or str(error)).lower()}", path=self._called) from error
        _require_distinct(self._sizes, self._called)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._zip is not None:
            self._zip.close()

    @property
    def names(self) -> tuple[str, ...]:
        """The files, sorted."""
        return tuple(sorted(self._sizes))

    def __contains__(self, name: str) -> bool:
        return name in self._sizes

    def size(self, name: str) -> int:
        """The bytes of a file."""
        return self._sizes[name]

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A file to read from its beginning. Raises InputError where it is not there or breaks off."""
        if name not in self._sizes:
            raise InputError("this file is missing", hint="take the folder as it was exported", path=self.label(name))
        try:
            if self._zip is not None:
                with self._zip.open(name) as member:
                    yield member  # type: ignore[misc]  # typed as bytes that can only be read
            else:
                handle = os.open(os.path.join(self.path, *name.split("/")), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
                with os.fdopen(handle, "rb") as file:
                    yield file
        except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
            raise InputError(f"this file cannot be read: {error}", hint="copy the folder or zip again", path=self.label(name)) from error

    def read(self, name: str, largest: int = LARGEST_RECORD) -> bytes:
        """A file of records, whole. Raises InputError, TooLargeError."""
        if self._sizes.get(name, 0) > largest:
            raise TooLargeError(f"{self.label(name)} is larger than {largest:,} bytes", hint="an export of ours writes no such file")
        with self.open(name) as file:
            data = file.read(largest + 1)
        if len(data) > largest:
            raise TooLargeError(f"{self.label(name)} is larger than {largest:,} bytes", hint="an export of ours writes no such file")
        return data

    def hash_of(self, name: str) -> str:
        """The SHA-256 of a file in hexadecimal; it is read in blocks."""
        digest = sha256()
        with self.open(name) as file:
            for block in blocks(file):
                digest.update(block)
        return digest.hexdigest()

    def label(self, name: str) -> str:
        """A file as messages name it."""
        return f"{self._called}{'!/' if self._zip is not None else '/'}{shown(name)}"

    def _list_folder(self, limits: Limits) -> None:
        for folder, below, files in os.walk(self.path, followlinks=False):
            for name in sorted([*below, *files]):
                place = os.path.join(folder, name)
                kept = os.path.relpath(place, self.path).replace(os.sep, "/")
                mode = os.lstat(place)
                if stat.S_ISDIR(mode.st_mode):
                    continue
                if not stat.S_ISREG(mode.st_mode):
                    raise InputError("this is a link or a device, not a file", hint="remove it", path=self.label(kept))
                self._add(kept, mode.st_size, limits)

    def _list_zip(self, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(self.path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            told = str(error).lower()
            raise InputError(
                f"this is no zip that can be read: {told}", hint="give the folder, or the zip, of an export", path=self.path
            ) from None
        total = 0
        allowed = min(limits.unpacked, max(limits.free, limits.ratio * os.path.getsize(self.path)))
        for info in self._zip.infolist():
            mode = info.external_attr >> 16
            if info.is_dir():
                continue
            if info.flag_bits & 1:
                raise InputError("this file is encrypted", hint="unpack it, and give the folder", path=self.label(info.filename))
            if info.create_system == 3 and mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):  # 3: Unix
                raise InputError("this is a link or a device, not a file", hint="remove it", path=self.label(info.filename))
            total += info.file_size
            if total > allowed:
                told = f"{self._called} would unpack to more than {allowed:,} bytes"
                raise TooLargeError(told, hint="unpack it yourself if it is honest, and give the folder")
            if info.filename in self._sizes:
                raise InputError("two files have this name", hint="make the zip anew", path=self.label(info.filename))
            self._add(info.filename, info.file_size, limits)

    def _add(self, name: str, size: int, limits: Limits) -> None:
        if inner_name(name, backslashes=True) != name or not name.isprintable():
            raise InputError("this name leads out of the folder, or is none that we would write", hint="remove it", path=self.label(name))
        self._sizes[name] = size
        if len(self._sizes) > limits.members:
            raise TooLargeError(f"{self._called} has more than {limits.members:,} files", hint="name the folder of one export")


def _require_distinct(sizes: dict[str, int], path: str) -> None:
    """Names that are one name on some machine would overwrite each other there."""
    seen: dict[str, str] = {}
    for name in sizes:
        folded = unicodedata.normalize("NFC", name).casefold()
        if seen.setdefault(folded, name) != name:
            told = f"two files have the same name on some machines: {shown(seen[folded])} and {shown(name)}"
            raise InputError(told, hint="rename one", path=path)
