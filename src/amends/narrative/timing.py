"""Times that a retold text changes: other lengths, starts, ends and days than its source tells, or gives by arithmetic.

What follows from the source's moments, ranges and lengths is no drift, nor is a length rounded up. Each rule looks at one way in which a
time gets kinder: an end that was only a part of it, a start that was only the alarm, a day of two, a wait that becomes "straight away".
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from amends.narrative.clocked import hold
from amends.narrative.moments import DAY, Day, Moment, between, fits, same
from amends.narrative.waiting import VAGUE_LENGTH, quick, vague

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amends.narrative.candidates import Candidate
    from amends.narrative.clauses import Clause, Telling
    from amends.narrative.clocked import Alike, Clocked, Place
    from amends.narrative.moments import Length

_END = re.compile(
    r"restor\w*|resolv\w*|recover\w*|(?:is|are|was|were|came|come|comes|went|services?|users?|all|terminals|fully) back\b"
    r"|back (?:to normal|up|online|in service|at|on|in)\b|normal\w*|operational|(?:working|running|open|available) again"
    r"|return(?:s|ed)?\b(?! (?:\w+ )?(?:errors?|5|4|wrong|http))|reopen\w*|\bover\b|\bends?\b|ended|\bending|finish\w*|stable"
    r"|fixed|closed|mitigat\w*"
    r"|contain(?:ed|ment)|healthy|complete\w*|fully|done\b|\bthe rest\b|\blast\b|\ball\b|revoked|brought online|empty|reactivated"
    r"|went on|continued"
    r"|stayed (?:up|open|down|overloaded|black)|until"
)
"""What a clause of the source says where something was over then, or went on until then."""
_WHOLE = re.compile(
    r"restor\w*|resolv\w*|recover\w*|\b(?:is|are|was|were|came|had) (?:\w+ )?back\b|back (?:to normal|up|online|in service)"
    r"|normal\w*|operational"
    r"|again\b|return(?:s|ed)?\b(?! (?:\w+ )?(?:errors?|5|4|wrong|http))|\bover\b|ended|\bending|ends\b|stable|fixed"
    r"|mitigat\w*|contain(?:ed|ment)"
    r"|healthy|closed|revoked|until|down\b|finish\w*|complete\w*"
)
"""What a clause of the retold text says where it tells a time as the end."""
_PART = re.compile(
    r"part\w*|some\b|most\b|first\b|began|begin\w*|start\w*|gradual\w*|enough|fail\w*|but not|except|only\b|\d ?%|attempt|tried|temporar\w*"
    r"|degraded|missed|half|believed|majority"
)
_SOME = re.compile(r"\bpart\w*|\bsome\b|\bmost\b|\bfirst\b|\d ?%|percent|began|majority|half\b|fail\w*")
"""Words with which the retold text says itself that it was not all of it."""
_ASIDE = re.compile(
    r"status|page\b|post(?:ed|s)?\b|updat\w*|alert\w*|alarm\w*|told|tell\w*|inform\w*|notic\w*|acknowledg\w*|react\w*|respond\w*"
    r"|escalat\w*|ticket\w*|call\w*|rang\b|unread|unanswered|silent|joined|understand\w*|understood|attempt|midnight"
    r"|report\w*|reopen\w*|announc\w*"
)
"""A clause beside the end of it all: about the status page, an alarm, somebody who was told."""
_STATUS = re.compile(r"status|page\b|dashboard|post(?:ed|s)?\b")
_DETECT = re.compile(
    r"alert\w*|alarm\w*|report\w*|notic\w*|detect\w*|discover\w*|page[drs]?\b|pager|ticket\w*|tells?\b|told|complain\w*"
    r"|asks?\b|asked|writes?\b"
    r"|wrote|investigat\w*|declared|acknowledg\w*|mail\w*|call(?:s|ed)\b|rang|escalat\w*|triage|engaged"
    r"|incident (?:is )?opened|realis\w*|realiz\w*"
    r"|found\b|read\b(?!-)|post(?:ed|s)?\b|aware"
)
"""What a clause of the source says of the moment when somebody noticed."""
_OPENLY = re.compile(r"ticket|told|alert|notic|report(?:s|ed)\b|detect|phoned|called|complain")
"""Words with which the retold text says itself that it tells of the alarm."""
_UNTIL = re.compile(r"\b(?:by|until|till)\b")
_KNOWN_DAY = 1000 * DAY
"""A moment before this stands on a day that the telling does not say."""
_BEGINS = re.compile(r"(?:from|since|began|begun|started|beginning|starting|start)\b[^,;]{0,24}$")
_TELLS = re.compile(
    r"\b(?:told|tells|informed|mailed|mails|wrote|writes|rang|rings|phoned|phones|called|calls|reported|reports|warned|warns)\b"
)
"""How somebody outside speaks up."""
_LIKE, _EVENT = 0.45, 0.3
_LEADS_TO = frozenset({"within", "under"})
_FIRST_SIGN = re.compile(r"[^,;]{0,12},? (?:the |we saw the )?first (?:sign|error|symptom|trouble)")
_BROKEN = re.compile(
    r"outage|\bdown\b|downtime|unavailab\w*|disrupt\w*|incident|lasted|lasting|impact\w*|affect\w*|fail(?:s|ed|ure|ing)?\b"
    r"|could ?n[o']t|cannot"
    r"|unable|nobody|no one|offline|errors?\b|problems?|trouble|interrupt\w*|degraded|slow\b|pending|exposed|(?:were|was"
    r"|be) (?:public|open|reached)"
    r"|ran\b|went\b|dead|how long|duration|difficult\w*|bounc\w*|reject\w*|delay(?:ed|s)?\b"
)
"""A clause that tells of what was broken, so that its length is that of the incident."""
_BESIDE = re.compile(
    r"another|further|\blater|\bafter\b|within|unread|unopened|unanswered|complain\w*|noticed|told|called|needed|word\b|rebuild\w*"
    r"|restor(?:e|ing) took|before|earlier|behind|old\b|waited"
)
"""Words of a clause whose length is none of the whole incident."""
_ENDED_AFTER = re.compile(r"(?:after|within) [^,;]{0,24}$")
_OF_WHAT = re.compile(r"\s*(?:of|after|later)\b")
_BRIEF = 3
"""Minutes of a length that is too short to be worth a word."""
_MANY, _FEW = 12, 3
"""A range, or a length, that is so many times another is that of something else."""
_SHORTER = 0.92
_LOOSE_DAY = re.compile(r"next|same|yesterday|midnight|night|past|tomorrow|following")
_NEXT_DAY = re.compile(
    r"next (?:day|morning|evening|afternoon)|following (?:day|morning)|day (?:later|after)|two days|both days|overnight"
    r"|the night (?:of|from|between)"
)
_RANGE_LEAD = re.compile(r"\b(?:from|since|between|until|to)\b")
_PART_OF_DAY = re.compile(
    r"\b(?:in|on|that|during|by|late|early|the|day) (?:the )?(?:course of the )?(?:early |late )?(?:\w+day )?(morning|afternoon|evening|night)\b"
)
_HOURS = {"morning": (4, 13), "afternoon": (11, 19), "evening": (16, 24), "night": (19, 7)}
_CLOCK = re.compile(r"\d[:.]\d\d")
_ROUGHLY = re.compile(r"about|around|shortly|just|nearly|almost|~")


def find_times(source: Telling, retold: Telling, alike: Alike) -> list[Candidate]:
    """The times of a source that a retold text changes; `alike(i, j)` says in 0..1 how alike retold clause i and source clause j are.

    Words for some time where the source tells how long are softened numbers; all else are changed times.
    """
    both = hold(source, retold, alike)
    moved = list(_ranges(both))
    if not moved:
        moved = [*_ends(both), *_last_days(both), *_starts(both), *_lengths(both), *_days(both)]
    return _apart(
        [*moved, *_day_ranges(both), *_unknown_days(both), *quick(both), *vague(both), *_clocks(both), *_reports(both), *_parts(both)]
    )


def _apart(found: Iterable[Candidate]) -> list[Candidate]:
    """Of the candidates of one kind that quote the same words of the retold text, the surest."""
    kept: list[Candidate] = []
    for one in sorted(found, key=lambda candidate: -candidate.confidence):
        if not any(one.kind == other.kind and _overlap(one.retold, other.retold) for other in kept):
            kept.append(one)
    return kept


def _overlap(one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    return one is not None and other is not None and one[0] < other[1] and other[0] < one[1]


# Starts and ends


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


def _ends(both: Clocked) -> Iterator[Candidate]:
    """A partial or failed recovery told as the end, where the last moment of recovery is left out; the surest one."""
    ends = [one for one in both.then.moments if one.side != "from" and _ends_then(both.clause_then(one).low)]
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
        part = any(_PART.search(both.clause_then(one).low) for one in mine)
        found.append(both.changed(both.nearest(moment, later), moment, 0.7 if part else 0.55, "end-part" if part else "end"))
    if found:
        yield max(found, key=lambda one: one.confidence)


def _last_days(both: Clocked) -> Iterator[Candidate]:
    """A day told as the end, where the source goes on to a later day that is left out."""
    ends = [one for one in both.then.moments if one.at > _KNOWN_DAY and one.side != "from" and _ends_then(both.clause_then(one).low)]
    if not ends or both.tells_whole():
        return
    last = max(ends, key=lambda one: one.at)
    end = date.fromordinal(last.at // DAY)
    if both.told(last) or any(_date(day) == (end.month, end.day) for day in both.now.days):
        return
    for day in both.now.days:
        low = both.clause_now(day).low
        plain = _WHOLE.search(low) and not _ASIDE.search(low) and not _SOME.search(low)
        if (
            plain
            and day.side != "from"
            and _date(day) < (end.month, end.day)
            and _UNTIL.search(both.low_now, max(0, day.start - 16), day.start + 3)
        ):
            yield both.changed(last, day, 0.6, "end-day")


def _ends_then(low: str) -> bool:
    return _END.search(low) is not None and _STATUS.search(low) is None


def _told_as_end(both: Clocked, moment: Moment) -> bool:
    """Whether the retold text tells a moment as the end of it all."""
    low = both.clause_now(moment).low
    if _ASIDE.search(low) or _SOME.search(low) or _opens(both, moment) or _is_range(both, moment):
        return False
    return moment.side == "to" or _WHOLE.search(low) is not None


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
        if not (first or _opens(both, moment)) or _is_range(both, moment) or _STATUS.search(clause.low) or _OPENLY.search(clause.low):
            continue
        mine = both.origins(moment)
        least = min((one.at for one in mine), default=0) - 4
        earlier = [other for other in both.then.moments if other.at < least and other.start < mine[0].start and not both.told(other)]
        if earlier and (first or any(_DETECT.search(both.clause_then(one).low) for one in mine if one.side != "to")):
            yield both.changed(min(earlier, key=lambda other: other.at), moment, 0.65, "start")


# Lengths


def _lengths(both: Clocked) -> Iterator[Candidate]:
    """A length that the source tells otherwise; of the whole incident shorter, or counted from the alarm."""
    for length in both.now.lengths:
        if length.minutes < _BRIEF or any(fits(length, other.minutes) for other in both.then.lengths):
            continue
        if (event := _event(both, length)) is not None:
            yield both.changed(event, length, 0.55, "length-event")
        elif _is_whole(both.clause_now(length), length):
            yield from _whole(both, length)
        elif not _spans(both, length):
            yield both.changed(both.nearest(length, both.then.lengths), length, 0.3, "length")


def _is_whole(clause: Clause, length: Length) -> bool:
    """Whether a clause tells how long all of it took: "down for an hour", "restored within an hour"."""
    low = clause.low
    if _BROKEN.search(low) and not _BESIDE.search(low):
        return True
    ended = _ENDED_AFTER.search(low[: max(0, length.start - clause.start) + 8]) is not None and _WHOLE.search(low) is not None
    return ended and not _OF_WHAT.match(low, length.end - clause.start) and not _ASIDE.search(low)


def _whole(both: Clocked, length: Length) -> Iterator[Candidate]:
    """A length of the whole incident that is not the source's."""
    spans = _spans(both, length)
    if any(a.side == "from" and b.side == "to" for a, b in spans):
        return
    longer = [other for other in both.then.lengths if length.minutes < other.minutes < _FEW * length.minutes]
    told = [other for other in longer if _BROKEN.search(both.clause_then(other).low) and not _BESIDE.search(both.clause_then(other).low)]
    ranges = [a for a, b in both.then.ranges if length.minutes < _SHORTER * max(between(a, b)) < _MANY * length.minutes]
    late = [a for a, _ in spans if _DETECT.search(both.clause_then(a).low) and a.at > min(one.at for one in both.then.moments)]
    if told:
        yield both.changed(both.nearest(length, told), length, 0.8, "length-short")
    elif spans and len(late) == len(spans):
        yield both.changed(_before(both, late[0]), length, 0.65, "length-late")
    elif ranges and not spans:
        yield both.changed(ranges[0], length, 0.6, "length-range")
    elif not spans:
        yield both.changed(both.nearest(length, both.then.lengths), length, 0.45, "length-whole")


