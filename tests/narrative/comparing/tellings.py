"""Two tellings for the tests of what a retold text changes, and how alike their clauses are: by the words they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.language.index import load
from amends.narrative.comparing.clauses import tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.narrative.comparing.clauses import Clause, Telling

INDEX = load()


def two(source: str, retold: str) -> tuple[Telling, Telling, Callable[[int, int], float]]:
    """A source, a text that retells it, and the likeness of their clauses."""
    then, now = tell(source, INDEX), tell(retold, INDEX)
    return then, now, lambda i, j: _shared(now.clauses[i], then.clauses[j])


def _shared(one: Clause, other: Clause) -> float:
    """The share of longer words that two clauses have in common."""
    mine, theirs = ({word[:5] for word in clause.low.split() if len(word) > 3} for clause in (one, other))
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine or theirs else 0.0
