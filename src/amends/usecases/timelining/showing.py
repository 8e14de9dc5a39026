"""An entry in its place: its bytes, and the lines before and behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.integrations.evidence.places import opened

if TYPE_CHECKING:
    from amends.store.evidence.parts import Row
    from amends.usecases.timelining.index import Evidence

NEAR = 4096
"""Bytes around an entry in which its neighbours are looked for."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The bytes of an entry in their place."""

    source: Evidence
    offset: int
    before: bytes
    itself: bytes
    after: bytes


def shown(source: Evidence, row: Row, lines: int) -> Shown:
    """An entry, with so many lines on either side. Raises OSError when its source cannot be read."""
    start = max(0, row.offset - NEAR)
    with opened(source.path) as file:
        window = file.read(start, row.offset + row.length + NEAR)
    return Shown(source, row.offset, *parted(window, row.offset - start, row.length, lines))


def parted(window: bytes, at: int, length: int, lines: int) -> tuple[bytes, bytes, bytes]:
    """Of bytes around an entry that begins at one of them: so many lines before it, itself, and so many behind it."""
    before = window[:at].splitlines(keepends=True)[-lines:]
    after = window[at + length :].lstrip(b"\r\n").splitlines(keepends=True)[:lines]
    return b"".join(before), window[at : at + length], b"".join(after)
