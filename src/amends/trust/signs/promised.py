"""The same vague promise in every follow-up: told again without a date, and neither dated, kept nor withdrawn in between.

Whether two promises are one is told by their words and what these mean. A promise in quotation marks is reported, not made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from amends.narrative.comparing.vocabulary import alike, weight
from amends.narrative.concepts import STOP, stem
from amends.narrative.contradicting import READERS
from amends.trust.signs.records import Sign
from amends.trust.signs.references import ref
from amends.trust.signs.words import heard, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.records import Commitment
    from amends.trust.signs.records import Material, Text

ID, TITLE = "same-promise", "The same vague promise in every follow-up"
ASK = "Give it a day and an owner, or say that it will not be done."
ALIKE, ONE, NEAR, DOING = 0.5, 0.75, 0.5, 0.4
"""How much of one promise the other must mean (more, where one word is all they share), how alike two words must be for that, and how
much less a verb of doing says.

Ours: in the open situations two that are one reach 0.55, two that are not stay below 0.5, as do 99 of 100 of different incidents.
"""
LEAST_SHARED = 2
SAYS_LITTLE = 1.2
"""A promise whose words weigh less than this is read with the sentence before it."""
REMEMBERED = 2000
SAME = 0.92
"""From this share of common letters on, a sentence is the same sentence."""
CLOSED = frozenset({"kept", "late", "moved", "withdrawn"})
"""Fates that end a promise: what is promised anew after that is another one."""
_REVIEWS = "reviews"
_QUOTED = re.compile(r"[“\"«][^”\"»]{8,}[”\"»]")
_POINTS_BACK = re.compile(r"\b(?:it|them|those|ones?)\b", re.IGNORECASE)
_PART = re.compile(r"[,;:–—]\s")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PLANS = re.compile(r"\bplan(?:s|ned|ning)? (?:to|for|on)\b|\b(?:is|are) (?:being |now |also )?planned\b(?! so)|\bplans?\b")
_HEDGES = frozenset(
    "soon shortly later future coming weeks days months eventually possible intend intended intention look looking going"
    " commit committed further also forward aim aims try trying hope want continue making again never ever new better time"
    " ahead earlier sooner early one next agenda roadmap due course long follow follows followed add added adding able ll ve"
    " re there get gets start starting begin proper properly real really list thing things something somehow way round sort sorted"
    " finally promise promised yes always ideas idea kind folks sorry".split()
)
"""Words that put a thing off, or say nothing of what it is."""
_DOINGS = frozenset(
    map(
        stem,
        "look review improve improvement check examine change introduce make give put take work help find see use move talk consider"
        " examination discuss strengthen better install provide set think train training replace buy procure".split(),
    )
)


@dataclass(frozen=True, slots=True)
class _Promise:
    """A sentence that promises, and with it, where it only points to what was said before it ("will write them"), that sentence."""

    words: str
    around: str = ""

    @property
    def readings(self) -> tuple[str, ...]:
        """The ways to read what it promises."""
        return (self.words, _clause(self.words), self.around) if self.around else (self.words, _clause(self.words))


@dataclass(slots=True)
class _Chain:
    """A promise as it was told, with where."""

    told: list[tuple[Text, _Promise]]
    ended: bool = False

    @property
    def last(self) -> _Promise:
        """The last telling."""
        return self.told[-1][1]


def find(material: Material) -> Sign | None:
    """The sign, if a promise without a date came again to the same readers and still hung when it did."""
    rows: dict[str, list[Text]] = {}
    for one in material.texts:
        rows.setdefault(one.audience or _REVIEWS, []).append(one)
    chains = [(readers, chain) for readers, row in rows.items() for chain in _chains(row, material) if len(chain.told) > 1]
    if not chains:
        return None
    readers, worst = max(chains, key=lambda one: len(one[1].told))
    first, last = worst.told[0][0], worst.told[-1][0]
    days = f"{first.at:%Y-%m-%d} to {last.at:%Y-%m-%d}"
    words = " ".join(worst.last.words.split())
    saw = f"Promised {len(worst.told)} times without a date (to {READERS.get(readers, 'the reviews')}, {days}): “{words}”"
    return Sign(ID, TITLE, saw, tuple(ref(text, said.words) for text, said in worst.told), ASK)


def _chains(row: list[Text], material: Material) -> list[_Chain]:
    chains: list[_Chain] = []
    for text in row:
        said = [sentence for _, sentence in sentences(text)]
        for chain in chains:
            if not chain.ended and (_is_closed(chain, text, material) or any(_ends(chain, one) for one in said)):
                chain.ended = True
        for one in _promises(text):
            same = [known for known in chains if not known.ended and _alike(known.last, one)]
            if not same:
                chains.append(_Chain([(text, one)]))
            elif same[0].told[-1][0].at < text.at:
                same[0].told.append((text, one))
    return chains


def _promises(text: Text) -> Iterator[_Promise]:
    """The sentences that promise something without a date."""
    made_here = [one for one in text.document.promises if one.actor == "speaker" and one.kind != "next_update"]
    for place, sentence in sentences(text):
        plain = _QUOTED.sub(" ", sentence)
        span = text.document.sentences[place]
        bound = [one for one in made_here if span.start <= one.start < span.end]
        if not (heard("to_come", plain) or any(one.due is None for one in bound)) or heard("sign_off", plain) or heard("dated", plain):
            continue
        if not any(_has_day(one) for one in bound):
            yield _Promise(plain, _around(text, place, plain))


def _around(text: Text, place: int, plain: str) -> str:
    """A promise with the sentence before it, where it points there or says little itself."""
    if place == 0 or not (_POINTS_BACK.search(plain) or sum(_matter(plain).values()) < SAYS_LITTLE):
        return ""
    before = text.document.sentences[place - 1]
    return f"{_QUOTED.sub(' ', text.text[before.start : before.end])} {plain}"


def _has_day(one: Commitment) -> bool:
    """Whether the engine found a time that is more than a word such as "night", which can belong to something else."""
    return one.due is not None and any(char.isdigit() for char in one.time_quote or "")


def _ends(chain: _Chain, sentence: str) -> bool:
    """Whether a sentence gives the promise a date, or says that it is kept."""
    plain = _QUOTED.sub(" ", sentence)
    dated = heard("dated", plain) and heard("to_come", plain)
    return bool(dated or (heard("in_place", plain) and not heard("to_come", plain))) and _alike(chain.last, _Promise(plain))


def _is_closed(chain: _Chain, until: Text, material: Material) -> bool:
    """Whether the ledger says that it was kept, moved or withdrawn before it was told again."""
    since = chain.told[0][0].at
    for entry in material.promises:
        at = entry.standing.settled_at or max((event.at for event in entry.events), default=None)
        ended = entry.standing.state in CLOSED and at is not None and since <= at <= until.at
        if ended and _alike(chain.last, _Promise(entry.promise.words)):
            return True
    return False


def _alike(one: _Promise, other: _Promise) -> bool:
    """Whether two sentences promise one thing: the shorter says little that the longer, or the part of it that promises, does not mean."""
    if any(_covered(this, that) >= ALIKE for this in one.readings for that in other.readings):
        return True
    return SequenceMatcher(None, _clause(one.words), _clause(other.words), autojunk=False).ratio() >= SAME


def _clause(words: str) -> str:
    """The part of a sentence that promises."""
    parts = [part for part in _PART.split(words) if heard("to_come", part)]
    return _plain(parts[-1] if parts else words)


def _plain(words: str) -> str:
    return " ".join(words.lower().replace("’", "'").replace("'ll", " will").replace("'re", " are").split())


def _covered(one: str, other: str) -> float:
    """How much of what one sentence says the other means as well, from 0 to 1; of the two ways to ask, the one that says more."""
    ours, theirs = _matter(one), _matter(other)
    return max(_share(ours, theirs), _share(theirs, ours))


def _share(these: dict[str, float], those: dict[str, float]) -> float:
    """The share of the weight of these words that has a word alike among those; none where it rests on one word of several."""
    near = {word: max((alike(word, other) for other in those), default=0.0) for word in these}
    found = [word for word in these if near[word] >= NEAR]
    total = sum(these.values())
    share = sum(these[word] * near[word] for word in found) / total if total else 0.0
    return share if len(found) >= LEAST_SHARED or share >= ONE else 0.0


@lru_cache(maxsize=REMEMBERED)
def _matter(words: str) -> dict[str, float]:
    """The words of a sentence that say what is promised, with how much each says; what is done to it says less than what it is."""
    found = (one.partition("'")[0] for one in _WORD.findall(_PLANS.sub(" ", words.lower().replace("’", "'"))))
    told = {word for word in found if word and word not in STOP and word not in _HEDGES}
    return {word: weight(word) * (DOING if stem(word) in _DOINGS else 1.0) for word in told}
