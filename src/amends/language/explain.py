"""Why the engine says what it says of each sentence: what spoke for and against every label.

For people who want to know, on demand: a check does not pay for it.
"""

from __future__ import annotations

from amends.core.record import record
from amends.language.judging import added

TYPE_CHECKING = False
if TYPE_CHECKING:
    from amends.language.index import Index
    from amends.language.options import Options
    from amends.language.records import Document, Draft

MOST = 5
"""So many features are told for a label on each side."""
_KINDS = {
    "w": "the word “{}”", "b": "the words “{}”", "k": "a word of the class “{}”", "c": "the cue “{}”", "<c": "before it, the cue “{}”",
    ">c": "behind it, the cue “{}”", "r": "the words of the rule {}", "f": "it is {}", "n": "its size", "p": "its place: {}",
    "m": "the size of the message",
}  # fmt: skip
_MARKS = {"<^": "nothing stands before it", ">$": "nothing stands behind it"}


@record
class Evidence:
    """One thing that spoke for a label (above 0) or against it: in words, and in log-odds."""

    what: str
    odds: float


@record
class Explained:
    """One label of one sentence: its log-odds, those from which it is told, and what spoke, strongest first."""

    start: int
    end: int
    label: str
    odds: float
    least: float
    confidence: float
    evidence: tuple[Evidence, ...]


def explain(draft: Draft, document: Document, index: Index, options: Options) -> tuple[Explained, ...]:
    """What spoke for and against each label that a checked draft was given, in the order of its sentences."""
    from amends.language import commitments
    from amends.language.features import read
    from amends.language.text import parse

    text = parse(draft.text, draft.markup)
    promises, _ = commitments.find(text, draft.at, document.tz, options.calendar)
    reading = read(text, index.lexicon, index.tables, promises, index.labels)
    network = index.network
    found = []
    for place, (report, odds) in enumerate(zip(document.sentences, network.judge(reading), strict=True)):
        given = {label.move: (label.confidence, False) for label in report.moves}
        given |= {label.flaw: (label.confidence, label.told) for label in report.flaws}
        for number, label in enumerate(network.labels):
            if label not in given:
                continue
            confidence, told = given[label]
            spoke = [(name, change) for name, change in network.explain(reading, place, number) if round(change, 1)]
            ordered = sorted(spoke, key=lambda pair: (-abs(pair[1]), pair[0]))
            kept = [pair for pair in ordered if pair[1] > 0][:MOST] + [pair for pair in ordered if pair[1] < 0][:MOST]
            evidence = [Evidence(in_words(name), round(change, 1)) for name, change in kept]
            more = added(reading, place, number, told=told)
            if more:
                evidence.insert(0, Evidence("the words that a rule finds" if told else "the name of the line", more))
            total = round(odds[number] + more, 1)
            found.append(Explained(report.start, report.end, label, total, network.least[number], confidence, tuple(evidence)))
    return tuple(found)


def in_words(feature: str) -> str:
    """A feature as a person would name it; the names stand in `model/sight.py`."""
    if feature in _MARKS:
        return _MARKS[feature]
    kind, _, value = feature.partition(":")
    return _KINDS[kind].format(value)
