"""Exact tests for few people: every possible table, coin or ranking is counted, so that nothing is approximated at n = 5.

Used through `trust/statistics.py`. All are equal to scipy's within 1e-9 (tests/trust/test_statistics.py).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

_ABOUT_EQUAL = 1.0 + 1e-7
"""Two tables count as equally unlikely within this, as in scipy and R: their chances differ by rounding only."""
TREND_LEAST = 5
"""Below so many people in all waves we report no trend: our rule (practice report, 5.4)."""


@dataclass(frozen=True, slots=True)
class SignTest:
    """How many changed up and down (ties left out), and the chance of so lopsided a split: either way (`p`), and upwards only."""

    up: int
    down: int
    p: float
    p_rising: float


@dataclass(frozen=True, slots=True)
class Trend:
    """Page's L for so many people over the waves, and the exact chance of an L at least as large (rising) or as small (falling)."""

    n: int
    waves: int
    statistic: float
    p_rising: float
    p_falling: float

    @property
    def enough(self) -> bool:
        """Whether so many people answered every wave that the trend may be reported."""
        return self.n >= TREND_LEAST


def fisher(k1: int, n1: int, k2: int, n2: int) -> float:
    """Fisher's exact p, two-sided, for k1 of n1 against k2 of n2: the chance of a table no likelier than this one.

    Raises UsageError where a count does not fit its n.
    """
    check_counts(k1, n1)
    check_counts(k2, n2)
    total, hits = n1 + n2, k1 + k2
    logs = {k: _log_choose(n1, k) + _log_choose(n2, hits - k) for k in range(max(0, hits - n2), min(n1, hits) + 1)}
    everything = _log_choose(total, hits)
    seen = math.exp(logs[k1] - everything)
    return min(1.0, math.fsum(chance for value in logs.values() if (chance := math.exp(value - everything)) <= seen * _ABOUT_EQUAL))


def sign_test(up: int, down: int) -> SignTest:
    """The exact sign test of paired changes; people whose answer stayed the same are not counted.

    Nothing can be significant at 5 % below n = 6 two-sided, or n = 5 in one direction.
    """
    if up < 0 or down < 0:
        raise UsageError(f"{min(up, down)} is not a number of people", hint="give how many rose and how many fell")
    n = up + down
    return SignTest(up, down, min(1.0, 2.0 * binomial_tail(min(up, down), n, 0.5)), binomial_tail(down, n, 0.5))


def binomial_tail(k: int, n: int, p: float) -> float:
    """The chance of at most k hits in n, summed exactly."""
    if k >= n:
        return 1.0
    if p <= 0.0 or p >= 1.0:
        return 1.0 if p <= 0.0 else 0.0
    return min(1.0, math.fsum(math.exp(_log_choose(n, i) + i * math.log(p) + (n - i) * math.log1p(-p)) for i in range(k + 1)))


def page_trend(rows: Sequence[Sequence[float]]) -> Trend:
    """Page's test for a trend over waves that the same people answered; `rows` has one person each, their waves in order.

    The chance is exact: every order of each person's own (tied values share the mean rank) is counted. Page 1963, JASA 58:216.
    Raises UsageError where a row has another length, or there are fewer than three waves.
    """
    waves = len(rows[0]) if rows else 0
    if waves < 3 or any(len(row) != waves for row in rows):
        raise UsageError("a trend needs the same three waves or more of each person", hint="leave out people who missed one")
    # Doubled ranks are whole numbers even where values tie, and whole numbers can be counted without rounding.
    doubled = [_doubled_ranks(row) for row in rows]
    seen = sum(_weighted(ranks) for ranks in doubled)
    spread: dict[int, float] = {0: 1.0}
    for ranks in doubled:
        ways = _orders(tuple(sorted(ranks)))
        share = 1.0 / sum(ways.values())
        after: dict[int, float] = {}
        for reached, chance in spread.items():
            for value, count in ways.items():
                after[reached + value] = after.get(reached + value, 0.0) + chance * count * share
        spread = after
    rising = math.fsum(chance for value, chance in spread.items() if value >= seen)
    falling = math.fsum(chance for value, chance in spread.items() if value <= seen)
    return Trend(len(rows), waves, seen / 2.0, min(1.0, rising), min(1.0, falling))


def check_counts(count: int, n: int) -> None:
    """Raise UsageError where `count` of `n` cannot be."""
    if not 0 <= count <= n:
        raise UsageError(f"{count} of {n} cannot be", hint="a count lies between 0 and the number of answers")


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _doubled_ranks(row: Sequence[float]) -> list[int]:
    return [sum(2 if other < value else 1 for other in row if other <= value) + 1 for value in row]


def _weighted(ranks: Sequence[int]) -> int:
    return sum(place * rank for place, rank in enumerate(ranks, start=1))


def _orders(ranks: tuple[int, ...]) -> dict[int, int]:
    """How many orders of these ranks give each weighted sum."""
    ways: dict[int, int] = {}
    for order in itertools.permutations(ranks):
        ways[_weighted(order)] = ways.get(_weighted(order), 0) + 1
    return ways
