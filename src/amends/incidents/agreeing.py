"""Where a draft contradicts what stands of its incident: a figure that was corrected, a time, a severity, a time that was promised.

A remark, never a wall: the record may be what is wrong. Only what can be shown is told: a figure counts where the same thing is counted,
a time where the words in front of it say which moment is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from amends.incidents.facts import CLOCK, Facts, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo

    from amends.incidents.event import IncidentEvent
    from amends.incidents.story import Story

_FIGURE = re.compile(r"(?<![\w.,:#-])(?P<number>\d{1,3}(?:[,. \u00a0\u202f]\d{3})+|\d+(?:\.\d+)?)\s?(?P<unit>%|[A-Za-z][\w-]*)?")
_SEVERITY = re.compile(r"\bsev(?:erity)?[ -]?([1-5])\b", re.IGNORECASE)
_ZONED = re.compile(r"\s?(?:UTC|GMT|Z)\b")
_MOMENTS = (
    ("impact-began", re.compile(r"\b(?:began|begun|started|starting|onset)\b", re.IGNORECASE)),
    ("detected", re.compile(r"\b(?:detected|noticed|found|paged|alerted|reported)\b", re.IGNORECASE)),
    ("contained", re.compile(r"\b(?:contained|stopped|mitigated)\b", re.IGNORECASE)),
    ("recovered", re.compile(r"\b(?:recovered|restored|resolved|right again|back (?:up|since|at)|working again)\b", re.IGNORECASE)),
    ("next_update", re.compile(r"\bnext (?:update|message|status|note)\b|\b(?:post|update|write) again\b", re.IGNORECASE)),
)
_SINCE = re.compile(r"\bsince\b", re.IGNORECASE)
"""Alone it means the beginning; behind a stronger word it means what that one says."""
_NAMES = {
    "impact-began": "it began", "detected": "it was noticed", "contained": "it was contained", "recovered": "it was right again",
    "next_update": "the next update is promised for",
}  # fmt: skip
_NEAR = 60
"""How many characters before a time its meaning may stand; farther away it belongs to something else."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A place in a draft that the record of its incident contradicts: its words, where they stand (code points), what holds instead."""

    kind: str
    start: int
    end: int
    quote: str
    message: str


def disagreements(text: str, story: Story, audience: str, zone: tzinfo) -> tuple[Disagreement, ...]:
    """What a draft says otherwise than the record, in the order of the text. Times without a zone are read on the clock of `zone`."""
    facts = Facts(story, audience, story.now, zone)
    found = [*_figures(text, facts), *_severities(text, facts), *_times(text, facts)]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _figures(text: str, facts: Facts) -> Iterator[Disagreement]:
    numbers = facts.story.standing("fact", "number")
    standing = {_unit(one): one for one in numbers if _unit(one)}
    replaced = _replaced(facts.story)
    right = {_number(one.value) for one in numbers}
    for found in _FIGURE.finditer(text):
        number, unit = _number(found["number"]), (found["unit"] or "").casefold().rstrip("s")
        same = standing.get(unit) if unit else None
        old = replaced.get(number)
        if same is not None and _number(same.value) != number and (old is not None or _counts_the_same(text, found, same)):
            message = f"“{found[0].strip()}” stands in the facts as {same.value}"
        elif old is not None and number not in right and _unit(old[0]) in ("", unit) and _counts_the_same(text, found, old[0]):
            message = f"“{found[0].strip()}” was corrected to {old[1].value} at {facts.time(old[1].recorded_at)}"
        else:
            continue
        yield Disagreement("number", found.start(), found.start() + len(found[0].rstrip()), found[0].rstrip(), message)


