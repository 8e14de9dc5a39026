"""Chooses from which log-odds on each kind of drift is told, and holds what is told against the labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from drift_pairs import is_at

from amends.narrative.comparing.choosing import chosen
from amends.narrative.drift import DRIFTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_pairs import Pair

_STEPS = np.arange(-1.0, 2.01, 0.25)
_GATES = (0.0, 0.25, 0.5, 0.75, 1.0)
_QUIET = 0.97
"""The share of honest versions in which nothing may be told: a false alarm costs more than a miss."""


def tuned(pairs: Sequence[Pair]) -> tuple[dict[str, float], float]:
    """The least log-odds of each kind and of a pair, one after the other, for the best of both figures with honest versions quiet."""
    least, gate = dict.fromkeys(DRIFTS, -1.0), 0.0

    def worth(least: dict[str, float], gate: float) -> float:
        by_kind, anywhere, quiet, honest = _counted(pairs, least, gate)
        return by_kind + 0.3 * anywhere + 0.7 * min(_QUIET, quiet / max(1, honest))

    best = worth(least, gate)
    for _ in range(2):
        for kind in DRIFTS:
            for step in _STEPS:
                tried = {**least, kind: round(float(step), 2)}
                if (value := worth(tried, gate)) > best + 1e-9:
                    best, least = value, tried
        for step in _GATES:
            if (value := worth(least, step)) > best + 1e-9:
                best, gate = value, step
    return least, gate


def figures(pairs: Sequence[Pair], least: dict[str, float], gate: float) -> str:
    """The figures in a line."""
    by_kind, anywhere, quiet, honest = _counted(pairs, least, gate)
    return f"F1 by kind {by_kind:.3f}, anywhere {anywhere:.3f}, honest and quiet {quiet} of {honest}"


def _counted(pairs: Sequence[Pair], least: dict[str, float], gate: float) -> tuple[float, float, int, int]:
    strict, loose = [0, 0, 0], [0, 0, 0]
    honest = quiet = 0
    for pair in pairs:
        got = chosen(pair.seen, pair.drifting, least, gate)
        if not pair.row["drifts"]:
            honest += 1
            quiet += not got
        for by_kind, counts in ((True, strict), (False, loose)):
            used: set[int] = set()
            for gold in pair.row["drifts"]:
                same = [n for n, one in enumerate(got) if n not in used and (not by_kind or one.kind == gold["kind"])]
                hit = next((n for n in same if is_at(got[n], gold, pair.row)), None)
                counts[0 if hit is not None else 2] += 1
                used |= {hit} if hit is not None else set()
            counts[1] += len(got) - len(used)
    return _f1(strict), _f1(loose), quiet, honest


def _f1(counts: list[int]) -> float:
    return 2 * counts[0] / max(1, 2 * counts[0] + counts[1] + counts[2])
