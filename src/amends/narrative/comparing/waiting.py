"""Words for a time instead of the time: "straight away" where the source tells of a wait, "for a while" where it tells how long."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.narrative.comparing.candidates import Candidate
from amends.narrative.comparing.clocked import CHANGED, SOFTENED
from amends.narrative.comparing.moments import DAY, between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.narrative.comparing.clauses import Clause
    from amends.narrative.comparing.clocked import Clocked, Place

_QUICK = {
    r"straight away|right away|immediately|at once|without (?:any )?delay|instantly|on the spot": 4,
    r"promptly|swiftly|quickly|rapidly|speedily|within (?:seconds|moments)": 14,
    r"within (?:a few )?minutes|a few minutes later|some minutes later|soon after\w*|shortly after\w*": 25,
    r"within (?:a few )?hours|a few hours later": 720,
    r"the same day|within a day|that (?:same )?(?:evening|afternoon|night)": DAY,
    r"within (?:a few )?days|a few days later|later that week|within the week": 6 * DAY,
}
"""Words for a short wait, and the longest wait in minutes for which they can honestly stand."""
_QUICKLY = re.compile(r"\b(?:" + "|".join(_QUICK) + ")")
_EACH_QUICK = re.compile("|".join(f"({words})" for words in _QUICK))
"""The same, to tell which of them it is."""
_LIMITS = tuple(_QUICK.values())
_EVERYWHERE = re.compile(r"\b(?:all|every\w*|both|two|three|four|many|several|each|disks|so much)\b")
"""Where "at once" means at the same time."""
_OURS = re.compile(r"\b(?:we|us|our|team|engineers?|on-call|staff|returned|restored|fixed|answered)\b")
"""Who or what is quick: that harm spread within minutes is nobody's praise."""
_WATCHED = re.compile(r"monitor\w*|pingdom|our alert\w*|(?<!were )alerted")
"""What notices: that it did so quickly is another claim than how long somebody took."""
_LATE = re.compile(
    r"\bonly (?:at|on|after|when|by)\b|not until|n[o']t (?:\w+ )?until|nobody \w+ until|unread|before (?:anyone|anybody|we)|finally|waited"
    r"|(?:days?|hours?|weeks?) later"
)
_REACTS = re.compile(r"\b(?:react\w*|responded|respond|acted|act|(?:began|started|start|begin) (?:work\w*|investigat\w*)|looked into)\b")
_IDLE = re.compile(
    r"nobody (?:\w+ ){1,2}until|n[o']t (?:be )?(?:answered|read|seen|opened|looked at|noticed|acted on)\b"
    r"|unread|unanswered|by chance|only (?:read|seen) (?:on|at|after)"
)
"""That nobody did anything for a while, whatever it was about."""
_NEAREST = 3
"""How many clauses of the source are looked at for what a clause of the retold text tells."""
_LONG_QUOTE = 24
"""Characters before such words that a quote takes in."""

_VAGUE = re.compile(
    r"\b(?=[ams])(?:(?:several|a few|some|many|a couple of|a number of)\s+(?P<unit>seconds|minutes|hours|days|weeks|months|nights)\b"
    r"|(?:a|some)\s+(?:(?:short|brief|little|long|certain|limited)\s+)?(?:while|time|period|stretch|spell|moment)\b"
    r"|a (?:long|short) (?:shift|delay|wait)\b)(?: of \w+| (?!later|after)\w+)?"
)
_UNITS = {
    "seconds": (0.05, 2.0),
    "minutes": (2.0, 90.0),
    "hours": (90.0, 2.0 * DAY),
    "days": (1.5 * DAY, 20.0 * DAY),
    "weeks": (10.0 * DAY, 90.0 * DAY),
    "months": (50.0 * DAY, 800.0 * DAY),
    "nights": (1.0 * DAY, 20.0 * DAY),
}
"""The minutes for which "several" of a unit may stand."""
_ANY = (4.0, 60.0 * DAY)
_LEAD = re.compile(r"\b(for|over|within|after|in|during|by) (?:about |only |just )?$")
_SOON = re.compile(r"\w+ (?:later|after)\b")
VAGUE_LENGTH = _VAGUE


