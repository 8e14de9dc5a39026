"""Where bytes are: a file of this machine, or an object in a storage that has an address. Both are read in ranges, known by their state."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol, Self

from amends.integrations.evidence import storage
from amends.integrations.evidence.addresses import Identity, is_remote

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEAST, _MOST = 1 << 16, 2 << 20
"""Bytes of an object that are asked for at once where fewer are wanted: twice as many each time that reading goes on where it was."""


class Opened(Protocol):
    """Bytes that are read in ranges. To be closed."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def read(self, start: int, end: int) -> bytes:
        """The bytes of a range; fewer where they end before. Raises OSError."""

    def fill(self, room: memoryview, start: int) -> int:
        """Fill memory with the bytes from a place on; how many there were. Raises OSError."""

    def close(self) -> None:
        """Let go of what is held."""


def identity(path: str) -> Identity:
    """By what a file or an object is known. Raises OSError."""
    if is_remote(path):
        return storage.known_of(path)
    status = os.stat(path)
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def identities(paths: Iterable[str]) -> dict[str, Identity]:
    """By what each of several objects is known; those that cannot be asked for are missing."""

    def asked(path: str) -> Identity | None:
        try:
            return identity(path)
        except OSError:
            return None

    paths = list(paths)
    return {path: known for path, known in zip(paths, storage.at_once(asked, paths), strict=True) if known is not None}


def size_of(path: str) -> int:
    """How many bytes there are. Raises OSError."""
    return identity(path)[2] if is_remote(path) else os.stat(path).st_size


def opened(path: str, size: int | None = None) -> Opened:
    """A file or an object to be read in ranges; of an object nothing is asked for beyond `size` bytes. Raises OSError."""
    return Object(path, size) if is_remote(path) else _File(path)


class _File:
    """A file of this machine."""

    def __init__(self, path: str) -> None:
        self._handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._handle)

    def read(self, start: int, end: int) -> bytes:
        """The bytes of a range; fewer where the file ends before. Raises OSError."""
        found = []
        while start < end and (data := os.pread(self._handle, min(end - start, 1 << 30), start)):
            found.append(data)
            start += len(data)
        return found[0] if len(found) == 1 else b"".join(found)

    def fill(self, room: memoryview, start: int) -> int:
        """Fill memory with the bytes from a place on; how many there were. Raises OSError."""
        done = 0
        while done < len(room) and (count := os.preadv(self._handle, [room[done:]], start + done)):
            done += count
        return done


class Object:
    """An object in a storage. `size` is told where it is known; beyond it nothing is asked for."""

    def __init__(self, address: str, size: int | None = None) -> None:
        self._address = address
        self._size = size
        self._at = 0
        self._held = b""
        self._step = _LEAST

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what was read ahead."""
        self._held = b""

    def read(self, start: int, end: int) -> bytes:
        """The bytes of a range, of which some may have been read ahead; fewer where the object ends before. Raises OSError."""
        if self._size is None:
            self._size = size_of(self._address)
        end = min(end, self._size)
        if start >= end:
            return b""
        if not self._at <= start <= end <= self._at + len(self._held):
            if end - start >= _MOST:
                return self._asked(start, end)
            goes_on = self._held and self._at <= start <= self._at + len(self._held)
            self._step = min(2 * self._step, _MOST) if goes_on else _LEAST
            self._at, self._held = start, self._asked(start, min(max(end, start + self._step), self._size))
        return self._held[start - self._at : end - self._at]

    def fill(self, room: memoryview, start: int) -> int:
        """Fill memory with the bytes from a place on; how many there were. Raises OSError."""
        data = self.read(start, start + len(room))
        room[: len(data)] = data
        return len(data)

    def _asked(self, start: int, end: int) -> bytes:
        return storage.read_range(self._address, start, end, self._size)
