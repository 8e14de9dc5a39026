"""One figure of one period with its interval, and what may be said of a change between periods."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Generic, TypeVar

from amends.core import lengths
from amends.trust.exact import binomial_tail
from amends.trust.statistics import Verdict, beta_better, jeffreys, mean_better, rate, rates, t_interval, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

BASELINE = 2
"""So many periods before the last one that is over are the baseline: fewer would take a bad month for the usual."""

LEAST = 5
"""With fewer incidents, statements, promises, actions or people on a side nothing is said of a change; of repeats, on both together."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one period shows: `n` is what it rests on, `value` a share or seconds with its 95 % interval, None where there is none."""

    period: str
    n: int
    value: float | None
    low: float | None
    high: float | None
    says: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What may be said of the change: `verdict` by the wording table, `chance` of an improvement where it could be had, and `says`."""

    verdict: Verdict
    chance: float | None
    says: str


@dataclass(frozen=True, slots=True)
class Counted:
    """`count` of `n` in one period. `people` is how many gave them, where one person gave several; None where each stands alone."""

    n: int
    count: int
    people: int | None = None

    @property
    def alone(self) -> tuple[int, int]:
        """Count and number as far as they are independent.

        What one person answers goes together. At worst it is one answer given several times: then the number that counts is that of the
        people (Kish 1965, design effect), and the count is the same share of them, in whole people.
        """
        if self.people is None or not self.n:
            return self.count, self.n
        return round(self.count * self.people / self.n), self.people

    def figure(self, period: str, says: str) -> Figure:
        """As a share with Jeffreys' interval."""
        if not self.n:
            return Figure(period, 0, None, None, None, "nothing to count")
        count, n = self.alone
        share = jeffreys(count, n)
        by = "" if self.people is None else f", given by {self.people} people"
        return Figure(period, n, self.count / self.n, share.low, share.high, f"{self.count} of {self.n} {says}{by}")

    def __add__(self, other: Counted) -> Counted:
        people = None if self.people is None or other.people is None else self.people + other.people
        return Counted(self.n + other.n, self.count + other.count, people)