def quick(both: Clocked) -> Iterator[Candidate]:
    """Words for no wait at all where the source tells of one."""
    known = both.low_then
    for clause in both.retold.clauses:
        for found in _QUICKLY.finditer(clause.low):
            words = found.group()
            if words in known or _WATCHED.search(clause.low) or (words == "at once" and _EVERYWHERE.search(clause.low)):
                continue
            if words.endswith(("minutes", "after", "afterwards")) and not _OURS.search(clause.low):
                continue
            which = _EACH_QUICK.match(words)
            limit = _LIMITS[(which.lastindex or 1) - 1] if which else DAY
            ranked = sorted(both.source.clauses, key=lambda other: -both.alike(clause.number, other.number))
            other = next((one for one in ranked[:_NEAREST] if _waits(both, one, limit)), None)
            if other is None and _REACTS.search(clause.low):
                other = next((one for one in both.source.clauses if _IDLE.search(one.low)), None)
            if other is not None:
                start = clause.low.rfind(" ", 0, max(0, found.start() - _LONG_QUOTE)) + 1
                quote = clause.start + start, clause.start + found.end()
                confidence = max(0.52 if _REACTS.search(clause.low) else 0.0, min(0.9, 0.4 + 0.5 * both.alike(clause.number, other.number)))
                yield Candidate(
                    CHANGED, (other.start, other.end), quote, confidence, "quick", f"{wait(both, other):.0f} minutes => {words}"
                )


def _waits(both: Clocked, clause: Clause, limit: float) -> bool:
    return wait(both, clause) > limit or (limit < DAY and _LATE.search(clause.low) is not None)


def wait(both: Clocked, clause: Clause) -> float:
    """The minutes that passed, by the source, up to what a clause tells: a length in it, or the time since the moment before."""
    waits = [length.minutes for length in both.then.lengths if length.clause == clause.number]
    for moment in both.then.moments:
        if moment.clause == clause.number and moment.side != "to":
            before = max((other.at for other in both.then.moments if other.at < moment.at), default=moment.at)
            waits.append(moment.at - before)
    return max(waits, default=0)


def vague(both: Clocked) -> Iterator[Candidate]:
    """Words for some time where the source tells how long."""
    for clause in both.retold.clauses:
        for found in _VAGUE.finditer(clause.low):
            options = _lengths(both, clause, *_UNITS.get(found.group("unit") or "", _ANY))
            if not options:
                continue
            near, best = max(options, key=lambda option: option[0])
            if near < _as_vague(both, clause, found.group()):
                continue
            unit, led = found.group("unit"), _LEAD.search(clause.low, max(0, found.start() - 20), found.start())
            lead = led.group(1) if led else ""
            confidence = 0.45 + 0.4 * near + (0.1 if lead == "for" else 0.0)
            later = _SOON.match(clause.low, found.start("unit")) if unit else None
            kind = CHANGED if lead in ("within", "after") or later else SOFTENED
            quote = clause.start + (led.start() if led else found.start()), clause.start + found.end()
            what = f"{both.source.text.masked[best.start : best.end]} => {found.group()}"
            yield Candidate(kind, both.source_quote(best), quote, min(0.9, confidence), "vague-length", what)


def _as_vague(both: Clocked, clause: Clause, words: str) -> float:
    """How alike a clause is to the one of the source that has the same words for some time; 0 where none has."""
    if words not in both.low_then:
        return 0.0
    return max((both.alike(clause.number, other.number) for other in both.source.clauses if words in other.low), default=0.0)


def _lengths(both: Clocked, clause: Clause, least: float, most: float) -> list[tuple[float, Place]]:
    """The lengths and ranges of the source between two bounds that the retold text does not tell, with how alike their clauses are."""
    told = [length.minutes for length in both.now.lengths]
    told += [figure.value * unit for one in both.retold.clauses for figure in one.figures for unit in (1, 60, DAY)]  # "nine in all"
    found: list[tuple[float, Place]] = [
        (both.alike(clause.number, length.clause), length)
        for length in both.then.lengths
        if least <= length.minutes <= most and not any(abs(length.minutes - one) < 0.1 * length.minutes for one in told)
    ]
    found += [
        (both.alike(clause.number, first.clause), first)
        for first, last in both.then.ranges
        if least <= max(between(first, last)) <= most and not (both.told(first) and both.told(last))
    ]
    return found
