"""The promises of a turn: those with a time still to come, also in the present tense, and those that nobody could hold the speaker to."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.language.times import find_times
from amends.practice.heard import Act, Made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from amends.language.records import Document

FURTHEST = timedelta(days=400)
"""A time further off than this is a slip of reading, not a promise."""

_QUOTED = re.compile(r"[\"\u201c][^\"\u201d]*[\"\u201d]")
_DOES = (
    "call|check|write|send|post|look|ring|phone|mail|email|ping|tell|report|ask|come|bring|meet|give|do|go|start|finish|update|confirm"
    "|answer|read|sit|stay|hand|have|get|put|take|review|share|reply|speak|talk"
)
_PRESENT = re.compile(
    rf"\b(?:I|we) (?:\w+ly |then |also |now |still )?(?:{_DOES})\b|\b(?:I|we)\b[^.;!?]{{0,80}} and (?:then )?(?:{_DOES})\b"
    r"|\b(?:I'm|I am|we're|we are) (?:then |also |now |still )?[a-z]+ing\b|\b(?:you|they) (?:get|have|hear|see|know)\b"
    r"|\b(?:it|that|this|somebody|someone|(?:an?|the|my|our) (?:\w+ ){1,2})\s*"
    r"(?:'s|is|arrives|lands|goes|comes|ships|will be|brings|delivers|calls)(?:\b|(?<=s))",
    re.IGNORECASE,
)
"""What carries a promise in the present tense."""
_OTHERS = re.compile(
    r"\b(?:was|were|had|did|should have|could have|if|whether|vendor|supplier|yesterday|last (?:night|week|month)|already|so far"
    r"|been|busy)\b",
    re.IGNORECASE,
)
"""What makes a present tense no promise of the speaker."""
_SHORT = 6
_NEXT = re.compile(r"\b(?:next|back here|more|update|again|post|from me)\b", re.IGNORECASE)
"""In a few words this makes a time the hour of the next word: "Next: 19:45 from me"."""
_TOLD = re.compile(r"\b(?:promised|told|said|gave|wrote|announced)\b", re.IGNORECASE)
"""A promise that is only told of is no new one."""
_LOOSE = re.compile(
    r"\b(?:look(?:ing)? (?:into|at)|investigat\w+|get(?:ting)? back|keep(?:ing)? (?:you|an eye|on)|follow(?:ing)? up|monitor\w*|improv\w+"
    r"|work(?:ing)? (?:on|hard)|sort\w* (?:it|this|that|things)|try(?:ing)?"
    r"|do (?:our|my) best|see what|make sure|ensure|take care|address\w*"
    r"|escalat\w+|revisit\w*|review\w*|discuss\w*|be in touch|circle back|dig into|check in|raise (?:it|this)|learn\w*|strive)\b",
    re.IGNORECASE,
)
"""What somebody promises who promises nothing: verbs without an end that could be seen."""


def promises(document: Document, text: str, at: datetime) -> Iterator[Act]:
    """Promises of the speaker, with a time ahead, or in words that name none ("soon", "we keep you posted").

    A plain "I'll talk to her" names no time and costs nothing: it is what somebody does next. Beside a promise with a time, the others hang
    on that one.
    """
    ours = [one for one in document.promises if one.actor == "speaker" and not _TOLD.search(one.quote)]
    dated = [one for one in ours if one.due is not None and at < one.due <= at + FURTHEST and one.firmness != "vague"]
    timed = [Act("timed", one.start, one.end) for one in dated] + list(_present(document, text, at))
    yield from timed
    yield from (Act("next-update", one.start, one.end) for one in dated if one.kind == "next_update")
    for one in ours:
        vague = _is_vague(document, one.start, one.end)
        loose = vague or (one.due is None and (one.time_quote is not None or _LOOSE.search(one.quote) is not None))
        if one not in dated and loose and (vague or not timed):
            yield Act("undated", one.start, one.end)


def _is_vague(document: Document, start: int, end: int) -> bool:
    """Whether a rule tells vague words in a span."""
    flaws = (label for sentence in document.sentences for label in sentence.flaws)
    return any(label.flaw == "vague" and label.told and label.start < end and label.end > start for label in flaws)


def _present(document: Document, text: str, at: datetime) -> Iterator[Act]:
    """Promises in the present tense ("I check at 15:00 and write to you"), which bind in speech as "I will" does in writing."""
    told = [(one.start, one.end) for one in document.promises]
    for sentence in document.sentences:
        words = text[sentence.start : sentence.end]
        if words.rstrip().endswith("?"):
            continue
        for time in find_times(words, at, document.tz):
            ahead = time.due is not None and at < time.due <= at + FURTHEST and time.flags.isdisjoint(("rolled", "past"))
            start = sentence.start + time.start
            around = f"{words[: time.start]} {words[time.end :]}".split()
            bare = len(around) <= 1 or (len(around) <= _SHORT and _NEXT.search(words) is not None)
            if ahead and (bare or _binds(words, time.start, time.end)) and not any(begin <= start < end for begin, end in told):
                yield Act("timed", sentence.start, sentence.end)
                break


def _binds(words: str, start: int, end: int) -> bool:
    """Whether the clause around a time promises in the present tense, and nothing up to there makes it past, supposed or another's."""
    begin = max(words.rfind(sign, 0, start) + 1 for sign in ",;:")
    stop = min((place for sign in ",;" if (place := words.find(sign, end)) >= 0), default=len(words))
    verb = _PRESENT.search(words, begin, stop)
    return verb is not None and not _OTHERS.search(words, begin, max(end, verb.end()))


def made(document: Document, text: str, at: datetime) -> tuple[Made, ...]:
    """The firm promises of a turn with their times, in the learner's words: one of them comes back on the day after.

    What stands in quotation marks is a line for somebody else to say.
    """
    quoted = [found.span() for found in _QUOTED.finditer(text)]
    return tuple(
        Made(one.quote, one.due)
        for one in document.promises
        if one.actor == "speaker" and one.firmness == "firm" and one.due is not None and at < one.due <= at + FURTHEST
        and not _TOLD.search(one.quote) and not any(start <= one.start < end for start, end in quoted)
    )  # fmt: skip