def _counts_the_same(text: str, found: re.Match[str], fact: IncidentEvent) -> bool:
    """Whether a figure counts what the fact counts: a word of weight that the fact has as well stands in the same sentence."""
    start = max(text.rfind(mark, 0, found.start()) for mark in ".!?\n") + 1
    ends = [place for mark in ".!?\n" if (place := text.find(mark, found.end())) >= 0]
    told = set(re.findall(r"[a-z]{4,}", text[start : min(ends, default=len(text))].casefold()))
    unit = _unit(fact)
    wanted = {word for word in re.findall(r"[a-z]{4,}", words_of(fact).casefold()) if word.rstrip("s") != unit}
    return not wanted or bool(told & wanted)


def _severities(text: str, facts: Facts) -> Iterator[Disagreement]:
    severity = facts.story.incident.severity
    for found in _SEVERITY.finditer(text):
        if f"SEV{found[1]}" != severity:
            yield Disagreement("severity", *found.span(), found[0], f"the incident is {severity}, not SEV{found[1]}")


def _times(text: str, facts: Facts) -> Iterator[Disagreement]:
    for found in CLOCK.finditer(text):
        begin = max(text.rfind(mark, 0, found.start()) for mark in ".!?\n;") + 1
        before = text[max(begin, found.start() - _NEAR) : found.start()]
        told = [(match.end(), kind) for kind, pattern in _MOMENTS for match in pattern.finditer(before)]
        told = told or [(match.end(), "impact-began") for match in _SINCE.finditer(before)]
        if not told or CLOCK.search(before[max(told)[0] :]):
            continue
        kind = max(told)[1]
        stated = _moment(facts, kind)
        hours, minutes = int(found[1]), int(found[2])
        if stated is None or hours > 23 or minutes > 59:
            continue
        zone = UTC if _ZONED.match(text, found.end()) else facts.zone
        local = stated.astimezone(zone)
        if (local.hour, local.minute) != (hours, minutes):
            yield Disagreement("time", *found.span(), found[0], f"by the record, {_NAMES[kind]} {_at(kind)}{facts.time(stated)}")


def _moment(facts: Facts, kind: str) -> datetime | None:
    if kind == "next_update":
        return _promised(facts)
    if kind == "impact-began":
        return facts.began
    found = facts.story.milestone(kind)
    return found.at if found else None


def _promised(facts: Facts) -> datetime | None:
    """Until when this audience waits; a draft that is that very update, or comes after it, promises the one after."""
    entry = facts.open_promise("next_update")
    due = entry.promise.due if entry is not None else None
    return due if due is not None and due - facts.now > timedelta(minutes=10) else None


def _at(kind: str) -> str:
    return "" if kind == "next_update" else "at "


def _replaced(story: Story) -> dict[str, tuple[IncidentEvent, IncidentEvent]]:
    """The figures that were corrected, each with the fact that held it and the one that holds now."""
    by_id = {event.id: event for event in story.events}
    found: dict[str, tuple[IncidentEvent, IncidentEvent]] = {}
    for now in story.standing("fact", "number"):
        old = by_id.get(now.replaces or "")
        while old is not None:
            if old.value and _number(old.value) != _number(now.value):
                found[_number(old.value)] = (old, now)
            old = by_id.get(old.replaces or "")
    return found


def _unit(fact: IncidentEvent) -> str:
    """What a fact counts: the unit of its figure, or the first word of what goes on from the figure."""
    return _key(fact.value) or (_key(words_of(fact)) if (fact.text or "")[:1].islower() else "")


def _key(figure: str | None) -> str:
    """What a figure counts: its unit, in small letters and the singular."""
    found = _FIGURE.match(figure or "")
    return (found["unit"] or "").casefold().rstrip("s") if found else ""


def _number(figure: str | None) -> str:
    """The digits of a figure without what parts thousands."""
    found = _FIGURE.match(figure or "")
    if found is None:
        return figure or ""
    number = found["number"]
    grouped = re.fullmatch(r"\d{1,3}(?:[,. \u00a0\u202f]\d{3})+", number)
    return re.sub(r"\D", "", number) if grouped else number
