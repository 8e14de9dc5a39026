"""Which moves of a form a message makes, and the three signals that readers look for before anything else."""

from __future__ import annotations

import re

from amends.language.detectors.words import SHARED
from amends.language.labels import MOVES
from amends.language.records import MoveReport, Signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from amends.language.context import Context
    from amends.language.forms import FormMove
    from amends.language.records import Commitment

SIGNALS = {"ownership": ("ownership",), "impact": ("impact",), "recovery": ("recovery", "prevention")}
"""Ownership, impact awareness, and recovery with a way to prevent it (source: own-it-fix-it-grow)."""

_INTENTS = frozenset(
    "careful cautious diligent vigilant attentive mindful better bettering harder care attention improve improving enhance enhancing"
    " strengthen strengthening".split()
)
"""The words without one of which nothing is a mere intention."""
_SLACK = 1.0
"""So far below its threshold, in log-odds, a move is still taken to be there when the form requires it."""
_TELLS = r"\b(?:i|we)(?:'ll| will)? (?:write|post|report|update|brief|inform|notify|text|tell|call|phone|ring|be back)\b"
"""Words of a promise to be heard from, whatever else it promises."""


def move_reports(context: Context) -> tuple[MoveReport, ...]:
    """For each move that the form speaks of, whether it is there and in which sentence best, in the form's order."""
    return tuple(_report(context, wanted) for wanted in context.form.moves)


def signals(context: Context) -> tuple[Signal, ...]:
    """The three signals, each met or not, with the sentence that meets it.

    What the form says of a move holds for its signal, so that the two never contradict each other: where the form asks for
    recovery, a safeguard alone does not meet it.
    """
    found = []
    reports = {report.move: report for report in context.reports}
    for name, moves in SIGNALS.items():
        asked = name in reports and reports[name].required
        spans = [_signal_span(context, move, reports) for move in (moves[:1] if asked else moves)]
        start, end = next((span for span in spans if span[0] is not None), (None, None))
        found.append(Signal(name, start is not None, start, end))
    return tuple(found)


def _signal_span(context: Context, move: str, reports: dict[str, MoveReport]) -> tuple[int | None, int | None]:
    """The sentence that makes a move: as the form reports it where it speaks of it, else by its words alone."""
    if move in reports:
        return reports[move].start, reports[move].end
    return _span(context, _best(context, move, SHARED["intention"] if move == "prevention" else None))


def _report(context: Context, wanted: FormMove) -> MoveReport:
    required = wanted.need in ("error", "warning")
    if wanted.condition is not None:
        promise = next((promise for promise in context.promises if _meets(promise, wanted.condition)), None)
        if promise is not None:
            return MoveReport(wanted.move, required, present=True, start=promise.start, end=promise.end)
        place = _counted(context, wanted)
    else:
        place = _best(context, wanted.move, wanted.empty)
        if place is None:
            place = _counted(context, wanted)
        if place is None and required:
            place = _nearly(context, wanted)
    start, end = _span(context, place)
    return MoveReport(wanted.move, required, place is not None, start, end)


def _counted(context: Context, wanted: FormMove) -> int | None:
    """The first sentence that counts as a move in this form, though its words alone do not make it."""
    if wanted.counts is None:
        return None
    counts = re.compile(wanted.counts, re.IGNORECASE).search  # looked up once, not for each sentence
    for place in _written(context):
        words = context.line_of(context.text.sentences[place])
        if counts(words) and not (wanted.empty and re.search(wanted.empty, words, re.IGNORECASE)):
            return place
    return None


def _nearly(context: Context, wanted: FormMove) -> int | None:
    """The sentence without a flaw that comes nearest to a move, and near enough: what is missing must be surer than what is there."""
    move = MOVES.index(wanted.move)
    able = [place for place in _written(context) if place not in context.reading.titles and not context.flaws[place]]
    place = max(able, key=lambda one: context.reading.odds[one][move], default=None)
    if place is None or context.reading.odds[place][move] < context.reading.least[move] - _SLACK:
        return None
    words = context.line_of(context.text.sentences[place])
    return None if wanted.empty and re.search(wanted.empty, words, re.IGNORECASE) else place


def _written(context: Context) -> list[int]:
    """The numbers of the sentences in which the author says something: no greeting, signature, heading or open gap."""
    return [
        place
        for place, sentence in enumerate(context.text.sentences)
        if sentence.kind not in ("greeting", "signature", "heading") and place not in context.unsaid
    ]


def _meets(promise: Commitment, condition: str) -> bool:
    if promise.actor != "speaker" or promise.due is None:
        return False
    return condition == "timed" or promise.kind == "next_update" or re.search(_TELLS, promise.quote, re.IGNORECASE) is not None


def _best(context: Context, move: str, empty: str | None = None) -> int | None:
    """The sentence that makes a move most surely, the first of equals; one that only names the move does not count."""
    makers = context.makers.get(move)
    if makers is None:
        return None
    empty = _may_be_empty(context, empty)
    if empty is None:
        return max(makers, key=makers.__getitem__)
    surest = sorted(makers, key=makers.__getitem__, reverse=True)  # equals stay in order; most often the first one counts
    sentences = context.text.sentences
    return next((place for place in surest if not re.search(empty, context.line_of(sentences[place]), re.IGNORECASE)), None)


def _may_be_empty(context: Context, empty: str | None) -> str | None:
    """The pattern of what only names a move, unless the words of the draft show that it cannot be found: compiling it takes 0.5 ms."""
    return None if empty == SHARED["intention"] and context.vocabulary.isdisjoint(_INTENTS) else empty


def _span(context: Context, place: int | None) -> tuple[int | None, int | None]:
    if place is None:
        return None, None
    sentence = context.text.sentences[place]
    return sentence.start, sentence.end
