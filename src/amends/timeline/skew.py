"""How far the clocks of sources are apart, from what two of them tell: the same request, deploy, commit, alert or ticket.

An anchor is a token (`anchors`) that stands in two sources; the difference of its first times there is one measurement. Their median is
robust against ids that only look alike, and the median absolute deviation says how far to trust it (Hampel, "The influence curve and its
role in robust estimation", 1974). A queue or a person needs time, and each time another one: what scatters is latency and no skew, and is
not said. A delay that is always the same cannot be told from skew, so nothing is ever moved by these figures: they are shown.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from amends.timeline.anchors import SHORT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Told = tuple[float, float, int]
    Links = dict[int, dict[int, Told]]

FEWEST = 5
"""Anchors from which on a difference is said."""

LEAST = 1.0
"""Seconds below which clocks are taken to agree: transport alone takes that long."""

SCATTER = 0.25
"""The spread, as a part of the offset, above which it is latency: waiting times that are exponential have 0.7."""

_ROOTS = 4
"""A token that stands in many sources is compared with the most trusted of them, so many, and not all with all."""

_QUARTER, _FARTHEST = 900, 14 * 3600
_ROUND, _ROUNDEST = 10.0, 120.0
"""Seconds by which the offset of a zone may be missed: transport; and twice the spread, as far as the two minutes that people need."""


@dataclass(frozen=True, slots=True)
class Skew:
    """By how many seconds the clock of `source` is ahead of that of `against`; behind, where negative.

    `spread` is the median absolute deviation in seconds, summed along the surest chain of sources where the two share too little, and
    `anchors` the number of shared events, the fewest of a chain. `looks_like_zone` is set where the difference is that of a zone, such as
    "+01:00": the times of `source` were then written that far east of the zone in which they were read.
    """

    source: str
    against: str
    seconds: float
    spread: float
    anchors: int
    looks_like_zone: str | None = None


def estimates(anchors: Sequence[Mapping[str, int]], names: Sequence[str], trust: Sequence[int] = ()) -> tuple[Skew, ...]:
    """For each source whose clock is off the skew against the most trusted source that it can be compared with.

    `anchors` are for each source its tokens with their first times (µs), `names` what the sources are called, and `trust` how far each
    clock is believed: a service that sets its own (chat, alerts) more than times that name their zone, and those more than an assumed
    zone. Among equals the one with most anchors counts.
    """
    order, links = _links(anchors, trust)
    found: list[Skew] = []
    settled: set[int] = set()
    for root in order:
        if root in settled:
            continue
        reached = _reached(root, links)
        settled |= reached.keys()
        off = {source: told for source, told in sorted(reached.items()) if abs(told[0]) >= LEAST and _is_sure(told)}
        found += [Skew(names[source], names[root], *told, _zone(told)) for source, told in off.items()]
    return tuple(found)


def between(anchors: Sequence[Mapping[str, int]], names: Sequence[str], trust: Sequence[int] = ()) -> tuple[Skew, ...]:
    """What each two sources with enough anchors say by themselves, the less trusted against the other, latency and agreement included."""
    order, links = _links(anchors, trust)
    rank = {source: place for place, source in enumerate(order)}
    return tuple(
        Skew(names[source], names[against], *told, _zone(told))
        for against in order
        for source, told in sorted(_inverse(links.get(against, {})).items())
        if rank[against] < rank[source]
    )


def words(skew: Skew) -> str:
    """A skew as a sentence that claims no more than is known."""
    by = f"{skew.anchors} shared events, spread {skew.spread:.1f} s"
    if skew.looks_like_zone:
        return f"{skew.source} looks like a zone of {skew.looks_like_zone} against {skew.against} ({by})"
    side = "ahead of" if skew.seconds > 0 else "behind"
    return f"the clock of {skew.source} seems {abs(skew.seconds):.1f} s {side} that of {skew.against} ({by})"


def _is_sure(told: Told) -> bool:
    """Whether a difference is a matter of clocks: it scatters little."""
    return told[1] <= SCATTER * abs(told[0])


def _leads_on(told: Told) -> bool:
    """Whether two clocks are known well enough to compare a third one by them: they also may agree as far as transport lets them."""
    return told[1] <= LEAST or _is_sure(told)


def _zone(told: Told) -> str | None:
    seconds, spread, _ = told
    near = round(seconds / _QUARTER) * _QUARTER
    missed = abs(seconds - near)
    if not near or abs(near) > _FARTHEST or missed > min(max(_ROUND, 2 * spread), _ROUNDEST) or not _is_sure(told):
        return None
    return f"{'+' if near > 0 else '-'}{abs(near) // 3600:02}:{abs(near) % 3600 // 60:02}"


def _links(anchors: Sequence[Mapping[str, int]], trust: Sequence[int]) -> tuple[list[int], Links]:
    """The sources, the most trusted first, and for each two with enough anchors what they say: seconds, spread, anchors."""
    anchors = _whole(anchors)
    number = {token: place for place, token in enumerate(dict.fromkeys(chain.from_iterable(anchors)))}
    token = np.fromiter(map(number.__getitem__, chain.from_iterable(anchors)), np.int64)
    time = np.fromiter(chain.from_iterable(one.values() for one in anchors), np.int64)
    source = np.repeat(np.arange(len(anchors)), [len(one) for one in anchors])
    shared = np.bincount(token, minlength=1)[token] > 1
    most = np.bincount(source[shared], minlength=len(anchors))
    order = sorted(range(len(anchors)), key=lambda one: (-trust[one] if trust else 0, -int(most[one]), one))
    rank = np.empty(len(anchors), np.int64)
    rank[order] = np.arange(len(anchors))
    links: Links = {}
    for (first, second), (seconds, spread, count) in _medians(token[shared], rank[source[shared]], time[shared], len(anchors)).items():
        links.setdefault(order[first], {})[order[second]] = (-seconds, spread, count)
        links.setdefault(order[second], {})[order[first]] = (seconds, spread, count)
    return order, links


def _whole(anchors: Sequence[Mapping[str, int]]) -> Sequence[Mapping[str, int]]:
    """The anchors with each abbreviated commit under its whole one; those that none, or more than one, begins with are left out."""
    short = {token for one in anchors for token in one if token.startswith(SHORT)}
    if not short:
        return anchors
    commits = sorted({token for one in anchors for token in one if len(token) == 40 and ":" not in token})
    whole: dict[str, str] = {}
    for token in short:
        begins = token[len(SHORT) :]
        at = bisect_left(commits, begins)
        if [commit.startswith(begins) for commit in commits[at : at + 2]].count(True) == 1:
            whole[token] = commits[at]
    return [_under(one, whole) for one in anchors]


def _under(times: Mapping[str, int], whole: Mapping[str, str]) -> dict[str, int]:
    found = {token: time for token, time in times.items() if not token.startswith(SHORT)}
    for token, time in times.items():
        commit = whole.get(token)
        if commit is not None:
            found[commit] = min(time, found.get(commit, time))
    return found


def _medians(token: Ints, rank: Ints, time: Ints, sources: int) -> dict[tuple[int, int], Told]:
    """For each two sources, by rank, by how much the second is ahead, from all tokens that both have."""
    by_token = np.argsort(token * sources + rank, kind="stable")
    token, rank, time = token[by_token], rank[by_token], time[by_token]
    here = np.arange(len(token))
    group = np.maximum.accumulate(np.where(np.diff(token, prepend=-1) != 0, here, 0)) if len(token) else here
    pairs, ahead = [], []
    for place in range(_ROOTS):
        rows = np.flatnonzero(group + place < here)
        first = group[rows] + place
        pairs.append(rank[first] * sources + rank[rows])
        ahead.append(time[rows] - time[first])
    pair, difference = np.concatenate(pairs), np.concatenate(ahead)
    distinct, inverse, count = np.unique(pair, return_inverse=True, return_counts=True)
    enough = count >= FEWEST
    median = _middle(inverse, difference, count)
    spread = _middle(inverse, np.abs(difference - median[inverse]), count)
    rows = np.flatnonzero(enough)
    told = zip((median[rows] / 1e6).tolist(), (spread[rows] / 1e6).tolist(), count[rows].tolist(), strict=True)
    return {divmod(key, sources): one for key, one in zip(distinct[rows].tolist(), told, strict=True)}


def _middle(group: Ints, values: Ints, count: Ints) -> Ints:
    """The median of the values of each group, of two in the middle their mean."""
    by_value = np.argsort(values)
    small = group[by_value].astype(np.min_scalar_type(len(count)))  # numbers of two bytes are sorted in a few passes
    ordered = values[by_value[np.argsort(small, kind="stable")]]
    start = np.cumsum(count) - count
    if not len(ordered):
        return start
    lower, upper = ordered[start + (count - 1) // 2], ordered[start + count // 2]
    middle: Ints = lower + (upper - lower) // 2
    return middle


def _inverse(told: Mapping[int, Told]) -> dict[int, Told]:
    return {other: (-seconds, spread, count) for other, (seconds, spread, count) in told.items()}


def _reached(root: int, links: Links) -> dict[int, Told]:
    """What each source is ahead of the root along the surest chain of links, with the root itself: Dijkstra's shortest paths by spread."""
    reached: dict[int, Told] = {}
    waiting: list[tuple[float, int, Told]] = [(0.0, root, (0.0, 0.0, 0))]
    while waiting:
        doubt, at, told = heappop(waiting)
        if at in reached:
            continue
        reached[at] = told
        seconds, spread, fewest = told
        for other, (behind, more, count) in links.get(at, {}).items():
            if other not in reached and _leads_on((behind, more, count)):
                here = seconds - behind, spread + more, min(fewest or count, count)
                heappush(waiting, (doubt + more + count**-0.5, other, here))
    return reached
