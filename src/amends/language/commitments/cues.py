"""The verbs of a clause that tell its direction, and the words that take a promise back.

Heads lead ahead ("will", "plan", "expect", "is due"), pasts lead back ("was", "deployed"), negations and weak verbs take
away. The verb nearest to a time decides whether that time lies ahead.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import compress

from amends.language.commitments.words import (
    ADJECTIVAL_BEFORE,
    FORECASTS,
    FUTURATE,
    FUTURE_PRESENTS,
    IRREGULAR_PASTS,
    NEGATIONS,
    PLANS,
    PRONOUNS,
    WEAK,
    WILL,
)
from amends.language.match import Memo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

    from amends.language.commitments.clauses import Clause
    from amends.language.times.frames import Frame
    from amends.language.times.lexer import Words

_COPULAS = frozenset({"is", "are", "be", "been", "", ":", "it's", "currently", "now", "fully"})
_PREDICTED = frozenset({"expected", "estimated", "anticipated", "projected"})
_NAMED_FORECASTS = frozenset({"estimate", "estimates", "estimation", "target", "targets", "aim", "aims", "hope", "hopes"})
_ARTICLES = frozenset({"the", "a", "an", "our", "no", "this", "my", "their"})
_REACH = 40
"""How many words a verb reaches: a longer sentence is a dump, and time must stay linear in it."""
_NEAR = 20
_POINTING = frozenset({"this", "these", "those", "that", "all", "both", "some"})
_RELATIVES = frozenset({"that", "which", "who", "what", "we", "i", "they", "he", "she", "when", "where", "because", "since", "as"})
_HOMONYMS = frozenset(
    "left felt shipped started ended lost sent built found made told missed failed held won paid thought kept shot stuck met read cut"
    " hit put shut".split()
)
"""Past forms that also complete ("is lost") or describe ("the lost orders")."""
_PLAIN_PASTS = frozenset({"read", "cut", "hit", "put", "shut"})
"""Past forms that look like the plain verb: they tell the past only behind a pronoun."""
_CUES: dict[str, str] = {
    **dict.fromkeys(IRREGULAR_PASTS, "past"),
    **dict.fromkeys(WEAK, "weak"),
    **dict.fromkeys(NEGATIONS, "negation"),
    **dict.fromkeys(FUTURATE, "futurate"),
    **dict.fromkeys(PLANS, "plan"),
    **dict.fromkeys(FORECASTS, "forecast"),
    **dict.fromkeys(WILL, "will"),
    "going": "going",
}


def _cue(word: str) -> str:
    """What a word tells by itself, empty for nothing."""
    if word in _CUES:
        return _CUES[word]
    if word[-1] == "s" and word in FUTURE_PRESENTS:
        return "present"
    return "-ed" if word[-2:] == "ed" and len(word) > 4 else ""


_TELLING = Memo(_cue)


class Cues:
    """Where the telling verbs of a clause stand: `heads` with their kind, `pasts` with whether they are certain.

    `presents` are forms such as "lands" or "goes", which lead the times beside them ahead but promise nothing by themselves.
    """

    __slots__ = ("_told", "heads", "negated", "pasts", "presents", "weak")

    def __init__(self, w: Words, clause: Clause, taken: Container[int]) -> None:
        self.heads: list[tuple[int, str]] = []
        self.pasts: list[tuple[int, bool]] = []
        self.negated: list[int] = []
        self.weak: list[int] = []
        self.presents: list[int] = []
        self._told: tuple[list[int], list[str]] | None = None
        words, main = w.words, clause.main
        for i in compress(range(main, clause.last), map(_TELLING.__getitem__, words[main : clause.last])):
            cue = _TELLING[words[i]]
            if cue == "present":
                self.presents.append(i)
            elif cue == "-ed":
                if _tells_past(w, i, main):
                    self._past(w, i, certain=w.at(i - 1) in PRONOUNS)
            elif i not in taken:
                self._note(w, i, cue, first=i == main, dated=i + 1 in taken)

    def _note(self, w: Words, i: int, cue: str, *, first: bool, dated: bool) -> None:
        """File a telling word under what it tells here; `dated` where a time follows ("14 May, not 9 May" refuses nothing)."""
        word, before, after = w.words[i], w.at(i - 1), w.at(i + 1)
        if cue == "will":
            self.heads.append((i, "will"))
        elif cue == "going":
            if after == "to" and before not in ("was", "were"):
                self.heads.append((i, "will"))
        elif cue == "weak":
            self.weak.append(i)
        elif cue == "negation":
            if not (word in ("no", "not") and after in ("later", "longer", "only", "-")) and not (word == "not" and dated):
                self.negated.append(i)
        elif cue == "futurate":
            arranged = before in ("i", "we", "have") and word not in ("promised", "due", "set")
            if first or arranged or before in ("is", "are", "been", "be", "now", ",", "("):
                self.heads.append((i, cue))
        elif cue == "past":
            self._irregular(w, i, word, before, first=first)
        elif cue == "plan":
            if _is_verb(word, before, after) and not self.pasts:
                self.heads.append((i, cue))
        else:
            self._forecast(i, word, before, after)

    def _irregular(self, w: Words, i: int, word: str, before: str, *, first: bool) -> None:
        if word in ("was", "were") and before in (",", "("):
            return  # "19 March, was 12 March" takes a date back
        behind_pronoun = before in PRONOUNS
        tells = word not in _HOMONYMS or _tells_past(w, i, i if first else 0)
        if behind_pronoun if word in _PLAIN_PASTS else tells:
            self._past(w, i, certain=True)

    def _past(self, w: Words, i: int, *, certain: bool) -> None:
        """File a past form, unless it completes a verb that leads ahead ("will have it deployed")."""
        if self.heads and self.heads[-1][1] != "futurate" and _RELATIVES.isdisjoint(w.words[max(self.heads[-1][0] + 1, i - _REACH) : i]):
            return
        self.pasts.append((i, certain))

    def _forecast(self, i: int, word: str, before: str, after: str) -> None:
        if word == "should" and after in ("have", "not"):
            if after == "have":
                self.pasts.append((i, True))
            else:
                self.negated.append(i)
        elif word in _PREDICTED and not (
            before in _COPULAS or (after in ("by", "within", "at", "in", "to", "around", "on") and before != "than")
        ):
            if before == "already":
                self.pasts.append((i, False))
        elif word == "think" and before in ("don't", "not"):
            self.negated.append(i)
        elif word not in _NAMED_FORECASTS or before not in _ARTICLES:
            self.heads.append((i, "forecast"))

    def leads(self, frame: Frame) -> bool:
        """Whether a "will" stands before a time."""
        return any(kind == "will" and i < frame.first for i, kind in self.heads[:_NEAR])

    def governing(self, w: Words, frame: Frame) -> str:
        """Where the verb nearest before a time, or else the first behind it, leads: ahead, back, or weakly back for a bare -ed.

        A bare -ed reaches no further than a comma: "parser fixed, re-import on Friday".
        """
        places, directions = self._directions()
        behind = bisect_left(places, frame.first)
        if not behind:
            first = next((i for i in range(min(len(places), _NEAR)) if places[i] not in self.presents), 0)
            return directions[first] if directions else ""
        i, direction = places[behind - 1], directions[behind - 1]
        if direction != "weak":
            return direction
        if self.pasts and any(certain for place, certain in self.pasts[:_NEAR] if place < frame.first):
            return "back"
        near = frame.first - i <= _REACH and "," not in w.words[i : frame.first]
        return direction if near else ""

    def _directions(self) -> tuple[list[int], list[str]]:
        """The telling verbs in order, and where each leads."""
        if self._told is None:
            told = dict.fromkeys(self.presents, "ahead")
            for i, _ in self.heads:
                told[i] = "ahead"
            for i, certain in self.pasts:
                told[i] = "back" if certain else "weak"
            places = sorted(told)
            self._told = places, list(map(told.__getitem__, places))
        return self._told

    @property
    def certainly_past(self) -> bool:
        """Whether a verb tells for certain what happened."""
        return any(certain for _, certain in self.pasts)


def _is_verb(word: str, before: str, after: str) -> bool:
    """Whether "plan", "promise" or "want" is a verb here, and not "a detailed plan to …"."""
    if word == "about":
        return after == "to"
    if word in ("plan", "promise", "pledge"):
        several = after == "to" and before.endswith("s") and not before.endswith("ss")  # "the maintainers plan to"
        return several or before in PRONOUNS or before in ("and", "also", "now", "currently", "do", "to", "hereby", "still", "or")
    return after in ("to", "on", "that") and before not in _ARTICLES and before not in ("can't", "cannot")


def _tells_past(w: Words, i: int, first: int) -> bool:
    """Whether a form in -ed tells what happened, and does not describe a noun or complete a "will be"."""
    j = i - 1
    while j > first and w.words[j].endswith("ly"):
        j -= 1
    before = w.at(j)
    if before == "-" and w.glued(i):
        return False
    alone = j == first and before in _POINTING  # "These recovered by 20:40"
    return i == first or not before[:1].isalpha() or before not in ADJECTIVAL_BEFORE or alone
