"""Who is a person in a sentence: a pronoun, what somebody does, or a first name; machines are called by some of these words too."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from amends.narrative.comparing.vocabulary import near, rank
from amends.trust.signs.words import LONGEST, heard

if TYPE_CHECKING:
    from amends.language.index import Index

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PRONOUNS = frozenset({"he", "she"})
_LISTS = frozenset({"first-name", "firstname"})
_COMMON = 4000
"""Among so many of the most frequent words one that is written small is no name."""
_NEAR = 0.25
"""How near in meaning a name is to other names at least."""
_TAIL = 60
"""Of so many code points at the end of a sentence its last word is taken."""


def place_of_somebody(said: str, index: Index) -> int | None:
    """Where the first person of a sentence stands, None where there is none."""
    return next((found.start() for found in _WORD.finditer(said[:LONGEST]) if _is_person(found[0], index)), None)


def ends_with_somebody(said: str, index: Index) -> bool:
    """Whether the last word of a sentence is a person."""
    words = _WORD.findall(said[-_TAIL:])
    return bool(words) and _is_person(words[-1], index)


def has_name(said: str, index: Index) -> bool:
    """Whether somebody is called by a first name that is written large."""
    return any(word[:1].isupper() and _is_name(word, index) for word in _WORD.findall(said[:LONGEST]))


def is_machine(said: str) -> bool:
    """Whether what is called like a person is a machine: with words of machines, and without a word that only a person has."""
    return heard("of_machines", said) is not None and heard("he_or_she", said) is None


def _is_person(word: str, index: Index) -> bool:
    lower = word.lower()
    return lower in _PRONOUNS or _is_role(lower) or _is_name(word, index)


def _is_name(word: str, index: Index) -> bool:
    """Whether a word is a first name: one of the lists, or written large, and nearest in meaning to one that is."""
    lower = word.lower()
    place = rank(lower)
    rare = place is None or place >= _COMMON
    if _listed(lower, index) and (rare or word[:1].isupper()):
        return True
    return rare and word[:1].isupper() and any(_listed(other, index) for other, how in near(lower).items() if how >= _NEAR)


def _listed(word: str, index: Index) -> bool:
    return not _LISTS.isdisjoint(index.lexicon.names(index.lexicon.list_bits(word)))


@lru_cache(maxsize=5000)
def _is_role(word: str) -> bool:
    return heard("one_role", word) is not None
