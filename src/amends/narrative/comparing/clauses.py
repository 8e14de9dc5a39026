"""A telling cut into clauses, each with what can be compared: its matter, numbers, times, moves, and signs for and against its teller."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from amends.language.features import read
from amends.language.labels import FLAWS, MOVES
from amends.language.text import parse
from amends.language.times import find_times
from amends.narrative.comparing.signs import signs
from amends.narrative.comparing.vocabulary import weight
from amends.narrative.concepts import STOP
from amends.narrative.numbers import figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.index import Index
    from amends.language.text import Text
    from amends.language.times import TimeExpression
    from amends.narrative.numbers import Figure

_CUT = re.compile(
    r"(?<=;)\s+|(?<=:)\s+(?=\D)|\s+[—–-]\s+|(?<=[)\]],)\s+"
    r"|(?<=,)\s+(?=(?:and|but|so|which|who|whose|where|while|although|though|because|however|after|before|until|when|whereas|causing|leading"
    r"|leaving|resulting|meaning|making|delaying|since|despite|without|with|even|or|nor|yet|as|then|it|we|they|nobody|no|the|our|a|its|one)\b)"
    r"|\s+(?=(?:because|but|although|whereas|so that|which"
    r"|and (?:we|the|it|this|they|our|a|an|no|nobody|there|then|that|was|were|is|are|had|has|have|did|only))\b)"
)
"""Where one clause ends and the next begins: at marks, and before words that join clauses."""
_LEAST = 4
"""Words of a clause; less goes with what follows, or with what stood before."""
_KEPT = 20_000
"""A text of more characters is not remembered: some 60 kB are held for each page of one."""
_MOST = 1_500
"""Characters of a clause at most."""
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_LABEL = re.compile(r"([A-Z][A-Za-z' /-]{2,40}?):\s")
_ROW = re.compile(r"^\W*(?:\d{4}-\d\d-\d\d[ T])?(?:\w{3,9} )?(?:\(?\w{3}\)? )?\d{1,2}[:.]\d\d\b")
_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""Times of the past are compared with each other only, so that any moment does to read them from."""
_LABELLED = (*MOVES, *FLAWS)
_CLEAR = 5.0
"""Log-odds beyond this say no more: it is sure."""


@dataclass(slots=True)
class Clause:
    """A part of a sentence that says one thing; `number` and `sentence` are its place and that of its sentence in the text.

    `matter` are its words that carry matter, each once, with how much each says (`vocabulary.weight`), `total` their sum. `signs` has the
    span in `low` of the first words of each sign; `moves` says how likely its
    sentence makes each move or has each flaw: the log-odds, from -1 to 1. `row` is whether its
    sentence begins with a time, as a row of a timeline does; `label` names the last line or heading of the kind "Impact:".
    """

    number: int
    sentence: int
    start: int
    end: int
    low: str
    size: int
    matter: dict[str, float]
    total: float
    signs: dict[str, tuple[int, int]]
    moves: dict[str, float]
    row: bool
    label: str
    times: tuple[TimeExpression, ...]
    figures: tuple[Figure, ...]

    def told(self, sign: str) -> str | None:
        """The words of a sign that it has, None where it has not."""
        span = self.signs.get(sign)
        return self.low[span[0] : span[1]] if span is not None else None

    def around(self, span: tuple[int, int], before: int, behind: int) -> tuple[int, int]:
        """The span in the text of some words of `low` with so many words before and behind them."""
        begin, end = span
        for _ in range(before):
            begin = max(0, self.low.rfind(" ", 0, max(0, begin - 1)) + 1)
        for _ in range(behind):
            place = self.low.find(" ", min(len(self.low), end + 1))
            end = len(self.low) if place < 0 else place
        return self.start + begin, self.start + end


@dataclass(slots=True)
class Telling:
    """A text as clauses; `sentences` are the clauses of each sentence, and `bearing` the clauses that have each sign."""

    text: Text
    low: str
    times: list[TimeExpression]
    clauses: list[Clause] = field(default_factory=list)
    sentences: list[list[Clause]] = field(default_factory=list)
    bearing: dict[str, list[Clause]] = field(default_factory=dict)


def tell(raw: str, index: Index) -> Telling:
    """Read a text. Linear in its length; the last few are remembered, because of two tellings one is often the same as before."""
    return remembered(raw, index) if len(raw) <= _KEPT else _read(raw, index)


@lru_cache(maxsize=64)
def remembered(raw: str, index: Index) -> Telling:
    """Read a text, or give what was read of it before."""
    return _read(raw, index)


def _read(raw: str, index: Index) -> Telling:
    text = parse(raw, "auto")
    reading = read(text, index.lexicon, index.tables, (), index.labels)
    odds = index.network.judge(reading)
    times = find_times(text.masked, _AT, "UTC")
    telling = Telling(text, text.masked.lower(), times)
    at, label = 0, ""
    for place, sentence in enumerate(text.sentences):
        words = text.masked[sentence.start : sentence.end]
        if found := _LABEL.match(words):
            label = found.group(1).lower()
        row = _ROW.match(words) is not None
        moves = {name: max(-1.0, min(1.0, value / _CLEAR)) for name, value in zip(_LABELLED, odds[place], strict=True)}
        parts: list[Clause] = []
        for start, end in _cut(words):
            start, end = _trimmed(text.masked, sentence.start + start, sentence.start + end)
            if start == end:
                continue
            own = []
            while at < len(times) and times[at].start < end:
                own += [times[at]] if times[at].start >= start else []
                at += 1
            clause = _clause(text.masked, start, end, len(telling.clauses), place, moves, row, label, tuple(own))
            parts.append(clause)
            telling.clauses.append(clause)
            for sign in clause.signs:
                telling.bearing.setdefault(sign, []).append(clause)
        telling.sentences.append(parts)
    return telling


def _cut(words: str) -> list[tuple[int, int]]:
    """The clauses of a sentence as spans; none is shorter than `_LEAST` words unless the sentence is."""
    edges = [0]
    for found in _CUT.finditer(words):
        if _count(words[edges[-1] : found.start()]) >= _LEAST:
            edges.append(found.end())
    if len(edges) > 1 and _count(words[edges[-1] :]) < _LEAST:
        edges.pop()
    edges.append(len(words))
    return [part for number in range(len(edges) - 1) for part in _bounded(words, edges[number], edges[number + 1])]


def _bounded(words: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A clause in pieces that no rule takes long over: what has no mark for a page is no prose."""
    while end - start > _MOST:
        cut = words.rfind(" ", start, start + _MOST)
        cut = cut if cut > start else start + _MOST
        yield start, cut
        start = cut
    yield start, end


def _count(words: str) -> int:
    return words.count(" ") + 1 if words.strip() else 0


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in ",;–—"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;–—"):
        end -= 1
    return start, end


def _clause(
    text: str,
    start: int,
    end: int,
    number: int,
    sentence: int,
    moves: dict[str, float],
    row: bool,
    label: str,
    times: tuple[TimeExpression, ...],
) -> Clause:
    low = text[start:end].lower()
    words = [(found.group(), found.start()) for found in _WORD.finditer(low)]
    matter: dict[str, float] = {}
    for word, _ in words:
        for part in word.split("-") if "-" in word else (word,):
            if part and part not in STOP and not part[0].isdigit() and part not in matter:
                matter[part] = weight(part)
    return Clause(
        number, sentence, start, end, low, len(words), matter, sum(matter.values()), signs().find(low, words), moves, row, label, times,
        figures(text, start, end, times),
    )  # fmt: skip
