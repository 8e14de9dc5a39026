"""Chooses among all that was seen what is told: the likely ones, one a place, and hardly any where two texts do not drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amends.narrative.comparing.finding import Seen

MOST = 9
"""So many are told of one comparison by the engine: more are not read. A long text has more clauses, and one in six may be told."""
PAGE = 16
"""A source of so many clauses, some half a page, is enough to judge whether two texts drift as a whole."""
_TRUST, _SURE = 0.3, 3.0
"""How much the log-odds that the texts drift at all count for each place, and from where on they are sure."""
_ALONE = 1.25
"""What a single place must have above its least in a text that is faithful otherwise: of 165 honest versions none has one, at 1.0 one."""
_BESIDE = 3
"""Characters between two clauses that stand side by side."""


def chosen(seen: Iterable[Seen], drifting: float, least: Mapping[str, float], gate: float, clauses: int = PAGE) -> list[Seen]:
    """What is told of what was seen, the surest first.

    Where the texts as a whole hardly drift (`drifting` below `gate`) a place must speak for itself; where they clearly do, less is asked.
    A source of few `clauses` says little about the whole, so that the whole counts for less.
    """
    known = min(1.0, clauses / PAGE)
    enough = 0.0 if drifting >= gate else _ALONE * known
    shift = _TRUST * max(-_SURE, min(_SURE, drifting)) * (known if drifting < gate else 1.0)
    most = max(MOST, clauses // 6)
    likely = [(one.odds - least[one.kind] + shift, place, one) for place, one in enumerate(seen)]
    told: list[Seen] = []
    for value, _, one in sorted(likely, key=lambda entry: (-entry[0], entry[1])):
        if value < enough or len(told) == most:
            break
        if not any(_same(one, other) for other in told):
            told.append(one)
    return told


def _same(one: Seen, other: Seen) -> bool:
    """Whether two would tell a reader the same thing twice."""
    if (
        one.ours is not None
        and one.ours is other.ours
        and (one.kind == other.kind or (one.features is not None and other.features is not None))
    ):
        return True
    dropped = one.kind == "dropped_fact", other.kind == "dropped_fact"
    if any(dropped) and one.source is not None and other.source is not None:
        apart = max(one.source[0], other.source[0]) - min(one.source[1], other.source[1])
        return apart <= _BESIDE if all(dropped) else apart < 0
    return one.kind == other.kind and one.theirs is not None and one.theirs is other.theirs
