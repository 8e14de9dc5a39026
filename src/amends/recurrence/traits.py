"""Kinds of what makes incidents alike, found in words: categories, triggers and conditions, each a table of a data file with its tests.

A phrase is words by their stems, `a|b` one or the other, `a_b` two words in a row, `..` up to five words between; small words may stand
anywhere. What is denied does not count: “it was not the disk”, “the disk was ruled out”. Nothing here learns: the same words give the same
kinds.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from amends.core.errors import require_known
from amends.core.files import read_toml
from amends.core.shape import require_shape
from amends.narrative.concepts import REMEMBERED, stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FILES = {"category": "categories.toml", "trigger": "triggers.toml", "condition": "conditions.toml"}
"""The parts of a fingerprint that are chosen from kinds, and where the kinds stand."""

_GAP = 5
"""How many words `..` lets stand between."""
_BEFORE, _BEHIND = 3, 6
"""How many words before something deny it, and how many behind it may rule it out."""
_ENDS = frozenset(".;:!?\n")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.;:!?\n]")
_SMALL = frozenset("the a an our its their his her my your be been being is are was were has have had does do did get got for".split())
"""Words that may stand anywhere in a phrase."""
_NEGATORS = frozenset("not no never nothing without nor neither nobody none cannot hardly instead".split())
_AS_WRITTEN = frozenset(
    "broker brokers building buildings capable carry carrying carries carried commitment commitments customer customers director "
    "directors direction directions driver drivers evening evenings exception exceptions final finally importance important later man "
    "news note noted notes noting notion offer offers pager pagers part parts party parties pasted personal personally plane planes "
    "production provide provided provides providing ready response responses serve served serves serving setting settings shipment "
    "shipments shipping signal signals timer timers type types typing".split()
)
"""Words that share a stem with another word of the phrases and mean something else: a broker is not what broke, nor a note a denial."""
_RULED_OUT = (("ruled", "out"), ("not", "the", "cause"), ("not", "the", "reason"), ("not", "involved"))
_SHAPE: dict[str, object] = {
    "kind": [{"id": str, "title": str, "about": str, "words": [str], "not": [str], "hits": [str], "misses": [str]}],
}


class Step(NamedTuple):
    """What may stand in one place of a phrase: one of some stems, or several in a row."""

    single: frozenset[str]
    rows: tuple[tuple[str, ...], ...]

    @property
    def begins(self) -> frozenset[str]:
        """The stems that it can begin with."""
        return self.single | {row[0] for row in self.rows}


class _Phrase(NamedTuple):
    """A phrase of the kind at `place`; a step None lets words stand between. Each of `needs` must stand somewhere in the text."""

    place: int
    steps: tuple[Step | None, ...]
    counts: bool
    needs: tuple[frozenset[str], ...]


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


class Token(NamedTuple):
    """A word of a text, lower case; what ends a sentence or a half of one is a token of its own, which `ends` says."""

    word: str
    stem: str
    start: int
    end: int
    ends: bool


def tokens(text: str) -> list[Token]:
    """The words of a text and the marks that end what is said, in order."""
    return [Token(*_word(found[0]), *found.span(), found[0] in _ENDS) for found in _TOKEN.finditer(text)]


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
    stems = {one.stem for one in words}
    possible = {stem: [one for one in phrases[stem] if not any(map(stems.isdisjoint, one.needs))] for stem in stems & phrases.keys()}
    for at, word in enumerate(words):
        for place, steps, counts, _ in possible.get(word.stem, ()):
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
_Phrases = dict[str, list[_Phrase]]


@lru_cache(maxsize=REMEMBERED)
def _word(written: str) -> tuple[str, str]:
    """A word in lower case, and its stem."""
    word = written.lower().replace("’", "'")
    bare = word.removesuffix("'s")
    return word, bare if bare in _AS_WRITTEN else stem(bare)


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
                first, *others = [step.begins for step in steps if step is not None]
                for begin in first:
                    phrases.setdefault(begin, []).append(_Phrase(place, steps, counts, tuple(others)))
    return tuple(_kind(part, one) for one in given["kind"]), phrases


def _kind(part: str, given: dict[str, Any]) -> Kind:
    return Kind(part, given["id"], given["title"], given["about"], tuple(given["hits"]), tuple(given["misses"]))


def _compiled(phrase: str) -> tuple[Step | None, ...]:
    return tuple(None if word == ".." else _step(word.lower()) for word in phrase.split())


def _step(words: str) -> Step:
    rows = [tuple(_word(one)[1] for one in row.split("_")) for row in words.split("|")]
    return Step(frozenset(row[0] for row in rows if len(row) == 1), tuple(row for row in rows if len(row) > 1))


def _end(steps: Sequence[Step | None], words: Sequence[Token], at: int) -> int | None:
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


def _next(step: Step, words: Sequence[Token], here: int, gap: int) -> int | None:
    """Where the next words of a phrase end, at most `gap` words from `here`; small ones do not count, denials are not passed over."""
    single, rows = step
    for at in range(here, len(words)):
        word, stem, _, _, ends = words[at]
        if ends:
            return None
        for row in rows:
            if stem == row[0] and tuple(one.stem for one in words[at : at + len(row)]) == row:
                return at + len(row)
        if stem in single:
            return at + 1
        if word in _NEGATORS or word.endswith("n't"):
            return None
        if word not in _SMALL:
            gap -= 1
            if gap < 0:
                return None
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
