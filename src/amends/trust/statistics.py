"""What five to fifteen answers can say, and the words for it: intervals, chances of a change, and "cannot tell yet".

Every method is the one of the practice report, section 5.4; its numbers are reproduced in tests/trust/test_statistics.py, and every
function is compared there with scipy. Plain Python: no numeric library at run time.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from amends.core.errors import UsageError
from amends.trust.exact import SignTest, Trend, binomial_tail, check_counts, fisher, page_trend, sign_test
from amends.trust.special import beta_cdf, beta_quantile, gamma_quantile, student_cdf, student_quantile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "CERTAIN",
    "LEAST_TO_SAY",
    "LIKELY",
    "VERDICTS",
    "Difference",
    "Interval",
    "Mean",
    "Rate",
    "Rates",
    "Share",
    "SignTest",
    "Trend",
    "Verdict",
    "beta_better",
    "beta_difference",
    "fisher",
    "jeffreys",
    "mean_better",
    "mean_of",
    "page_trend",
    "paired_better",
    "rate",
    "rates",
    "rule_of_three",
    "sign_test",
    "t_interval",
    "verdict",
    "wilson",
]

Verdict = Literal["improved", "probably improved", "cannot tell yet", "probably worse", "worse"]
VERDICTS: tuple[Verdict, ...] = ("improved", "probably improved", "cannot tell yet", "probably worse", "worse")
CERTAIN, LIKELY = 0.95, 0.80
"""From which chance on a change is named, and named as probable."""
LEAST_TO_SAY = 5
"""Below so many answers a change is at most probable, however large it looks."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Between what and what a quantity lies, at the level that whoever made it says (95 % unless it says otherwise)."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `n`, as a share between 0 and 1 with its interval."""

    n: int
    count: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `n` values with its interval and their standard deviation, in the unit of the values."""

    n: int
    mean: float
    low: float
    high: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Difference:
    """How much a share rose: the middle of what is plausible, and between what and what it lies, in shares (0.1 is ten points)."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` events in `exposure` (days, deploys: the caller's unit), per unit of exposure, with the exact interval."""

    count: int
    exposure: float
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rates:
    """Two rates side by side: `p` is the exact chance of so few later events had nothing changed, `fell` the chance that the rate fell."""

    before: Rate
    after: Rate
    p: float
    fell: float


def jeffreys(count: int, n: int, level: float = 0.95) -> Share:
    """The share of `count` in `n` with Jeffreys' interval, which ends at 0 or 1 where none or all did (Brown, Cai, DasGupta 2001).

    Without any answer the interval is everything. Raises UsageError where the count does not fit.
    """
    check_counts(count, n)
    if n == 0:
        return Share(0, 0, 0.0, 0.0, 1.0)
    tail = _tail(level)
    low = 0.0 if count == 0 else beta_quantile(count + 0.5, n - count + 0.5, tail)
    high = 1.0 if count == n else beta_quantile(count + 0.5, n - count + 0.5, 1.0 - tail)
    return Share(n, count, count / n, low, high)


def wilson(count: int, n: int, level: float = 0.95) -> Share:
    """The share with Wilson's score interval (1927), without continuity correction."""
    check_counts(count, n)
    if n == 0:
        return Share(0, 0, 0.0, 0.0, 1.0)
    from statistics import NormalDist

    z = NormalDist().inv_cdf(1.0 - _tail(level))
    share, square = count / n, z * z / n
    middle = (share + square / 2.0) / (1.0 + square)
    half = z * math.sqrt(share * (1.0 - share) / n + square / (4.0 * n)) / (1.0 + square)
    return Share(n, count, share, 0.0 if count == 0 else middle - half, 1.0 if count == n else middle + half)


def beta_better(k1: int, n1: int, k2: int, n2: int) -> float:
    """The chance that the second share is the larger one: k1 of n1 before, k2 of n2 after, Jeffreys' prior on both."""
    return _exceeds(k1, n1, k2, n2, 0.0)


