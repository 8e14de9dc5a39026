"""One person's mistake where conditions were systemic: somebody is given as the reason, and no condition that let it happen is named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.language.check import check
from amends.language.records import Draft
from amends.narrative.comparing.vocabulary import rank
from amends.trust.signs.failing import fails
from amends.trust.signs.records import Ref, Sign, Text
from amends.trust.signs.references import ref
from amends.trust.signs.somebody import is_machine, place_of_somebody
from amends.trust.signs.words import heard, heard_in, places, sentences, spared, unquoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.index import Index
    from amends.trust.signs.records import Material

ID, TITLE = "one-person", "One person's mistake, and no condition"
ASK = "Ask what made it reasonable then, and what would have let anybody else do the same; write that down as a condition."
_RULES = frozenset({"human-error", "blame-person", "failed-to-follow"})
"""Rules of the checker that hear a fault pinned on a person."""
_POINTS = ("claim", "condition", "badly")
_FIRST_WORD = re.compile(r"\W*(?P<word>[A-Z][a-zà-ÿ]+)\b\W*(?P<next>\S*)")
_MARKS = " \t\n-–—•*·“\"'(1234567890.:"
_NO_NAME_ENDS = ("s", "ing", "ion", "ment", "ity", "ness", "ed", "ware")
_COMMON = 2500
"""Among so many of the most frequent words those that begin a sentence are no names, unless they are known as such; the limit is ours."""


def find(material: Material, index: Index) -> Sign | None:
    """The sign, if a text or a cause blames a person and neither it nor the account names an organisational condition."""
    if material.account.of("condition", "organisational"):
        return None
    stated = [one for one in material.account.points if one.point.part in _POINTS]
    points = tuple(_as_text(one.point.text, one.item, material, index) for one in stated)
    by_hand = [text for one, text in zip(stated, points, strict=True) if one.point.kind != "technical"]
    if any(heard_in("organisational", one) for one in by_hand):
        return None
    found = [(text, said) for text in (*material.texts, *points) if not heard_in("organisational", text) for said in _blamed(text, index)]
    if not found:
        return None
    words = " ".join(found[0][1].split())
    saw = f"A person is given as the reason (“{words}”), and no condition that misled, overloaded or left them alone is named."
    where = tuple(Ref("point", text.id, said) if text.kind == "point" else ref(text, said) for text, said in found)
    return Sign(ID, TITLE, saw, where, ASK)


def _as_text(words: str, item: str, material: Material, index: Index) -> Text:
    """A point of the account, read as a text is."""
    return Text(item, "point", material.began, words, check(Draft(words, material.began, "auto", "team", "UTC"), index))


def _blamed(text: Text, index: Index) -> Iterator[str]:
    """The sentences that give a person as the reason."""
    told = [(one.start, one.end) for one in text.document.findings if one.rule in _RULES]
    refused = bool(heard_in("blame_refused", text))
    before = ""
    for place, whole in sentences(text):
        one = text.document.sentences[place]
        said, last, before = unquoted(whole) if refused else whole, before, whole
        if spared("person_blamed", said) or is_machine(said):
            continue
        if (
            fails(said, last, index)
            or any(start < one.end and end > one.start for start, end in told)
            or (any(label.flaw == "blame" for label in one.flaws) and place_of_somebody(said, index) is not None)
            or any(_is_somebody(said, start, index) for start, _ in places("person_blamed", said))
        ):
            yield whole


def _is_somebody(said: str, start: int, index: Index) -> bool:
    """Whether what is blamed from here on is a person: a word with a capital at the beginning of a sentence need not be a name."""
    found = _FIRST_WORD.match(said, start)
    if found is None or said[:start].strip(_MARKS) or found["next"][:1].isupper():
        return True
    word = found["word"]
    if heard("a_person", word) or "first-name" in index.lexicon.names(index.lexicon.list_bits(word.lower())):
        return True
    place = rank(word.lower())
    return not word.endswith(_NO_NAME_ENDS) and (place is None or place >= _COMMON)
