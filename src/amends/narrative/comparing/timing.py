"""Times that a retold text changes: other lengths, starts, ends and days than its source tells, or gives by arithmetic.

What follows from the source's moments, ranges and lengths is no drift, nor is a length rounded up. Each rule looks at one way in which a
time gets kinder: an end that was only a part of it, a start that was only the alarm, a day of two, a wait that becomes "straight away".
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from amends.narrative.comparing.clocked import hold
from amends.narrative.comparing.dating import days
from amends.narrative.comparing.lasting import lengths
from amends.narrative.comparing.moments import DAY, same
from amends.narrative.comparing.time_words import ASIDE, DETECT, END, OPENLY, PART, SOME, STATUS, WHOLE
from amends.narrative.comparing.waiting import quick, vague

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amends.narrative.comparing.candidates import Candidate
    from amends.narrative.comparing.clauses import Telling
    from amends.narrative.comparing.clocked import Alike, Clocked
    from amends.narrative.comparing.moments import Moment

_BEGINS = re.compile(r"\b(?:from|since|began|begun|started|beginning|starting|start)\b[^,;]{0,24}$")
_FIRST_SIGN = re.compile(r"[^,;]{0,12},? (?:the |we saw the )?first (?:sign|error|symptom|trouble)")
_ENDING = re.compile(r",? *(?:which |and (?:that|this|so) |thereby |so )?(?:resolv|restor|end|fix|clos|mitigat|stopp)(?:ed|ing|d) ")
"""How the next clause says that it was over then: "at 10:22, which resolved the incident"."""
_UNTIL = re.compile(r"\b(?:by|until|till)\b")
_KNOWN_DAY = 1000 * DAY
"""A moment before this stands on a day that the telling does not say."""
_APART = 4
"""Minutes by which a start is told later before it matters."""


def find_times(source: Telling, retold: Telling, alike: Alike) -> list[Candidate]:
    """The times of a source that a retold text changes; `alike(i, j)` says in 0..1 how alike retold clause i and source clause j are.

    Words for some time where the source tells how long are softened numbers; all else are changed times.
    """
    both = hold(source, retold, alike)
    moved = list(_ranges(both))
    if not moved:
        ends = [one for one in both.then.moments if one.side != "from" and _ends_then(both.clause_then(one).low)]
        moved = [*_ends(both, ends), *_last_days(both, ends), *_starts(both), *lengths(both)]
    return _apart([*moved, *days(both, ranged=any(one.rule.startswith("range") for one in moved)), *quick(both), *vague(both)])


def _apart(found: Iterable[Candidate]) -> list[Candidate]:
    """Of the candidates of one kind that quote the same words of one of the texts, the surest."""
    kept: list[Candidate] = []
    for one in sorted(found, key=lambda candidate: -candidate.confidence):
        if not any(one.kind == other.kind and (_overlap(one.retold, other.retold) or _overlap(one.source, other.source)) for other in kept):
            kept.append(one)
    return kept


def _overlap(one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    return one is not None and other is not None and one[0] < other[1] and other[0] < one[1]


def _ranges(both: Clocked) -> Iterator[Candidate]:
    """A range of the source of which one end was moved."""
    for start, end in both.now.ranges:
        if any(same(start, a) and same(end, b) for a, b in both.then.ranges):
            continue
        for a, b in both.then.ranges:
            if same(start, a) and not both.told(b):
                yield both.changed(b, end, 0.9, "range-end")
                break
            if same(end, b) and not both.told(a):
                yield both.changed(a, start, 0.9, "range-start")
                break


def _ends(both: Clocked, ends: list[Moment]) -> Iterator[Candidate]:
    """A partial or failed recovery told as the end, where the last of the source's `ends` is left out; the surest one."""
    if not ends or both.told(max(ends, key=lambda one: one.at)) or both.tells_whole():
        return
    found: list[Candidate] = []
    for moment in both.now.moments:
        if not _told_as_end(both, moment):
            continue
        mine = both.origins(moment)
        later = [other for other in ends if mine and other.at > max(one.at for one in mine) + 2]
        if not later or any("until" in both.clause_then(one).low and "until" in both.clause_now(moment).low for one in mine):
            continue
        part = any(PART.search(both.clause_then(one).low) for one in mine)
        found.append(both.changed(both.nearest(moment, later), moment, 0.7 if part else 0.55, "end-part" if part else "end"))
    if found:
        yield max(found, key=lambda one: one.confidence)


def _last_days(both: Clocked, ends: list[Moment]) -> Iterator[Candidate]:
    """A day told as the end, where the source goes on to a later day that is left out."""
    last = max((one for one in ends if one.at > _KNOWN_DAY), key=lambda one: one.at, default=None)
    if last is None or not both.now.days or both.tells_whole():
        return
    end = date.fromordinal(last.at // DAY)
    if both.told(last) or any(day.date == (end.month, end.day) for day in both.now.days):
        return
    for day in both.now.days:
        low = both.clause_now(day).low
        plain = WHOLE.search(low) and not ASIDE.search(low) and not SOME.search(low)
        if (
            plain
            and day.side != "from"
            and day.date < (end.month, end.day)
            and _UNTIL.search(both.low_now, max(0, day.start - 16), day.start + 3)
        ):
            yield both.changed(last, day, 0.6, "end-day")


def _ends_then(low: str) -> bool:
    return END.search(low) is not None and STATUS.search(low) is None


def _told_as_end(both: Clocked, moment: Moment) -> bool:
    """Whether the retold text tells a moment as the end of it all."""
    low = both.clause_now(moment).low
    if ASIDE.search(low) or SOME.search(low) or _opens(both, moment) or _is_range(both, moment):
        return False
    return moment.side == "to" or WHOLE.search(low) is not None or _ENDING.match(both.low_now, both.clause_now(moment).end) is not None


def _opens(both: Clocked, moment: Moment) -> bool:
    """Whether a moment is told as a beginning."""
    clause = both.clause_now(moment)
    if moment.side:
        return moment.side == "from"
    return _BEGINS.search(clause.low[: max(0, moment.start - clause.start) + 6]) is not None


def _is_range(both: Clocked, moment: Moment) -> bool:
    """Whether a moment stands in a range that the source tells, too."""
    mine = [(a, b) for a, b in both.now.ranges if moment in (a, b)]
    return any(same(a, c) and same(b, d) for a, b in mine for c, d in both.then.ranges)


def _starts(both: Clocked) -> Iterator[Candidate]:
    """The alarm, or the moment when somebody noticed, told as the start."""
    if both.tells_whole():
        return
    for moment in both.now.moments:
        clause = both.clause_now(moment)
        first = _FIRST_SIGN.match(both.low_now, moment.end) is not None
        if not (first or _opens(both, moment)) or _is_range(both, moment) or STATUS.search(clause.low) or OPENLY.search(clause.low):
            continue
        mine = both.origins(moment)
        least = min((one.at for one in mine), default=0) - _APART
        earlier = [other for other in both.then.moments if other.at < least and other.start < mine[0].start and not both.told(other)]
        if earlier and (first or any(DETECT.search(both.clause_then(one).low) for one in mine if one.side != "to")):
            yield both.changed(min(earlier, key=lambda other: other.at), moment, 0.65, "start")
