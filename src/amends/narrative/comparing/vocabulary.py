"""Words as two tellings share them: how much a word says, and how near two words are in meaning.

The file beside this module holds, for the most frequent words of English, a weight and their nearest words; `training/vocabulary.py` makes
it from published word vectors. What stands in no file is compared by its stem and by the groups of `concepts`.
"""

from __future__ import annotations

import zlib
from array import array
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from amends.narrative.concepts import REMEMBERED, STOP, concept, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

SAME_STEM, SAME_CONCEPT = 0.95, 0.8
"""How alike two forms of one word are, and two words of one group of `concepts`."""
_MAGIC = b"amends-vocabulary-1\n"
_UNKNOWN = 1.0
"""The weight of a word that is in no file: names and jargon say most."""


class Vocabulary:
    """The words of the file."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(_MAGIC):
            raise ValueError("this is no vocabulary of ours")
        body = zlib.decompress(data[len(_MAGIC) :])
        size = int.from_bytes(body[:4], "big")
        self._words = body[4 : 4 + size].decode().split("\n")
        count = len(self._words)
        at = 4 + size
        self._weights = body[at : at + count]
        counts = body[at + count : at + 2 * count]
        total = sum(counts)
        at += 2 * count
        self._others = array("H")
        self._others.frombytes(body[at : at + 2 * total])
        self._likeness = body[at + 2 * total : at + 3 * total]
        self._number = {word: place for place, word in enumerate(self._words)}
        begins, begin = array("L", [0]), 0
        for one in counts:
            begin += one
            begins.append(begin)
        self._begins = begins

    def weight(self, word: str) -> float:
        """How much it says that two texts share a lower-case word, from 0 (small words) to 1 (names, rare words)."""
        if word in STOP:
            return 0.0
        place = self._place(word)
        return _UNKNOWN if place is None else self._weights[place] / 255

    def near(self, word: str) -> dict[str, float]:
        """The words nearest to a lower-case word, each with how alike it is, from 0 to 1."""
        place = self._place(word)
        if place is None:
            return {}
        begin, end = self._begins[place], self._begins[place + 1]
        return {self._words[self._others[number]]: self._likeness[number] / 255 for number in range(begin, end)}

    def rank(self, word: str) -> int | None:
        """The place of a lower-case word among the words by frequency, from 0; None where it is in no file."""
        return self._place(word)

    def _place(self, word: str) -> int | None:
        place = self._number.get(word)
        if place is None and "-" in word:
            place = self._number.get(word.replace("-", ""))
        return place


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with the package."""
    return Vocabulary((resources.files(__package__) / "vocabulary.bin").read_bytes())


@lru_cache(maxsize=REMEMBERED)
def weight(word: str) -> float:
    """How much a lower-case word says; see `Vocabulary.weight`."""
    return vocabulary().weight(word)


@lru_cache(maxsize=REMEMBERED)
def near(word: str) -> dict[str, float]:
    """The words nearest to a lower-case word; see `Vocabulary.near`."""
    return vocabulary().near(word)


@lru_cache(maxsize=REMEMBERED)
def rank(word: str) -> int | None:
    """The place of a lower-case word by frequency; see `Vocabulary.rank`."""
    return vocabulary().rank(word)


def pack(words: Sequence[str], weights: Sequence[float], neighbours: Sequence[Sequence[tuple[int, int]]]) -> bytes:
    """The bytes of a vocabulary: words by frequency, weights from 0 to 1, and for each word (place, likeness of 255) of its neighbours."""
    listed = "\n".join(words).encode()
    others = array("H", [other for one in neighbours for other, _ in one])
    body = b"".join(
        (
            len(listed).to_bytes(4, "big"), listed, bytes(round(weight * 255) for weight in weights), bytes(map(len, neighbours)),
            others.tobytes(), bytes(likeness for one in neighbours for _, likeness in one),
        )
    )  # fmt: skip
    return _MAGIC + zlib.compress(body, 9)


def alike(one: str, other: str) -> float:
    """How alike two lower-case words are in meaning, from 0 to 1."""
    if one == other:
        return 1.0
    if stem(one) == stem(other):
        return SAME_STEM
    known = max(near(one).get(other, 0.0), near(other).get(one, 0.0))
    return max(known, SAME_CONCEPT) if concept(one) == concept(other) else known
