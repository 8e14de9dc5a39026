"""Days and times of day told otherwise: two days as one, one that the source does not name, a later report, another part of the day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.narrative.comparing.moments import DAY, Day, Moment
from amends.narrative.comparing.time_words import BROKEN, TELLS
from amends.narrative.comparing.waiting import VAGUE_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.narrative.comparing.candidates import Candidate
    from amends.narrative.comparing.clauses import Clause
    from amends.narrative.comparing.clocked import Clocked

_LIKE, _REPORT = 0.45, 0.32
"""How alike two clauses must be to tell of one event; two that both tell of somebody who spoke up need less."""
_LOOSE_DAY = re.compile(r"next|same|yesterday|midnight|night|past|tomorrow|following")
"""Words in a time whose day hangs on another day."""
_NEXT_DAY = re.compile(
    r"next (?:day|morning|evening|afternoon)|following (?:day|morning)|day (?:later|after)|two days|both days|overnight"
    r"|the night (?:of|from|between)"
)
"""Words by which a second day is told without its date."""
_RANGE_LEAD = re.compile(r"\b(?:from|since|between|until|to)\b")
_PART_OF_DAY = re.compile(
    r"\b(?:in|on|that|during|by|late|early|the|day) (?:the )?(?:course of the )?(?:early |late )?(?:\w+day )?"
    r"(morning|afternoon|evening|night)\b"
)
_HOURS = {"morning": (4, 13), "afternoon": (11, 19), "evening": (16, 24), "night": (19, 7)}
"""The hours that may be called so."""
_CLOCK = re.compile(r"\d[:.]\d\d")
_ROUGHLY = re.compile(r"about|around|shortly|just|nearly|almost|~")


def days(both: Clocked, *, ranged: bool) -> Iterator[Candidate]:
    """All of them; `ranged` is whether a range was found moved already, which says what a day left out of it would say."""
    if not ranged:
        yield from _one_day(both)
    yield from _day_ranges(both)
    yield from _unknown_days(both)
    yield from _reports(both)
    yield from _parts(both)
    yield from _clocks(both)


def _reports(both: Clocked) -> Iterator[Candidate]:
    """A later report told as the one by which the teller learnt of it, where the source tells an earlier one."""
    told: list[Moment | Day] = [*both.now.moments, *both.now.days]
    known: list[Moment | Day] = [*both.then.moments, *both.then.days]
    for place in told:
        if place.side or not TELLS.search(both.clause_now(place).low):
            continue
        for other in known:
            if (
                TELLS.search(both.clause_then(other).low)
                and both.alike(place.clause, other.clause) > _REPORT
                and _precedes(both, other, place)
            ):
                yield both.changed(other, place, 0.55, "report-late")
                break


def _precedes(both: Clocked, other: Moment | Day, place: Moment | Day) -> bool:
    """Whether a time of the source that the retold text leaves out lies before one that it tells."""
    if isinstance(other, Day) and isinstance(place, Day):
        return other.date < place.date and other.date not in {day.date for day in both.now.days}
    if isinstance(other, Moment) and isinstance(place, Moment) and not both.told(other):
        return any(other.at < one.at for one in both.origins(place))
    return False


def _one_day(both: Clocked) -> Iterator[Candidate]:
    """Two days told as one."""
    told = {day.date for day in both.now.days}
    if not told or _NEXT_DAY.search(both.low_now) or both.tells_whole():
        return
    for a, b in both.then.ranges:
        first, last = _date_told(both, a), _date_told(both, b)
        if first is None or last is None or first == last or {first, last} <= told:
            continue
        for mine in (day for day in both.now.days if first <= day.date <= last):
            clause = both.clause_now(mine)
            lead = both.low_now[max(0, mine.start - 8) : mine.start + 5]
            if (
                not _RANGE_LEAD.search(lead)
                and not VAGUE_LENGTH.search(clause.low)
                and BROKEN.search(clause.low + _following(both, clause))
            ):
                yield both.changed(a if mine.date == last else b, mine, 0.7, "days", whole=(a.start, b.end))
                break


def _following(both: Clocked, clause: Clause) -> str:
    """The next clause of the same sentence."""
    behind = both.retold.clauses[clause.number + 1 : clause.number + 2]
    return behind[0].low if behind and behind[0].sentence == clause.sentence else ""


def _date_told(both: Clocked, moment: Moment) -> tuple[int, int] | None:
    """The date of a moment whose own words name it."""
    found = [day for day in both.then.days if day.start == moment.start and day.side == moment.side]
    return found[0].date if found and moment.dated else None


def _day_ranges(both: Clocked) -> Iterator[Candidate]:
    """Days from which and to which something lasted, of which one was moved."""
    told = {day.date for day in both.now.days}
    for a, b in zip(both.now.days, both.now.days[1:], strict=False):
        for c, d in zip(both.then.days, both.then.days[1:], strict=False):
            if _LOOSE_DAY.search(both.low_now, a.start, b.end):
                continue
            if (a.side, b.side, c.side, d.side) != ("from", "to", "from", "to") or (a.date == c.date) == (b.date == d.date):
                continue
            if b.date == d.date and c.date not in told:
                yield both.changed(c, a, 0.75, "day-from")
            elif a.date == c.date and d.date not in told:
                yield both.changed(d, b, 0.75, "day-to")


def _unknown_days(both: Clocked) -> Iterator[Candidate]:
    """Days that the source names nowhere, nor are next to one that it names; the end of a range must be named."""
    known = {day.date for day in both.then.days}
    near = known | {(month, day + step) for month, day in known for step in (-1, 1)}
    text = both.source.text.masked
    for day in both.now.days:
        if (
            not known
            or day.date in (known if day.side == "to" and not _CLOCK.search(both.low_now, day.start, day.end) else near)
            or _LOOSE_DAY.search(both.low_now, day.start, day.end)
        ):
            continue
        if day.side == "to" or not re.search(rf"(?<![\d:])0?{day.day}(?![\d:]|\.\d)", text):
            yield both.changed(both.nearest(day, both.then.days), day, 0.7, "day")


def _parts(both: Clocked) -> Iterator[Candidate]:
    """A morning, an afternoon, an evening of something that the source tells at another hour."""
    for clause in both.retold.clauses:
        for found in _PART_OF_DAY.finditer(clause.low):
            best = max(both.source.clauses, key=lambda other: both.alike(clause.number, other.number))
            there = [moment for moment in both.then.moments if moment.clause == best.number]
            first, last = _HOURS[found.group(1)]
            if (
                not there
                or both.alike(clause.number, best.number) < _LIKE
                or any((one.clock - first * 60) % DAY <= (last - first) % 24 * 60 for one in there)
            ):
                continue
            start = clause.start + found.start()
            yield both.changed(there[0], Day(0, 0, "", start, clause.start + found.end(), clause.number), 0.5, "part-of-day")


def _clocks(both: Clocked) -> Iterator[Candidate]:
    """Times of day that the source neither tells nor gives by adding a length to one."""
    if len(both.then.moments) < 2:
        return
    for moment in both.now.moments:
        text = both.low_now
        if not _CLOCK.search(text, moment.start, moment.end) or _ROUGHLY.search(text, max(0, moment.start - 12), moment.start):
            continue
        if not both.origins(moment) and not _derived(both, moment):
            yield both.changed(both.nearest(moment, both.then.moments), moment, 0.6, "clock")


def _derived(both: Clocked, moment: Moment) -> bool:
    """Whether a clock follows from one of the source by a length that it tells, or by another zone."""
    for other in both.then.moments:
        if any((other.clock + sign * length.minutes - moment.clock + 2) % DAY <= 4 for length in both.then.lengths for sign in (1, -1)):
            return True
        if (other.utc is None) != (moment.utc is None) and (other.clock - moment.clock) % 60 == 0:
            return True
    return False
