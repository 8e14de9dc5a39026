"""Which rules could find anything in which of many texts, asked of all their bytes at once.

Nearly all lines of a log hold nothing to redact, so this is where the time goes. A sign is a short literal such as `passw`; its first four
bytes are looked up as two pairs in one table for all signs: a byte costs one look-up, whatever the number of signs. What is no literal
(digits in the form of a card or an account number, a password in an address) is told by comparing whole blocks. What passes is only a
candidate; nothing that a rule would find is held back.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Mask = NDArray[np.bool_]

CARD, ACCOUNT, LOGIN, ADDRESS = "<digits of a card>", "<an account>", "<scheme and @>", "<an address>"
"""Signs that are no literals: a shape that is told by comparing bytes."""

_BLOCK = 1 << 17  # bytes looked at together; the arrays of one block stay in the cache of a core
_BITS = 32
_LONGEST_SIGN = 24
_ALNUM = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_PLACES = {"^": bytes(set(range(256)) - _ALNUM), "#": b"0123456789", "*": bytes(range(256))}


@lru_cache(maxsize=8)
def sieve_of(signs: tuple[tuple[str, ...], ...]) -> Sieve:
    """The sieve for rules with these signs. It is kept, because making its table takes longer than reading a page with it."""
    return Sieve(signs)


class Sieve:
    """Tells which signs texts have: literals in any case, with `^` for "no letter or digit", `#` for a digit, `*` for any byte, and shapes.

    `signs` are those of each rule; rules are known by their number.
    """

    def __init__(self, signs: Iterable[Sequence[str]]) -> None:
        self._table = np.zeros(1 << 16, np.uint64)
        self._by_head: dict[bytes, list[tuple[bytes, int]]] = defaultdict(list)
        self._by_middle: dict[bytes, list[tuple[tuple[bytes, ...], int]]] = defaultdict(list)
        self._shapes: dict[str, list[int]] = defaultdict(list)
        bits: dict[str, int] = {}
        for rule, some in enumerate(signs):
            for sign in some:
                if sign.startswith("<"):
                    self._shapes[sign].append(rule)
                else:
                    head = sign.ljust(4, "*")[:4].lower()
                    self._learn(sign.lower(), rule, bits.setdefault(head, len(bits) % _BITS))

    def _learn(self, sign: str, rule: int, bit: int) -> None:
        """One table has both halves: the first pair of bytes in the low bits, the second in the high ones."""
        classes = tuple(_PLACES.get(one) or (one.lower() + one.upper()).encode() for one in sign)
        padded = (*classes, *[_PLACES["*"]] * (4 - len(classes)))
        for half, pair in enumerate((padded[:2], padded[2:4])):
            for low, high in product(*pair):
                self._table[low | high << 8] |= np.uint64(1 << (bit + _BITS * half))
        if len(sign) >= 4 and not set(sign) & set(_PLACES):
            self._by_head[sign[:4].encode()].append((sign.encode(), rule))
        else:
            for middle in product(padded[1], padded[2]):
                self._by_middle[bytes(middle)].append((classes, rule))

    def candidates(self, texts: Sequence[str]) -> defaultdict[int, set[int]]:
        """For the numbers of the texts that have signs, the rules that are to be asked."""
        found: defaultdict[int, set[int]] = defaultdict(set)
        pieces: list[bytes] = []
        first = size = 0
        for number, text in enumerate(texts):
            piece = text.encode("utf-8", "surrogatepass")
            pieces.append(piece)
            size += len(piece) + 1
            if size >= _BLOCK:
                self._block(pieces, first, found)
                pieces, first, size = [], number + 1, 0
        if pieces:
            self._block(pieces, first, found)
        return found

    def _block(self, pieces: list[bytes], first: int, found: dict[int, set[int]]) -> None:
        """Candidates among pieces that are laid out one behind the other, a line feed before each."""
        raw = b"\n" + b"\n".join(pieces) + b"\n\n\n\n"
        data = np.frombuffer(raw, np.uint8)
        starts = np.zeros(len(pieces), np.int64)
        starts[1:] = np.cumsum([len(piece) + 1 for piece in pieces[:-1]], dtype=np.int64)
        places = self._with_signs(data)
        for place, piece in zip(places.tolist(), _piece_of(starts, places), strict=True):
            rules = self._rules_at(raw, place)
            if rules:
                found[first + piece].update(rules)
        for shape, rules in self._shapes.items():
            for piece in _SHAPES[shape](data, starts):
                found[first + piece].update(rules)

    def _with_signs(self, data: Bytes) -> NDArray[np.intp]:
        """Where four bytes stand that may be the head of a sign."""
        found = []
        for parity in (0, 1):
            pairs = data[parity : parity + (len(data) - parity) // 2 * 2].view("<u2")
            looked_up = self._table.take(pairs)
            found.append(np.flatnonzero(looked_up[:-1] & (looked_up[1:] >> np.uint64(_BITS))) * 2 + parity)
        return np.concatenate(found)

    def _rules_at(self, raw: bytes, place: int) -> list[int]:
        """The rules of the signs that stand at a place in full."""
        rules = []
        if literal := self._by_head.get(raw[place : place + 4].lower()):
            lowered = raw[place : place + _LONGEST_SIGN].lower()
            rules += [rule for sign, rule in literal if lowered.startswith(sign)]
        for classes, rule in self._by_middle.get(raw[place + 1 : place + 3], ()):
            if all(one in some for one, some in zip(raw[place : place + len(classes)], classes, strict=False)):
                rules.append(rule)
        return rules


def _piece_of(starts: NDArray[np.int64], places: NDArray[np.intp]) -> list[int]:
    return list((np.searchsorted(starts, places, "right") - 1).tolist())


def _later(mask: Mask, by: int) -> Mask:
    """What stands so many bytes later."""
    moved = np.zeros_like(mask)
    moved[:-by] = mask[by:]
    return moved


def _run(mask: Mask, length: int) -> Mask:
    """Where a run of so many begins, a power of two; false where it would end outside."""
    done = 1
    while done < length:
        mask = mask & _later(mask, done)
        done *= 2
    return mask


def _earlier(mask: Mask) -> Mask:
    """What stands one byte before."""
    moved = np.zeros_like(mask)
    moved[1:] = mask[:-1]
    return moved


def _digits(data: Bytes) -> Mask:
    return np.asarray((data - np.uint8(48)) < 10, np.bool_)


def _gaps(data: Bytes) -> Mask:
    return np.asarray((data == 32) | (data == 45), np.bool_)


def _cards(data: Bytes, starts: NDArray[np.int64]) -> list[int]:
    """14 to 16 digits in a row, or groups of 4-4-4-4 or 4-6-4."""
    digit = _digits(data)
    four = _run(digit, 4)
    eight = four & _later(four, 4)
    issued = ((data - np.uint8(50)) < 5) & ~_earlier(digit)  # cards begin with 2 to 6
    begins = np.flatnonzero(eight & issued)
    rows = begins[four[np.minimum(begins + 8, len(data) - 1)]]
    grouped = np.flatnonzero(four & issued & _later(_gaps(data) & _later(four, 1), 4))
    grouped = grouped[digit[np.minimum(grouped + 10, len(data) - 1)]]
    return _piece_of(starts, np.concatenate([rows[_ends_in_time(digit, rows)], grouped]))


def _ends_in_time(digit: Mask, rows: NDArray[np.intp]) -> Mask:
    """Whether no more than 16 digits stand from a place on, and no fewer than 14."""
    last = len(digit) - 1
    ends: Mask = digit[np.minimum(rows + 12, last)] & digit[np.minimum(rows + 13, last)] & ~digit[np.minimum(rows + 16, last)]
    return ends


def _accounts(data: Bytes, starts: NDArray[np.int64]) -> list[int]:
    """Two capitals, two digits, and capitals and digits in a row or in groups of four."""
    digit = _digits(data)
    capital = (data - np.uint8(65)) < 26
    places = np.flatnonzero(capital & _later(capital & _later(digit & _later(digit, 1), 1), 1))
    either, gap, last = digit | capital, _gaps(data), len(data) - 1
    row = either[np.minimum(places + 4, last)] & either[np.minimum(places + 9, last)]
    groups = gap[np.minimum(places + 4, last)] & gap[np.minimum(places + 9, last)]
    return _piece_of(starts, places[row | groups])


def _logins(data: Bytes, starts: NDArray[np.int64]) -> list[int]:
    """Pieces that have both `://` and `@`."""
    at = np.flatnonzero(data == 64)
    if not len(at):
        return []
    slashes = data == 47
    scheme = np.flatnonzero((data == 58) & _later(slashes & _later(slashes, 1), 1))
    return sorted(set(_piece_of(starts, scheme)) & set(_piece_of(starts, at)))


def _addresses(data: Bytes, starts: NDArray[np.int64]) -> list[int]:
    """Where an e-mail address, an address of the internet or a telephone number may be."""
    digit = _digits(data)
    colon = data == 58
    hexadecimal = digit | (((data | np.uint8(32)) - np.uint8(97)) < 6)
    dotted = digit & _later((data == 46) & _later(digit, 1), 1)
    sixth = colon & (_later(colon, 1) | _later(hexadecimal & _later(hexadecimal & _later(hexadecimal, 1), 1), 1))
    dialled = ((data == 43) | (data == 40)) & _later(digit, 1)
    grouped = digit & _later((data == 45) & _later(digit & _later(digit & _later(digit, 1), 1), 1), 1)
    return _piece_of(starts, np.flatnonzero(dotted | sixth | dialled | grouped | (data == 64)))


_SHAPES: dict[str, Callable[[Bytes, NDArray[np.int64]], list[int]]] = {
    CARD: _cards,
    ACCOUNT: _accounts,
    LOGIN: _logins,
    ADDRESS: _addresses,
}
