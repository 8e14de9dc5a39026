"""Detectors for what is written to people who decide: the four Cs of a status update, and the executive status."""

from __future__ import annotations

import re

from amends.language.context import Remark
from amends.language.detectors.words import DATED, DAY_OF_MONTH, ISO_DATE, WEEKDAY, any_of

__all__ = [
    "impact_without_number",
    "news_not_first",
    "no_decision_named",
    "order_of_four_cs",
    "risk_without_trigger",
    "slip_without_dates",
    "subject_without_state",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.context import Context
    from amends.language.rules import Rule

_FOUR_CS = {
    "context": 0, "what happened": 0,
    "current": 1, "current status": 1, "status": 1, "where we are": 1, "now": 1,
    "constraints": 2, "constraint": 2, "blockers": 2, "what we wait for": 2, "waiting for": 2,
    "commitments": 3, "commitment": 3, "next update": 3, "next steps": 3, "what we do": 3,
}  # fmt: skip
_SLIP = (
    r"\b(?:slip(?:s|ped|ping)?|delay(?:ed|s)?|postponed?|pushed (?:back|out)|behind (?:schedule|plan)|later than (?:planned|promised)"
    r"|miss(?:es|ed)? (?:the|our|its) (?:date|deadline|milestone))\b"
)
_SLIP_SIGNS = frozenset(
    "slip slips slipped slipping delay delayed delays postpone postponed pushed behind later miss misses missed".split()
)
_DAY = rf"(?:\b{DAY_OF_MONTH}|\b{WEEKDAY}\b|{ISO_DATE}|\b(?:q[1-4]|\d{{1,2}}(?:st|nd|rd|th)?|today|tomorrow|week \d+|\d{{1,2}}:\d\d)\b)"
_OLD_TO_NEW = rf"{_DAY}.{{0,25}}?(?:→|->|\bto\b|\bnot\b|\binstead of\b|\brather than\b|\bwas\b|–).{{0,25}}?{_DAY}"
_QUANTITY = r"\d|[€$£¥₦]|" + any_of(
    "one two three four five six seven eight nine ten twelve dozen hundreds? thousands? million half third quarter all every no none"
    " nobody each both single"
)
_TIME_ONLY = r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2}\s*[ap]\.?m\b"
_DECISION = any_of(r"decisions? decide approv\w+ need(?:ed)?_from_you ask_?[:–] no_action your_(?:ok|go|call) need_your please")
_ASKING_WORDS = frozenset({"decision", "decisions", "decide", "please"})
"""Each of them alone names a decision."""
_ASK_LABELS = ("decision", "decisions", "decision needed", "decisions needed", "ask", "asks", "request")


def order_of_four_cs(context: Context, _rule: Rule) -> Iterator[Remark]:
    """Labelled lines of the four Cs in another order than context, current, constraints, commitments."""
    lines = [(_FOUR_CS[one.label], one) for one in context.text.sentences if one.label in _FOUR_CS]
    order: list[int] = []
    for rank, sentence in lines:
        if order and rank < max(order) and rank not in order:
            yield Remark(sentence.start, sentence.end, {"label": sentence.label or ""})
            return
        order.append(rank)


def subject_without_state(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A subject line that tells neither the state nor when the next update comes."""
    for sentence in context.text.sentences:
        if sentence.label == "subject":
            words = context.text.of(sentence)
            if not re.search(r"\d", words):
                yield Remark(sentence.start, sentence.end)
            return


def slip_without_dates(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A date slips, and the old and the new one do not stand side by side."""
    if _SLIP_SIGNS.isdisjoint(context.pieces):
        return
    masked = context.text.masked
    slip = re.search(_SLIP, masked, re.IGNORECASE)
    if slip is None or re.search(_OLD_TO_NEW, masked, re.IGNORECASE):
        return
    if re.search(r"\b\d+\s*(?:min|h\b|hour|second)", masked[slip.start() : slip.end() + 40]):
        return  # payments delayed by 38 minutes: no date slips
    yield Remark(slip.start(), slip.end())


def news_not_first(context: Context, _rule: Rule) -> Iterator[Remark]:
    """The first line carries neither what happened nor what changes."""
    news = ("fact", "impact", "status", "cause")
    for place, sentence in enumerate(context.text.sentences):
        size = sentence.last - sentence.first
        if sentence.kind in ("greeting", "signature", "heading") or sentence.label == "subject" or size <= 4:
            continue
        words = context.text.of(sentence)
        carries = any(context.has(place, move) for move in news) or re.search(_OLD_TO_NEW, words, re.IGNORECASE)
        if not carries and not re.match(r"\W*(?:tl;?dr|headline|what|news)\b", words, re.IGNORECASE):
            yield Remark(sentence.start, sentence.end)
        return


def impact_without_number(context: Context, _rule: Rule) -> Iterator[Remark]:
    """The impact has no number: how many people, orders, minutes, how much money. One that says until when is half an answer."""
    places = context.places("impact")
    if not places:
        return
    for place in places:
        words = re.sub(_TIME_ONLY, "", context.text.of(context.text.sentences[place]))
        if re.search(_QUANTITY, words, re.IGNORECASE):
            return
    first = context.text.sentences[places[0]]
    dated = re.search(DATED, context.text.of(first), re.IGNORECASE)
    yield Remark(first.start, first.end, severity="note" if dated else None)


def no_decision_named(context: Context, _rule: Rule) -> Iterator[Remark]:
    """It says neither what has to be decided nor that nothing has."""
    if not _ASKING_WORDS.isdisjoint(context.pieces):
        return
    if any(one.label in _ASK_LABELS for one in context.text.sentences) or re.search(_DECISION, context.text.masked, re.IGNORECASE):
        return
    if context.prose():
        yield Remark(*context.whole())


def risk_without_trigger(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A risk is named, and not what will show it or what happens then."""
    for sentence in context.text.sentences:
        if sentence.label not in ("risk", "risks"):
            continue
        words = context.text.of(sentence)
        if not re.search(
            r"\b(?:if|when|unless|once|above|below|more than|less than|until|after|mitigat|flag|fallback|then|none|no\b)",
            words,
            re.IGNORECASE,
        ):
            yield Remark(sentence.start, sentence.end)
        return
