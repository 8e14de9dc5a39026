"""Holds two tellings together: which clause of one tells what a clause of the other tells, in whatever words.

Words count as alike by `vocabulary.alike`; a clause is as near to another as the weight of its words that have one alike there. Numbers and
times that both have draw them together.
"""

from __future__ import annotations

from heapq import nlargest
from typing import TYPE_CHECKING

from amends.narrative.comparing.vocabulary import alike, near
from amends.narrative.concepts import concept, stem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.language.times import TimeExpression
    from amends.narrative.comparing.clauses import Clause, Telling

_WEIGHTS = {"figure": 0.7, "clock": 0.8, "length": 0.7}
"""What a number, a time of day and a duration that both clauses have weigh, against 1 for a word that says most."""
_SMALL, _PAIR = 0.5, 1.0
"""What is added to the weight of a clause, and of two, so that a clause of one word is not like every clause that has it."""
_ORDER = 0.04
"""What the same place in both texts counts: tellings keep their order, mostly."""
_NEAREST = 6


class Alignment:
    """Two tellings, clause by clause.

    `tells[i][j]` is how far clause j of the source tells what clause i of the retold text says, `told[i][j]` the other way round, both from
    0 to 1; `alike[i][j]` joins the two. `kept[j]` is how far source clause j is told anywhere in the retold text, `best[j]` in one sentence
    of it; `based[i]` and `closest[i]` say the same of a retold clause in the source.
    `lost[j]` and `added[i]` are what the words of a clause weigh that the other text has not, the heaviest first. The means
    are low where everything is told in other words; `words` is the length of the retold text as a share of that of its source.
    """

    def __init__(self, source: Telling, retold: Telling) -> None:
        self.source, self.retold = source, retold
        there = _Words(retold)
        here = _Words(source)
        likeness = _likenesses(here, there)
        forth = _best(here, there, likeness)
        back = _best(there, here, {(other, one): value for (one, other), value in likeness.items()})
        self.lost = [_missing(one, forth.anywhere) for one in source.clauses]
        self.added = [_missing(one, back.anywhere) for one in retold.clauses]
        self.kept = [_share(one, forth.anywhere) for one in source.clauses]
        self.based = [_share(one, back.anywhere) for one in retold.clauses]
        self.best = _in_one_sentence(source, forth, here)
        self.closest = _in_one_sentence(retold, back, there)
        self.mean_kept, self.mean_based, self.mean_best = _mean(self.kept), _mean(self.based), _mean(self.best)
        self.words = sum(one.size for one in retold.clauses) / max(1, sum(one.size for one in source.clauses))
        self._compare(_shared(back, there), _shared(forth, here))

    def nearest(self, retold: int) -> list[Clause]:
        """The clauses of the source that tell most of what a clause of the retold text says, the nearest first."""
        return self._near[retold]

    def teller(self, source: int) -> float:
        """How near the nearest clause of the retold text is to a clause of the source, from 0 to 1."""
        return self._teller[source]

    def _compare(self, tells: list[dict[int, float]], told: list[dict[int, float]]) -> None:
        """Fill the tables; `tells[j][i]` is what the words of retold clause i weigh that source clause j has alike, `told` the converse."""
        source, retold = self.source.clauses, self.retold.clauses
        facts = _facts_shared(source, retold)
        self.tells: list[list[float]] = []
        self.told: list[list[float]] = []
        self.alike: list[list[float]] = []
        self._near: list[list[Clause]] = []
        last_here, last_there = max(1, len(retold) - 1), max(1, len(source) - 1)
        totals = [one.total for one in source]
        for i, one in enumerate(retold):
            row_tells, row_told, row = [], [], []
            mine, theirs, total, at = facts[i], told[i], one.total, i / last_here
            for j, other in enumerate(totals):
                to, fro, shared = tells[j].get(i, 0.0), theirs.get(j, 0.0), mine.get(j, 0.0)
                row_tells.append((to + shared) / (total + shared + _SMALL))
                row_told.append((fro + shared) / (other + shared + _SMALL))
                row.append((to + fro + 2 * shared) / (total + other + 2 * shared + _PAIR) + _ORDER * (1 - abs(at - j / last_there)))
            self.tells.append(row_tells)
            self.told.append(row_told)
            self.alike.append(row)
            ranked = nlargest(_NEAREST, range(len(source)), key=lambda j: (row[j], -j))
            self._near.append([source[j] for j in ranked])
        self._teller = [max(column) for column in zip(*self.alike, strict=True)] if self.alike else [0.0] * len(source)


def _shared(best: _Best, words: _Words) -> list[dict[int, float]]:
    """For each clause of the other text, the weight of the words that each clause of this one shares with it."""
    return [_gathered(part, words) for part in best.clauses]


