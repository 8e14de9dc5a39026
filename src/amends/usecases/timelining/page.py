"""What a page shows beside the entries of a timeline: each source with what is known of it and how many lines it had when, and problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from amends.timeline.skew import words
from amends.timeline.table import ZONES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.core.problem import Problem
    from amends.timeline.highlight import Rates
    from amends.timeline.skew import Skew
    from amends.usecases.timelining import Timeline
    from amends.usecases.timelining.index import Evidence

MOST_BINS = 2_000
"""Points of one plot of rates: more than a screen has columns."""


def beside(timeline: Timeline, problems: Sequence[Problem], clocks: Sequence[Skew] = ()) -> dict[str, Any]:
    """`zone`, `sources`, `rates` and `problems` of a page, as plain values; entries name their source by its place in `sources`."""
    places = {one.name: place for place, one in enumerate(timeline.evidence)}
    troubles: dict[str | None, list[str]] = {}
    for problem in problems:
        troubles.setdefault(problem.path, []).append(problem.message)
    off: dict[str, list[dict[str, Any]]] = {}
    for one in clocks:
        told = {"against": places[one.against], "seconds": one.seconds, "spread": one.spread, "anchors": one.anchors, "said": words(one)}
        off.setdefault(one.source, []).append(told)
    return {
        "zone": timeline.zone or "UTC",
        "sources": [_source(one, timeline.zone, troubles.get(one.name, []), off.get(one.name, [])) for one in timeline.evidence],
        "rates": _rates(timeline),
        "problems": [{"source": one.path, "message": one.message, "hint": one.hint} for one in problems],
    }


def _source(one: Evidence, zone: str | None, problems: list[str], skew: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": one.name, "sha256": one.sha256, "size": one.size, "reader": one.reader, "formats": list(one.formats),
        "entries": one.entries, "undated": one.undated, "first": one.first, "last": one.last, "zone": zone_of(one, zone),
        "problems": problems, "skew": skew,
    }  # fmt: skip


def zone_of(one: Evidence, zone: str | None) -> str:
    """How the zone of the times of a source was understood; assumed where it was for any of them."""
    names = {name for bit, name in enumerate(ZONES) if one.zones >> bit & 1}
    return f"assumed:{zone or 'UTC'}" if "assumed" in names else "utc" if names == {"utc"} else "stated"


def _rates(timeline: Timeline) -> list[dict[str, Any]]:
    places = {one.number: place for place, one in enumerate(timeline.evidence)}
    return [_plot(places[number], rates) for number, rates in sorted(timeline.rates().items()) if number in places and len(rates.minute)]


def _plot(place: int, rates: Rates) -> dict[str, Any]:
    """Lines in each minute, or in each few minutes where they are many; `start` in minutes since 1970."""
    start = int(rates.minute[0])
    step = max(1, -(-(int(rates.minute[-1]) - start + 1) // MOST_BINS))
    bins = (rates.minute - start) // step
    size = int(bins[-1]) + 1
    both = [np.bincount(bins, weights, size).astype(np.int64).tolist() for weights in (rates.all, rates.serious)]
    return {"source": place, "start": start, "step": step, "all": both[0], "serious": both[1]}
