"""A document for a reader who knows none of the words: every text stays whole, and a word of the trade is explained where it stands first.

Nothing is dropped and nothing is put otherwise: without the words in brackets that were added, each text is the one that was given.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from amends.core.files import read_toml
from amends.core.paper import Grid, Heading, Listing, Paper, Paragraph, Quote
from amends.core.shape import require_shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from amends.core.paper import Block

PATH = os.path.join(os.path.dirname(__file__), "plain_words.toml")
_SHAPE: dict[str, object] = {"source": str, "terms": {"*": {"plain": str, "also?": [str]}}, "headings": {"*": str}}
_DEFINED = re.compile(
    r"(?:(?:the|an?)\s+)?[“\"]?(?!(?:this|that|it|which|what|there|he|she|they|we|i|you|nothing|all)\b)"
    r"(?P<term>[^\W\d_][\w./+-]*(?: [\w./+-]+){0,2}?)[”\"]?\s+(?:means|stands for|is short for)\s+(?P<plain>.{3,200})",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"(?<![\w/.-])[A-Z][A-Z0-9]{1,5}(?![\w/-])")
"""What looks like an abbreviation; an id and a part of an address do not."""

_EXPLAINED_NOWHERE = "Nobody has said yet what these mean:"
WORDS = "The words on this page"


@cache
def _table() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """The terms with their meanings, the other ways to write them, and what each heading is about; of `plain_words.toml`."""
    values, line_of = read_toml(PATH)
    require_shape(values, _SHAPE, PATH, line_of)
    given: Any = values
    meanings = {term: one["plain"] for term, one in given["terms"].items()}
    ways = {way: term for term, one in given["terms"].items() for way in (term, *one.get("also", ()))}
    return meanings, ways, given["headings"]


def definitions(notes: Iterable[str]) -> dict[str, str]:
    """What people said that words mean, each in a line that begins with the word: `PSP means …`, `“relay” is short for …`."""
    found: dict[str, str] = {}
    for note in notes:
        for line in note.split("\n"):
            said = _DEFINED.match(line.strip())
            if said is not None:
                found[said["term"]] = re.split(r"[.;]\s|[.;]$", said["plain"], maxsplit=1)[0].strip(' “”"')
    return found


def plainly(paper: Paper, own: Mapping[str, str]) -> Paper:
    """The same document with its words explained; `own` are those of the people who were there, which go before ours."""
    meanings, ways, headings = _table()
    known = {**meanings, **own}
    found = Explained(known, {**{way: term for way, term in ways.items() if term not in own}, **{term: term for term in own}})
    blocks = tuple(_blocks(paper.blocks, found, headings))
    return Paper(paper.title, found.text(paper.about), (*blocks, *_glossary(found, paper)), paper.language)


class Explained:
    """Explains each term once, where it stands first, and remembers which."""

    def __init__(self, meanings: Mapping[str, str], ways: Mapping[str, str]) -> None:
        self._meanings = meanings
        self._ways = {_key(way): (term, way) for way, term in ways.items()}
        longest = sorted(ways, key=len, reverse=True)
        self._any = re.compile(rf"(?<![\w/.-])(?:{'|'.join(map(re.escape, longest))})(?![\w/-]|\.\w)", re.IGNORECASE)
        self.used: dict[str, str] = {}

    def text(self, words: str) -> str:
        """A text with the meaning in brackets behind each term that was not met before."""
        return self._any.sub(self._with_meaning, words)

    def _with_meaning(self, place: re.Match[str]) -> str:
        term, way = self._ways[_key(place[0])]
        if term in self.used or (way[:2].isupper() and not place[0][:2].isupper()):
            return place[0]  # “eta” in a name is no ETA
        self.used[term] = self._meanings[term]
        return f"{place[0]} ({self._meanings[term]})"


def _key(way: str) -> str:
    return way.casefold()


def _blocks(blocks: Iterable[Block], found: Explained, headings: Mapping[str, str]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Heading):
            yield block
            if about := headings.get(block.text.partition(" (")[0]):
                yield Paragraph(about)
        elif isinstance(block, Paragraph):
            yield Paragraph(found.text(block.text))
        elif isinstance(block, Listing):
            yield replace(block, points=tuple(found.text(point) for point in block.points))
        elif isinstance(block, Grid):
            rows = tuple(tuple(found.text(cell) for cell in row) for row in block.rows)
            yield replace(block, rows=rows)
        else:
            assert isinstance(block, Quote), "every kind of block stands above"
            yield Quote(found.text(block.text), block.source)


def _glossary(found: Explained, paper: Paper) -> Iterator[Block]:
    """Every word that was explained, in the order of the alphabet, and the abbreviations that nobody explained."""
    yield Heading(1, WORDS)
    if found.used:
        rows = tuple((term, meaning) for term, meaning in sorted(found.used.items(), key=lambda one: _key(one[0])))
        yield Grid(("Word", "What it means"), rows, (2, 7))
    if unknown := unexplained(paper, found):
        yield Paragraph(f"{_EXPLAINED_NOWHERE} {', '.join(unknown)}.")


def unexplained(paper: Paper, found: Explained) -> tuple[str, ...]:
    """Abbreviations of a document that neither our table nor anybody's note explains. Where something is cited from is left out."""
    told = [block.text for block in paper.blocks if isinstance(block, Paragraph)]
    told += [point for block in paper.blocks if isinstance(block, Listing) for point in block.points]
    told += [row[1] for block in paper.blocks if isinstance(block, Grid) for row in block.rows if len(row) > 1]
    seen = dict.fromkeys(place[0] for text in told for place in _CAPITALS.finditer(text))
    return tuple(sorted(word for word in seen if word not in found.used and not _ZONE.fullmatch(word)))


_ZONE = re.compile(r"UTC|GMT|[ECMP][SD]T|CES?T|EES?T|WES?T|BST|IST|JST|KST|AE[SD]T|NZ[SD]T|SGT|HKT|MSK|SEV\d|ID|OK|[A-Z]\d*")
"""Zones of times, and what is no abbreviation of the trade."""
