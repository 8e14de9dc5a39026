"""Tells turns that are no turn in a conversation: copied, repeated, stuffed, invented, endless, empty, insulting or foreign.

A drill must not be won by anything but talking to the person in it. The attacks are those of the gaming corpus in the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.practice.figures import figures, known_figures
from amends.practice.wording import share, shingles, words_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from amends.language.records import Document
    from amends.practice.stage import Stage

RAMBLING = 2
"""Beyond so many times what the other person reads, a turn is no turn."""
SAME = 0.7
"""From this share of word triples in common on, a turn repeats an earlier one; from practice with retold turns of our own transcripts."""
COPIED = 0.6
"""From this share of word fours taken from an example on, a turn is the example."""
_LEAST = 6
"""Shorter turns ("Yes, I will do that.") may be said twice, and share words with anything."""
_INVENTED = 3
"""So many figures that nobody knows are a story; one or two are a detail that somebody may well remember."""
_ABUSE = re.compile(
    r"\b(?:fuck(?:ing)? (?:you|off)|(?:shut (?:the \w+ )?up|go to hell|piss off|screw you|drop dead|get lost)"
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
_PIECE = re.compile(r"[^.!?;\n]+")
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
    if copied(written, stage):
        found.append(Foul("copied", *whole))
    if _is_list(text):
        found.append(Foul("listed", *whole))
    found += _invented(text, document, stage, past, document.at)
    return tuple(found)


def copied(written: str, stage: Stage) -> bool:
    """Whether most of a turn stands in an example or in the criteria of this scenario."""
    grams = shingles(written, 4)
    return len(grams) >= _LEAST and len(grams & stage.examples) >= COPIED * len(grams)


def _is_list(text: str) -> bool:
    pieces = [piece for piece in _PIECE.findall(text) if piece.strip()]
    if len(pieces) == 1:
        pieces = [piece for piece in text.split(",") if piece.strip()]
    bare = sum(not _VERB.search(piece) for piece in pieces)
    return bare >= _LISTED and bare > len(pieces) / 2


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