def _event(both: Clocked, length: Length) -> Place | None:
    """What the source tells of an event to which a length of the retold text leads ("within 15 minutes"), where that took longer."""
    if length.lead not in _LEADS_TO:
        return None
    best = max(both.source.clauses, key=lambda other: both.alike(length.clause, other.number))
    if both.alike(length.clause, best.number) < _EVENT:
        return None
    longer = [other for other in both.then.lengths if other.clause == best.number and other.minutes > length.minutes]
    if longer:
        return longer[0]
    there = [moment for moment in both.then.moments if moment.clause == best.number]
    gaps = [minutes for moment in there for other in both.then.moments if other.at < moment.at for minutes in between(other, moment)]
    return there[0] if gaps and not any(fits(length, minutes, 0.12) or minutes < length.minutes for minutes in gaps) else None


def _before(both: Clocked, alarm: Moment) -> Moment:
    """The moment of the source right before the alarm, at which it most likely began."""
    return max((moment for moment in both.then.moments if moment.at < alarm.at), key=lambda moment: moment.at)


def _spans(both: Clocked, length: Length) -> list[tuple[Moment, Moment]]:
    """The pairs of moments of the source that lie as far apart as a length says: those that fit best."""
    found: list[tuple[float, Moment, Moment]] = []
    for a in both.then.moments:
        for b in both.then.moments:
            if a is not b and a.side != "to":
                found += [(abs(length.minutes / minutes - 1), a, b) for minutes in between(a, b) if fits(length, minutes, 0.08)]
    best = min((miss for miss, _, _ in found), default=0.0)
    slack = 0.1 if length.bound in ("over", "under") else 0.012
    return [(a, b) for miss, a, b in found if miss <= best + slack]