@dataclass(frozen=True, slots=True)
class Timed:
    """How long something took in the incidents of one period, in seconds, the shortest first."""

    seconds: tuple[int, ...]

    def figure(self, period: str, says: str) -> Figure:
        """The median with its exact interval: the order statistics between which it lies in 95 of 100 cases, whatever the distribution.

        With fewer than six values there is no such interval, and none is given.
        """
        n = len(self.seconds)
        if not n:
            return Figure(period, 0, None, None, None, "nothing to measure")
        middle = (self.seconds[(n - 1) // 2] + self.seconds[n // 2]) / 2
        low, high = median_interval(self.seconds)
        of = "in the one incident" if n == 1 else f"the median of {n} incidents"
        return Figure(period, n, middle, low, high, f"{length(middle)} {says}, {of}")

    def __add__(self, other: Timed) -> Timed:
        return Timed(tuple(sorted(self.seconds + other.seconds)))


@dataclass(frozen=True, slots=True)
class Exposed:
    """`count` events in so many `days`."""

    count: int
    days: float

    def __add__(self, other: Exposed) -> Exposed:
        return Exposed(self.count + other.count, self.days + other.days)


Side = TypeVar("Side", Counted, Timed, Exposed)


@dataclass(frozen=True, slots=True)
class Sides(Generic[Side]):
    """Two sides of a change: the value `before`, told `first` was when ("in Q1 2026 and Q2 2026"), and the one `after`, told `then`."""

    before: Side
    after: Side
    first: str
    then: str


def median_interval(values: Sequence[float], level: float = 0.95) -> tuple[float | None, float | None]:
    """Between which of the sorted values the median lies, by the exact sign test; None for fewer than six values at 95 %.

    The source is the distribution-free interval of Thompson (1936): the k-th smallest and k-th largest, k as large as the level allows.
    """
    n, tail, k = len(values), (1.0 - level) / 2, 0
    while k < n // 2 and binomial_tail(k, n, 0.5) <= tail:
        k += 1
    return (values[k - 1], values[n - k]) if k else (None, None)


def judged_shares(sides: Sides[Counted] | None, *, better: str) -> Judged:
    """Whether a share improved, by the beta-binomial chance; None where there is nothing before and after yet."""
    if sides is None:
        return _too_early()
    before, after = sides.before, sides.after
    (count1, n1), (count2, n2) = before.alone, after.alone
    if min(n1, n2) < LEAST:
        return _too_few(sides, n1, n2)
    rose = beta_better(count1, n1, count2, n2)
    chance = rose if better == "higher" else 1.0 - rose
    said = verdict(chance, min(n1, n2))
    says = f"{after.count} of {after.n} {sides.then}, {before.count} of {before.n} {sides.first}"
    by = "" if after.people is None else f", of {n2} and {n1} people"
    return Judged(said, chance, f"{said.capitalize()}: {says}{by}.")


def judged_times(sides: Sides[Timed] | None) -> Judged:
    """Whether something takes less long, by Welch's t on the logarithms, since one long night must not decide."""
    if sides is None:
        return _too_early()
    before, after = sides.before.seconds, sides.after.seconds
    if min(len(before), len(after)) < LEAST:
        return _too_few(sides, len(before), len(after))
    first, last = (t_interval([math.log(seconds + 60) for seconds in side]) for side in (before, after))
    chance = 1.0 - mean_better(first, last)
    said = verdict(chance, min(first.n, last.n))
    middles = [length(Timed(side).figure("", "").value or 0.0) for side in (after, before)]
    return Judged(said, chance, f"{said.capitalize()}: a median of {middles[0]} {sides.then}, of {middles[1]} {sides.first}.")


def judged_rates(sides: Sides[Exposed] | None, one: str) -> Judged:
    """Whether something became rarer, per day, by the gamma-Poisson chance; where nothing happened at all, how often it still may.

    Fewer than `LEAST` events on both sides together say nothing, in whichever direction: one more or less would turn them round.
    """
    if sides is None:
        return _too_early()
    before, after = sides.before, sides.after
    together = before.count + after.count
    if not together:
        still = rate(0, after.days).high * after.days
        none = f"no {one} {sides.then}, and none {sides.first}"
        return _untold(f"{none}. Even if {still:.0f} in {after.days:.0f} days were usual, there could be none by chance.")
    what = one if after.count == 1 else f"{one}s"
    says = f"{after.count} {what} {sides.then} ({after.days:.0f} days), {before.count} {sides.first} ({before.days:.0f} days)"
    if together < LEAST:
        return _untold(f"{says}; fewer than {LEAST} together are too few to compare.")
    found = rates(before.count, before.days, after.count, after.days)
    said = verdict(found.fell, together)
    return Judged(said, found.fell, f"{said.capitalize()}: {says}.")


def length(seconds: float) -> str:
    """A length of time in words."""
    return lengths.in_words(round(seconds / 60))


def before_and_after(values: Sequence[Side], names: Sequence[str]) -> Sides[Side] | None:
    """The baseline and the last period that is over, of values by period; the running one is left out, because it is not over."""
    if len(values) < BASELINE + 2:
        return None
    first, *rest, after = values[-BASELINE - 2 : -1]
    *early, then = names[-BASELINE - 2 : -1]
    return Sides(reduce(add, rest, first), after, f"in {' and '.join(early)}", f"in {then}")


def _untold(says: str) -> Judged:
    return Judged("cannot tell yet", None, f"Cannot tell yet: {says}")


def _too_early() -> Judged:
    return _untold("a change needs a period that is over, and two before it.")


def _too_few(sides: Sides[Side], before: int, after: int) -> Judged:
    return _untold(f"{after} {sides.then} and {before} {sides.first} are too few to compare (from {LEAST} on).")
