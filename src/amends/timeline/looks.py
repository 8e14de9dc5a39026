"""What every line of a format must look like, found in its pattern: a test that costs little, and that spares compiling the pattern.

Most patterns say bytes that must stand in a line, such as the marks between the numbers of its time. They are looked for in the line with
all its digits made zeros, each behind the one before. A line without them cannot match; one that has them still may not.
"""

from __future__ import annotations

import re
from functools import cache
from re import _constants as op  # type: ignore[attr-defined]  # how the standard library reads a pattern; only asked when the index is built
from re import _parser  # type: ignore[attr-defined]  # as the line above: only asked when the index is built
from typing import Any

ANYTHING = (1 << 256) - 1
_BLANK = bytes(48 if 48 <= byte <= 57 else byte for byte in range(256))
_CATEGORIES = {op.CATEGORY_DIGIT: rb"\d", op.CATEGORY_SPACE: rb"\s", op.CATEGORY_WORD: rb"\w"}
_CATEGORIES |= {op.CATEGORY_NOT_DIGIT: rb"\D", op.CATEGORY_NOT_SPACE: rb"\S", op.CATEGORY_NOT_WORD: rb"\W"}
_LONGEST = 64
"""Pieces of a repetition that are followed; behind that anything may stand."""

Pieces = list[int | None]
"""For each byte of a match the bits of the bytes that may stand there, digits as zeros; None where any number of any bytes may."""
Look = tuple[bytes, tuple[tuple[int, bytes], ...]]
"""The bytes by which a line may begin, and the runs of bytes that it must hold in that order, each with its place, -1 for anywhere."""


def look_of(pattern: bytes) -> Look:
    """What a line, its digits made zeros, must look like for a pattern to match at its start (`formats.Format`)."""
    tree = _parser.parse(pattern)
    case = not tree.state.flags & re.IGNORECASE
    first, empty = _first(tree, case=case)
    begins = bytes(byte for byte in range(256) if (ANYTHING if empty else first) >> byte & 1)
    return begins, tuple(_runs(_pieces(tree, case=case)))


def _runs(pieces: Pieces) -> list[tuple[int, bytes]]:
    """The longest runs of bytes that are certain, with their places as long as all before them is of fixed length."""
    found: list[tuple[int, bytes]] = []
    run, start, fixed = b"", 0, True
    for place, piece in enumerate([*pieces, None]):
        certain = piece is not None and piece.bit_count() == 1
        if certain and piece is not None:
            start = start if run else place
            run += bytes([piece.bit_length() - 1])
            continue
        if run:
            found.append((start if fixed else -1, run))
            run = b""
        fixed = fixed and piece is not None
    return found


def _pieces(tree: Any, *, case: bool) -> Pieces:
    """The bytes of a match of a pattern, from the tree that the standard library makes of it; `case` says whether capitals matter."""
    found: Pieces = []
    for kind, value in tree:
        if kind in (op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY):
            found.append(_bits(kind, value, case=case))
        elif kind is op.SUBPATTERN:
            found += _pieces(value[3], case=case and not value[1] & re.IGNORECASE)
        elif kind is op.ATOMIC_GROUP:
            found += _pieces(value, case=case)
        elif kind is op.BRANCH:
            found += _either([_pieces(one, case=case) for one in value[1]])
        elif kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            least, most, body = value
            once = _pieces(body, case=case)
            found += once * min(least, _LONGEST)
            found += [None] if most > least or least > _LONGEST else []
        elif kind not in (op.ASSERT, op.ASSERT_NOT, op.AT):  # these take no bytes
            found.append(None)
    return found


def _either(ways: list[Pieces]) -> Pieces:
    """What several ways have in common: byte for byte where all are of one length, else nothing."""
    if len({len(way) for way in ways}) > 1 or any(piece is None for way in ways for piece in way):
        return [None]
    found: Pieces = []
    for at in range(len(ways[0])):
        bits = 0
        for way in ways:
            bits |= way[at] or 0
        found.append(bits)
    return found


def _first(tree: Any, *, case: bool) -> tuple[int, bool]:
    """The bits of the bytes by which a match may begin, and whether it may be empty."""
    found = 0
    for kind, value in tree:
        if kind in (op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY):
            return found | _bits(kind, value, case=case), False
        if kind in (op.ASSERT, op.ASSERT_NOT, op.AT):
            continue
        if kind is op.SUBPATTERN:
            ways, least = [_first(value[3], case=case and not value[1] & re.IGNORECASE)], 1
        elif kind is op.ATOMIC_GROUP:
            ways, least = [_first(value, case=case)], 1
        elif kind is op.BRANCH:
            ways, least = [_first(one, case=case) for one in value[1]], 1
        elif kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            ways, least = [_first(value[2], case=case)], value[0]
        else:
            return ANYTHING, True
        for bits, _ in ways:
            found |= bits
        if least and not any(empty for _, empty in ways):
            return found, False
    return found, True


def _bits(kind: Any, value: Any, *, case: bool) -> int:
    """The bits of the bytes that one place of a pattern takes, digits as zeros."""
    if kind is op.ANY:
        return ANYTHING
    parts = tuple(value) if kind is op.IN else ((op.LITERAL, value),)
    return _bits_of(parts, case=case, but=kind is op.NOT_LITERAL or (op.NEGATE, None) in parts)


@cache
def _bits_of(parts: tuple[Any, ...], *, case: bool, but: bool) -> int:
    taken: set[int] = set()
    for part, what in parts:
        if part is op.LITERAL:
            taken.add(what)
        elif part is op.RANGE:
            taken |= set(range(what[0], what[1] + 1))
        elif part is op.CATEGORY:
            taken |= {byte for byte in range(256) if re.match(_CATEGORIES[what], bytes([byte]))}
    if not case:
        taken |= {ord(other) for byte in taken if (other := chr(byte).swapcase()).isascii()}
    bits = 0
    for byte in set(range(256)) - taken if but else taken:
        bits |= 1 << _BLANK[byte]
    return bits
