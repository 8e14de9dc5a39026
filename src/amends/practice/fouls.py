"""Tells turns that are no turn in a conversation: copied, repeated, stuffed, invented, endless, empty, insulting or foreign.

A drill must not be won by anything but talking to the person in it. The attacks are those of the gaming corpus in the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.practice.figures import figures, known_figures
from amends.practice.wording import RUN, share, shingles, words_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from amends.language.records import Document
    from amends.practice.stage import Stage

RAMBLING = 2
"""Beyond so many times what the other person reads, a turn is no turn."""
SAME = 0.7
"""From this share of word triples in common on, a turn repeats an earlier one; from practice with retold turns of our own transcripts."""
COPIED, COPIED_IN_ALL = 24, 40
"""From so many words in such runs on, a turn, or a conversation, is the example; of 560 replies written blind the most was 13."""
_LEAST = 6
"""Shorter turns ("Yes, I will do that.") may be said twice."""
_INVENTED = 3
"""So many figures that nobody knows are a story; one or two are a detail that somebody may well remember."""
_ABUSE = re.compile(
    r"(?<!not a )(?<!not an )(?<!no )\b(?:fuck(?:ing)? (?:you|off)|(?:shut (?:the \w+ )?up|go to hell|piss off|screw you)"
    r"|you(?:'re| are) (?:an? )?(?:\w+ )?(?:stupid|liar|cow|clown|joke)"
    r"|(?:stupid|dumb|damn|bloody) (?:bitch|cow|idiot|customers?|people)"
    r"|(?:idiot|moron|imbecile|bitch|asshole|arsehole|wanker|bastard|retard)s?)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"(?:'(?:s|re|m|ve|ll|d)\b|\b(?:is|are|was|were|be|been|am|has|have|had|do|does|did|will|would|can|could|should|shall|may|might|must|let|"
    r"cannot|won't|don't|didn't|isn't|wasn't|can't|[a-z]{3,}(?:ed|ing)|went|broke|sent|made|took|gave|got|put|ran|said|told|saw|found|left|lost|"
    r"kept|came|know|knew|think|thought|need|want|see|hear|understand|owe|promise|apologi[sz]e|mean|hope|ask|call|send|write|post|fix|check|"
    r"make|take|give|get|tell|come|go|keep|stay|start|stop|add|own|wait|feel|goes|says|takes|makes|works|thank|thanks|sorry|yes|no)\b)",
    re.IGNORECASE,
)  # fmt: skip
_DOING = re.compile(
    r"'(?:s|re|m|ve|ll|d)\b|\b(?:I|we|you|he|she|they|it|this|that)\b"
    r"|\b(?:is|are|was|were|has|have|had|do|did|will|can|could|should|may|must)\b",
    re.IGNORECASE,
)
"""Somebody or something does or is: a row of commas with this in it is a sentence."""
_PIECE = re.compile(r"[.!?;]+(?=\s|$)|\n+")
_STATES = re.compile(r"\d\S*\s+\S+\s+\S+|\S+\s+\S+\s+\S*\d")
"""A figure among words is a statement, however terse."""
_SMALL = frozenset(
    "the a an i we you he she it they to of in on at is are was were be has have had do did will would can could not and or but that this"
    " there my our your his her its their for with from by as so if no what when who how me us them i'm i've i'll we're we've it's been"
    " after before until since every each all any some now then here itself out up off over under between through into about".split()
)
_BAG = 8
"""So many words without a comma between them are a sentence, or a bag of words: then not even one in so many is a small one."""
_STRETCH = re.compile(r"[.!?;:,\n](?=\s|$)")
_ROW = 3
"""So many commas make a row."""
_LISTED = 3
"""So many pieces without a verb, most of all pieces, are a list of headwords."""


@dataclass(frozen=True, slots=True)
class Past:
    """What was said before this turn: the learner's own turns, what the counterpart told, and the hidden facts among it."""

    own: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    revealed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Foul:
    """Why a turn earns nothing, and the words that show it."""

    name: str
    start: int
    end: int


def fouls(written: str, text: str, document: Document, stage: Stage, past: Past) -> tuple[Foul, ...]:
    """The fouls of a turn; `written` as it was typed, `text` as it was read."""
    whole = (0, len(text))
    if not any(map(str.isalnum, text)):
        return (Foul("empty", *whole),)
    if not words_in(text) or any(problem.code == "other-language" for problem in document.problems):
        return (Foul("foreign", *whole),)
    found = [Foul("abuse", *insult.span()) for insult in _ABUSE.finditer(text)][:1]
    grams = shingles(written, 3)
    if len(words_in(written)) >= _LEAST and any(share(grams, shingles(one, 3)) >= SAME for one in past.own):
        found.append(Foul("repeated", *whole))
    if copied(written, stage, past):
        found.append(Foul("copied", *whole))
    if _is_list(text):
        found.append(Foul("listed", *whole))
    found += _invented(text, document, stage, past, document.at)
    return tuple(found)


def copied(written: str, stage: Stage, past: Past) -> bool:
    """Whether a turn, or the whole conversation with it, holds much of an example; what is added around it does not make it one's own."""
    taken = taken_from_examples(written, stage)
    return taken >= COPIED or (taken >= RUN and taken + sum(taken_from_examples(one, stage) for one in past.own) >= COPIED_IN_ALL)


def taken_from_examples(written: str, stage: Stage) -> int:
    """How many words stand in runs that an example has too, at most over the examples; what the brief says is everybody's."""
    words = words_in(written)
    runs = {at: tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
    return max(len({place for at, run in runs.items() if run in example for place in range(at, at + RUN)}) for example in stage.examples)


def _is_list(text: str) -> bool:
    """Whether a turn is headwords: most pieces without a verb, rows of commas with nobody doing anything, or nouns without end."""
    if not _STRETCH.search(text.strip().rstrip(".!?")) and _is_bag(text):
        return True
    pieces = [piece for piece in _PIECE.split(text) if piece.strip()]
    bare = heads = 0
    for piece in pieces:
        commas = piece.count(", ")
        if commas >= _ROW and not _DOING.search(piece):
            heads += commas + 1
        elif not _VERB.search(piece) and not _STATES.search(piece):
            bare += 1
    return heads + bare >= _LISTED and heads + bare > (heads + len(pieces)) / 2


def _is_bag(stretch: str) -> bool:
    """Whether many words stand side by side with nobody doing anything and hardly a small word between them."""
    words = words_in(stretch)
    return len(words) >= _BAG and not _DOING.search(stretch) and sum(word in _SMALL for word in words) * _BAG < len(words)


def _invented(text: str, document: Document, stage: Stage, past: Past, at: datetime) -> Iterator[Foul]:
    """Figures that stand nowhere in the drill; promises and times still to come are the learner's own to name."""
    free = [(one.start, one.end) for one in document.promises]
    known = stage.figures | known_figures((*past.own, *past.told))
    now = at.strftime("%H:%M")
    strange = [
        one
        for one in figures(text)
        if one.value not in known
        and not any(start <= one.start < end for start, end in free)
        and not (":" in one.value and one.value.rjust(5, "0") >= now)
    ]
    if len({one.value for one in strange}) >= _INVENTED:
        yield Foul("invented", strange[0].start, strange[-1].end)