# Days and clocks


def _reports(both: Clocked) -> Iterator[Candidate]:
    """A later report told as the one by which the teller learnt of it, where the source tells an earlier one."""
    told: list[Moment | Day] = [*both.now.moments, *both.now.days]
    known: list[Moment | Day] = [*both.then.moments, *both.then.days]
    for place in told:
        if place.side or not _TELLS.search(both.clause_now(place).low):
            continue
        for other in known:
            if (
                _TELLS.search(both.clause_then(other).low)
                and both.alike(place.clause, other.clause) > _LIKE
                and _precedes(both, other, place)
            ):
                yield both.changed(other, place, 0.55, "report-late")
                break


def _precedes(both: Clocked, other: Moment | Day, place: Moment | Day) -> bool:
    """Whether a time of the source that the retold text leaves out lies before one that it tells."""
    if isinstance(other, Day) and isinstance(place, Day):
        return _date(other) < _date(place) and _date(other) not in {_date(day) for day in both.now.days}
    if isinstance(other, Moment) and isinstance(place, Moment) and not both.told(other):
        return any(other.at < one.at for one in both.origins(place))
    return False


def _days(both: Clocked) -> Iterator[Candidate]:
    """Two days told as one."""
    told = {_date(day) for day in both.now.days}
    low = both.low_now
    for a, b in both.then.ranges:
        first, last = _date_of(both, a), _date_of(both, b)
        if (
            first is None
            or last is None
            or first == last
            or (first in told) == (last in told)
            or _NEXT_DAY.search(low)
            or both.tells_whole()
        ):
            continue
        mine = next(day for day in both.now.days if _date(day) in (first, last))
        clause = both.clause_now(mine)
        lead = low[max(0, mine.start - 8) : mine.start + 5]
        if not _RANGE_LEAD.search(lead) and not VAGUE_LENGTH.search(clause.low) and _BROKEN.search(clause.low + _following(both, clause)):
            yield both.changed(b if first in told else a, mine, 0.7, "days", whole=(a.start, b.end))


