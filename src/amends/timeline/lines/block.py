"""A stretch of a source in memory: its lines, and a window of any width at any of its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Ints = NDArray[np.int64]
    Hashes = NDArray[np.uint64]

PAD = 256
"""Bytes of nothing behind every block, so that a time, or a level, may be looked for at the very end."""

_STRIDE = 1 << 18
"""Bytes that are searched for line ends at once; more falls out of the cache of a processor."""

AT_ONCE = 4096
"""Rows of windows that are hashed at once, for the same reason."""

_MIXERS = np.random.default_rng(20260304).integers(1, 2**63, 32, dtype=np.uint64) | np.uint64(1)


class Block:
    """Bytes of a source, padded with line ends."""

    __slots__ = ("bytes", "size")

    def __init__(self, data: Bytes) -> None:
        self.size = len(data)
        self.bytes = np.empty(self.size + PAD, np.uint8)
        self.bytes[: self.size] = data
        self.bytes[self.size :] = 10

    @classmethod
    def of(cls, data: Bytes | Block) -> Block:
        """A block of bytes; the block itself where it is one already."""
        return data if isinstance(data, Block) else cls(data)

    @classmethod
    def filled(cls, size: int, fill: Callable[[memoryview], int]) -> Block:
        """A block of bytes that `fill` puts into the memory it is given; it returns how many there were."""
        made = cls.__new__(cls)
        made.bytes = np.empty(size + PAD, np.uint8)
        made.size = fill(made.bytes.data[:size])
        made.bytes = made.bytes[: made.size + PAD]
        made.bytes[made.size :] = 10
        return made

    @property
    def data(self) -> memoryview:
        """The bytes without what they are padded with."""
        return self.bytes.data[: self.size]

    def lines(self) -> Ints:
        """Where each line starts."""
        ends = [np.flatnonzero(self.bytes[at : min(at + _STRIDE, self.size)] == 10) + at for at in range(0, self.size, _STRIDE)]
        starts = np.concatenate([np.zeros(1, np.int64), *ends])
        starts[1:] += 1
        return starts[:-1] if starts[-1] >= self.size else starts

    def windows(self, starts: Ints, width: int) -> Bytes:
        """The bytes at each start, one row each; rows that would leave the block are those at its end."""
        last = self.size + PAD - width
        view = np.ndarray((last + 1,), f"V{width}", self.bytes, strides=(1,))
        return view[np.minimum(starts, last)].view(np.uint8).reshape(len(starts), width)

    def shapes(self, starts: Ints, ends: Ints, width: int) -> Hashes:
        """A hash of the bytes from each start, as far as its end, in which all digits are alike; `width` is a multiple of 8."""
        found = np.empty(len(starts), np.uint64)
        for at in range(0, len(starts), AT_ONCE):
            part = slice(at, at + AT_ONCE)
            found[part] = self._shapes(starts[part], ends[part], width)
        return found

    def _shapes(self, starts: Ints, ends: Ints, width: int) -> Hashes:
        rows = self.windows(starts, width)
        digits = ((rows - np.uint8(48)) < 10).view(np.uint8)
        rows &= ~(digits * np.uint8(15))
        short = np.flatnonzero(ends - starts < width)
        if len(short):  # what stands on the line below is none of its looks
            rows[short] *= np.arange(width) < (ends[short] - starts[short])[:, None]
        mixed = rows.view(np.uint64) * _MIXERS[: width // 8]
        mixed ^= mixed >> np.uint64(29)
        hashes: Hashes = mixed @ np.ones(width // 8, np.uint64)
        return hashes


def distinct(hashes: Hashes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each distinct hash comes first, and for each row which of them it has.

    Looked up by 16 of their bits; sorted only where two hashes have the same ones, of whichever are tried.
    """
    for shift in (48, 32, 16):
        slot = (hashes >> np.uint64(shift)).astype(np.uint16).astype(np.intp)
        first = np.full(1 << 16, -1, np.intp)
        first[slot[::-1]] = np.arange(len(hashes) - 1, -1, -1)
        if (hashes[first[slot]] == hashes).all():
            used = np.flatnonzero(first >= 0)
            number = np.zeros(1 << 16, np.intp)
            number[used] = np.arange(len(used))
            return first[used], number[slot]
    _, places, inverse = np.unique(hashes, return_index=True, return_inverse=True)
    return places, inverse
