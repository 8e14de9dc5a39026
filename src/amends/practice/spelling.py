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
_LEAST = 4
"""Shorter words are too near to too many others."""
_COMMON = 8000
"""Among so many of the most frequent words one is taken to be meant."""
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
    """The word that was probably meant, or None where it is one."""
    low = word.lower()
    if len(low) < _LEAST or word[1:] != word[1:].lower() or low in own or "'" in low or rank(low) is not None:
        return None
    near = _slips(low)
    found = min((one for one in near if one in own), default=None) or _commonest(near)
    return found.capitalize() if found and word[0].isupper() else found


def _commonest(words: set[str]) -> str | None:
    """The most frequent of some words that is common enough to be meant."""
    ranked = sorted((place, word) for word in words if (place := rank(word)) is not None and place < _COMMON)
    return ranked[0][1] if ranked else None


def _slips(word: str) -> set[str]:
    """Every string that is one slip away: a letter too many, too few, wrong, or two changed about."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    made = {before + behind[1:] for before, behind in cuts if behind}
    made |= {before + behind[1] + behind[0] + behind[2:] for before, behind in cuts if len(behind) > 1}
    made |= {before + letter + behind[1:] for before, behind in cuts if behind for letter in _LETTERS}
    made |= {before + letter + behind for before, behind in cuts for letter in _LETTERS}
    return made - {word}


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The lower-case words of some texts, as `mended` takes them."""
    return frozenset(word.group().lower() for text in texts for word in _WORD.finditer(text))
