"""Which reports are about the same fault as another, by their words: found by rare terms, ordered by how and where the words agree.

The first stage adds up, for every report, what it and the question share, rare terms first (BM25F, see `recurrence.postings`). The second
looks at the best of them: how much of the question they answer, how alike the titles are letter by letter, and how rare the rarest shared
terms are. The weights were chosen by hand near those that a regression found, in halves of a set that told each other's twins; they are
round numbers because nothing finer could be told apart.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from math import log, sqrt
from typing import TYPE_CHECKING

from amends.recurrence.postings import impacts, profile_of
from amends.recurrence.reasons import reasons, spelled

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from amends.core.incident import Incident
    from amends.recurrence.postings import Postings, Profile, Report

LIMIT = 5
"""The matches of an answer, where nobody asks for another number."""
CANDIDATES = 50
"""So many reports of the first stage are looked at closely."""
CLOSEST = 12
"""So many of these, at least, are held against chance."""
BUDGET = 25_000
"""Postings that are read for one question. Rare terms come first, so that what is left out would tell little."""
MOST_TERMS = 400
"""Terms of a question that are looked up, those of the title first."""

_TITLE_ASKS = 3.0
_RARITY = 1.3  # rare terms tell more than their information content: two reports with one are seldom about different things
_RAREST = 3
_WORDS, _TITLES, _RARE = 0.5, 0.25, 0.25
_DEVIATIONS = 2  # above the mean, and one question in forty has more by chance
_GRAM = 3
_FEW = 1000
"""Among fewer reports than this, that a term is rare says less."""
_FEWEST = 10
_FINE = 1000  # weights are whole numbers of so many parts
_FARTHEST = 1000
"""Of the first stage, so many are looked through for those that somebody may see."""


@dataclass(frozen=True, slots=True)
class Match:
    """A report that is like another: its id, a score from 0 to 1 (the same words: 1), and in plain words why."""

    id: str
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SimilarIncident:
    """The same for an incident that is kept here."""

    incident: Incident
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question: its terms, what each weighs, how rare each is from 0 to 1, and what a report of the same words would get.

    `telling` is how rare each is among these reports, however few they are: enough for a reason, too little to count on.
    """

    profile: Profile
    weights: Mapping[str, int]
    rarity: Mapping[str, float]
    telling: Mapping[str, float]
    frequencies: Mapping[str, int]
    total: int
    most: int
    grams: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Likeness:
    """What a report and the question agree in, each from 0 to 1; `titles` is None where one of them has no title."""

    profile: Profile
    words: float
    titles: float | None
    rarest: float


def similar(postings: Postings, report: Report, *, limit: int = LIMIT, without: Collection[str] = ()) -> tuple[Match, ...]:
    """The reports that are most like this one, the best first; equal ones by their ids.

    A report of which the id is in `without` (the one that is asked about) is no match. Nothing is like a report without terms.
    """
    asked = _asked(postings, report)
    judged = _sorted((_score(like), like) for like in (_likeness(asked, profile) for profile in _candidates(postings, asked, without)))
    closest = [like for _, like in judged[: max(limit, CLOSEST)]]
    chances = _chances(postings, asked, [like.profile for like in closest])
    best = _sorted((_score(like, chance), like) for like, chance in zip(closest, chances, strict=True))[:limit]
    words = spelled(report)
    return tuple(Match(like.profile.id, round(score, 4), reasons(words, asked.telling, like.profile)) for score, like in best)


def _asked(postings: Postings, report: Report) -> _Asked:
    profile = profile_of("", report)
    looked_up = tuple(islice(dict.fromkeys((*profile.title, *profile.text)), MOST_TERMS))
    total, frequencies = postings.documents(), postings.frequencies(looked_up)
    in_title = Counter(profile.title)
    in_text = set(profile.text)
    weights: dict[str, int] = {}
    rarity: dict[str, float] = {}
    telling: dict[str, float] = {}
    for term in looked_up:
        holding = frequencies.get(term, 0)
        tells = _tells(holding, total)
        weights[term] = round(_FINE * (_TITLE_ASKS * in_title[term] + (term in in_text)) * tells**_RARITY)
        rarity[term] = min(1.0, tells / log(1 + max(total, _FEW)))
        telling[term] = min(1.0, tells / log(1 + max(total, _FEWEST)))
    own = impacts(profile)
    most = sum(weights[term] * own[term] for term in looked_up)
    return _Asked(profile, weights, rarity, telling, frequencies, total, most, _grams(profile.title))


