"""Parts of a JSON text with the bytes where they stand, found without building objects of what lies between.

A well-formed container is split by msgspec into views of its elements; where one begins is told by those before it, or, in an object, by
its address. What is broken or cut off is walked by a small scanner, so that what is whole in it is still read.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_STRING = re.compile(STRING, re.DOTALL)
_MARKS = re.compile(STRING + rb'|["\[\]{}]', re.DOTALL)
_SCALAR = re.compile(rb'[^\s,:\[\]{}"]++')
_SPACE = re.compile(rb"[\s,\x1e]*+")
_COLON = re.compile(rb"\s*+:\s*+")
_OBJECT = re.compile(rb"\n\{")
_LINE = re.compile(rb"[^\n]*+")
_OPENING, _CLOSING = b"[{", b"]}"

_LOOK_AHEAD = 64

_list = msgspec.json.Decoder(list[msgspec.Raw])
_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_any = msgspec.json.Decoder(msgspec.Raw)
MALFORMED = (msgspec.MsgspecError, ValueError, RecursionError)
"""What a decoder says to bytes that are not what it was made for; bytes that are no UTF-8 are a ValueError."""


class Piece(NamedTuple):
    """A part of a JSON text: its place, its bytes, and what is wrong with it ("" for nothing)."""

    offset: int
    length: int
    raw: memoryview
    broken: str = ""

    @property
    def sign(self) -> bytes:
        """The first byte, which says what it is."""
        return bytes(self.raw[:1])


def pieces(data: bytes | memoryview, *path: str) -> Iterator[Piece]:
    """The parts of a JSON text, or of several, that stand at a path of keys, with `*` for the elements of a list."""
    for document in documents(data):
        yield from within(document, *path)


def documents(data: bytes | memoryview) -> Iterator[Piece]:
    """The values of a text one after the other: mostly one, or one a line."""
    view = memoryview(data)
    at, spans_lines = 3 if bytes(view[:3]) == b"\xef\xbb\xbf" else 0, True
    first = _SPACE.match(view, at)
    at = first.end() if first else at
    if at < len(view) and view[at] in _OPENING and (whole := _valid(view[at:])) is not None:
        yield Piece(at, whole, view[at : at + whole])
        return
    while at < len(view):
        piece, spans_lines = _next(view, at, spans_lines)
        yield piece
        space = _SPACE.match(view, piece.offset + piece.length)
        at = space.end() if space else len(view)


def _next(view: memoryview, at: int, spans_lines: bool) -> tuple[Piece, bool]:
    """The value at a byte, and whether values may go over several lines, which is asked until one has no end."""
    line = _end(_LINE, view, at)
    if view[at] in _OPENING and (length := _valid(view[at:line])) is not None:
        return Piece(at, length, view[at : at + length]), spans_lines
    if spans_lines and view[at] in _OPENING:
        end = end_of(view, at)
        if end > 0 and (_valid(view[at:end]) is not None or not _one_a_line(view, line)):
            return Piece(at, end - at, view[at:end]), True
        if view[at] == _OPENING[0] or not _one_a_line(view, line):
            return Piece(at, len(view) - at, view[at:], "it breaks off"), False
    return Piece(at, line - at, view[at:line], "not JSON"), False


def _one_a_line(view: memoryview, line: int) -> bool:
    """Whether behind the end of a line an object begins a line and ends with it, so that what broke off before was one line."""
    lines = islice(_OBJECT.finditer(view, line), _LOOK_AHEAD)
    return any(_valid(view[begun.end() - 1 : _end(_LINE, view, begun.end())]) is not None for begun in lines)


def _valid(view: memoryview) -> int | None:
    """The length of the value that a text is, without the space behind it; None where it is not one value."""
    try:
        return len(memoryview(_any.decode(view)))
    except MALFORMED:
        return None


def within(piece: Piece, *path: str) -> Iterator[Piece]:
    """The parts of a part."""
    if not path:
        yield piece
        return
    for child in _elements(piece) if path[0] == "*" else _values(piece, path[0]):
        yield from within(child, *path[1:])


def _elements(piece: Piece) -> Iterator[Piece]:
    if piece.sign != b"[":
        return
    try:
        views = _list.decode(piece.raw)
    except MALFORMED:
        yield from (one for _, one in scanned(piece))
        return
    at = 1
    for one in views:
        raw = memoryview(one)
        at = _end(_SPACE, piece.raw, at)
        yield Piece(piece.offset + at, len(raw), raw)
        at += len(raw)


def _values(piece: Piece, key: str) -> Iterator[Piece]:
    found = members(piece).get(key)
    if found is not None:
        yield found


def members(piece: Piece) -> dict[str, Piece]:
    """The values of an object by their keys; of a key that is there twice, the last."""
    if piece.sign != b"{":
        return {}
    try:
        found = {key: memoryview(raw) for key, raw in _object.decode(piece.raw).items()}
        starts = {key: _address(raw) - _address(piece.raw) for key, raw in found.items()}
    except MALFORMED:
        return {key: one for key, one in scanned(piece) if key is not None}
    if any(not 0 <= at <= len(piece.raw) - len(found[key]) for key, at in starts.items()):
        return {key: one for key, one in scanned(piece) if key is not None}
    return {key: Piece(piece.offset + starts[key], len(raw), raw) for key, raw in found.items()}


def _address(raw: memoryview) -> int:
    return int(np.frombuffer(raw, np.uint8).__array_interface__["data"][0])


def scanned(piece: Piece) -> Iterator[tuple[str | None, Piece]]:
    """The elements of a list, or keys and values of an object, as far as they are whole; what is not is the last and says so."""
    raw, at, is_object = piece.raw, 1, piece.sign == b"{"
    while (at := _end(_SPACE, raw, at)) < len(raw):
        if raw[at] in _CLOSING:
            return
        key = None
        if is_object:
            name = _STRING.match(raw, at)
            colon = _COLON.match(raw, name.end()) if name else None
            if name is None or colon is None:
                yield None, _rest(piece, at, "no key and value")
                return
            key, at = _text(name[0]), colon.end()
        end = end_of(raw, at)
        if end < 0:
            yield key, _rest(piece, at, "it breaks off")
            return
        yield key, Piece(piece.offset + at, end - at, raw[at:end])
        at = end
    yield None, _rest(piece, len(raw), "it breaks off")


def _rest(piece: Piece, at: int, why: str) -> Piece:
    return Piece(piece.offset + at, len(piece.raw) - at, piece.raw[at:], why)


def _text(raw: bytes) -> str:
    try:
        return str(msgspec.json.decode(raw))
    except MALFORMED:
        return raw[1:-1].decode("utf-8", "replace")


def end_of(view: memoryview, at: int) -> int:
    """Where the value that begins at a byte ends, -1 where it does not; brackets are only counted."""
    if at >= len(view):
        return -1
    if view[at] not in _OPENING:
        found = _STRING.match(view, at) if view[at] == ord('"') else _SCALAR.match(view, at)
        return found.end() if found else -1
    depth = 0
    for mark in _MARKS.finditer(view, at):
        sign = view[mark.start()]
        if sign in _OPENING:
            depth += 1
        elif sign in _CLOSING:
            depth -= 1
            if not depth:
                return mark.end()
        elif mark.end() == mark.start() + 1:
            return -1
    return -1


def _end(pattern: re.Pattern[bytes], view: memoryview, at: int) -> int:
    found = pattern.match(view, at)
    return found.end() if found else at
