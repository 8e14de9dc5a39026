"""What all our streams of bytes have in common."""

from __future__ import annotations

import io
from abc import abstractmethod

BLOCK = 1 << 16
"""Bytes that are read at once."""


class ByteStream(io.RawIOBase):
    """A stream that is read from its beginning to its end. It fills what it is given, and lets go of what it holds when it is closed."""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the stubs call the buffer by another name
        """Put the next bytes into a buffer, and return how many; none at the end."""
        return self._fill(buffer)

    def close(self) -> None:
        """Let go of everything; again and again is fine."""
        if not self.closed:
            self._release()
        super().close()

    @abstractmethod
    def _fill(self, buffer: memoryview) -> int:
        """Put the next bytes into a buffer, and return how many; none at the end."""

    @abstractmethod
    def _release(self) -> None:
        """Close what is held."""


def read_exactly(stream: io.RawIOBase, size: int) -> bytes:
    """The next bytes of a stream: fewer than asked for only at its end."""
    parts = []
    while size > 0 and (part := stream.read(min(size, 1 << 20))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
