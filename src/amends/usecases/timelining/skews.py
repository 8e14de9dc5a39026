"""How far the clocks of the sources of a timeline are apart, from what several of them tell; shown, and never applied."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from amends.timeline.anchors import first_seen, tokens
from amends.timeline.entry import REASONS, UNDATED
from amends.timeline.skew import Skew, estimates
from amends.timeline.table import ZONES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.store.evidence.parts import Row
    from amends.timeline.highlight import Kept
    from amends.usecases.timelining import Timeline
    from amends.usecases.timelining.index import Evidence
    from amends.usecases.timelining.rows import Texts

MOST = 20_000
"""Entries that are looked at: all of a small timeline, of a large one those near to what matters."""

NEAR = 120_000_000
"""Microseconds around an entry that matters."""

_PLACES = 8
_MATTERS = sum(1 << REASONS.index(name) for name in ("alert", "change", "human", "after-change"))
_OWN_CLOCK = ("slack", "teams", "pagerduty", "opsgenie", "alertmanager", "sentry", "statuspage")


def skews(timeline: Timeline, kept: Callable[[], Kept], texts: Texts) -> tuple[Skew, ...]:
    """What can be said of the clocks of the sources; nothing of one alone. `kept` is asked of large timelines only."""
    if len(timeline.evidence) < 2:  # it takes two to compare
        return ()
    found: dict[int, list[tuple[set[str], int]]] = {one.number: [] for one in timeline.evidence}
    for row in _rows(timeline, kept):
        if row.time != UNDATED:
            found[row.source].append((tokens(texts.text_of(timeline.index.evidence[row.source], row)), row.time))
    anchors = [first_seen(rows) for rows in found.values()]
    return estimates(anchors, [one.name for one in timeline.evidence], [_trust(one) for one in timeline.evidence])


def _rows(timeline: Timeline, kept: Callable[[], Kept]) -> Iterator[Row]:
    if timeline.entries <= MOST:
        yield from (row for rows in timeline.all() for row in rows)
        return
    what = kept()
    times = np.asarray(what.table["time"], np.int64)[(what.why & _MATTERS) > 0]
    times = times[times != UNDATED]
    chosen = times[np.linspace(0, len(times) - 1, min(_PLACES, len(times))).astype(int)] if len(times) else times
    for time in np.unique(chosen // NEAR).tolist():
        window = timeline.all((time - 1) * NEAR, (time + 2) * NEAR - 1)
        yield from islice((row for rows in window for row in rows), MOST // _PLACES)


def _trust(one: Evidence) -> int:
    """How far a clock is believed: that of a service first, then one whose zone is written."""
    return 2 if one.reader in _OWN_CLOCK else int(not one.zones >> ZONES.index("assumed") & 1)
