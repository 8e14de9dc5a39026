"""Kinds of what makes incidents alike, found in words: categories, triggers and conditions, each a table of a data file with its tests.

A phrase is words by their stems, `a|b` one or the other, `a_b` two words in a row, `..` up to five words between; small words may stand
anywhere. What is denied does not count: “it was not the disk”, “the disk was ruled out”. Nothing here learns: the same words give the same
kinds.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from amends.core.errors import require_known
from amends.core.files import read_toml
from amends.core.shape import require_shape
from amends.narrative.concepts import stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FILES = {"category": "categories.toml", "trigger": "triggers.toml", "condition": "conditions.toml"}
"""The parts of a fingerprint that are chosen from kinds, and where the kinds stand."""

_GAP = 5
"""How many words `..` lets stand between."""
_BEFORE, _BEHIND = 3, 6
"""How many words before something deny it, and how many behind it may rule it out."""
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.;:!?\n]")
_SMALL = frozenset("the a an our its their his her my your be been being is are was were has have had does do did get got for".split())
"""Words that may stand anywhere in a phrase."""
_NEGATORS = frozenset("not no never nothing without nor neither nobody none cannot hardly instead".split())
_RULED_OUT = (("ruled", "out"), ("not", "the", "cause"), ("not", "the", "reason"), ("not", "involved"))
_SHAPE: dict[str, object] = {
    "kind": [{"id": str, "title": str, "about": str, "words": [str], "not": [str], "hits": [str], "misses": [str]}],
}

Step = tuple[tuple[str, ...], ...] | None
"""The stems, one or several in a row, that may stand in one place of a phrase; None lets words stand between."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of a part: `title` as a reason says it, `about` for who has to choose, and the sentences that test it."""

    part: str
    id: str
    title: str
    about: str
    hits: tuple[str, ...]
    misses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A kind that words name: `start` and `end` are code points of the text, half open."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, lower case; what ends a sentence or a half of one is a token of its own."""

    word: str
    stem: str
    start: int
    end: int

    @property
    def ends(self) -> bool:
        """Whether it is a mark that ends what is said."""
        return not self.word[0].isalnum()


def tokens(text: str) -> list[Token]:
    """The words of a text and the marks that end what is said, in order."""
    return [_token(found) for found in _TOKEN.finditer(text)]


def kinds(part: str) -> tuple[Kind, ...]:
    """The kinds of a part, in the order of their file. Raises UnknownNameError for a part without kinds."""
    require_known("part of a fingerprint", part, tuple(FILES))
    return _table(part)[0]


def kind(part: str, name: str) -> Kind:
    """One kind. Raises UnknownNameError."""
    found = {one.id: one for one in kinds(part)}
    return found[require_known(part, name, tuple(found))]


def title(part: str, value: str) -> str:
    """What a value of a part is called where people read it: the title of a kind, else the value itself."""
    if part not in FILES:
        return value
    return next((one.title for one in kinds(part) if one.id == value), value)


def found(part: str, words: Sequence[Token]) -> tuple[Hit, ...]:
    """The kinds of a part that these words name, in the order in which they stand; each kind as often as it is named."""
    known, phrases = _table(part)
    masked: dict[int, set[int]] = {}
    named: list[tuple[int, int, int]] = []
    for at in range(len(words)):
        for place, steps, counts in phrases.get(words[at].stem, ()):
            end = _end(steps, words, at)
            if end is None:
                continue
            if counts:
                named.append((place, at, end))
            else:
                masked.setdefault(place, set()).update(range(at, end))
    return tuple(
        Hit(known[place], words[at].start, words[end - 1].end)
        for place, at, end in named
        if masked.get(place, _NOTHING).isdisjoint(range(at, end)) and not _denied(words, at, end)
    )


_NOTHING: frozenset[int] = frozenset()
_Phrases = dict[str, list[tuple[int, tuple[Step, ...], bool]]]


def _token(found_: re.Match[str]) -> Token:
    word = found_[0].lower().replace("’", "'")
    return Token(word, stem(word.removesuffix("'s")), found_.start(), found_.end())


@cache
def _table(part: str) -> tuple[tuple[Kind, ...], _Phrases]:
    """The kinds of a part, and their phrases by the stem that each begins with."""
    path = os.path.join(os.path.dirname(__file__), FILES[part])
    values, line_of = read_toml(path)
    require_shape(values, _SHAPE, path, line_of)
    given: Any = values
    phrases: _Phrases = {}
    for place, one in enumerate(given["kind"]):
        for words, counts in ((one["words"], True), (one["not"], False)):
            for phrase in words:
                steps = _compiled(phrase)
                for first in {row[0] for row in steps[0] or ()}:
                    phrases.setdefault(first, []).append((place, steps, counts))
    return tuple(_kind(part, one) for one in given["kind"]), phrases


def _kind(part: str, given: dict[str, Any]) -> Kind:
    return Kind(part, given["id"], given["title"], given["about"], tuple(given["hits"]), tuple(given["misses"]))


def _compiled(phrase: str) -> tuple[Step, ...]:
    return tuple(None if word == ".." else tuple(_row(one) for one in word.lower().split("|")) for word in phrase.split())


def _row(words: str) -> tuple[str, ...]:
    return tuple(stem(one) for one in words.split("_"))


def _end(steps: Sequence[Step], words: Sequence[Token], at: int) -> int | None:
    """Where a phrase that begins at a word ends, None where it does not stand there; it never goes on over the end of a sentence."""
    here, gap = at, 0
    for step in steps:
        if step is None:
            gap = _GAP
            continue
        end = _next(step, words, here, gap if here > at else 0)
        if end is None:
            return None
        here, gap = end, 0
    return here


def _next(step: tuple[tuple[str, ...], ...], words: Sequence[Token], here: int, gap: int) -> int | None:
    """Where the next words of a phrase end, at most `gap` words from `here`; small ones do not count, denials are not passed over."""
    while here < len(words) and not words[here].ends:
        for row in step:
            if tuple(one.stem for one in words[here : here + len(row)]) == row:
                return here + len(row)
        if words[here].word in _NEGATORS or words[here].word.endswith("n't"):
            return None
        if words[here].word not in _SMALL:
            gap -= 1
            if gap < 0:
                return None
        here += 1
    return None


def _denied(words: Sequence[Token], at: int, end: int) -> bool:
    """Whether what is said just before or behind says that it was not so."""
    before = list(_until_mark(reversed(words[max(0, at - _BEFORE) : at])))
    if any(one.word in _NEGATORS or one.word.endswith("n't") for one in before):
        return not any(one.word == "only" for one in before)  # “not only the disk” says that it was the disk too
    behind = tuple(one.word for one in _until_mark(words[end : end + _BEHIND]))
    return any(behind[place : place + len(said)] == said for said in _RULED_OUT for place in range(len(behind)))


def _until_mark(words: Iterator[Token] | Sequence[Token]) -> Iterator[Token]:
    for one in words:
        if one.ends:
            return
        yield one