def _following(both: Clocked, clause: Clause) -> str:
    """The next clause of the same sentence."""
    behind = both.retold.clauses[clause.number + 1 : clause.number + 2]
    return behind[0].low if behind and behind[0].sentence == clause.sentence else ""


def _date(day: Day) -> tuple[int, int]:
    return day.month, day.day


def _date_of(both: Clocked, moment: Moment) -> tuple[int, int] | None:
    """The date of a moment whose own words name it."""
    found = [day for day in both.then.days if day.start == moment.start and day.side == moment.side]
    return _date(found[0]) if found and moment.dated else None


def _day_ranges(both: Clocked) -> Iterator[Candidate]:
    """Days from which and to which something lasted, of which one was moved."""
    told = {_date(day) for day in both.now.days}
    for a, b in zip(both.now.days, both.now.days[1:], strict=False):
        for c, d in zip(both.then.days, both.then.days[1:], strict=False):
            if _LOOSE_DAY.search(both.low_now, a.start, b.end):
                continue
            if (a.side, b.side, c.side, d.side) != ("from", "to", "from", "to") or (_date(a) == _date(c)) == (_date(b) == _date(d)):
                continue
            if _date(b) == _date(d) and _date(c) not in told:
                yield both.changed(c, a, 0.75, "day-from")
            elif _date(a) == _date(c) and _date(d) not in told:
                yield both.changed(d, b, 0.75, "day-to")


def _unknown_days(both: Clocked) -> Iterator[Candidate]:
    """Days that the source names nowhere, nor are next to one that it names; the end of a range must be named."""
    known = {_date(day) for day in both.then.days}
    near = known | {(month, day + step) for month, day in known for step in (-1, 1)}
    text = both.source.text.masked
    for day in both.now.days:
        if (
            not known
            or _date(day) in (known if day.side == "to" and not _CLOCK.search(both.low_now, day.start, day.end) else near)
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
