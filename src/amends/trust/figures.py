"""One figure of one period with its interval, and what may be said of a change between periods."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, TypeVar

from amends.core import lengths
from amends.trust.exact import binomial_tail
from amends.trust.statistics import Verdict, beta_better, jeffreys, mean_better, rate, rates, t_interval, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

BASELINE = 2
"""So many periods before the last one that is over are the baseline: fewer would take a bad month for the usual."""

LEAST = 5
"""With fewer incidents, statements, promises or actions on a side nothing is said of a change."""


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
    """`count` of `n` in one period."""

    n: int
    count: int

    def figure(self, period: str, says: str) -> Figure:
        """As a share with Jeffreys' interval."""
        if not self.n:
            return Figure(period, 0, None, None, None, "nothing to count")
        share = jeffreys(self.count, self.n)
        return Figure(period, self.n, share.share, share.low, share.high, f"{self.count} of {self.n} {says}")

    def __add__(self, other: Counted) -> Counted:
        return Counted(self.n + other.n, self.count + other.count)


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
        return Figure(period, n, middle, low, high, f"{length(middle)} {says}, in the middle of {n}")

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


def median_interval(values: Sequence[float], level: float = 0.95) -> tuple[float | None, float | None]:
    """Between which of the sorted values the median lies, by the exact sign test; None for fewer than six values at 95 %.

    The source is the distribution-free interval of Thompson (1936): the k-th smallest and k-th largest, k as large as the level allows.
    """
    n, tail, k = len(values), (1.0 - level) / 2, 0
    while k < n // 2 and binomial_tail(k, n, 0.5) <= tail:
        k += 1
    return (values[k - 1], values[n - k]) if k else (None, None)


def judged_shares(before_and_after: tuple[Counted, Counted] | None, *, better: str) -> Judged:
    """Whether a share improved, by the beta-binomial chance; None where there is nothing before and after yet."""
    if before_and_after is None:
        return _too_early()
    before, after = before_and_after
    if min(before.n, after.n) < LEAST:
        return _too_few(before.n, after.n)
    rose = beta_better(before.count, before.n, after.count, after.n)
    chance = rose if better == "higher" else 1.0 - rose
    said = verdict(chance, min(before.n, after.n))
    return Judged(said, chance, f"{said.capitalize()}: {after.count} of {after.n}, before {before.count} of {before.n}.")


def judged_times(before_and_after: tuple[Timed, Timed] | None) -> Judged:
    """Whether something takes less long, by Welch's t on the logarithms, since one long night must not decide."""
    if before_and_after is None:
        return _too_early()
    before, after = before_and_after
    if min(len(before.seconds), len(after.seconds)) < LEAST:
        return _too_few(len(before.seconds), len(after.seconds))
    first, last = (t_interval([math.log(seconds + 60) for seconds in side.seconds]) for side in (before, after))
    chance = 1.0 - mean_better(first, last)
    said = verdict(chance, min(first.n, last.n))
    middles = [Timed(side.seconds).figure("", "").value or 0.0 for side in (after, before)]
    return Judged(said, chance, f"{said.capitalize()}: {length(middles[0])} in the middle incident, before {length(middles[1])}.")


def judged_rates(before_and_after: tuple[Exposed, Exposed] | None, one: str) -> Judged:
    """Whether something became rarer, per day, by the gamma-Poisson chance; where nothing happened at all, how often it still may."""
    if before_and_after is None:
        return _too_early()
    before, after = before_and_after
    if before.count + after.count == 0:
        still = rate(0, after.days).high * after.days
        return Judged(
            "cannot tell yet", None, f"Cannot tell yet: none in {before.days + after.days:.0f} days; up to {still:.0f} a period still fit."
        )
    found = rates(before.count, before.days, after.count, after.days)
    said = verdict(found.fell, before.count + after.count)
    what = one if after.count == 1 else f"{one}s"
    says = f"{said.capitalize()}: {after.count} {what} in {after.days:.0f} days, before {before.count} in {before.days:.0f} days."
    return Judged(said, found.fell, says)


def length(seconds: float) -> str:
    """A length of time in words."""
    return lengths.in_words(round(seconds / 60))


def before_and_after(values: Sequence[Side]) -> tuple[Side, Side] | None:
    """The baseline and the last period that is over, of values by period; the running one is left out, because it is not over."""
    if len(values) < BASELINE + 2:
        return None
    first, *rest, after = values[-BASELINE - 2 : -1]
    return reduce(add, rest, first), after


def _too_early() -> Judged:
    return Judged("cannot tell yet", None, "Cannot tell yet: a change needs a period that is over, and two before it.")


def _too_few(before: int, after: int) -> Judged:
    return Judged("cannot tell yet", None, f"Cannot tell yet: {after} now and {before} before are too few to compare (from {LEAST} on).")
