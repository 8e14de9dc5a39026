"""The moves and flaws of a turn, as the checker tells them, made fit for a conversation.

Nothing true is lost because something is put beside it, and nothing good is heard in a sentence that blames.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.language.check import check
from amends.language.forms import ANY
from amends.language.labels import FLAWS
from amends.language.records import Draft
from amends.practice.acts import MENDING, UNDOING
from amends.practice.heard import Act, asks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.index import Index
    from amends.language.records import Document, FlawLabel
    from amends.practice.stage import Stage

_SURE_OF_BLAME = 0.75
"""Blame that no rule tells must be at least so sure: it ends conversations, and "What did it do to your people?" is none."""
_ASKING = re.compile(
    r"(?:\W*\w+,)?\W*(?:(?:and|so|but|then|now)\W+)?(?:what|how|which|where|when|who (?:was|is|else|needs|knows))\b", re.IGNORECASE
)
"""A question that wants to know something puts no fault on anybody, whatever words are in it; "why did you" does."""
_EXCUSED = re.compile(
    r"\b(?:not|n't|never) (?:an? |the )?$"
    r"|\b(?:can't|cannot|won't|don't|not|couldn't|wouldn't) (?:\w+ ){0,3}(?:say|tell|know|name|look|ask)\b.{0,12}\bwho\b",
    re.IGNORECASE,
)
"""What takes the blame out of words that look like it: "you are not …", "I can't tell you who"."""
_THEIRS = re.compile(
    r"(?:^|(?<=[.!?;,\n] )|(?<=\bbut )|(?<=\band )|(?<=\bthat ))"
    r"(?:the (?:[a-z]+ )?[a-z]+(?:er|or|ist|team|desk|lead|intern|vendor|supplier|shift)|he|she|they|ops|qa|you|[A-Z][a-z]+) "
    r"(?:really |simply |just )?(?:should(?:'ve| have)|ought to have)\b(?! (?:had|heard|been (?:told|asked|called|warned)|got|received))"
)
"""Somebody else who should have done something; "you should have heard it from me" is owning."""


def labels(document: Document, text: str, index: Index) -> Iterator[Act]:
    """Every move and flaw of a turn, sentence by sentence, in the whole and apart."""
    yield from _labels(document, text)
    yield from _of_others(document, text)
    yield from _apart(document, text, index)
    yield from _reports(document)


def _labels(document: Document, text: str) -> Iterator[Act]:
    rules = {(finding.start, finding.end): finding.rule for finding in document.findings if finding.flaw}
    for sentence in document.sentences:
        words = text[sentence.start : sentence.end]
        asking = asks(words) and _ASKING.match(words) is not None
        costly = [label for label in sentence.flaws if not asking and _is_sure(label, text, sentence.start)]
        flaws = {label.flaw for label in costly}
        for flaw in costly:
            yield Act(flaw.flaw, flaw.start, flaw.end, rules.get((flaw.start, flaw.end)))
        for move in sentence.moves:
            if not (move.move in MENDING and flaws & UNDOING):
                yield Act(move.move, sentence.start, sentence.end)


def _is_sure(label: FlawLabel, text: str, start: int) -> bool:
    if label.flaw != "blame":
        return True
    excused = _EXCUSED.search(text, start, label.start) or _EXCUSED.search(text, start, label.end)
    return not excused and (label.told or label.confidence >= _SURE_OF_BLAME)


def _apart(document: Document, text: str, index: Index) -> Iterator[Act]:
    """The moves of each sentence by itself, and of all but the last: what is said is not lost because something is put beside it."""
    if len(document.sentences) <= 1:
        return
    spans = [(one.start, one.end, ANY) for one in document.sentences]
    for begin, end, form in (*spans, (0, spans[-1][0], document.form)):
        read = check(Draft(text[begin:end], document.at, form=form, audience=document.audience, tz=document.tz, markup="plain"), index)
        for act in (*_labels(read, text[begin:end]), *_reports(read)):
            flaws = _flaws_at(document, begin + act.start)
            if act.name not in FLAWS and not (act.name in MENDING and flaws & UNDOING):
                yield Act(act.name, begin + act.start, begin + act.end)


def _reports(document: Document) -> Iterator[Act]:
    """Moves that the form sees where no sentence is labelled with them."""
    labelled = {label.move for sentence in document.sentences for label in sentence.moves}
    for report in document.moves:
        if report.present and report.start is not None and report.end is not None and report.move not in labelled:
            flaws = _flaws_at(document, report.start)
            if not (report.move in MENDING and flaws & UNDOING):
                yield Act(report.move, report.start, report.end)


def _of_others(document: Document, text: str) -> Iterator[Act]:
    """What somebody else should have done is no owning, whoever says it."""
    for sentence in document.sentences:
        found = _THEIRS.search(text, sentence.start, sentence.end)
        if found:
            yield Act("blame", found.start(), found.end())


def without_blame(acts: list[Act], document: Document, stage: Stage) -> list[Act]:
    """Nothing good is heard in a sentence that puts the fault on somebody, whatever words it uses for it."""
    blaming = {act.start for act in acts if act.name == "blame"}
    spoilt = [(one.start, one.end) for one in document.sentences if any(one.start <= place < one.end for place in blaming)]
    return [act for act in acts if act.name in stage.bad or not any(start <= act.start < end for start, end in spoilt)]


def _flaws_at(document: Document, place: int) -> set[str]:
    return {label.flaw for sentence in document.sentences if sentence.start <= place < sentence.end for label in sentence.flaws}
