"""Whether a sentence tells that one person failed to do something: somebody in it, and after that what was not done, or done wrongly.

Who is a person is told by a pronoun, by what somebody does, or by a first name; machines are called by some of these words too.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from amends.narrative.comparing.vocabulary import rank
from amends.trust.signs.words import LONGEST, heard, places, spared

if TYPE_CHECKING:
    from amends.language.index import Index

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PRONOUNS = frozenset({"he", "she"})
_COMMON = 4000
"""Among so many of the most frequent words one that is written small is no name."""


def fails(said: str, before: str, index: Index) -> bool:
    """Whether a sentence tells of a person who failed; one without a subject goes on with the person with whom the sentence before ends."""
    if spared("failing", said):
        return False
    start = _somebody(said, index)
    if start is None and _ends_with_somebody(before, index):
        start = 0
    if start is None:
        return False
    return any(end > start for _, end in places("failing", said)) or heard("inattentive", said) is not None


def is_machine(said: str) -> bool:
    """Whether what is called like a person is a machine: with words of machines, and without a word that only a person has."""
    return heard("of_machines", said) is not None and heard("he_or_she", said) is None


def has_somebody(said: str, index: Index) -> bool:
    """Whether one person is in a sentence."""
    return _somebody(said, index) is not None


def _somebody(said: str, index: Index) -> int | None:
    """Where the first person of a sentence stands."""
    return next((found.start() for found in _WORD.finditer(said[:LONGEST]) if _is_person(found[0], index)), None)


def _ends_with_somebody(before: str, index: Index) -> bool:
    words = _WORD.findall(before[-60:])
    return bool(words) and _is_person(words[-1], index)


def _is_person(word: str, index: Index) -> bool:
    lower = word.lower()
    if lower in _PRONOUNS or _is_role(lower):
        return True
    if "first-name" not in index.lexicon.names(index.lexicon.list_bits(lower)):
        return False
    place = rank(lower)
    return word[:1].isupper() or place is None or place >= _COMMON


@lru_cache(maxsize=5000)
def _is_role(word: str) -> bool:
    return heard("one_role", word) is not None
