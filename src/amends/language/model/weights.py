"""The file of the network: `model.bin`, made by `training/train.py` and mapped into memory when the first sentence is judged.

    magic | size of the head (4 bytes) | head (marshal) | keys | places | rows

A feature's row is found by the CRC-32 of its name in an open-addressed table: `keys` holds the checksums (0 where free), `places`
the number of the row. A row is one byte per lane, 128 more than the weight; the lanes are the hidden units and then the labels.
Sums of rows are made as one long integer of 32-bit lanes, so that a row is added in one operation
(measured against tuples and arrays in docs/decisions/0010).
"""

from __future__ import annotations

import marshal
import sys
from zlib import crc32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

MAGIC = f"amends-model-1-{sys.byteorder}\n".encode()
_HEAD = len(MAGIC) + 4
_ZERO = 128
LANE = 32
"""Bits of a lane in a sum: room for 2²⁴ rows, more than any text has words."""


class Weights:
    """The mapped file: rows by the name of a feature.

    `head` holds what else the network needs: `labels`, `hidden` (the number of hidden units), `bias`, `out`, `scale`, `offset`,
    `calibration` (slope and offset of each confidence) and `least` (the log-odds from which each label is told).
    """

    __slots__ = ("_keys", "_places", "_rows", "_zero", "head", "lanes")

    def __init__(self, data: Any) -> None:
        """Take a mapped file, or the bytes of one.

        Raises:
            ValueError: the bytes are not those of a model of this make.
        """
        view = memoryview(data)
        if bytes(view[: len(MAGIC)]) != MAGIC:
            raise ValueError("not a model of this version of Amends, or made for another kind of processor: train it anew")
        size = int.from_bytes(view[len(MAGIC) : _HEAD], sys.byteorder)
        self.head: dict[str, Any] = marshal.loads(view[_HEAD : _HEAD + size])  # noqa: S302 - the package's own file
        slots = self.head["slots"]
        at = _HEAD + size
        self._keys = view[at : at + 4 * slots].cast("I")
        self._places = view[at + 4 * slots : at + 6 * slots].cast("H")
        self._rows = view[at + 6 * slots :]
        self.lanes: int = self.head["hidden"] + len(self.head["labels"])
        self._zero = int.from_bytes(_widened(bytes([_ZERO]) * self.lanes), "little")

    def row(self, name: str) -> int:
        """The weights of a feature as one integer of `LANE`-bit lanes, to be added to others; 0 for a feature that has none."""
        key = crc32(name.encode()) or 1
        slots = len(self._keys)
        slot = key % slots
        while (found := self._keys[slot]) != key:
            if not found:
                return 0
            slot = (slot + 1) % slots
        start = self._places[slot] * self.lanes
        return int.from_bytes(_widened(self._rows[start : start + self.lanes]), "little") - self._zero


def _widened(row: bytes | memoryview) -> bytearray:
    """Each byte as the lowest of its lane."""
    wide = bytearray(LANE // 8 * len(row))
    wide[:: LANE // 8] = row
    return wide


def pack(head: dict[str, Any], rows: dict[str, Sequence[int]]) -> bytes:
    """The bytes of a model; each row has one weight from -127 to 127 per lane.

    Raises:
        ValueError: two names share a checksum; leave the rarer one out.
    """
    from array import array  # only when a model is made

    slots = 1 << (2 * len(rows)).bit_length()
    keys, places = array("I", bytes(4 * slots)), array("H", bytes(2 * slots))
    for place, name in enumerate(rows):
        key = crc32(name.encode()) or 1
        slot = key % slots
        while keys[slot]:
            if keys[slot] == key:
                raise ValueError(f"another feature has the checksum of {name!r}")
            slot = (slot + 1) % slots
        keys[slot], places[slot] = key, place
    begin = marshal.dumps({**head, "slots": slots}, 2)
    begin += bytes(-(_HEAD + len(begin)) % 4)  # the keys are read as whole words
    body = b"".join(bytes(weight + _ZERO for weight in row) for row in rows.values())
    return MAGIC + len(begin).to_bytes(4, sys.byteorder) + begin + keys.tobytes() + places.tobytes() + body
