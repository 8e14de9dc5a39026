"""What an incident happened in, found in words: what looks like code, what stands before “service” or “queue”, what is called by one word.

The words stand in `components.toml`; a team's own names, once declared of an incident, are known from then on.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from amends.core.files import read_toml
from amends.core.shape import require_shape
from amends.recurrence.traits import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.recurrence.traits import Token

MOST = 3
"""How many components one text names at most; more than that is a list of everything."""

_PATH = os.path.join(os.path.dirname(__file__), "components.toml")
_CODE = re.compile(r"`([\w./-]{3,40})`|(?<![\w./@-])([a-z][a-z0-9]+(?:[-_][a-z0-9]+)*[-_](?:%s))(?![\w/@-])")
_SHAPE: dict[str, object] = {
    "kinds": str,
    "without": str,
    "names": [str],
    "general": [str],
    "hits": [[str]],
    "misses": [str],
}


@dataclass(frozen=True, slots=True)
class Component:
    """A component as it is called, and where words name it: code points of the text, half open."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Table:
    code: re.Pattern[str]
    kinds: frozenset[str]
    without: frozenset[str]
    names: dict[tuple[str, ...], str]
    general: frozenset[str]
    hits: tuple[tuple[str, str], ...]
    misses: tuple[str, ...]


def components(text: str, words: Sequence[Token], known: frozenset[str] = frozenset()) -> tuple[Component, ...]:
    """The components that a text names, the one named first first, at most `MOST`.

    `words` are its `tokens`; `known` are names that people declared before.
    """
    told = [*_coded(text), *_named(words, known), *_before_kinds(words)]
    taken: list[Component] = []
    for one in sorted(told, key=lambda one: (one.start, -one.end)):
        if all(one.start >= other.end for other in taken) and one.name not in {other.name for other in taken}:
            taken.append(one)
    return tuple(taken[:MOST])


def canonical(name: str) -> str:
    """The name by which a component is compared: lower case, and the first of its names where it has several."""
    words = tuple(one.word for one in tokens(name) if not one.ends)
    return _table().names.get(words, " ".join(name.lower().split()))


def is_general(name: str) -> bool:
    """Whether half of all incidents touch it, so that it says little that two have it in common."""
    return name in _table().general


def examples() -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """The sentences that test this: each with the component that it names, and those that name none."""
    return _table().hits, _table().misses


def _coded(text: str) -> list[Component]:
    return [Component(canonical(one[1] or one[2]), one.start(), one.end()) for one in _table().code.finditer(text)]


def _named(words: Sequence[Token], known: frozenset[str]) -> list[Component]:
    names = _by_first_word(known)
    told = []
    for at, word in enumerate(words):
        for row, name in names.get(word.word, ()):
            if row == tuple(one.word for one in words[at : at + len(row)]):
                told.append(Component(name, word.start, words[at + len(row) - 1].end))
                break
    return told


@lru_cache(maxsize=4)
def _by_first_word(known: frozenset[str]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """The names by the word that each begins with, the longest first; the table's own and those that are known."""
    names = _table().names | {words: name for name in sorted(known) if (words := tuple(one.word for one in tokens(name)))}
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for words in sorted(names, key=len, reverse=True):
        found.setdefault(words[0], []).append((words, names[words]))
    return found


def _before_kinds(words: Sequence[Token]) -> list[Component]:
    """“invoice importer”, “search cluster”: a noun in the singular behind the word that tells which one."""
    table = _table()
    told = []
    for first, second in pairwise(words):
        if second.word in table.kinds and _tells_which(first, table):
            told.append(Component(table.names.get((first.word,)) or f"{first.word} {second.word}", first.start, second.end))
    return told


def _tells_which(one: Token, table: _Table) -> bool:
    word = one.word
    return word.isalpha() and word not in table.without and word not in table.kinds and not word.endswith(("ly", "ed", "ing", "'s"))


@cache
def _table() -> _Table:
    values, line_of = read_toml(_PATH)
    require_shape(values, _SHAPE, _PATH, line_of)
    given: Any = values
    kinds = frozenset(given["kinds"].split())
    names, general = {}, set()
    for key in ("names", "general"):
        for line in given[key]:
            called = [name.strip() for name in line.split(",")]
            names.update({tuple(one.word for one in tokens(name)): called[0] for name in called})
            if key == "general":
                general.add(called[0])
    code = re.compile(_CODE.pattern % "|".join(sorted(kinds)))
    hits = tuple((text, name) for text, name in given["hits"])
    return _Table(code, kinds, frozenset(given["without"].split()), names, frozenset(general), hits, tuple(given["misses"]))
