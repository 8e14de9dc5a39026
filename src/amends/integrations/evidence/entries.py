"""What an archive says of the things in it."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One thing in an archive.

    `start` is where its bytes, or in a zip its own header, begin; `packed` how many there are; `size` how many they unpack to; `packing`
    how they are packed. `trouble` is why it cannot be read, as code and message; None where it can.
    """

    name: str
    start: int
    packed: int
    size: int
    packing: str = "stored"
    crc: int | None = None
    modified_at: int | None = None
    trouble: tuple[str, str] | None = None
