"""Lengths of an incident that a retold text tells shorter than its source does, or counts from the alarm."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from amends.narrative.comparing.moments import between, fits
from amends.narrative.comparing.time_words import ASIDE, BESIDE, BROKEN, DETECT, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.narrative.comparing.candidates import Candidate
    from amends.narrative.comparing.clauses import Clause
    from amends.narrative.comparing.clocked import Clocked, Place
    from amends.narrative.comparing.moments import Length, Moment

    Gap = tuple[float, Moment, Moment]

_ENDED_AFTER = re.compile(r"(?:after|within) [^,;]{0,24}$")
_OF_WHAT = re.compile(r"\s*(?:of|after|later)\b")
_LEADS_TO = frozenset({"within", "under"})
"""Words by which a length leads to an event."""
_EVENT, _SURE = 0.3, 0.5
"""How alike the clauses must be that tell of one event: where a length leads to it, and where it only stands there."""
_SHOWN = 0.5
_BRIEF = 3
"""Minutes of a length that is too short to be worth a word."""
_MANY, _FEW = 12, 3
"""A range, or a length, that is so many times another is that of something else."""
_SHORTER, _MOST_OF_IT, _LEAST_OF_IT = 0.92, 0.4, 0.12
"""What share of a range a length must fall short of to be none of its; what it must exceed to stand for it, not for a part of it: less
where no two moments of the source lie so far apart."""
_WIDEST = 2.0
"""How many times longer or shorter than a length what lies between two moments may be to be looked at."""
_MOST = 200
"""Moments of the source that are held against each other: no account of one incident has more."""
_LOOSE, _LOOSER, _NEAR_BEST = 0.08, 0.12, 0.012
"""How far a length may be rounded down from what lies between two moments, and before an event; how much worse than the best one fits."""
_BOUNDED = 0.1
"""The same for a length that is told as a bound."""


def lengths(both: Clocked) -> Iterator[Candidate]:
    """A length that the source tells otherwise; of the whole incident shorter, or counted from the alarm."""
    gaps = _all_gaps(both.then.moments[:_MOST]) if both.now.lengths else []
    for length in both.now.lengths:
        if length.minutes < _BRIEF or any(fits(length, other.minutes) for other in both.then.lengths):
            continue
        found = list(_whole(both, gaps, length)) if _is_whole(both.clause_now(length), length) else []
        if not any(one.confidence >= _SHOWN for one in found) and (event := _event(both, gaps, length)) is not None:
            found = [both.changed(event, length, 0.55, "length-event")]
        yield from found


def _is_whole(clause: Clause, length: Length) -> bool:
    """Whether a clause tells how long all of it took: "down for an hour", "restored within an hour"."""
    low = clause.low
    if BROKEN.search(low) and not BESIDE.search(low):
        return True
    ended = _ENDED_AFTER.search(low[: max(0, length.start - clause.start) + 8]) is not None and WHOLE.search(low) is not None
    return ended and not _OF_WHAT.match(low, length.end - clause.start) and not ASIDE.search(low)


def _whole(both: Clocked, gaps: list[Gap], length: Length) -> Iterator[Candidate]:
    """A length of the whole incident that is not the source's."""
    spans = _spans(gaps, length)
    if any(a.side == "from" and b.side == "to" for a, b in spans):
        return
    longer = [other for other in both.then.lengths if length.minutes < other.minutes < _FEW * length.minutes]
    told = [other for other in longer if BROKEN.search(both.clause_then(other).low) and not BESIDE.search(both.clause_then(other).low)]
    ranges = [(length.minutes / max(between(a, b)), a) for a, b in both.then.ranges]
    ranges = [(share, a) for share, a in ranges if _LEAST_OF_IT < share < _SHORTER and (share > _MOST_OF_IT or not spans)]
    late = [a for a, _ in spans if DETECT.search(both.clause_then(a).low) and a.at > min(one.at for one in both.then.moments)]
    if told:
        yield both.changed(both.nearest(length, told), length, 0.8, "length-short")
    elif spans and len(late) == len(spans):
        yield both.changed(_before(both, late[0]), length, 0.65, "length-late")
    elif ranges:
        yield both.changed(ranges[0][1], length, 0.6, "length-range")
    elif not spans:
        yield both.changed(both.nearest(length, both.then.lengths), length, 0.45, "length-whole")


def _event(both: Clocked, gaps: list[Gap], length: Length) -> Place | None:
    """What the source tells of an event to which a length of the retold text leads ("within 15 minutes"), where that took longer."""
    best = max(both.source.clauses, key=lambda other: both.alike(length.clause, other.number))
    near = both.alike(length.clause, best.number)
    longer = [
        other for other in both.then.lengths if other.clause == best.number and length.minutes < other.minutes < _MANY * length.minutes
    ]
    if longer and (near >= _EVENT if length.lead in _LEADS_TO else near >= _SURE and not _spans(gaps, length)):
        return longer[0]
    if near < _EVENT or length.lead not in _LEADS_TO:
        return None
    there = [moment for moment in both.then.moments if moment.clause == best.number]
    waits = [minutes for minutes, a, b in gaps if b in there and a.at < b.at]
    return there[0] if waits and not any(fits(length, minutes, _LOOSER) or minutes < length.minutes for minutes in waits) else None


def _before(both: Clocked, alarm: Moment) -> Moment:
    """The moment of the source right before the alarm, at which it most likely began."""
    return max((moment for moment in both.then.moments if moment.at < alarm.at), key=lambda moment: moment.at)


def _all_gaps(moments: list[Moment]) -> list[Gap]:
    """The minutes between all pairs of moments of which the second follows the first, the shortest first."""
    found = [(minutes, a, b) for a in moments if a.side != "to" for b in moments if a is not b for minutes in between(a, b)]
    return sorted(found, key=lambda gap: gap[0])


def _spans(gaps: list[Gap], length: Length) -> list[tuple[Moment, Moment]]:
    """The pairs of moments of the source that lie as far apart as a length says: those that fit best."""
    first = bisect_left(gaps, length.minutes / _WIDEST, key=lambda gap: gap[0])
    last = bisect_left(gaps, length.minutes * _WIDEST, key=lambda gap: gap[0])
    found = [(abs(length.minutes / minutes - 1), a, b) for minutes, a, b in gaps[first:last] if fits(length, minutes, _LOOSE)]
    best = min((miss for miss, _, _ in found), default=0.0)
    slack = _BOUNDED if length.bound in ("over", "under") else _NEAR_BEST
    return [(a, b) for miss, a, b in found if miss <= best + slack]