def _gathered(part: dict[str, float], words: _Words) -> dict[int, float]:
    """The weight of the words alike, by clause."""
    shared: dict[int, float] = {}
    for word, value in part.items():
        for clause in words.where[word]:
            shared[clause.number] = shared.get(clause.number, 0.0) + clause.matter[word] * value
    return shared


def _in_one_sentence(telling: Telling, best: _Best, words: _Words) -> list[float]:
    """How far each clause is told in the one sentence of the other text that tells most of it."""
    found = [0.0] * len(telling.clauses)
    for part in best.sentences:
        for number, value in _gathered(part, words).items():
            found[number] = max(found[number], value / telling.clauses[number].total)
    return found


def _facts_shared(source: list[Clause], retold: list[Clause]) -> list[dict[int, float]]:
    """For each retold clause, what the numbers, times of day and durations weigh that it has in common with clauses of the source."""
    where: dict[tuple[str, float], list[int]] = {}
    for one in source:
        for fact in _facts(one):
            where.setdefault(fact, []).append(one.number)
    found = []
    for one in retold:
        shared: dict[int, float] = {}
        for fact in _facts(one):
            for number in where.get(fact, ()):
                shared[number] = shared.get(number, 0.0) + _WEIGHTS[fact[0]]
        found.append(shared)
    return found


def _facts(clause: Clause) -> Iterable[tuple[str, float]]:
    """The numbers, times of day (in minutes) and durations (in seconds) of a clause, each once and in order: sums must not depend on it."""
    found: dict[tuple[str, float], None] = dict.fromkeys(("figure", round(one.value, 3)) for one in clause.figures)
    for time in clause.times:
        found |= dict.fromkeys(("clock", minute) for minute in clocks(time))
        if time.length is not None:
            found["length", time.length.total_seconds()] = None
    return found


def clocks(time: TimeExpression) -> tuple[int, ...]:
    """The times of day that an expression names, in minutes since midnight; none for a day, a month or a duration."""
    if time.length is not None or time.grain != "minute":
        return ()
    return tuple(moment.hour * 60 + moment.minute for moment in (time.earliest, time.due) if moment is not None)


class _Words:
    """The words of a telling, with the clauses and sentences in which each stands."""

    def __init__(self, telling: Telling) -> None:
        self.clauses, self.sentences = len(telling.clauses), len(telling.sentences)
        self.where: dict[str, list[Clause]] = {}
        for clause in telling.clauses:
            for word in clause.matter:
                self.where.setdefault(word, []).append(clause)
        self.stems: dict[str, list[str]] = {}
        self.concepts: dict[str, list[str]] = {}
        for word in self.where:
            self.stems.setdefault(stem(word), []).append(word)
            self.concepts.setdefault(concept(word), []).append(word)


def _likenesses(here: _Words, there: _Words) -> dict[tuple[str, str], float]:
    """How alike each word of one text is to each of the other, where they are alike at all."""
    found: dict[tuple[str, str], float] = {}
    for word in here.where:
        akin = (*there.concepts.get(concept(word), ()), *near(word), *there.stems.get(stem(word), ()), word)
        for other in akin:
            if other in there.where and (word, other) not in found:
                found[word, other] = alike(word, other)
    for word in there.where:
        for other in near(word):
            if other in here.where and (other, word) not in found:
                found[other, word] = alike(other, word)
    return found


class _Best:
    """For each word of one text, how alike the most alike word of the other text is: anywhere, by sentence, by clause."""

    def __init__(self, there: _Words) -> None:
        self.anywhere: dict[str, float] = {}
        self.sentences: list[dict[str, float]] = [{} for _ in range(there.sentences)]
        self.clauses: list[dict[str, float]] = [{} for _ in range(there.clauses)]


def _best(here: _Words, there: _Words, likeness: dict[tuple[str, str], float]) -> _Best:
    best = _Best(there)
    for (word, other), value in likeness.items():
        if word not in here.where:
            continue
        _raise(best.anywhere, word, value)
        for clause in there.where[other]:
            _raise(best.clauses[clause.number], word, value)
            _raise(best.sentences[clause.sentence], word, value)
    return best


def _raise(best: dict[str, float], word: str, value: float) -> None:
    if best.get(word, 0.0) < value:
        best[word] = value


def _share(clause: Clause, best: dict[str, float]) -> float:
    """How much of the weight of a clause has words alike among these."""
    return sum(w * best.get(word, 0.0) for word, w in clause.matter.items()) / clause.total if clause.total else 0.0


def _missing(clause: Clause, best: dict[str, float]) -> list[float]:
    """What each word of a clause weighs that has no word alike, the heaviest first."""
    return sorted((w * (1 - best.get(word, 0.0)) for word, w in clause.matter.items()), reverse=True)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
