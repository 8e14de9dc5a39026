"""Bytes that can be read from anywhere: a file, a part of one, or the unpacked copy of something that can only be read in order."""

from __future__ import annotations

import io
import tempfile
import threading
import weakref
from collections import OrderedDict
from typing import TYPE_CHECKING, BinaryIO, Protocol

from amends.integrations.evidence.streams import ByteStream, read_exactly

if TYPE_CHECKING:
    from collections.abc import Callable

_IN_MEMORY = 4 << 20
_KEPT = 4
_OPEN = 16


class Shelf(Protocol):
    """Bytes that can be read from anywhere."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

    def window(self, start: int = 0, length: int | None = None) -> io.RawIOBase:
        """A stream of its own over a part of the bytes."""


class Window(ByteStream):
    """A stream over a part of something that can be read at any place."""

    def __init__(self, read_at: Callable[[int, int], bytes], start: int, length: int, done: Callable[[], object] | None = None) -> None:
        self._read_at = read_at
        self._start = start
        self._length = max(length, 0)
        self._at = 0
        self._done = done

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Where the next byte stands."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to another byte, which is returned."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def _fill(self, buffer: memoryview) -> int:
        data = self._read_at(self._start + self._at, max(min(len(buffer), self._length - self._at), 0))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _release(self) -> None:
        if self._done is not None:
            self._done()


class FileShelf:
    """A file on disk; each window opens it anew."""

    def __init__(self, path: str, size: int) -> None:
        self.path = path
        self.size = size

    def window(self, start: int = 0, length: int | None = None) -> io.RawIOBase:
        """A stream of its own over a part of the file."""
        file = open(self.path, "rb", buffering=0)  # noqa: SIM115  # closed with the window

        def read_at(offset: int, size: int) -> bytes:
            file.seek(offset)
            return file.read(size) or b""

        return Window(read_at, start, self.size - start if length is None else length, file.close)


class OpenFiles:
    """The archives that were read last, kept open: one with many members would be opened again for each."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, BinaryIO] = OrderedDict()
        self._lock = threading.Lock()
        weakref.finalize(self, _close_all, self._kept)

    def shelf(self, file: FileShelf) -> Shelf:
        """The same bytes, read through here."""
        return HeldShelf(self, file)

    def read_at(self, path: str, offset: int, size: int) -> bytes:
        """Some bytes of a file."""
        with self._lock:
            if path not in self._kept:
                self._kept[path] = open(path, "rb", buffering=0)  # noqa: SIM115  # closed when others push it out, or with all of this
                while len(self._kept) > _OPEN:
                    self._kept.popitem(last=False)[1].close()
            file = self._kept[path]
            self._kept.move_to_end(path)
            file.seek(offset)
            return file.read(size) or b""


class HeldShelf:
    """A file that `OpenFiles` keeps open while it is read often."""

    def __init__(self, files: OpenFiles, file: FileShelf) -> None:
        self._files = files
        self._path = file.path
        self.size = file.size

    def window(self, start: int = 0, length: int | None = None) -> io.RawIOBase:
        """A stream of its own over a part of the file."""
        return Window(self._read_at, start, self.size - start if length is None else length)

    def _read_at(self, offset: int, size: int) -> bytes:
        return self._files.read_at(self._path, offset, size)


def _close_all(files: OrderedDict[str, BinaryIO]) -> None:
    for file in files.values():
        file.close()


class PartShelf:
    """A part of another shelf."""

    def __init__(self, whole: Shelf, start: int, size: int) -> None:
        self._whole = whole
        self._start = start
        self.size = size

    def window(self, start: int = 0, length: int | None = None) -> io.RawIOBase:
        """A stream of its own over a part of the part."""
        rest = self.size - start
        return self._whole.window(self._start + start, rest if length is None else min(length, rest))


class SpoolShelf:
    """A copy of a stream: in memory while it is small, in a temporary file that nobody else sees when it is not."""

    def __init__(self, stream: io.RawIOBase) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed with the shelf
        weakref.finalize(self, self._file.close)
        self._lock = threading.Lock()
        self.size = 0
        while block := stream.read(1 << 18):
            self.size += self._file.write(block)

    def window(self, start: int = 0, length: int | None = None) -> io.RawIOBase:
        """A stream of its own over a part of the copy."""
        return Window(self._read_at, start, self.size - start if length is None else length)

    def _read_at(self, offset: int, size: int) -> bytes:
        with self._lock:
            self._file.seek(offset)
            return self._file.read(size)


class Spools:
    """The copies that were needed last; an older one is made again when somebody asks for it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, SpoolShelf] = OrderedDict()
        self._lock = threading.RLock()

    def shelf(self, name: str, stream: Callable[[], io.RawIOBase]) -> SpoolShelf:
        """The copy of what `stream` gives."""
        with self._lock:
            if name not in self._kept:
                with stream() as source:
                    self._kept[name] = SpoolShelf(source)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(name)
            return self._kept[name]


class CopyShelf:
    """The unpacked copy of a stream, which is only made when a byte of it is asked for."""

    def __init__(self, spools: Spools, name: str, stream: Callable[[], io.RawIOBase]) -> None:
        self._spools = spools
        self._name = name
        self._stream = stream

    @property
    def size(self) -> int:
        """The bytes of the copy."""
        return self._copy().size

    def window(self, start: int = 0, length: int | None = None) -> io.RawIOBase:
        """A stream of its own over a part of the copy."""
        return self._copy().window(start, length)

    def _copy(self) -> SpoolShelf:
        return self._spools.shelf(self._name, self._stream)


def read_at(shelf: Shelf, offset: int, size: int) -> bytes:
    """Some bytes of a shelf: fewer than asked for only at its end."""
    with shelf.window(offset, size) as window:
        return read_exactly(window, size)
