"""Every place where two tellings might differ, with what was seen of it: gathered first, weighed afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.narrative.comparing.aligning import Alignment
from amends.narrative.comparing.altering import ALTERED, Looks, quoted
from amends.narrative.comparing.asserting import find_assertions
from amends.narrative.comparing.counting import find_numbers
from amends.narrative.comparing.dropping import look
from amends.narrative.comparing.timing import find_times
from amends.narrative.comparing.weighing import odds_of

if TYPE_CHECKING:
    from amends.narrative.comparing.clauses import Clause, Telling


@dataclass(slots=True)
class Seen:
    """One place that might be a drift of a kind: its spans and clauses on both sides, and what was seen there.

    `features` are for `weighing`, which gives the log-odds; None where a rule spoke, whose confidence gives them.
    """

    kind: str
    source: tuple[int, int] | None
    retold: tuple[int, int] | None
    theirs: Clause | None
    ours: Clause | None
    features: dict[str, float] | None
    odds: float = 0.0


def gather(told: Telling, said: Telling) -> tuple[Alignment, list[Seen]]:
    """Hold a source and what was said of it together, and look at every clause of both."""
    alignment = Alignment(told, said)
    found = [
        Seen("dropped_fact", (clause.start, clause.end), None, clause, None, features)
        for clause, features in zip(told.clauses, look(alignment), strict=True)
    ]
    looks = Looks(alignment)
    for clause, features, against in zip(said.clauses, looks.features, looks.against, strict=True):
        for kind in ALTERED:
            other = against[kind]
            there = quoted(other, kind, there=True) if other is not None else None
            found.append(Seen(kind, there, quoted(clause, kind), other, clause, features))

    def alike(ours: int, theirs: int) -> float:
        return alignment.alike[ours][theirs]

    for one in (*find_times(told, said, alike), *find_numbers(told, said, alike), *find_assertions(alignment)):
        theirs, ours = _at(told, one.source), _at(said, one.retold)
        found.append(Seen(one.kind, one.source, one.retold, theirs, ours, None, odds_of(one.confidence)))
    return alignment, found


def _at(telling: Telling, span: tuple[int, int] | None) -> Clause | None:
    """The first clause that a span touches."""
    if span is None:
        return None
    return next((clause for clause in telling.clauses if clause.start < span[1] and clause.end > span[0]), None)
