"""What the engine sees in each sentence: the cues and rules whose phrases stand in it, and a few facts about its place.

Everything later (moves, flaws, findings, explanations) reads from here, so that a text is walked once.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

from amends.language.sections import SECTIONS, has_subject, label_of, mark_sections

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amends.language.match import Lexicon, PhraseTable
    from amends.language.records import Commitment
    from amends.language.text import Sentence, Text

    Table = tuple[PhraseTable, Sequence[tuple[int, int]]]

FEATURES = (
    "first", "last", "only", "heading", "item", "label", "short", "long", "question", "promise", "promise-timed", "promise-vague",
    "promise-other", "code", "number", "clock", "past", "subject", "body", "trouble", "calm", "live", *SECTIONS,
)  # fmt: skip
"""Facts about a sentence that no phrase shows; move lexicons may give each a weight."""

CUE, RULE, BLOCK, FORM, NOTHING = range(5)
"""What a phrase of the table stands for: evidence for moves, words of a rule, an excuse of a rule, a sign of a form."""


class Reading:
    """A text with what was found in it, sentence by sentence.

    `cues[n]` are the cue groups of sentence n, `rule_hits[n]` pairs of (rule number, first word, past the last word),
    `features[n]` names out of `FEATURES`; `form_cues` counts the signs of forms over the whole text; `titles` are the numbers of
    headings, by markup or by their words; once the network has judged, `odds[n]` are the log-odds of each move and flaw, and
    `least` those from which each is told.
    """

    __slots__ = ("bits", "cues", "features", "form_cues", "least", "odds", "rule_hits", "text", "titles")

    def __init__(self, text: Text, bits: list[int]) -> None:
        self.text = text
        self.bits = bits
        self.cues: list[set[int]] = []
        self.features: list[set[str]] = []
        self.rule_hits: list[list[tuple[int, int, int]]] = []
        self.form_cues: dict[int, int] = {}
        self.odds: list[list[float]] = []
        self.least: tuple[float, ...] = ()
        self.titles: frozenset[int] = frozenset()

    def silence(self) -> None:
        """Forget all that was found by words: they are not words of a language that the engine reads."""
        for cues, marks, hits in zip(self.cues, self.features, self.rule_hits, strict=True):
            cues.clear()
            marks.clear()
            hits.clear()
        self.form_cues.clear()


def read(
    text: Text, lexicon: Lexicon, tables: Sequence[Table], promises: Iterable[Commitment], labels: Mapping[str, Iterable[str]]
) -> Reading:
    """Walk the text once per table; each comes with what its phrases stand for, as (one of CUE…FORM, its number).

    `labels` tells which moves a line of some name holds ("Impact: …").
    """
    bits = lexicon.bits(text.written)
    reading = Reading(text, bits)
    written = text.written
    found: list[tuple[int, int, int]] = []
    for sentence in text.sentences:
        cues: set[int] = set()
        hits: list[tuple[int, int, int]] = []
        blocked: set[int] = set()
        for table, effects in tables:
            found.clear()
            table.scan(written, sentence.first, sentence.last, found)
            for phrase, first, last in found:
                kind, number = effects[phrase]
                if kind == CUE:
                    cues.add(number)
                elif kind == RULE:
                    hits.append((number, first, last))
                elif kind == BLOCK:
                    blocked.add(number)
                elif kind == FORM:
                    reading.form_cues[number] = reading.form_cues.get(number, 0) + 1
        if blocked:
            hits = [hit for hit in hits if hit[0] not in blocked]
        reading.cues.append(cues)
        reading.rule_hits.append(_longest(hits) if len(hits) > 1 else hits)
    _mark_places(reading, lexicon)
    _mark_promises(reading, promises)
    _mark_labels(reading, labels)
    return reading


def _longest(hits: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Overlapping hits of one rule become the longest of them, the first where they are equally long."""
    kept: list[tuple[int, int, int]] = []
    taken: dict[int, set[int]] = {}
    for rule, first, last in sorted(hits, key=lambda hit: (hit[0], hit[1] - hit[2], hit[1])):
        words = taken.setdefault(rule, set())
        if words.isdisjoint(range(first, last)):
            words.update(range(first, last))
            kept.append((rule, first, last))
    return sorted(kept, key=lambda hit: (hit[1], hit[0]))


_SIGHTS = (("num", "number"), ("clock", "clock"), ("code", "code"), ("past", "past"), ("trouble", "trouble"))
"""Word classes whose presence in a sentence is a feature of it."""


def _mark_places(reading: Reading, lexicon: Lexicon) -> None:
    text, bits = reading.text, reading.bits
    sentences = text.sentences
    sights = [(lexicon.bit.get(name, 0), feature) for name, feature in _SIGHTS]
    everywhere = 0
    prose = [place for place, sentence in enumerate(sentences) if sentence.kind not in ("greeting", "signature", "heading")]
    for place, sentence in enumerate(sentences):
        marks = _place_marks(place, prose, sentence)
        every = reduce(or_, bits[sentence.first : sentence.last], 0)
        for mask, feature in sights:
            if every & mask:
                marks.add(feature)
        everywhere |= every
        if sentence.last > sentence.first and text.words[sentence.last - 1] == "?":
            marks.add("question")
        reading.features.append(marks)
    _mark_whole(reading, everywhere, lexicon)


def _mark_whole(reading: Reading, everywhere: int, lexicon: Lexicon) -> None:
    """Facts about the whole text: that it names no trouble, that somebody is still looking into it, that it reads like a commit."""
    if not everywhere & lexicon.bit.get("trouble", 0):
        for marks in reading.features:
            marks.add("calm")
    elif everywhere & lexicon.bit.get("probing", 0):
        for marks in reading.features:
            marks.add("live")
    reading.titles = mark_sections(reading.text, reading.features)
    if has_subject(reading.text):
        reading.features[0].add("subject")
        for marks in reading.features[1:]:
            marks.add("body")


def _place_marks(place: int, prose: list[int], sentence: Sentence) -> set[str]:
    marks: set[str] = set()
    if prose:
        if place == prose[0]:
            marks.add("first")
        if place == prose[-1]:
            marks.add("last")
        if len(prose) == 1:
            marks.add("only")
    if sentence.kind in ("heading", "item", "label"):
        marks.add(sentence.kind)
    size = sentence.last - sentence.first
    if size <= 3:
        marks.add("short")
    elif size > 30:
        marks.add("long")
    return marks


def _mark_promises(reading: Reading, promises: Iterable[Commitment]) -> None:
    """Tell each sentence which promises stand in it; promises and sentences both come in order."""
    sentences = reading.text.sentences
    place = 0
    for promise in promises:
        while place < len(sentences) and sentences[place].end <= promise.start:
            place += 1
        if place == len(sentences):
            return
        marks = reading.features[place]
        if promise.actor != "speaker":
            marks.add("promise-other")
        elif promise.firmness != "expectation":
            marks.add("promise")
            if promise.due is not None:
                marks.add("promise-timed")
            if promise.firmness == "vague":
                marks.add("promise-vague")


def _mark_labels(reading: Reading, labels: Mapping[str, Iterable[str]]) -> None:
    """Tell each sentence the moves that its label names."""
    for sentence, marks in zip(reading.text.sentences, reading.features, strict=True):
        label = label_of(reading.text, sentence)
        if label is not None:
            marks.update(f"named {move}" for move in labels.get(label, ()))
