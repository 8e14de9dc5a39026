"""Texts as runs of words, to tell whether one was taken from another."""

from __future__ import annotations

import re

RUN = 6
"""So many words in a row that an example has too are no accident any more."""
_WORDS = re.compile(r"[a-z0-9$£€%:.'-]+")


def words_in(text: str) -> list[str]:
    """The words of a text as the other person would repeat them: lower case, without signs at their ends."""
    return [word for found in _WORDS.findall(text.lower().replace("’", "'")) if (word := found.strip(".':-"))]


def shingles(text: str, size: int) -> frozenset[tuple[str, ...]]:
    """Every run of `size` words of a text."""
    words = words_in(text)
    return frozenset(zip(*(words[at:] for at in range(size)), strict=False))


def share(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """How much of the shorter of two texts stands in the longer."""
    least = min(len(one), len(other))
    return len(one & other) / least if least else 0.0
