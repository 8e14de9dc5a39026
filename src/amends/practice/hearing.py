"""Hears one turn of the learner: which acts are in it, where, and whether it is a turn at all.

What the checker says about moves, flaws and promises is taken over; this module adds what only a conversation knows: facts and cues of
the scenario, questions, repetition, words that are not one's own, figures that nobody knows, and more words than anybody reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.language.check import check
from amends.language.forms import ANY
from amends.language.labels import FLAWS
from amends.language.records import Draft
from amends.language.times import find_times
from amends.practice.acts import FOULS, MENDING, UNDOING
from amends.practice.fouls import RAMBLING, Past, fouls
from amends.practice.spelling import mended

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from amends.language.index import Index
    from amends.language.records import Document, FlawLabel
    from amends.practice.spelling import Mended
    from amends.practice.stage import Stage

_LETTERS_A_WORD = 12
"""A turn of one endless word is as long as one of many."""
_QUOTED = 160
"""No quotation is longer, however long its words are."""
FURTHEST = timedelta(days=400)
"""A time further off than this is a slip of reading, not a promise."""

_OPEN = re.compile(
    r"\b(?:what|how|which|who|whom|whose|where|when|why)\b|\b(?:tell|walk|show|take) (?:me|us)\b|\bhelp (?:me|us) (?:understand|see)\b"
    r"|\bdescribe\b|\bwould you (?:mind )?(?:tell|say|walk|describ)",
    re.IGNORECASE,
)
_SURE_OF_BLAME = 0.75
"""Blame that no rule tells must be at least so sure: it ends conversations, and "What did it do to your people?" is none."""
_INVITES = re.compile(
    r"^\W*(?:(?:please|and|so|first|but|could you|can you|would you)\W+)*(?:tell|walk|show|help|talk|take|run) (?:me|us)\b"
    r"|\bI(?:'d| would) (?:like|want) to (?:hear|know|understand)\b",
    re.IGNORECASE,
)  # fmt: skip
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
    r"\b(?:was|were|had|did|should have|could have|if|whether|vendor|supplier|yesterday|last (?:night|week|month))\b",
    re.IGNORECASE,
)
"""What makes a present tense no promise of the speaker."""
_ASKING = re.compile(
    r"(?:\W*\w+,)?\W*(?:(?:and|so|but|then|now)\W+)?(?:what|how|which|where|when|who (?:was|is|else|needs|knows))\b", re.IGNORECASE
)
"""A question that wants to know something puts no fault on anybody, whatever words are in it; "why did you" does."""
_TOLD = re.compile(r"\b(?:promised|told|said|gave|wrote|announced)\b", re.IGNORECASE)
"""A promise that is only told of is no new one."""
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
_HANGING = re.compile(
    r"\s(?:the|an?|to|of|and|or|your|our|my|his|her|their|that|this|in|on|at|for|with|by|not|is|was|were|be)$", re.IGNORECASE
)
"""A quotation that ends like this is no phrase."""
_REST = re.compile(r"[^.,;:!?\n]*")
_SEEKING = re.compile(
    r"\b(?:are|we're|is) (?:we|it|that|this|everything|all)? ?(?:good|ok|okay|fine|cool|alright|all right|enough)\b[^?]*\?$"
    r"|^\W*(?:right|ok|okay|yes|no|yeah|agreed|deal|really|seriously)\W*\?$",
    re.IGNORECASE,
)
"""Questions that ask to be comforted or to be done, not to learn something."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a turn, where it stands in the learner's words, and the rule of the checker that tells it, if one does."""

    name: str
    start: int
    end: int
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn as the other person hears it. In a turn with a foul no good act counts. `topics` are the facts and cues asked about."""

    text: str
    words: int
    acts: tuple[Act, ...]
    names: frozenset[str]
    topics: frozenset[str] = frozenset()
    promise: str | None = None

    @property
    def foul(self) -> bool:
        """Whether it is a turn that earns nothing."""
        return not self.names.isdisjoint(FOULS)

    def quote(self, name: str) -> str:
        """The words that carry an act, at most a dozen; empty where it is the absence of something."""
        found = next((act for act in self.acts if act.name == name), None)
        if found is None:
            return ""
        start, end = found.start, found.end
        if _HANGING.search(self.text[start:end]):  # "read the": the rest of the clause belongs to it
            start = max(self.text.rfind(sign, 0, start) + 1 for sign in ".,;:!?\n")
            end += len(_REST.match(self.text, end)[0])  # type: ignore[index]  # it matches the empty text too
        return " ".join(self.text[start:end].split()[:12])[:_QUOTED].strip(" .,;:!?\"“”'")


def hear(text: str, stage: Stage, index: Index, past: Past, at: datetime) -> Heard:
    """What is heard in `text`, said at `at` after what `past` holds."""
    scenario = stage.scenario
    if len(text) > RAMBLING * scenario.patience * _LETTERS_A_WORD or len(text.split()) > RAMBLING * scenario.patience:
        return Heard(text, len(text.split()), (Act("rambling", 0, len(text)),), frozenset({"rambling"}))
    read = mended(text, stage.words)
    document = check(Draft(read.text, at, form=scenario.form, audience=scenario.audience, tz=scenario.zone, markup="plain"), index)
    words = len(text.split())
    limit = _limit(read.text, scenario.patience)
    acts = [
        *_labels(document, read.text),
        *_of_others(document, read.text),
        *_apart(document, read.text, index),
        *_reports(document),
        *_promises(document, read.text, at),
        *_signs(document, read.text, stage, past),
    ]
    questions, topics = _questions(document, read.text, stage)
    acts += questions
    acts = _without_blame(acts, document, stage)
    acts = [act for act in acts if act.start < limit]
    if words > scenario.patience:
        acts.append(Act("long", min(limit, len(read.text)), len(read.text)))
    found = fouls(text, read.text, document, stage, past)
    if found:
        acts = [act for act in acts if act.name in stage.bad]
        topics = frozenset()
    told = (*(Act(foul.name, foul.start, foul.end) for foul in found), *acts)
    return Heard(text, words, _ordered(told, read), frozenset(act.name for act in told), topics, None if found else _promise(document, at))


def _limit(text: str, patience: int) -> int:
    """Where the other person stops reading."""
    for number, word in enumerate(re.finditer(r"\S+", text), 1):
        if number == patience:
            return word.end()
    return len(text) + 1


def _labels(document: Document, text: str) -> Iterator[Act]:
    rules = {(finding.start, finding.end): finding.rule for finding in document.findings if finding.flaw}
    for sentence in document.sentences:
        words = text[sentence.start : sentence.end]
        asking = words.rstrip(" \"'”)").endswith("?") and _ASKING.match(words) is not None
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


def _without_blame(acts: list[Act], document: Document, stage: Stage) -> list[Act]:
    """Nothing good is heard in a sentence that puts the fault on somebody, whatever words it uses for it."""
    blaming = {act.start for act in acts if act.name == "blame"}
    spoilt = [(one.start, one.end) for one in document.sentences if any(one.start <= place < one.end for place in blaming)]
    return [act for act in acts if act.name in stage.bad or not any(start <= act.start < end for start, end in spoilt)]


def _flaws_at(document: Document, place: int) -> set[str]:
    return {label.flaw for sentence in document.sentences if sentence.start <= place < sentence.end for label in sentence.flaws}


def _promises(document: Document, text: str, at: datetime) -> Iterator[Act]:
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
        loose = (one.due is None and one.time_quote is not None) or _is_vague(document, one.start, one.end)
        if one not in dated and loose and (not timed or _is_vague(document, one.start, one.end)):
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
            bare = len(words[: time.start].split()) + len(words[time.end :].split()) <= 1
            if ahead and (bare or _binds(words, time.start, time.end)) and not any(begin <= start < end for begin, end in told):
                yield Act("timed", sentence.start, sentence.end)
                break


def _binds(words: str, start: int, end: int) -> bool:
    """Whether the clause around a time promises in the present tense, and nothing up to there makes it past, supposed or another's."""
    begin = max(words.rfind(sign, 0, start) + 1 for sign in ",;:")
    stop = min((place for sign in ",;" if (place := words.find(sign, end)) >= 0), default=len(words))
    verb = _PRESENT.search(words, begin, stop)
    return verb is not None and not _OTHERS.search(words, begin, max(end, verb.end()))


