"""The statistics are scipy's to six digits and reproduce the numbers of the practice report; and their words are the agreed ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats

from amends.core.errors import UsageError
from amends.trust import special as own
from amends.trust.statistics import (
    Share,
    beta_better,
    beta_difference,
    fisher,
    jeffreys,
    mean_better,
    page_trend,
    paired_better,
    rate,
    rates,
    rule_of_three,
    sign_test,
    t_interval,
    verdict,
    wilson,
)

CLOSE = pytest.approx
SIX = {"rel": 1e-6, "abs": 1e-6}
counts = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
some = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(("k", "n", "low", "high"), [(4, 5, 37, 98), (5, 5, 62, 100), (7, 8, 55, 99), (10, 12, 56, 96)])
def test_shares_of_few_have_the_intervals_of_the_report(k: int, n: int, low: int, high: int) -> None:
    found = jeffreys(k, n)
    assert (round(100 * found.low), round(100 * found.high)) == (low, high)


@pytest.mark.parametrize(("table", "p", "better"), [((3, 8, 7, 8), 0.119, 0.98), ((4, 8, 7, 8), 0.282, 0.95), ((3, 5, 5, 5), 0.444, 0.95)])
def test_two_waves_compare_as_in_the_report(table: tuple[int, int, int, int], p: float, better: float) -> None:
    assert round(fisher(*table), 3) == p
    assert round(beta_better(*table), 2) == better


def test_the_size_of_a_change_has_the_interval_of_the_report() -> None:
    found = beta_difference(3, 8, 7, 8)
    assert (round(found.middle, 2), round(found.low, 2), round(found.high, 2)) == (0.46, 0.03, 0.78)


@pytest.mark.parametrize(
    ("given_rates", "p", "fell"),
    [((4, 90, 1, 90), 0.19, 0.91), ((5, 90, 0, 90), 0.031, 0.99), ((3, 90, 0, 90), 0.125, 0.97), ((8, 180, 2, 90), 0.30, 0.81)],
)
def test_repeat_incidents_compare_as_in_the_report(given_rates: tuple[int, float, int, float], p: float, fell: float) -> None:
    found = rates(*given_rates)
    digits = 3 if p in {0.031, 0.125} else 2
    assert (round(found.p, digits), round(found.fell, 2)) == (p, fell)


def test_nothing_seen_still_allows_much() -> None:
    assert [round(rule_of_three(n), 3) for n in (0, 10, 30)] == [1.0, 0.259, 0.095]


def test_nobody_can_be_significant_below_five_one_way_and_six_both_ways() -> None:
    assert next(n for n in range(1, 9) if sign_test(n, 0).p_rising <= 0.05) == 5
    assert next(n for n in range(1, 9) if sign_test(n, 0).p <= 0.05) == 6


@given(st.floats(0.05, 300), st.floats(0.05, 300), st.floats(0, 1))
@settings(max_examples=60)
def test_the_distributions_are_those_of_scipy(a: float, b: float, x: float) -> None:
    assert own.beta_cdf(a, b, x) == CLOSE(special.betainc(a, b, x), **SIX)
    assert own.gamma_cdf(a, x * 2 * a) == CLOSE(special.gammainc(a, x * 2 * a), **SIX)
    assert own.student_cdf((x - 0.5) * 20, b) == CLOSE(stats.t.cdf((x - 0.5) * 20, b), **SIX)


@given(st.floats(0.5, 200), st.floats(0.5, 200), st.floats(0.001, 0.999))
@settings(max_examples=25)
def test_the_quantiles_are_those_of_scipy(a: float, b: float, p: float) -> None:
    assert own.beta_quantile(a, b, p) == CLOSE(stats.beta.ppf(p, a, b), **SIX)
    assert own.gamma_quantile(a, p) == CLOSE(stats.gamma.ppf(p, a), **SIX)
    assert own.student_quantile(p, max(1.0, a)) == CLOSE(stats.t.ppf(p, max(1.0, a)), **SIX)


@given(counts)
@settings(max_examples=40)
def test_the_intervals_of_a_share_are_those_of_scipy(drawn: tuple[int, int]) -> None:
    k, n = drawn
    mine, score = jeffreys(k, n), wilson(k, n)
    if n == 0:
        assert mine == score == Share(0, 0, 0.0, 0.0, 1.0)
        return
    low, high = stats.beta.ppf([0.025, 0.975], k + 0.5, n - k + 0.5)
    assert (mine.low, mine.high) == CLOSE((0.0 if k == 0 else low, 1.0 if k == n else high), **SIX)
    other = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert (score.low, score.high) == CLOSE((other.low, other.high), **SIX)


@given(some, some)
@settings(max_examples=25)
def test_the_chance_of_a_change_and_fishers_p_are_those_of_scipy(first: tuple[int, int], second: tuple[int, int]) -> None:
    (k1, n1), (k2, n2) = first, second
    assert fisher(k1, n1, k2, n2) == CLOSE(stats.fisher_exact([[k1, n1 - k1], [k2, n2 - k2]]).pvalue, **SIX)
    before, after = stats.beta(k1 + 0.5, n1 - k1 + 0.5), stats.beta(k2 + 0.5, n2 - k2 + 0.5)

    def over_angle(angle: float) -> float:
        x = math.sin(angle) ** 2
        return float(before.pdf(x) * after.sf(x) * math.sin(2 * angle))

    expected, _ = integrate.quad(over_angle, 0, math.pi / 2, limit=200, epsabs=1e-10)
    assert beta_better(k1, n1, k2, n2) == CLOSE(expected, **SIX)
    assert beta_better(k1, n1, k2, n2) + beta_better(k2, n2, k1, n1) == CLOSE(1.0, **SIX)


@given(st.lists(st.floats(1, 7).map(lambda v: round(v, 2)), min_size=2, max_size=14), st.lists(st.integers(1, 7), min_size=2, max_size=14))
@settings(max_examples=40)
def test_means_are_judged_as_by_scipy(first: list[float], second: list[int]) -> None:
    mine = t_interval(first)
    if mine.deviation > 1e-6:
        low, high = stats.t.interval(0.95, len(first) - 1, loc=np.mean(first), scale=stats.sem(first))
        assert (mine.low, mine.high) == CLOSE((low, high), **SIX)
        assert paired_better([v - 4 for v in first]) == CLOSE(stats.ttest_1samp(first, 4, alternative="greater").pvalue * -1 + 1, **SIX)
    later = t_interval([float(v) for v in second])
    if mine.deviation > 1e-6 and later.deviation > 1e-6:
        expected = stats.ttest_ind(first, second, equal_var=False, alternative="greater").pvalue
        assert mean_better(mine, later) == CLOSE(expected, **SIX)


@given(st.integers(0, 30), st.floats(1, 500), st.integers(0, 30), st.floats(1, 500))
@settings(max_examples=40)
def test_rates_are_judged_as_by_scipy(first: int, exposure: float, second: int, later: float) -> None:
    found = rates(first, exposure, second, later)
    if first + second:
        share = later / (exposure + later)
        assert found.p == CLOSE(stats.binomtest(second, first + second, share, alternative="less").pvalue, **SIX)
        assert sign_test(first, second).p == CLOSE(stats.binomtest(first, first + second).pvalue, **SIX)
    assert found.fell == CLOSE(stats.beta.cdf(later / (exposure + later), second + 0.5, first + 0.5), **SIX)
    high = stats.chi2.ppf(0.975, 2 * (first + 1)) / 2 / exposure
    low = stats.chi2.ppf(0.025, 2 * first) / 2 / exposure if first else 0.0
    assert (rate(first, exposure).low, rate(first, exposure).high) == CLOSE((low, high), **SIX)


@given(st.lists(st.permutations([1.5, 3.0, 6.0]), min_size=2, max_size=12))
@settings(max_examples=30)
def test_a_trend_over_three_waves_is_pages(rows: list[list[float]]) -> None:
    found, expected = page_trend(rows), stats.page_trend_test(rows, method="exact")
    assert (found.statistic, found.p_rising) == CLOSE((expected.statistic, expected.pvalue), **SIX)
    assert found.enough is (len(rows) >= 5)


def test_a_trend_with_ties_counts_every_order() -> None:
    rows = [(1.0, 1.0, 2.0), (2.0, 2.0, 2.0), (1.0, 3.0, 3.0)]
    found = page_trend(rows)
    assert found.statistic == 1.5 + 3 + 9 + 2 + 4 + 6 + 1 + 5 + 7.5
    assert found.p_rising == CLOSE(1 / 9)  # one order of three in the first row and in the last
    assert found.p_falling == CLOSE(1.0)


@pytest.mark.parametrize(
    ("p", "n", "words"),
    [
        (0.95, 5, "improved"),
        (0.9499, 5, "probably improved"),
        (0.99, 4, "probably improved"),
        (0.80, 5, "probably improved"),
        (0.7999, 50, "cannot tell yet"),
        (0.5, 12, "cannot tell yet"),
        (0.2001, 12, "cannot tell yet"),
        (0.20, 12, "probably worse"),
        (0.05, 4, "probably worse"),
        (0.05, 5, "worse"),
    ],
)
def test_a_chance_has_the_agreed_words(p: float, n: int, words: str) -> None:
    assert verdict(p, n) == words


@pytest.mark.parametrize(
    "bad",
    [
        lambda: jeffreys(6, 5),
        lambda: wilson(-1, 5),
        lambda: t_interval([4.0]),
        lambda: rate(1, 0),
        lambda: page_trend([(1, 2)]),
        lambda: verdict(1.2, 5),
        lambda: sign_test(-1, 2),
        lambda: own.beta_cdf(0, 1, 0.5),
        lambda: own.student_quantile(1.0, 4),
        lambda: jeffreys(1, 2, level=1.0),
    ],
)
def test_what_cannot_be_is_refused(bad: object) -> None:
    assert callable(bad)
    with pytest.raises(UsageError) as refused:
        bad()
    assert refused.value.hint
