"""The story gets cleaner upward: what leadership, customers or partners were told is cleaner than what the team knew at about that time.

The engine of narrative drift says how likely two tellings drift at all. What it cannot know weighs in: figures that are all gone, an act of
ours that is nobody's any more, harm to people and warnings let lie of which there is no word left, and words that make small. What these
readers heard earlier that day counts as told, and so does an openly withheld point.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.narrative.comparing.clauses import tell
from amends.narrative.comparing.finding import gather
from amends.narrative.comparing.weighing import scale
from amends.narrative.comparing.withholding import covered, declared
from amends.narrative.contradicting import READERS
from amends.trust.signs.records import Ref, Sign
from amends.trust.signs.references import kind_of, ref
from amends.trust.signs.words import heard

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from amends.language.index import Index
    from amends.narrative.comparing.finding import Seen
    from amends.narrative.comparing.weighing import Scale
    from amends.trust.signs.records import Material, Text

ID, TITLE = "cleaner-upward", "The story gets cleaner upward"
ASK = "Tell these readers what was left out or made softer, or say openly that it is withheld and why."
WINDOW = timedelta(days=1)
"""Tellings further apart are of different times: what changed in between may be news, and no drift."""
LOST, KEPT, NONE = "lost", "kept", "none"
"""What became of something that was known: not told any more, told, or there was none of it or only a part is told."""
_BEGIN = 1.0
"""What speaks for a telling that is cleaner, before anything is looked at; together with the weights below these are log-odds.