def _promise(document: Document, at: datetime) -> str | None:
    """The last promise with a time, in the learner's words: it comes back on the day after."""
    kept = [one.quote for one in document.promises if one.actor == "speaker" and one.due is not None and at < one.due <= at + FURTHEST]
    return kept[-1] if kept else None


def _signs(document: Document, text: str, stage: Stage, past: Past) -> Iterator[Act]:
    """Facts that are stated and cues that are given; a fact of the other person counts once it is told, and then is listening."""
    for sign in stage.signs:
        if sign.id in stage.hidden and sign.id not in past.revealed:
            continue
        for sentence in document.sentences:
            found = sign.shows.search(text, sentence.start, sentence.end)
            if found and not (sign.unless and sign.unless.search(text, sentence.start, sentence.end)):
                yield Act(sign.id, found.start(), found.end())
                if sign.id in stage.hidden:
                    yield Act("listening", sentence.start, sentence.end)
                break


def _questions(document: Document, text: str, stage: Stage) -> tuple[list[Act], frozenset[str]]:
    """The questions of a turn, and the facts and cues that they touch; asking to be comforted is none."""
    acts: list[Act] = []
    topics: set[str] = set()
    for sentence in document.sentences:
        words = text[sentence.start : sentence.end]
        invites = bool(_INVITES.search(words))
        if not (words.rstrip(" \"'”)").endswith("?") or invites) or _SEEKING.search(words.strip()):
            continue
        acts.append(Act("question", sentence.start, sentence.end))
        if invites or _OPEN.search(words):
            acts.append(Act("open-question", sentence.start, sentence.end))
        topics |= {sign.id for sign in stage.signs if sign.shows.search(words)}
    return acts, frozenset(topics)


def _ordered(acts: tuple[Act, ...], read: Mended) -> tuple[Act, ...]:
    """Each act once at each place, in reading order, with places in the words as they were written."""
    placed = {Act(act.name, read.original(act.start), read.original(act.end), act.rule) for act in acts}
    return tuple(sorted(placed, key=lambda act: (act.start, act.end, act.name, act.rule or "")))