def beta_difference(k1: int, n1: int, k2: int, n2: int, level: float = 0.95) -> Difference:
    """How much larger the second share is: median and interval of p2 - p1 with Jeffreys' prior on both."""
    tail = _tail(level)

    def point(chance: float) -> float:
        low, high = -1.0, 1.0
        for _ in range(40):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if 1.0 - _exceeds(k1, n1, k2, n2, middle) < chance else (low, middle)
        return 0.5 * (low + high)

    return Difference(point(0.5), point(tail), point(1.0 - tail))


def t_interval(values: Sequence[float], level: float = 0.95) -> Mean:
    """The mean of values with Student's interval; a percentile bootstrap would cover only 84 % at five answers.

    Raises UsageError for fewer than two values, which have no spread.
    """
    n = len(values)
    if n < 2:
        raise UsageError(f"{n} values have no spread", hint="a mean with an interval needs two values or more")
    mean = math.fsum(values) / n
    return mean_of(n, mean, math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1)), level)


def mean_of(n: int, mean: float, deviation: float, level: float = 0.95, within: tuple[float, float] | None = None) -> Mean:
    """As `t_interval`, from the mean and the standard deviation of n values; `within` ends the interval where the scale ends."""
    if n < 2:
        raise UsageError(f"{n} values have no spread", hint="a mean with an interval needs two values or more")
    half = student_quantile(1.0 - _tail(level), n - 1) * deviation / math.sqrt(n)
    least, most = within or (-math.inf, math.inf)
    return Mean(n, mean, max(least, mean - half), min(most, mean + half), deviation)


def mean_better(before: Mean, after: Mean) -> float:
    """The chance that the later mean is the higher one, other people or the same without pairing: Welch's t (1947), one-sided."""
    squared_before, squared_after = before.deviation**2 / before.n, after.deviation**2 / after.n
    spread = squared_before + squared_after
    if spread == 0.0:
        return _certain(after.mean - before.mean)
    freedom = spread**2 / (squared_before**2 / (before.n - 1) + squared_after**2 / (after.n - 1))
    return student_cdf((after.mean - before.mean) / math.sqrt(spread), freedom)


def paired_better(changes: Sequence[float]) -> float:
    """The chance that the same people's mean rose, from each one's change: the paired t, one-sided. UsageError below two."""
    mean = t_interval(changes)
    if mean.deviation == 0.0:
        return _certain(mean.mean)
    return student_cdf(mean.mean / (mean.deviation / math.sqrt(mean.n)), mean.n - 1)


def rate(count: int, exposure: float, level: float = 0.95) -> Rate:
    """`count` events in `exposure` with Garwood's exact Poisson interval (1936). UsageError for no exposure or a count below 0."""
    if count < 0 or not exposure > 0.0:
        raise UsageError(f"{count} events in {exposure} is no rate", hint="give a count from 0 on, and an exposure above 0")
    tail = _tail(level)
    low = 0.0 if count == 0 else gamma_quantile(count, tail) / exposure
    return Rate(count, exposure, count / exposure, low, gamma_quantile(count + 1, 1.0 - tail) / exposure)


def rates(count1: int, exposure1: float, count2: int, exposure2: float) -> Rates:
    """Whether the second rate is lower: the exact conditional binomial p (one-sided) and the gamma-Poisson chance that it fell.

    Given all events, the later ones are binomial with the later share of the exposure (Przyborowski, Wilenski 1940). The chance that the
    rate fell has Jeffreys' prior on both: a ratio of gamma quantities is a beta quantity.
    """
    before, after = rate(count1, exposure1), rate(count2, exposure2)
    later = exposure2 / (exposure1 + exposure2)
    return Rates(before, after, binomial_tail(count2, count1 + count2, later), beta_cdf(count2 + 0.5, count1 + 0.5, later))


