"""The terms of a report: what of its words can be met again in another report of the same fault.

A term is a word without its ending, an identifier whole and in parts (`pool_timeout` is itself, pool and timeout), a version, or the code
of an error. What every text has in common (small words) and what no two texts share (times, hashes, long numbers) is no term.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_TEXT = 50_000
"""Characters of a text that are read: who pastes a log says in its beginning what it is about."""
LONGEST_TERM = 80
"""A longer run of letters is data, not a word."""

SMALL = frozenset(
    "a about after all also am an and any are as at be because been before being both but by can cannot could did do does doing done each"
    " every for from had has have he her his how i if in into is it its just may me my no not of on only or our out she should so some such"
    " t than that the their them then there these they this those to up us was we were what when where which while who will with would"
    " you your".split()
)
"""Words that join other words; they are no terms."""

_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://(?:[^/\s@]*@)?([^\s?#]*)\S*", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+(?:(?:[._:/#$-]|::)?[^\W_]+|_+(?=[^\W_]))*")
_PIECE = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ACRONYMS = re.compile("[A-Z]+s")
_VERSION = re.compile(r"v?\d+(?:\.\d+)+")
_TIME = re.compile(r"\d{4}-\d\d-\d\d.*|\d{1,2}:\d\d.*")
_DATA = re.compile(r"(?=.*\d)[0-9a-f]{8,}|\d|\d{6,}|0x[0-9a-f]+", re.IGNORECASE)
_VOWEL = re.compile("[aeiouy]")
_MARK = re.compile("[\u0300-\u036f]+")
_ENDINGS = (("sses", "ss"), ("ies", "y"), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""))
_FORMS = ("ingly", "edly", "ing", "ed", "ation", "ment", "ly")
_DOUBLING = ("ingly", "edly", "ing", "ed")


def terms(text: str) -> list[str]:
    """The terms of a text, in order, each as often as it stands there."""
    return [term for term, _, _ in placed(plain(text))]


def plain(text: str) -> str:
    """A text as terms are looked for in it: its beginning, without marks on letters, and without what only leads to an address."""
    begun = text[:LONGEST_TEXT]
    unmarked = begun if begun.isascii() else _MARK.sub("", unicodedata.normalize("NFKD", begun))
    return _ADDRESS.sub(r" \1 ", unmarked)


def placed(plain_text: str) -> Iterator[tuple[str, int, int]]:
    """The terms of a text that `plain` gave, in order, each with the half-open range that it was made from."""
    for match in _TOKEN.finditer(plain_text):
        token, start = match[0], match.start()
        if len(token) > LONGEST_TERM or _TIME.fullmatch(token):
            continue
        if _VERSION.fullmatch(token):
            yield token.lower().removeprefix("v"), start, match.end()
            continue
        pieces = list(_PIECE.finditer(token))
        if len(pieces) > 1:
            yield token.lower(), start, match.end()
        for piece in pieces:
            for term in _of_piece(piece[0]):
                yield term, start + piece.start(), start + piece.end()


@lru_cache(maxsize=2**15)  # most words of a text, and of all texts, come again
def stem(word: str) -> str:
    """A word in small letters without its ending, so that `failed`, `failing` and `fails` are one. Words with digits stay as they are."""
    if len(word) <= 3 or not word.isalpha():
        return word
    for ending, kept in _ENDINGS:
        if word.endswith(ending):
            word = word[: len(word) - len(ending)] + kept
            break
    for ending in _FORMS:
        begun = word[: -len(ending)]
        if word.endswith(ending) and len(begun) >= 3 and _VOWEL.search(begun):
            doubled = ending in _DOUBLING and len(begun) > 3 and begun[-1] == begun[-2] and begun[-1] not in "lsz"
            word = begun[:-1] if doubled else begun
            break
    if len(word) > 4 and word.endswith("e"):
        return word[:-1]
    return f"{word[:-1]}i" if len(word) > 4 and word.endswith("y") else word


def _of_piece(piece: str) -> Iterator[str]:
    """The terms of a run of letters and digits: `poolTimeout` is itself, pool and timeout."""
    humps = [piece] if _ACRONYMS.fullmatch(piece) else _HUMP.split(piece)
    whole = piece.lower()
    if len(humps) == 1:
        if whole not in SMALL and not _DATA.fullmatch(whole):
            yield stem(whole)
        return
    yield whole
    for word in (hump.lower() for hump in humps):
        if len(word) > 1 and word not in SMALL and not _DATA.fullmatch(word):
            yield stem(word)
