"""A place where two tellings may differ: what one rule saw, before anybody weighs it against what other rules saw."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible drift.

    `source` and `retold` are half-open spans of the two texts, None where a side has nothing to show. `confidence` lies in 0..1; from
    0.5 on it is meant to be shown. `rule` names the rule that saw it, `what` says in a few words what stands on either side.
    """

    kind: str
    source: tuple[int, int] | None
    retold: tuple[int, int] | None
    confidence: float
    rule: str
    what: str
