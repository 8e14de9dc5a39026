"""Joins what two people did to one text since both read the same version, and tells two texts apart.

A text is taken as blocks: a paragraph of prose is one block, because a sentence that two people wrote half of could be sent; a heading, an
item of a list, a row of a table and an empty line are blocks of their own. Changes of different blocks are joined; two changes of one block
are a conflict. New blocks that both put in the same place stand one after the other, what was saved first first.

Lines end at a line feed, and nothing else is special: `in_lines` brings other ends to that before a text is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.incidents.matching import Matcher

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OWN_BLOCK = re.compile(r"\s*(?:[-*+>|]|#{1,6}(?:\s|$)|\d{1,9}[.)]\s|```|~~~|$)")
"""The first line of what stands for itself in Markdown: an item, a quote, a row, a heading, a numbered item, a fence, an empty line."""

CONTEXT = 3
"""How many unchanged lines stand around a change, as `diff -u` has it."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a merge: the blocks that stand in the result, and in a conflict what each of the two wrote instead."""

    what: str
    """`same` (as it was, or changed alike), `theirs`, `mine`, `both` (new in the same place), or `conflict`."""
    theirs: tuple[str, ...]
    mine: tuple[str, ...]

    @property
    def result(self) -> tuple[str, ...]:
        """The blocks of the joined text; those of a conflict are no text yet."""
        if self.what == "both":
            return _after_each_other(self.theirs, self.mine)
        return self.mine if self.what == "mine" else self.theirs


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the differences between two texts: `what` is `same`, `removed` or `added`."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that changed, with some that did not around them; the numbers are of its first line in either text, from 1."""

    before: int
    after: int
    lines: tuple[Line, ...]


def in_lines(text: str) -> str:
    """A text whose lines end as ours do, whatever system it was written on."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def merged(base: str, theirs: str, mine: str) -> str | None:
    """Both changes of `base` in one text, or None where both changed the same block in different ways."""
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    found = regions(base, theirs, mine)
    if any(region.what == "conflict" for region in found):
        return None
    return "\n".join(block for region in found for block in region.result)


def regions(base: str, theirs: str, mine: str) -> tuple[Region, ...]:
    """How two changes of one text meet, from its beginning to its end."""
    from merge3 import Merge3

    one, two, three = blocks(base), blocks(theirs), blocks(mine)
    found = []
    for group in Merge3(one, two, three, sequence_matcher=Matcher).merge_regions():
        if group[0] == "conflict":
            _, start, end, their_start, their_end, my_start, my_end = group
            found.append(_met(one[start:end], two[their_start:their_end], three[my_start:my_end]))
        elif group[0] == "b":
            found.append(Region("mine", (), tuple(three[group[1] : group[2]])))
        else:
            what = "theirs" if group[0] == "a" else "same"
            given = tuple((one if group[0] == "unchanged" else two)[group[1] : group[2]])
            found.append(Region(what, given, given if what == "same" else ()))
    return tuple(found)


def blocks(text: str) -> list[str]:
    """A text as its blocks, which joined by line feeds are the text again."""
    found: list[list[str]] = []
    open_prose = False
    for line in text.split("\n"):
        alone = _OWN_BLOCK.match(line) is not None
        if open_prose and not alone:
            found[-1].append(line)
        else:
            found.append([line])
        open_prose = not alone
    return ["\n".join(lines) for lines in found]


def differences(before: str, after: str) -> tuple[Hunk, ...]:
    """What turns one text into another, line by line."""
    lines = list(_lines(before.split("\n"), after.split("\n")))
    changed = [number for number, (line, _, _) in enumerate(lines) if line.what != "same"]
    spans: list[tuple[int, int]] = []
    for number in changed:
        start, end = max(0, number - CONTEXT), min(len(lines), number + CONTEXT + 1)
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(Hunk(lines[start][1], lines[start][2], tuple(line for line, _, _ in lines[start:end])) for start, end in spans)


def _met(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> Region:
    """Two changes in one place: both are taken where each only adds blocks, and neither seems to be a longer form of the other."""
    if any(block.strip() for block in base) or not theirs or not mine:
        return Region("conflict", tuple(theirs), tuple(mine))
    one, two = [block for block in theirs if block.strip()], [block for block in mine if block.strip()]
    related = set(one) & set(two) or any(a.startswith(b) or b.startswith(a) for a, b in zip(one[:1], two[:1], strict=False))
    return Region("conflict" if related else "both", tuple(theirs), tuple(mine))


def _after_each_other(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """Two additions, with an empty line where they would else become one paragraph."""
    apart = ("",) if _is_prose(first[-1]) and _is_prose(second[0]) else ()
    return (*first, *apart, *second)


def _is_prose(block: str) -> bool:
    return _OWN_BLOCK.match(block) is None


def _lines(one: list[str], two: list[str]) -> Iterator[tuple[Line, int, int]]:
    """Every line of both, with where it stands in either, from 1; what was removed stands before what was added in its place."""
    at, to = 0, 0
    for start, there, size in Matcher(None, one, two).get_matching_blocks():
        for number in range(at, start):
            yield Line("removed", one[number]), number + 1, to + 1
        for number in range(to, there):
            yield Line("added", two[number]), start + 1, number + 1
        for number in range(size):
            yield Line("same", one[start + number]), start + number + 1, there + number + 1
        at, to = start + size, there + size