def rule_of_three(n: int, level: float = 0.95) -> float:
    """How frequent something may still be that did not happen in n chances: the exact bound, near 3 / n. Without a chance, 1."""
    check_counts(0, n)
    return 1.0 if n == 0 else 1.0 - (1.0 - level) ** (1.0 / n)


def verdict(p: float, n: int) -> Verdict:
    """The words for a chance `p` of having improved, seen in `n` answers (of the smaller wave).

    From 0.95 on "improved" where n is five or more and "probably improved" where it is less, from 0.80 on "probably improved", and the
    same downwards; everything between is "cannot tell yet". Raises UsageError where p is no chance.
    """
    if not 0.0 <= p <= 1.0:
        raise UsageError(f"{p!r} is not a chance", hint="a chance lies between 0 and 1")
    sure = n >= LEAST_TO_SAY
    if p >= LIKELY:
        return "improved" if sure and p >= CERTAIN else "probably improved"
    # Mirrored in the chance itself, because 1 - 0.95 is not 0.05 in floating point.
    if 1.0 - p >= LIKELY:
        return "worse" if sure and 1.0 - p >= CERTAIN else "probably worse"
    return "cannot tell yet"


def _exceeds(k1: int, n1: int, k2: int, n2: int, by: float) -> float:
    """The chance that p2 is larger than p1 by more than `by`, by Gauss-Legendre over the angle whose squared sine is p1.

    In that angle both densities are smooth to the ends (their half powers cancel), so few nodes give all digits.
    """
    check_counts(k1, n1)
    check_counts(k2, n2)
    a, b = k1 + 0.5, n1 - k1 + 0.5
    ends = (1e-13, 1.0 - 1e-13)
    low, high = (math.asin(math.sqrt(beta_quantile(a, b, end))) for end in ends)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + math.log(2.0)

    def at(angle: float) -> float:
        sine, cosine = math.sin(angle), math.cos(angle)
        density = math.exp(log_front + 2 * k1 * math.log(sine) + 2 * (n1 - k1) * math.log(cosine))
        return density * (1.0 - beta_cdf(k2 + 0.5, n2 - k2 + 0.5, sine * sine + by))

    # Where p1 + by leaves (0, 1) the integrand has a corner: the pieces meet there.
    corners = sorted({low, high, *(min(high, max(low, math.asin(math.sqrt(edge)))) for edge in (-by, 1.0 - by) if 0.0 < edge < 1.0)})
    value = math.fsum(_gauss(at, start, stop) for start, stop in itertools.pairwise(corners))
    return min(1.0, max(0.0, value))


def _gauss(function: Callable[[float], float], low: float, high: float, panels: int = 8) -> float:
    """The integral by 8-point Gauss-Legendre on equal panels (Abramowitz and Stegun, table 25.4).

    The variable runs as 3t^2 - 2t^3, which is flat at both ends: a root there (an edge of the beta) becomes smooth.
    """
    total = 0.0
    for panel in range(panels):
        for node, weight in _NODES:
            for side in (-node, node):
                t = (panel + 0.5 + 0.5 * side) / panels
                total += weight * 6.0 * t * (1.0 - t) * function(low + (high - low) * t * t * (3.0 - 2.0 * t))
    return total * (high - low) * 0.5 / panels


_NODES = (
    (0.1834346424956498, 0.3626837833783620),
    (0.5255324099163290, 0.3137066458778873),
    (0.7966664774136267, 0.2223810344533745),
    (0.9602898564975363, 0.1012285362903763),
)


def _certain(change: float) -> float:
    """The chance of a rise where nobody differs from anybody: all, nothing, or as good as none."""
    return 0.5 if change == 0.0 else float(change > 0.0)


def _tail(level: float) -> float:
    if not 0.0 < level < 1.0:
        raise UsageError(f"{level!r} is not a level", hint="a level lies between 0 and 1, such as 0.95")
    return (1.0 - level) / 2.0
