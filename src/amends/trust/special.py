"""The two distributions that every interval here comes from: beta and gamma, as functions and as quantiles.

Written in plain Python because a numeric library would cost every command its start-up; equal to scipy within 1e-9 (tests/trust).
The continued fractions are evaluated by Lentz's method (Numerical Recipes, 3rd edition, 6.2 and 6.4; DLMF 8.9 and 8.17.22).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from amends.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

_TINY = 1e-300
_EPS = 1e-16
_ROUNDS = 100_000


def beta_cdf(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function: the chance that a Beta(a, b) quantity is at most x.

    Raises UsageError where a or b is not above zero.
    """
    _positive(a=a, b=b)
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    if x < (a + 1.0) / (a + b + 2.0):
        return min(1.0, math.exp(log_front) * _beta_fraction(a, b, x) / a)
    return max(0.0, 1.0 - math.exp(log_front) * _beta_fraction(b, a, 1.0 - x) / b)


def gamma_cdf(a: float, x: float) -> float:
    """The regularized lower incomplete gamma function: the chance that a Gamma(a, 1) quantity is at most x.

    Raises UsageError where a is not above zero.
    """
    _positive(a=a)
    if x <= 0.0:
        return 0.0
    log_front = a * math.log(x) - x - math.lgamma(a)
    if x < a + 1.0:
        return min(1.0, math.exp(log_front) * _gamma_series(a, x))
    return max(0.0, 1.0 - math.exp(log_front) * _gamma_fraction(a, x))


def student_cdf(t: float, freedom: float) -> float:
    """The chance that a Student t quantity with so many degrees of freedom is at most t (DLMF 8.17 with x = v / (v + t*t))."""
    tail = 0.5 * beta_cdf(freedom / 2.0, 0.5, freedom / (freedom + t * t))
    return 1.0 - tail if t > 0 else tail


def beta_quantile(a: float, b: float, p: float) -> float:
    """The x below which a Beta(a, b) quantity lies with chance p."""
    _chance(p)
    return _solve(lambda x: beta_cdf(a, b, x), p, 0.0, 1.0)


def gamma_quantile(a: float, p: float) -> float:
    """The x below which a Gamma(a, 1) quantity lies with chance p. Raises UsageError where p is 1, which has no finite answer."""
    _chance(p)
    if p >= 1.0:
        raise UsageError("a gamma quantity has no largest value", hint="ask for a chance below 1")
    high = a + 10.0
    while gamma_cdf(a, high) < p:
        high *= 2.0
    return _solve(lambda x: gamma_cdf(a, x), p, 0.0, high)


def student_quantile(p: float, freedom: float) -> float:
    """The t below which a Student t quantity lies with chance p, for p strictly between 0 and 1."""
    _chance(p)
    if p in {0.0, 1.0}:
        raise UsageError("a t quantity has no smallest and no largest value", hint="ask for a chance between 0 and 1")
    if p < 0.5:
        return -student_quantile(1.0 - p, freedom)
    high = 1.0
    while student_cdf(high, freedom) < p:
        high *= 2.0
    return _solve(lambda t: student_cdf(t, freedom), p, 0.0, high)


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of DLMF 8.17.22, which converges quickly where x is below the mean."""
    c, d = 1.0, 1.0 / _away(1.0 - (a + b) * x / (a + 1.0))
    value = d
    for m in range(1, _ROUNDS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0)),
        ):
            d = 1.0 / _away(1.0 + numerator * d)
            c = _away(1.0 + numerator / c)
            value *= c * d
        if abs(c * d - 1.0) < _EPS * 4:
            break
    return value


def _gamma_series(a: float, x: float) -> float:
    """The series of DLMF 8.11.4, for x below the mean."""
    term = total = 1.0 / a
    for n in range(1, _ROUNDS):
        term *= x / (a + n)
        total += term
        if term < total * _EPS:
            break
    return total


def _gamma_fraction(a: float, x: float) -> float:
    """The continued fraction of DLMF 8.9.2, for x above the mean."""
    b = x + 1.0 - a
    c, d = 1.0 / _TINY, 1.0 / _away(b)
    value = d
    for n in range(1, _ROUNDS):
        numerator = -n * (n - a)
        b += 2.0
        d = 1.0 / _away(numerator * d + b)
        c = _away(b + numerator / c)
        value *= c * d
        if abs(c * d - 1.0) < _EPS * 4:
            break
    return value


def _solve(rising: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    """Where a rising function reaches `wanted`, by halving: two hundred steps are below any digit that is ever shown."""
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in {low, high}:
            break
        if rising(middle) < wanted:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _away(value: float) -> float:
    """The value, or something tiny instead of nothing: Lentz's method divides by it."""
    return value if abs(value) > _TINY else _TINY


def _positive(**numbers: float) -> None:
    for name, value in numbers.items():
        if not (value > 0.0 and math.isfinite(value)):
            raise UsageError(f"{name} is {value!r}, which is not above zero", hint="the shapes of these distributions are positive numbers")


def _chance(p: float) -> None:
    if not 0.0 <= p <= 1.0:
        raise UsageError(f"{p!r} is not a chance", hint="a chance lies between 0 and 1")
