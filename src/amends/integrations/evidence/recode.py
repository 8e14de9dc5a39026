"""UTF-16 and UTF-32 as UTF-8, while they are read: readers of lines know one encoding, and offsets count in what they were given."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from amends.integrations.evidence.streams import BLOCK, ByteStream

if TYPE_CHECKING:
    import io

    from amends.integrations.evidence.limits import Teller


class Recoded(ByteStream):
    """A stream as UTF-8 without its byte order mark. What is not valid becomes U+FFFD, and is told; the result is the same each time."""

    def __init__(self, source: io.RawIOBase, encoding: str, name: str, teller: Teller) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._encoding = encoding
        self._name = name
        self._teller = teller
        self._out = memoryview(b"")
        self._given = 0
        self._ended = False

    def _release(self) -> None:
        self._source.close()

    def _fill(self, buffer: memoryview) -> int:
        while not self._out and not self._ended:
            data = self._source.read(BLOCK) or b""
            self._ended = not data
            text = self._decoder.decode(data, self._ended)
            self._out = memoryview(text.encode("utf-8", "replace"))
            if "\ufffd" in text:
                self._tell(text)
        size = min(len(buffer), len(self._out))
        buffer[:size] = self._out[:size]
        self._out = self._out[size:]
        self._given += size
        return size

    def _tell(self, text: str) -> None:
        at = self._given + len(text[: text.index("\ufffd")].encode())
        self._teller.tell(
            "bad-encoding",
            f"not valid {self._encoding.upper()} everywhere: what is not stands as U+FFFD, first at byte {at:,} of the UTF-8 copy",
            self._name,
            offset=at,
        )
