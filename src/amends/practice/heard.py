"""What was heard in a turn: acts with the words that carry them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.practice.acts import FOULS

if TYPE_CHECKING:
    from datetime import datetime

_QUOTED = 160
"""No quotation is longer, however long its words are."""
_HANGING = re.compile(
    r"\s(?:the|an?|to|of|and|or|your|our|my|his|her|their|that|this|in|on|at|for|with|by|not|is|was|were|be)$", re.IGNORECASE
)
"""A quotation that ends like this is no phrase."""
_ENDS = re.compile(r"[.!?]+[\"'”)]*\s+|\n+")
_REST = re.compile(r"[^.,;:!?\n]*")


def asks(words: str) -> bool:
    """Whether a sentence ends as a question, in quotation marks or not."""
    return words.rstrip(" \"'”)").endswith("?")


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a turn, where it stands in the learner's words, and the rule of the checker that tells it, if one does."""

    name: str
    start: int
    end: int
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A promise of the learner: its words, and when it is due."""

    quote: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn as the other person hears it. In a turn with a foul no good act counts. `topics` are the facts and cues asked about."""

    text: str
    words: int
    acts: tuple[Act, ...]
    names: frozenset[str]
    topics: frozenset[str] = frozenset()
    promises: tuple[Made, ...] = ()

    @property
    def foul(self) -> bool:
        """Whether it is a turn that earns nothing."""
        return not self.names.isdisjoint(FOULS)

    def sentence(self, act: Act) -> tuple[int, int]:
        """Where the sentence stands that carries an act."""
        bounds = [0, *(found.end() for found in _ENDS.finditer(self.text)), len(self.text)]
        start = max(place for place in bounds if place <= act.start)
        end = min((place for place in bounds if place >= act.end), default=len(self.text))
        return start, start + len(self.text[start:end].rstrip())

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
