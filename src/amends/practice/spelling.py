"""Mends slips of the finger before a turn is heard: a drill tests what is said, not the typing.

A word that no dictionary of the program knows, and that is one slip from a word of this scenario or of common English, is heard as that
word. Figures, names with capitals and short words are left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from amends.narrative.comparing.vocabulary import rank

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
_LEAST = 3
"""Shorter words are too near to too many others."""
_COMMON, _VERY_COMMON = 8_000, 1_500
"""Among so many of the most frequent words one is taken to be meant; for a short slip among fewer."""
_RARE = 18_000
"""A word further down the list is as likely a slip."""
_NEARER = 20
"""How much more likely a word of the scenario is."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Mended:
    """A text with its slips mended. `places` are where each changed word ends, there and in the original."""

    text: str
    places: tuple[tuple[int, int], ...]

    def original(self, at: int) -> int:
        """Where an offset of the mended text stands in the text as it was written."""
        number = bisect_right(self.places, (at, 10**9)) - 1
        if number < 0:
            return at
        here, there = self.places[number]
        return there + at - here


def mended(text: str, own: frozenset[str]) -> Mended:
    """The text as it was meant; `own` are the words of this scenario."""
    text = text.replace("’", "'")
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    done = length = 0
    for word in _WORD.finditer(text):
        meant = _meant(word.group(), own)
        if meant is None:
            continue
        parts += [text[done : word.start()], meant]
        length += word.start() - done + len(meant)
        done = word.end()
        places.append((length, done))
    if not places:
        return Mended(text, ())
    return Mended("".join((*parts, text[done:])), tuple(places))


@lru_cache(maxsize=4096)
def _meant(word: str, own: frozenset[str]) -> str | None:
    """The word that was probably meant, or None where it is one: the most frequent one slip away, or one of the scenario."""
    low = word.lower()
    place = rank(low)
    known = place is not None and place < _RARE
    if len(low) < _LEAST or word[1:] != word[1:].lower() or low in own or "'" in low or known:
        return None
    most = _COMMON if len(low) > _LEAST else _VERY_COMMON
    for slips in (_swaps(low), _lost(low), _others(low) if len(low) > _LEAST else ()):
        found = min(((_distance(one, own), one) for one in slips), default=(most, low))
        if found[0] < most:
            return found[1].capitalize() if word[0].isupper() else found[1]
    return None


def _distance(word: str, own: frozenset[str]) -> int:
    """How far down the list of frequent words a word stands; one of the scenario stands further up."""
    place = rank(word)
    if place is None:
        place = _RARE
    return place // _NEARER if word in own else place


def _swaps(word: str) -> set[str]:
    """Two letters changed about, or one typed twice: the likeliest slips."""
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    doubled = {word[:at] + word[at + 1 :] for at in range(1, len(word)) if word[at] == word[at - 1]}
    return (swapped | doubled) - {word}


def _lost(word: str) -> set[str]:
    """A letter left out."""
    return {word[:at] + letter + word[at:] for at in range(len(word) + 1) for letter in _LETTERS}


def _others(word: str) -> set[str]:
    """A letter too many, or another."""
    more = {word[:at] + word[at + 1 :] for at in range(len(word))}
    return (more | {word[:at] + letter + word[at + 1 :] for at in range(len(word)) for letter in _LETTERS}) - {word}


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The lower-case words of some texts, as `mended` takes them."""
    return frozenset(word.group().lower() for text in texts for word in _WORD.finditer(text))
