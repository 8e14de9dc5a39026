"""Why two reports are alike, in words that a person can check: what their titles share, what both name, what both say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from amends.recurrence.postings import LONGEST
from amends.recurrence.terms import placed, plain, stem, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amends.recurrence.postings import Profile, Report

    Placed = tuple[str, int, int]

NAMED = 3
"""At most so many words are named in one reason."""
LONGEST_QUOTE = 80
"""Characters of a shared phrase that are quoted."""

COMMON_ONLY = "both use the same common words"
"""What is said where nothing rare is shared."""

NAMELESS = frozenset(
    map(
        stem,
        "again already anybody back ever everybody first last left less more most much never next nobody none nothing now once one second"
        " since soon still today tomorrow two yesterday yet".split(),
    )
)
"""Words that say when or how much, by their terms: they may be rare among few reports, and are the name of nothing."""

_BREAK = re.compile(r"\d|\n|[.!?;:]\s")  # what is no term there need not be the same, or another sentence begins
_PHRASE = 3  # words that must follow each other in both
_COMMON = 0.15  # what is less rare than this is no reason
_FORM = 0.35  # a phrase of words that are less rare than this on average belongs to a form that people fill in


@dataclass(frozen=True, slots=True)
class Spelled:
    """A report as its writer spelled it: its title and text, and in them the terms that count with where they stand."""

    title: str
    text: str
    title_places: Sequence[Placed]
    text_places: Sequence[Placed]


def spelled(report: Report) -> Spelled:
    """A report, read once for the reasons of many matches."""
    title, text = plain(report.title), plain(report.text)
    return Spelled(title, text, list(islice(placed(title), LONGEST)), list(islice(placed(text), LONGEST)))


def reasons(asked: Spelled, rarity: Mapping[str, float], profile: Profile) -> tuple[str, ...]:
    """Why a report is like the one of a profile, the strongest first; `rarity` tells of each term that was asked for how rare it is.

    Words are quoted as `asked` spells them. There is always a reason: two reports that share nothing are no match.
    """
    title, text, title_places, text_places = asked.title, asked.text, asked.title_places, asked.text_places
    given: list[str] = []
    if title_places and [term for term, _, _ in title_places] == list(profile.title):
        given.append("the titles say the same")
        used = set(profile.title)
    else:
        both = _rarest(title, title_places, set(profile.title) - NAMELESS, rarity)
        used = set(both)
        if both:
            given.append(f"the titles share {_listed(both.values())}")
    phrase = _phrase(text, text_places, profile.text, rarity)
    if phrase is not None:
        start, end = text_places[phrase[0]][1], text_places[phrase[1]][2]
        used |= {term for term, _, _ in text_places[phrase[0] : phrase[1] + 1]}
        given.append(f"both say “{_quote(text[start:end])}”")
    known = {*profile.title, *profile.text} - used - {part for term in used for part in terms(term)} - NAMELESS
    named = _rarest(title, title_places, known, rarity)
    named |= {term: word for term, word in _rarest(text, text_places, known, rarity).items() if term not in named}
    most = dict(sorted(named.items(), key=lambda one: _order(one[0], rarity))[:NAMED])
    if most:
        given.append(f"both name {_listed(most.values())}")
    return tuple(given) or (COMMON_ONLY,)


def _rarest(text: str, places: Iterable[Placed], wanted: set[str], rarity: Mapping[str, float]) -> dict[str, str]:
    """The rarest of some terms as a text spells them, a term whose letters are in a longer one of them left out."""
    words: dict[str, str] = {}
    taken: list[tuple[int, int]] = []
    for term, start, end in sorted(places, key=lambda one: (one[1] - one[2], one[1])):  # the longest first: a name before its parts
        if term in wanted and term not in words and rarity.get(term, 0.0) >= _COMMON:
            if any(a <= start and end <= b for a, b in taken):
                continue
            words[term] = text[start:end]
            taken.append((start, end))
    best = sorted(words, key=lambda term: _order(term, rarity))[:NAMED]
    return {term: words[term] for term in best}


def _order(term: str, rarity: Mapping[str, float]) -> tuple[float, int, str]:
    """The rarest first, then the longest."""
    return -rarity[term], -len(term), term


def _phrase(words: str, places: Sequence[Placed], text: Sequence[str], rarity: Mapping[str, float]) -> tuple[int, int] | None:
    """The run of three or more words in both texts that tells most, as the places of its first and last term; None where none does.

    It stays within a sentence and goes over no time or number, because those are no terms, and the other text may have others there.
    """
    at: dict[str, list[int]] = {}
    for number, term in enumerate(text):
        at.setdefault(term, []).append(number)
    most, best, runs, last = 0.0, None, dict[int, int](), 0
    for number, (term, start, end) in enumerate(places):
        if _BREAK.search(words, last, max(last, start)):
            runs = {}
        last = max(last, end)
        runs = {other: runs.get(other - 1, 0) + 1 for other in at.get(term, ())}
        longest = max(runs.values(), default=0)
        if longest >= _PHRASE:
            told = {one: rarity.get(one, 0.0) for one, _, _ in places[number - longest + 1 : number + 1]}
            much = sum(told.values())
            if much > most and much >= _FORM * len(told) and len(told) >= _PHRASE:
                first = number - longest + 1
                if len(words[places[first][1] : end].split()) >= _PHRASE:
                    most, best = much, (first, number)
    return best


def _quote(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE].rpartition(' ')[0] or line[:LONGEST_QUOTE]} …"


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
