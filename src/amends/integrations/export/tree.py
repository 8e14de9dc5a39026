"""Where an export is written: a folder, or a zip. Both appear whole under their name or not at all, and tell the hash of each file.

A zip of the same files is the same zip: names in the order in which they are given, one fixed time, one way of packing. Nothing is held
in memory but one block of a file.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from amends.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO, Self

BLOCK = 1 << 20
_PACKED = (".gz", ".zst", ".zip", ".xz", ".bz2", ".7z", ".png", ".jpg", ".jpeg", ".docx", ".pdf")
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Written:
    """A file of an export: its name below the root, the SHA-256 of its bytes in hexadecimal, and how many they are."""

    path: str
    sha256: str
    size: int


class Tree(Protocol):
    """What an export is written to."""

    def write(self, path: str, parts: Iterable[bytes]) -> Written:
        """Write one file; `path` has slashes and no dots. Raises InputError where the disk refuses."""

    def done(self) -> None:
        """All is written: let it appear."""

    def drop(self) -> None:
        """Give up: nothing of it stays."""


class _Leaving:
    """Ends with `done`, or with `drop` where something went wrong inside."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.done()
        else:
            self.drop()

    def done(self) -> None:
        """See `Tree`."""

    def drop(self) -> None:
        """See `Tree`."""


class FolderTree(_Leaving):
    """A folder, which must not be there yet, or be empty."""

    def __init__(self, path: str) -> None:
        self._path = os.path.abspath(path)
        self._beside = f"{self._path}.{os.getpid()}.new"
        try:
            if os.path.lexists(self._path) and (not os.path.isdir(self._path) or os.listdir(self._path)):
                raise InputError("there is something already", hint="name a new folder, or an empty one", path=path)
            os.makedirs(self._beside, mode=0o700)
        except OSError as error:
            raise _unwritable(path, error) from error

    def write(self, path: str, parts: Iterable[bytes]) -> Written:
        """See `Tree`."""
        place = os.path.join(self._beside, *path.split("/"))
        try:
            os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
            with open(place, "xb") as file:
                return _copy(path, parts, file)
        except OSError as error:
            raise _unwritable(path, error) from error

    def done(self) -> None:
        """See `Tree`."""
        try:
            if os.path.isdir(self._path):
                os.rmdir(self._path)
            os.rename(self._beside, self._path)
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def drop(self) -> None:
        """See `Tree`."""
        shutil.rmtree(self._beside, ignore_errors=True)


class ZipTree(_Leaving):
    """A zip file; one that is there is replaced when the new one is whole."""

    def __init__(self, path: str) -> None:
        self._path = os.path.abspath(path)
        self._beside = f"{self._path}.{os.getpid()}.new"
        try:
            handle = os.open(self._beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise _unwritable(path, error) from error
        self._file = os.fdopen(handle, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w")

    def write(self, path: str, parts: Iterable[bytes]) -> Written:
        """See `Tree`."""
        info = zipfile.ZipInfo(path, _TIME)
        info.compress_type = zipfile.ZIP_STORED if path.lower().endswith(_PACKED) else zipfile.ZIP_DEFLATED
        info.external_attr = 0o100600 << 16
        try:
            with self._zip.open(info, "w", force_zip64=True) as file:
                return _copy(path, parts, file)
        except OSError as error:
            raise _unwritable(path, error) from error

    def done(self) -> None:
        """See `Tree`."""
        try:
            self._zip.close()
            self._file.flush()
            os.fsync(self._file.fileno())  # a name must never stand for less than the whole, not even after a power cut
            self._file.close()
            os.replace(self._beside, self._path)
        except OSError as error:
            self.drop()
            raise _unwritable(self._path, error) from error

    def drop(self) -> None:
        """See `Tree`."""
        with suppress(OSError, ValueError):
            self._zip.close()
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            os.unlink(self._beside)


def blocks(file: BinaryIO) -> Iterator[bytes]:
    """The bytes of an open file, a block at a time."""
    while data := file.read(BLOCK):
        yield data


def _copy(path: str, parts: Iterable[bytes], out: BinaryIO | object) -> Written:
    digest, size = sha256(), 0
    for part in parts:
        digest.update(part)
        size += len(part)
        out.write(part)  # type: ignore[union-attr]  # a file, or a member of a zip, which is typed as bytes that can only be written
    return Written(path, digest.hexdigest(), size)


def _unwritable(path: str, error: OSError) -> InputError:
    because = (error.strerror or str(error)).lower()
    return InputError(f"the export cannot be written: {because}", hint="see that the folder is yours and the disk has room", path=path)
