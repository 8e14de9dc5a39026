"""A review without a word on people or a trust break: only what the systems did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.trust.signs.records import Sign
from amends.trust.signs.references import ref
from amends.trust.signs.somebody import has_name
from amends.trust.signs.words import heard, heard_in, sentences

if TYPE_CHECKING:
    from amends.language.index import Index
    from amends.trust.signs.records import Material, Text

ID, TITLE = "no-word-on-people", "A review without a word on people"
ASK = "Ask one person whom it hit, and one who was there, what it cost them, and write it down."
LEAST = 60
"""Words: what is shorter is a note, and no review yet."""
_WARM = frozenset({"empathy", "regret", "thanks"})
"""Moves of the engine that are made towards people."""


def find(material: Material, index: Index) -> Sign | None:
    """The sign, if reviews of some length were written and neither they nor the account say what it did to anybody."""
    reviews = [one for one in material.texts if one.kind == "review" and len(one.text.split()) >= LEAST and not heard_in("stub", one)]
    if not reviews or any(material.account.of(part) for part in ("cost", "trust-break")):
        return None
    if any(_is_of_people(one, place, said, index) for one in material.texts if one.kind == "review" for place, said in sentences(one)):
        return None
    words = sum(len(one.text.split()) for one in reviews)
    saw = f"{words} words of review, none on what it did to anybody or whose trust broke; nor has the account a cost or a trust break."
    return Sign(ID, TITLE, saw, tuple(ref(one, _beginning(one)) for one in reviews), ASK)


def _is_of_people(text: Text, place: int, said: str, index: Index) -> bool:
    """Whether a sentence says what it did to people, or what somebody who is named went through."""
    if heard("people", said) or (heard("of_somebody", said) and has_name(said, index)):
        return True
    moves = {label.move for label in text.document.sentences[place].moves}
    return bool(moves & _WARM) or ("impact" in moves and heard("a_group", said) is not None)


def _beginning(text: Text) -> str:
    sentence = text.document.sentences[0] if text.document.sentences else None
    return text.text[: sentence.end] if sentence is not None else text.text[:200]
