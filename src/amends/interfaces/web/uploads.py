"""Takes a form with files apart while it comes (RFC 7578), so that a file of any size passes through without being held in memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from starlette.concurrency import run_in_threadpool

from amends.core.errors import AmendsError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request

MOST_FILES = 200
"""Files of one form; what has more is handed over as an archive."""

_HEAD_BYTES = 8_192
_WRITE_BYTES = 1 << 20
"""How much of a file is gathered before a thread writes it."""

_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;,"]{1,70}))', re.IGNORECASE)
_NAME = re.compile(r'[;\s]name="([^"]*)"', re.IGNORECASE)
_FILE_NAME = re.compile(r'[;\s]filename="([^"]*)"', re.IGNORECASE)
_BROKEN = "the form cannot be read: it breaks off, or is no form with files"


class Sink(Protocol):
    """Where the bytes of a file go."""

    def write(self, data: bytes) -> None:
        """The next bytes."""

    def done(self) -> object:
        """All of it came."""

    def abandon(self) -> None:
        """The rest will not come."""


class Parts:
    """The parts of a body, as it is fed: a name where a part begins ("" for a field that is no file), its bytes, None where it ends."""

    def __init__(self, boundary: bytes) -> None:
        self._delimiter = b"\r\n--" + boundary
        self._left = b"\r\n"
        self._in_part = False
        self.is_over = False

    def feed(self, data: bytes) -> Iterator[str | bytes | None]:
        """What the next bytes bring. Raises InputError for what is no form with files."""
        self._left += data
        while not self.is_over:
            found = self._left.find(self._delimiter)
            if found < 0:
                safe = max(0, len(self._left) - len(self._delimiter))
                if self._in_part and safe:
                    yield self._left[:safe]
                self._left = self._left[safe:]
                return
            head = self._head(found + len(self._delimiter))
            if head is None:
                return
            if self._in_part:
                if found:
                    yield self._left[:found]
                yield None
                self._in_part = False
            name, behind = head
            self._left = self._left[behind:]
            if name is None:
                self.is_over = True
                return
            self._in_part = True
            yield name

    def _head(self, at: int) -> tuple[str | None, int] | None:
        """The file name of the part that begins at a place, None for the end of all, and where its bytes begin; None until all came."""
        after = self._left[at : at + 2]
        if after == b"--":
            return None, at + 2
        end = self._left.find(b"\r\n\r\n", at)
        if (len(after) == 2 and after != b"\r\n") or (end < 0 and len(self._left) - at > _HEAD_BYTES) or end - at > _HEAD_BYTES:
            raise InputError(_BROKEN, hint="go back and send it again")
        if end < 0:
            return None
        head = self._left[at:end].decode("utf-8", "replace")
        named = _FILE_NAME.search(head) if _NAME.search(head) else None
        name = named[1].replace("%22", '"').replace("%0D", " ").replace("%0A", " ") if named else ""
        return name, end + 4


async def read_files(request: Request, begin: Callable[[str], Sink]) -> list[object]:
    """Hand each file of a form to a sink of its own; what the sinks made of them.

    Raises InputError for a body that is no form with files, and what the sinks raise; files before that are kept, the one in hand is not.
    The rest of the body is read all the same: a browser shows the answer only when it has sent everything.
    """
    found = _BOUNDARY.search(request.headers.get("content-type", ""))
    if found is None:
        raise InputError(_BROKEN, hint="go back and send it again")
    taker = _Taker(Parts((found[1] or found[2]).encode("latin-1")), begin)
    trouble: AmendsError | None = None
    try:
        async for data in request.stream():
            if trouble is None:
                try:
                    await taker.take(data)
                except AmendsError as error:
                    trouble = error
                    await taker.abandon()
    except BaseException:
        await taker.abandon()
        raise
    if trouble is None and not taker.parts.is_over:
        await taker.abandon()
        trouble = InputError(_BROKEN, hint="go back and send it again")
    if trouble is not None:
        raise trouble
    return taker.made


class _Taker:
    """Gives the parts to their sinks."""

    def __init__(self, parts: Parts, begin: Callable[[str], Sink]) -> None:
        self.parts = parts
        self.made: list[object] = []
        self._begin = begin
        self._sink: Sink | None = None
        self._gathered = bytearray()

    async def take(self, data: bytes) -> None:
        for part in self.parts.feed(data):
            if isinstance(part, str):
                await self._start(part)
            elif part is None:
                await self._finish()
            elif self._sink is not None:
                self._gathered += part
                if len(self._gathered) >= _WRITE_BYTES:
                    await self._flush(self._sink)

    async def abandon(self) -> None:
        if self._sink is not None:
            await run_in_threadpool(self._sink.abandon)
        self._sink = None

    async def _start(self, name: str) -> None:
        if not name:
            return
        if len(self.made) == MOST_FILES:
            raise InputError(f"more than {MOST_FILES} files at once", hint="put them into one archive")
        self._sink = await run_in_threadpool(self._begin, name)

    async def _finish(self) -> None:
        sink = self._sink
        if sink is not None:
            await self._flush(sink)
            self._sink = None
            self.made.append(await run_in_threadpool(sink.done))

    async def _flush(self, sink: Sink) -> None:
        data = bytes(self._gathered)
        self._gathered.clear()
        await run_in_threadpool(sink.write, data)
