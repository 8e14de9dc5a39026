"""What somebody's drills can honestly say about how they are doing: counts with their n, and no trend before it means something.

Only first tries without help count: whoever plays a scenario again knows it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from amends.practice.session import Delivery, Reviewed, Sitting

ENOUGH = 8
"""Drills of one form below which nothing is called a trend."""
CANNOT_TELL, RISING, FALLING, UNCHANGED = "cannot tell yet", "rising", "falling", "no change that could not be chance"
_SURE = 1.96


@dataclass(frozen=True, slots=True)
class Point:
    """One drill that counts: when, which scenario, its score and result."""

    at: datetime
    session_id: str
    scenario_id: str
    title: str
    score: int
    passed: bool


@dataclass(frozen=True, slots=True)
class OfForm:
    """The drills of one form in their order. `trend` is one of four words; `needed` are the drills missing until there is one."""

    form: str
    points: tuple[Point, ...]
    trend: str
    needed: int


@dataclass(frozen=True, slots=True)
class OfSkill:
    """A skill: of `kept` + `missed` questions about it so many were answered with yes."""

    skill: str
    kept: int
    missed: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """A figure of somebody's delivery against themselves: the median of all their turns, and that of the last drill."""

    name: str
    unit: str
    turns: int
    usual: float
    last: float


@dataclass(frozen=True, slots=True)
class History:
    """What can be said: `drills` were finished, of which `counted` were first tries without help, which the rest is about."""

    drills: int
    counted: int
    forms: tuple[OfForm, ...]
    skills: tuple[OfSkill, ...]
    delivery: tuple[Baseline, ...]


def history(sittings: Sequence[Sitting], looks: Sequence[Reviewed], spoken: Sequence[Sequence[tuple[int, Delivery]]]) -> History:
    """The history of one person. `spoken` holds for each drill, the oldest first, the words and the delivery of its spoken turns."""
    done = [one for one in sittings if one.ended_at and not one.left]
    counts = sorted((one for one in done if one.first and not one.aided), key=lambda one: (one.started_at, one.id))
    forms = tuple(_of_form(form, [one for one in counts if one.form == form]) for form in sorted({one.form for one in counts}))
    return History(len(done), len(counts), forms, _skills([one for one in looks if one.counted]), _baselines(spoken))


def trend(scores: Sequence[int]) -> str:
    """Whether scores in their order rise or fall more than chance would let them (Mann and Kendall, 95 %), once there are enough."""
    n = len(scores)
    if n < ENOUGH:
        return CANNOT_TELL
    balance = sum((later > earlier) - (later < earlier) for earlier, later in combinations(scores, 2))
    ties = sum(many * (many - 1) * (2 * many + 5) for many in (scores.count(value) for value in set(scores)))
    spread = (n * (n - 1) * (2 * n + 5) - ties) / 18
    if not spread or (abs(balance) - 1) / math.sqrt(spread) < _SURE:
        return UNCHANGED
    return RISING if balance > 0 else FALLING


def _of_form(form: str, sittings: Sequence[Sitting]) -> OfForm:
    points = tuple(
        Point(one.ended_at or one.started_at, one.id, one.scenario_id, one.title, one.score or 0, bool(one.passed)) for one in sittings
    )
    return OfForm(form, points, trend([one.score for one in points]), max(0, ENOUGH - len(points)))


def _skills(looks: Sequence[Reviewed]) -> tuple[OfSkill, ...]:
    names = sorted({one.skill for one in looks})
    of = {name: [one for one in looks if one.skill == name] for name in names}
    return tuple(OfSkill(name, sum(one.kept for one in of[name]), sum(one.missed for one in of[name])) for name in names)


def _baselines(spoken: Sequence[Sequence[tuple[int, Delivery]]]) -> tuple[Baseline, ...]:
    drills = [[(words, how) for words, how in turns if how.seconds > 0] for turns in spoken]
    drills = [turns for turns in drills if turns]
    if not drills:
        return ()
    every = [one for turns in drills for one in turns]
    found = [
        _baseline(
            "pace", "words a minute", [60 * words / how.seconds for words, how in every], [60 * w / how.seconds for w, how in drills[-1]]
        ),
        _baseline(
            "pauses",
            "a minute",
            [60 * how.pauses / how.seconds for _, how in every],
            [60 * how.pauses / how.seconds for _, how in drills[-1]],
        ),
        _baseline("longest pause", "seconds", [how.longest_pause for _, how in every], [how.longest_pause for _, how in drills[-1]]),
        _baseline(
            "fillers",
            "a minute",
            [60 * how.fillers / how.seconds for _, how in every],
            [60 * how.fillers / how.seconds for _, how in drills[-1]],
        ),
    ]
    owned = [how.ownership_at for _, how in every if how.ownership_at is not None]
    if owned:
        last = [how.ownership_at for _, how in drills[-1] if how.ownership_at is not None]
        found.append(_baseline("until you own it", "seconds", owned, last or owned))
    return tuple(found)


def _baseline(name: str, unit: str, every: Sequence[float], last: Sequence[float]) -> Baseline:
    return Baseline(name, unit, len(every), round(median(every), 1), round(median(last), 1))
