"""Hears one turn of the learner: which acts are in it, where, and whether it is a turn at all.

What the checker says about moves, flaws and promises is taken over; this module adds what only a conversation knows: facts and cues of
the scenario, questions, repetition, words that are not one's own, figures that nobody knows, and more words than anybody reads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.language.check import check
from amends.language.records import Draft
from amends.practice.fouls import RAMBLING, Past, fouls
from amends.practice.heard import Act, Heard, asks
from amends.practice.labelled import labels, without_blame
from amends.practice.promised import made, promises
from amends.practice.spelling import mended

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from amends.language.index import Index
    from amends.language.records import Document
    from amends.practice.spelling import Mended
    from amends.practice.stage import Stage

_LETTERS_A_WORD = 12
"""A turn of one endless word is as long as one of many."""
_OPEN = re.compile(
    r"\b(?:what|how|which|who|whom|whose|where|when|why)\b|\b(?:tell|walk|show|take) (?:me|us)\b|\bhelp (?:me|us) (?:understand|see)\b"
    r"|\bdescribe\b|\bwould you (?:mind )?(?:tell|say|walk|describ)",
    re.IGNORECASE,
)
_INVITES = re.compile(
    r"^\W*(?:(?:please|and|so|first|but|could you|can you|would you)\W+)*(?:tell|walk|show|help|talk|take|run) (?:me|us)\b"
    r"|\bI(?:'d| would) (?:like|want) to (?:hear|know|understand)\b",
    re.IGNORECASE,
)  # fmt: skip
_SEEKING = re.compile(
    r"\b(?:are|we're|is) (?:we|it|that|this|everything|all)? ?(?:good|ok|okay|fine|cool|alright|all right|enough)\b[^?]*\?$"
    r"|^\W*(?:right|ok|okay|yes|no|yeah|agreed|deal|really|seriously)\W*\?$",
    re.IGNORECASE,
)
"""Questions that ask to be comforted or to be done, not to learn something."""


def hear(text: str, stage: Stage, index: Index, past: Past, at: datetime) -> Heard:
    """What is heard in `text`, said at `at` after what `past` holds."""
    scenario = stage.scenario
    words = len(text.split())
    if len(text) > RAMBLING * scenario.patience * _LETTERS_A_WORD or words > RAMBLING * scenario.patience:
        return Heard(text, words, (Act("rambling", 0, len(text)),), frozenset({"rambling"}))
    read = mended(text, stage.words)
    document = check(Draft(read.text, at, form=scenario.form, audience=scenario.audience, tz=scenario.zone, markup="plain"), index)
    limit = _limit(read.text, scenario.patience)
    acts = [
        *labels(document, read.text, index),
        *promises(document, read.text, at),
        *_signs(document, read.text, stage, past),
    ]
    questions, topics = _questions(document, read.text, stage)
    acts += questions
    acts = without_blame(acts, document, stage)
    acts = [act for act in acts if act.start < limit]
    if words > scenario.patience:
        acts.append(Act("long", min(limit, len(read.text)), len(read.text)))
    found = fouls(text, read.text, document, stage, past)
    if found:
        acts = [act for act in acts if act.name in stage.bad]
        topics = frozenset()
    told = (*(Act(foul.name, foul.start, foul.end) for foul in found), *acts)
    promised = () if found else made(document, read.text, at)
    return Heard(text, words, _ordered(told, read), frozenset(act.name for act in told), topics, promised)


def _limit(text: str, patience: int) -> int:
    """Where the other person stops reading."""
    for number, word in enumerate(re.finditer(r"\S+", text), 1):
        if number == patience:
            return word.end()
    return len(text) + 1


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
        if not (asks(words) or invites) or _SEEKING.search(words.strip()):
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
