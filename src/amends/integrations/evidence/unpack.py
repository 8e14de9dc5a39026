"""The unpacked bytes of something packed, as a stream: bounded in memory and in length, and honest about where the packing breaks off."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from amends.integrations.evidence.coders import CODERS, Coder, errors
from amends.integrations.evidence.kinds import PACKINGS, packing_of
from amends.integrations.evidence.streams import BLOCK, ByteStream

if TYPE_CHECKING:
    import io
    from collections.abc import Callable

    from amends.integrations.evidence.limits import Budget

_errors = cache(errors)
_MARK = 10  # bytes by which a packing is known
_HINT = "ask for the file again, or read what is there as a part of it"


@dataclass(frozen=True, slots=True)
class Promised:
    """What an archive says of a member: its unpacked size and its checksum."""

    size: int
    crc: int


class Unpacked(ByteStream):
    """The unpacked bytes of a stream.

    A packing may follow another, as `cat a.gz b.gz` makes them. Where the packed bytes end too early or are wrong, the stream ends
    with what was whole, and a problem is told. `consumed` and `given` count packed and unpacked bytes.
    """

    def __init__(
        self, source: io.RawIOBase, packing: str, name: str, budget: Budget, promised: Promised | None = None, several: bool = False
    ) -> None:
        self._source = source
        self._packing = packing
        self._name = name
        self._budget = budget
        self._promised = promised
        self._several = several
        self._coder: Coder = CODERS[packing]()
        self._held = b""
        self._done = False
        self._whole = False
        self._crc = 0
        self.consumed = 0
        self.given = 0

    def _release(self) -> None:
        self._source.close()

    def _fill(self, buffer: memoryview) -> int:
        out = b""
        while len(buffer) and not out and not self._done:
            out = self._step(len(buffer))
        self.given += len(out)
        if out and not self._budget.take(self._name, self.given):
            self._done, self._whole = True, False
            return 0
        if self._promised is not None:
            self._crc = zlib.crc32(out, self._crc)
        if self._whole:
            self._whole = False
            self._check(self._promised)
        buffer[: len(out)] = out
        return len(out)

    def _step(self, room: int) -> bytes:
        data = b""
        starved = False
        try:
            if self._coder.needs_input:
                data = self._held or self._source.read(BLOCK) or b""
                self._held = b""
                self.consumed += len(data)
                starved = not data
            out = b"" if starved and self._packing == "stored" else self._coder.decompress(data, room)
        except _errors() as error:
            self._damaged(error)
            return b""
        if self._coder.eof:
            self._next_packing(self._coder.unused_data)
        elif starved and not out:
            self._end()
        return out

    def _damaged(self, error: Exception) -> None:
        self._done = True
        self._tell("archive-damaged", f"the packed bytes are wrong near byte {self.consumed:,} ({_said(error)}); what was whole is read")

    def _end(self) -> None:
        """The packed bytes came to an end; is it their own?"""
        self._done = True
        if self._packing != "stored":
            self._tell("archive-truncated", f"breaks off at byte {self.consumed:,} of the packed bytes; what was whole is read")
        else:
            self._whole = True

    def _next_packing(self, rest: bytes) -> None:
        """One packing has come to its end: either that was all, or another follows."""
        self.consumed -= len(rest)
        if not self._several:
            self._done = self._whole = True
            return
        while len(rest := rest.lstrip(b"\0")) < _MARK and (more := self._source.read(BLOCK)):
            self.consumed += len(more)
            rest += more
        if packing_of(rest) == self._packing:
            self._coder = CODERS[self._packing]()
            self._held = rest
            return
        self._done = True
        if rest:
            self._tell("trailing-bytes", f"bytes that are not packed follow behind byte {self.consumed:,}; they are left out")

    def _check(self, promised: Promised | None) -> None:
        if promised is not None and (promised.size, promised.crc) != (self.given, self._crc):
            self._tell("archive-damaged", "the unpacked bytes are not those that were packed: their size or checksum differs")

    def _tell(self, code: str, message: str) -> None:
        self._budget.teller.tell(code, message, self._name, _HINT, self.given)


def _said(error: Exception) -> str:
    return str(error).partition(":")[2].strip() or str(error) or type(error).__name__


def unpacked(source: Callable[[], io.RawIOBase], packing: str, name: str, budget: Budget) -> Callable[[], io.RawIOBase]:
    """What gives the unpacked bytes of a packed stream, each time anew."""
    assert packing in PACKINGS, packing

    def again() -> io.RawIOBase:
        return Unpacked(source(), packing, name, budget, several=True)

    return again
