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


def find(material: Material, index: Index) -> Sign | None:
    """The sign, if reviews of some length were written and neither they nor the account say what it did to anybody."""
    reviews = [one for one in material.texts if one.kind == "review" and len(one.text.split()) >= LEAST and not heard_in("stub", one)]
    if not reviews or any(material.account.of(part) for part in ("cost", "trust-break")):
        return None
    if any(_is_of_people(said, index) for one in material.texts if one.kind == "review" for _, said in sentences(one)):
        return None
    words = sum(len(one.text.split()) for one in reviews)
    saw = f"{words} words of review, none on what it did to anybody or whose trust broke; nor has the account a cost or a trust break."
    return Sign(ID, TITLE, saw, tuple(ref(one, _beginning(one)) for one in reviews), ASK)


def _is_of_people(said: str, index: Index) -> bool:
    """Whether a sentence says what it did to people, or what somebody who is named went through."""
    return heard("people", said) is not None or (heard("of_somebody", said) is not None and has_name(said, index))


def _beginning(text: Text) -> str:
    sentence = text.document.sentences[0] if text.document.sentences else None
    return text.text[: sentence.end] if sentence is not None else text.text[:200]
