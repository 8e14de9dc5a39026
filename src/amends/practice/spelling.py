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
    found = min(((_distance(one, own), one) for one in _slips(low)), default=(most, low))
    if found[0] >= most:
        return None
    return found[1].capitalize() if word[0].isupper() else found[1]


def _distance(word: str, own: frozenset[str]) -> int:
    """How far down the list of frequent words a word stands; one of the scenario stands further up."""
    place = rank(word)
    if place is None:
        place = _RARE
    return place // _NEARER if word in own else place


def _slips(word: str) -> set[str]:
    """Every string one slip away: a letter too few or two changed about; in words that are not short, also one too many or wrong."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    made = {before + behind[1] + behind[0] + behind[2:] for before, behind in cuts if len(behind) > 1}
    made |= {before + letter + behind for before, behind in cuts for letter in _LETTERS}
    if len(word) > _LEAST:
        made |= {before + behind[1:] for before, behind in cuts if behind}
        made |= {before + letter + behind[1:] for before, behind in cuts if behind for letter in _LETTERS}
    return made - {word}


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The lower-case words of some texts, as `mended` takes them."""
    return frozenset(word.group().lower() for text in texts for word in _WORD.finditer(text))
