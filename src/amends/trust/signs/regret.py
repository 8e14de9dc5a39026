"""Regret repeated while no condition changed: sorry again to the same readers, and nothing is different since the first time."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.narrative.comparing.vocabulary import alike, near, weight
from amends.narrative.contradicting import READERS
from amends.trust.signs.checked import DONE
from amends.trust.signs.records import Sign
from amends.trust.signs.references import ref
from amends.trust.signs.words import heard, heard_in, sentences, spared

if TYPE_CHECKING:
    from amends.trust.signs.records import Material, Text

ID, TITLE = "regret-without-change", "Regret is repeated while nothing changed"
ASK = "Before the next apology, change one condition, and tell what is different since which day."
ALIKE, MATTER, ENOUGH = 0.5, 0.35, 3
"""How alike two words must be, and how much a word must say, to be in common; apologies of fewer such words are not told apart.

Ours, from the open situations.
"""
NEAR_IN_TIME = timedelta(days=10)
"""Apologies within so many days are for one thing, whatever their words; in the open situations unrelated ones are two weeks apart."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_POLITE = frozenset("dear hello regards sincerely yours faithfully thank thanks kind please patience understanding".split())
"""Words of every letter."""
_GREETING = re.compile(r"\bdear\b[^,:.\n]{0,60}[,:]", re.IGNORECASE)
_OF_WHEN = frozenset(
    "yesterday today tomorrow tonight morning afternoon evening night week weeks weekend month months hour hours minutes days year"
    " years everyone nothing again doing monday tuesday wednesday thursday friday saturday sunday january february march april june july"
    " august september october november december".split()
)
"""Words of every incident."""
_ACT = re.compile(
    r"\b(?:(?:we|i)(?:'ve| have)?|(?:has|have) been|(?:is|are)(?= \w+ed\b))(?: now| also| since| already| therefore)* (?P<act>\w+)\b",
    re.IGNORECASE,
)
_ACTS = (
    "installed replaced introduced added removed hired bought changed switched separated automated fitted built rewrote appointed doubled"
    " connected"
).split()
"""What one does who changes a condition; words near in meaning count as well."""
_LIKE_ACT = 0.5
_OF_A_CHANGE = frozenset({"prevention"})
_OF_NO_CHANGE = frozenset({"request"})
_OF_THE_HARM = frozenset({"cause", "impact"})
"""Moves of the engine in a sentence with words of change: that it is one, that it is none, that it may only be how things stand."""
_LEAST = 2


def find(material: Material) -> Sign | None:
    """The sign, if the same readers were told twice, on different days, that we are sorry, and nothing was done until the last time."""
    for audience in dict.fromkeys(one.audience for one in material.texts):
        sorry = [
            (one, said)
            for one in material.texts
            if one.audience == audience and one.kind in ("message", "version") and (said := _regret(one))
        ]
        sorry = [(one, said) for one, said in sorry if any(_is_of_one_kind(one, other) for other, _ in sorry if other is not one)]
        days = {one.at.date() for one, _ in sorry}
        if len(days) < _LEAST or _has_changed(material, sorry[-1][0]):
            continue
        readers = READERS.get(audience or "", "the readers")
        told = f"were told {len(sorry)} times on {len(days)} days that we are sorry; until the last time nothing was done."
        saw = f"{readers[0].upper()}{readers[1:]} {told}"
        return Sign(ID, TITLE, saw, tuple(ref(one, said) for one, said in sorry), ASK)
    return None


def _regret(text: Text) -> str | None:
    """The first sentence that says sorry for something of ours."""
    for place, said in sentences(text):
        moves = {label.move for label in text.document.sentences[place].moves}
        if heard("no_regret", said) is None and ("regret" in moves or heard("regret", said)):
            return said
    return None


def _is_of_one_kind(one: Text, other: Text) -> bool:
    """Whether two apologies may be for one kind of failure: the later says that it came again, or they have a word of matter in common."""
    later = max(one, other, key=lambda text: text.at)
    if heard_in("once_more", later) or abs(one.at - other.at) <= NEAR_IN_TIME:
        return True
    ours, theirs = _matter(one), _matter(other)
    return min(len(ours), len(theirs)) < ENOUGH or any(alike(word, known) >= ALIKE for word in ours for known in theirs)


def _matter(text: Text) -> set[str]:
    """The words of a text that say what it is about."""
    return {
        word
        for word in _WORD.findall(_GREETING.sub(" ", text.text).lower())
        if weight(word) >= MATTER and word not in _POLITE and word not in _OF_WHEN and heard("regret", word) is None
    }


def _has_changed(material: Material, last: Text) -> bool:
    """Whether an action was done until the last apology, or these readers were told until then of a change that is in place."""
    if any(one.state in DONE and one.done_at is not None and one.done_at <= last.at for one in material.actions):
        return True
    return any(_tells_a_change(text) for text in material.texts if text.at <= last.at and text.audience == last.audience)


def _tells_a_change(text: Text) -> bool:
    """Whether a text tells of a change that is in place."""
    return any(_is_change(said, {label.move for label in text.document.sentences[place].moves}) for place, said in sentences(text))


def _is_change(said: str, moves: set[str]) -> bool:
    """Whether a sentence tells of a change that is in place; what still goes wrong, is asked for or is to come is none."""
    if not (heard("changed", said) or _acts(said)):
        return False
    if moves & _OF_A_CHANGE:
        return True
    return not moves & _OF_NO_CHANGE and (not moves & _OF_THE_HARM or heard("lasting", said) is not None)


def _acts(said: str) -> bool:
    """Whether a sentence tells of an act of ours by which a condition is changed."""
    if spared("changed", said):
        return False
    acts = (found["act"].lower() for found in _ACT.finditer(said.replace("’", "'")))
    return any(alike_act == act or near(act).get(alike_act, 0.0) >= _LIKE_ACT for act in acts for alike_act in _ACTS)
