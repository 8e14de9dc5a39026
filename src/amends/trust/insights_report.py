"""Insights as plain values, for the command line and HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amends.trust.figures import Figure
    from amends.trust.insights import Insights, Metric
    from amends.trust.periods import Period

SCHEMA = "amends.insights/1"


def as_dict(found: Insights) -> dict[str, Any]:
    """The periods and every metric over them."""
    return {
        "schema": SCHEMA,
        "periods": [_period(one) for one in found.periods],
        "incidents": found.incidents,
        "metrics": [metric_as_dict(one) for one in found.metrics],
    }


def metric_as_dict(one: Metric) -> dict[str, Any]:
    """A metric with its figures; `beside` are figures without which it would be misread."""
    return {
        "metric": one.id,
        "title": one.title,
        "means": one.means,
        "unit": one.unit,
        "better": one.better,
        "trap": one.trap,
        "verdict": one.judged.verdict,
        "chance": _rounded(one.judged.chance),
        "says": one.judged.says,
        "figures": [_figure(figure) for figure in one.figures],
        "beside": [_figure(figure) for figure in one.beside],
        "beside_title": one.beside_title or None,
    }


def _period(one: Period) -> dict[str, Any]:
    start, end = one.start.isoformat(), one.end.isoformat()
    return {"name": one.name, "start": start, "end": end, "running": one.running, "days": round(one.days, 1)}


def _figure(one: Figure) -> dict[str, Any]:
    return {
        "period": one.period,
        "n": one.n,
        "value": _rounded(one.value),
        "low": _rounded(one.low),
        "high": _rounded(one.high),
        "says": one.says,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