Ours, rounded from a logistic regression on the open situations: with each writer left out in turn it finds 38 of 40, and three wrongly.
"""
_SHORT, _A_WORD, _MOST = 60, 0.02, 4.1
"""From so many words of what was known on, each word speaks against it: of a long text more is left out by anybody. At most so much."""
_MEANS, _LENGTH, _LONGEST = -2.5, -0.9, 1.5
"""What it weighs how much of what was known is meant in the telling, and how long it is against that (at most so much longer)."""
_FIGURES_LOST = 1.1
_SAID = {"own_act": {LOST: 1.2, KEPT: -0.8}, "harm": {LOST: 0.9}, "let_lie": {LOST: 0.2, KEPT: -0.7}}
"""What the lists weigh that are heard in what was known: each is told at all, in whatever words, or it is lost."""
_SEEN = {"softened_severity": 1.2, "agent_removed": 1.4, "unsupported_claim": 1.0, "cause_shifted": 2.0}
_SUREST = 3.0
"""What the surest place of each kind weighs, for each log-odd over what the engine asks for; more than so much says no more."""
_SOFT_WORD, _DOUBT_LOST = 0.3, 0.5
_SOFT_WORDS = 3
"""More soft words than these say no more."""
_SOFT = frozenset({"minimizing", "spin", "vague", "overclaim", "deflection"})
_CLEANER = {
    "dropped_fact": "a bad fact left out", "softened_number": "a figure made vague", "softened_severity": "made to sound smaller",
    "raised_certainty": "surer than the team was", "agent_removed": "nobody who did it", "unsupported_claim": "nothing the team had said",
    "cause_shifted": "another cause",
}  # fmt: skip
_NO_WORD = {"figures": "no figure left", "own_act": "nobody who did it", "harm": "no word on whom it hurt", "let_lie": "nothing let lie"}
_TOLD = ("claim", "condition", "badly", "cost", "trust-break", "luck")
"""Parts of an account that a telling can be held against: what happened, not what is asked or discussed."""
_PLACES = 2
"""The surest places are quoted: they show it, they do not list it."""
_SAME = 0.06
"""How far a figure may be rounded, as a share of it."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_NO_COUNT = r"(?!(?:min|minutes|hours|days|weeks|months|years|seconds|times|was|is|has|stops)\b)"
_UNIT = r"(?:[a-z]{3,}s|people|children|men|women|km|kg|kilos|litres|t|tonnes|euros)\b"
_FIGURE = re.compile(
    r"(?<![\w.:/#-])(?P<value>\d[\d,.]*)(?: ?(?:million|thousand))?"
    r"(?= ?%| ?[€$£]| of (?:them|these|those|us|you|the|your|our)\b"
    rf"| (?:\w+ ){{0,2}}?{_NO_COUNT}{_UNIT})|(?<=[€$£])(?P<money>\d[\d,.]*)"
)
"""A figure of something: shares, money, and counts of things; no times, lengths of time, and numbers that name a thing."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DOUBT = re.compile(
    r"\b(?:not|n['’]t|nobody|no one) (?:yet )?(?:know|say|sure|clear)"
    r"|\b(?:no idea|unclear|unknown|might|may be|maybe|perhaps|suspect|possibly)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")


@dataclass(frozen=True, slots=True)
class _Cleaner:
    """A telling that is cleaner than what was known: its surest places, and of what it has no word."""

    retold: Text
    sources: tuple[Text, ...]
    words: str
    places: tuple[Seen, ...]
    lost: tuple[str, ...]


def find(material: Material, index: Index) -> Sign | None:
    """The sign, if a telling is cleaner than what the team knew within a day before."""
    outward = [one for one in material.texts if one.kind in ("message", "version") and one.audience not in (None, "team")]
    found = [cleaner for one in outward if (cleaner := _cleaner(material, one, index)) is not None]
    if not found:
        return None
    readers = " and ".join(dict.fromkeys(READERS.get(one.retold.audience or "", "others") for one in found))
    kinds = [_CLEANER[place.kind] for one in found for place in one.places]
    kinds += [_NO_WORD[name] for one in found for name in one.lost]
    saw = f"Within a day {readers} were told it cleaner than the team knew it: {', '.join(dict.fromkeys(kinds))}."
    return Sign(ID, TITLE, saw, tuple(one for cleaner in found for one in _refs(cleaner)), ASK)


def _cleaner(material: Material, retold: Text, index: Index) -> _Cleaner | None:
    sources = [one for one in material.texts if one.audience == "team" and one is not retold and _is_just_before(one, retold)]
    known = "\n".join(one.text for one in sources) or _of_account(material, retold)
    if not known:
        return None
    so_far = [one for one in material.texts if one.audience == retold.audience and one.kind != "review" and _is_just_before(one, retold)]
    said = "\n".join(one.text for one in so_far)
    hidden = tuple(_withheld(material, retold, known))
    alignment, seen = gather(tell(known, index), tell(said, index))
    model = scale()
    for one in seen:
        if one.features is not None:
            one.odds = model.odds(one.kind, one.features)
    openly = declared(alignment.retold)
    unsaid = covered(alignment, openly) if openly else frozenset()
    seen = [one for one in seen if not _is_withheld(one, hidden, openly, unsaid)]
    figures = _figures_told(known, said, hidden)
    told = {name: _is_told(name, known, said) for name in _SAID}
    words, ours = len(known.split()), len(said.split())
    speaks = _BEGIN + _MEANS * alignment.mean_best + _LENGTH * min(_LONGEST, ours / words) + _SOFT_WORD * min(_SOFT_WORDS, _soft(so_far))
    speaks += _FIGURES_LOST * (figures == LOST) + sum(_SAID[name].get(how, 0.0) for name, how in told.items())
    speaks += _DOUBT_LOST * (bool(_DOUBT.search(known)) and not _DOUBT.search(said))
    speaks += sum(weight * _surest(kind, seen, model) for kind, weight in _SEEN.items())
    if speaks < min(_MOST, _A_WORD * max(0, words - _SHORT)):
        return None
    lost = tuple(name for name, how in (("figures", figures), *told.items()) if how == LOST)
    likely = sorted((one for one in seen if one.kind in _CLEANER), key=lambda one: model.least[one.kind] - one.odds)
    return _Cleaner(retold, tuple(sources), known, tuple(likely[:_PLACES]), lost)


def _surest(kind: str, seen: Iterable[Seen], model: Scale) -> float:
    """By how much the surest place of a kind is over what the engine asks for, 0 where none is."""
    over = max((one.odds - model.least[kind] for one in seen if one.kind == kind), default=0.0)
    return max(0.0, min(_SUREST, over))


def _is_withheld(one: Seen, hidden: Sequence[tuple[int, int]], openly: Mapping[int, object], unsaid: Collection[int]) -> bool:
    """Whether a place is told to be withheld: by a recorded decision, or by the telling itself."""
    if one.source is not None and _touches(one.source, hidden):
        return True
    if one.ours is not None and one.ours.sentence in openly:
        return True
    return one.kind == "dropped_fact" and one.theirs is not None and one.theirs.number in unsaid


def _is_just_before(one: Text, retold: Text) -> bool:
    return timedelta(0) <= retold.at - one.at <= WINDOW


def _of_account(material: Material, retold: Text) -> str:
    """What the account said by then, a point a line; for a message only what had happened by then, since an account is written later."""
    known = [one.point for one in material.account.points if one.point.part in _TOLD and one.point.recorded_at <= retold.at]
    if retold.kind == "message":
        known = [one for one in known if one.at is not None and one.at <= retold.at]
    return "\n".join(f"{one.text}{'' if one.text.endswith(('.', '!', '?')) else '.'}" for one in known)


def _withheld(material: Material, retold: Text, words: str) -> Iterator[tuple[int, int]]:
    """The spans of a source that tell what is withheld from these readers: sentences that share most words with the point."""
    for redaction in material.redactions:
        stated = material.account.get(redaction.item)
        if redaction.audience != retold.audience or stated is None:
            continue
        about = set(_WORD.findall(stated.point.text.lower()))
        for sentence in _SENTENCE.finditer(words):
            shared = about.intersection(_WORD.findall(sentence[0].lower()))
            if about and 2 * len(shared) >= len(about):
                yield sentence.span()


def _touches(span: tuple[int, int], hidden: Iterable[tuple[int, int]]) -> bool:
    return any(span[0] < end and span[1] > start for start, end in hidden)


def _figures_told(known: str, said: str, hidden: Sequence[tuple[int, int]]) -> str:
    """Whether the figures that were known are told, rounded or not; times and days are no figures."""
    there = [value for start, value in _figures(known) if not _touches((start, start + 1), hidden)]
    here = [float(one) for one in _NUMBER.findall(said.replace(",", "")) if one.count(".") <= 1]
    found = [any(abs(one - other) <= _SAME * one for other in here) for one in there]
    if not there:
        return NONE
    return KEPT if all(found) else NONE if any(found) else LOST


def _is_told(name: str, known: str, said: str) -> str:
    """Whether something of a list is told, where it was known."""
    if not any(heard(name, one) for one in _SENTENCE.findall(known)):
        return NONE
    return KEPT if any(heard(name, one) for one in _SENTENCE.findall(said)) else LOST


def _figures(text: str) -> Iterator[tuple[int, float]]:
    for found in _FIGURE.finditer(text):
        digits = (found["value"] or found["money"]).rstrip(".,").replace(",", "")
        if digits.count(".") <= 1:
            yield found.start(), float(digits)


def _soft(texts: Iterable[Text]) -> int:
    """How many words make small, vague or smooth what happened."""
    return sum(label.flaw in _SOFT for one in texts for sentence in one.document.sentences for label in sentence.flaws)


def _refs(cleaner: _Cleaner) -> Iterator[Ref]:
    for place in cleaner.places:
        if place.source is not None and cleaner.sources:
            words = cleaner.words[slice(*place.source)]
            source = next((one for one in cleaner.sources if words in one.text), cleaner.sources[0])
            yield ref(source, words)
    yield Ref(kind_of(cleaner.retold), cleaner.retold.id, " ".join(cleaner.retold.text.split())[:240])