def _tells(holding: int, total: int) -> float:
    """How much it tells that a term stands in a report, as BM25 has it."""
    return log(1 + (total - holding + 0.5) / (holding + 0.5))


def _candidates(postings: Postings, asked: _Asked, without: Collection[str]) -> list[Profile]:
    """The best reports of the first stage that may be seen; where few of the best may, it is looked farther."""
    scores = _rough(postings, asked)
    found: list[Profile] = []
    for count in (CANDIDATES, _FARTHEST):
        best = _best(scores, count)
        profiles = postings.profiles(best)
        found = [profiles[number] for number in best if number in profiles and profiles[number].id not in without]
        if len(found) >= CANDIDATES // 2 or len(best) < count:
            break
    return found[:CANDIDATES]


def _best(scores: Mapping[int, int], count: int) -> list[int]:
    """The numbers of the reports with the highest scores, the best first."""
    bar = min(nlargest(count, scores.values()), default=0)
    return sorted((number for number, score in scores.items() if score >= bar), key=lambda number: (-scores[number], number))[:count]


def _rough(postings: Postings, asked: _Asked) -> dict[int, int]:
    """What the first stage gives each report. Whole numbers, so that the order of adding does not matter."""
    scores: dict[int, int] = {}
    for block in postings.blocks(_worth_reading(asked)):
        weight, first = asked.weights[block.term], block.first
        for number, impact in zip(block.numbers, block.impacts, strict=True):
            at = first + number
            scores[at] = scores.get(at, 0) + weight * impact
    return scores


def _worth_reading(asked: _Asked) -> list[str]:
    """The terms that tell most, as many as `BUDGET` allows."""
    left, chosen = BUDGET, []
    for term in sorted(asked.frequencies, key=lambda term: (-asked.weights[term], term)):
        if asked.frequencies[term] <= left:
            left -= asked.frequencies[term]
            chosen.append(term)
    return chosen


def _sorted(judged: Iterable[tuple[float, _Likeness]]) -> list[tuple[float, _Likeness]]:
    return sorted(judged, key=lambda one: (-one[0], one[1].profile.id))


def _chances(postings: Postings, asked: _Asked, profiles: Sequence[Profile]) -> list[float]:
    """What reports share with other questions at most, but for one in forty, as a part of `asked.most`.

    As if words came into a question independently of each other, each as often as into reports. A report of words that all use, or of very
    many, is like everything, and so says less when it is like this question (“hubs”, Radovanović, Nanopoulos and Ivanović 2010).
    """
    held = [impacts(profile) for profile in profiles]
    others = {term for one in held for term in one} - asked.weights.keys()
    frequencies = {**asked.frequencies, **postings.frequencies(others)}
    total = max(asked.total, _FEW)
    gives = {term: (holding / total, _FINE * _tells(holding, asked.total) ** _RARITY) for term, holding in frequencies.items()}
    found = []
    for one in held:
        mean = spread = 0.0
        for term, impact in one.items():
            share, weight = gives[term]
            mean += share * weight * impact
            spread += share * (1 - share) * (weight * impact) ** 2
        found.append(min(1.0, (mean + _DEVIATIONS * sqrt(spread)) / asked.most))
    return found


def _likeness(asked: _Asked, profile: Profile) -> _Likeness:
    shared = impacts(profile, asked.weights)
    words = min(1.0, sum(asked.weights[term] * impact for term, impact in shared.items()) / asked.most)
    rarest = sum(nlargest(_RAREST, (asked.rarity[term] for term in shared))) / _RAREST
    titles = _alike(asked.grams, _grams(profile.title)) if asked.grams and profile.title else None
    return _Likeness(profile, words, titles, rarest)


def _score(like: _Likeness, chance: float = 0.0) -> float:
    """How alike they are; what of their words is likely to be `chance` counts for nothing, as in Cohen's kappa."""
    words = max(0.0, like.words - chance) / (1 - chance) if chance < 1 else 0.0
    if like.titles is None:
        return (_WORDS * words + _RARE * like.rarest) / (_WORDS + _RARE)
    return _WORDS * words + _TITLES * like.titles + _RARE * like.rarest


def _grams(title: Iterable[str]) -> frozenset[str]:
    """The runs of three letters of a title, so that words which differ in an ending or a hyphen still share most."""
    text = f" {' '.join(title)} "
    return frozenset(text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """What two sets share, from 0 to 1 (Dice)."""
    return 2 * len(one & other) / (len(one) + len(other))
