"""Detectors for times: the next update, estimates, and when it happened."""

from __future__ import annotations

import re
from datetime import timedelta

from amends.language.context import Remark
from amends.language.detectors.shape import absent
from amends.language.detectors.words import CLOCK, DATED, MONTH, WEEKDAY, any_of
from amends.language.times.zones import abbreviation

__all__ = [
    "fact_without_time",
    "missing_estimate",
    "next_update_in_the_past",
    "next_update_too_late",
    "next_update_without_zone",
    "promise_without_time",
    "resolution_estimate",
    "update_without_next_time",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.context import Context
    from amends.language.records import Commitment
    from amends.language.rules import Rule

LIVE_UPDATE = timedelta(minutes=60)
"""Somebody who waits while it is still broken wants to hear within the hour."""
_ROLLED = timedelta(hours=18)
"""A bare clock time that would be so far ahead is one that has just passed."""
_DAY_SAID = rf"\d{{4}}|tomorrow|tonight|morning|noon|evening|day\b|week|\b{WEEKDAY}\b|\b{MONTH}\b"
_SINCE = f"{DATED}|" + any_of(
    r"\d{4}-\d\d this_(?:morning|afternoon|evening|week) last_(?:night|week|month) (?:minutes?|hours?|days?|weeks?)_ago noon midnight"
)
_BROKEN = any_of(
    "fail(?:s|ing)? down unavailable offline timing_out errors? outage degraded stuck affected cannot can't unable"
    " blocked not_working broken"
)
_MENDING = any_of(r"\w+ing started begun running in_progress under_way underway")
_RECOVERED = r"\b(?:resolved|restored|back to normal|fully recovered|recovered|fixed|closed|all clear)\b"
_OVER = r"\b(?:(?:this|the) (?:incident|issue|outage|problem) (?:has been|is|was)(?: now| fully)? (?:resolved|closed|over)|all clear)\b"
_PLACES = r"\blocal\b|\b[A-Z][a-z]+ time\b|\d(?:Z|\s?[ap]\.?m\.? [A-Z]{2,4})\b|[+-]\d\d:?\d\d\b|\b(?:Eastern|Pacific|Central|Mountain)\b"
_ESTIMATE = (
    r"\b(?:eta\b|(?:expect|anticipate|estimate)[a-z]*\b[^.;]{0,60}\b(?:resol|restor|fix|recover|back|complet|resume|normal)[a-z]*"
    r"|(?:should|will) be (?:back|resolved|fixed|restored|up)|\bbe (?:fixed|resolved|restored|back(?: up| online)?) (?:by|within|in"
    r"|before|at))\b"
)


def next_updates(context: Context) -> list[Commitment]:
    """The speaker's promises that name the time of the next update."""
    return [one for one in context.promises if one.actor == "speaker" and one.kind == "next_update" and one.due is not None]


def update_without_next_time(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A message of a form that always names the time of the next update, and does not; it stands on the update promised, if any.

    The last message of an incident, which says that it is over, has nothing left to promise: there it is a note.
    """
    wanted = context.form.move("commitment")
    if wanted is None or wanted.condition != "next-update":
        return
    open_promise = next((one for one in context.promises if one.kind == "next_update" and one.due is None), None)
    for remark in absent(context, "commitment"):
        severity = "note" if re.search(_OVER, context.text.masked, re.IGNORECASE) else remark.severity
        if open_promise is None:
            yield Remark(remark.start, remark.end, remark.values, severity, remark.edits)
        else:
            yield Remark(open_promise.start, open_promise.end, remark.values, severity, remark.edits)


def next_update_without_zone(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A clock time for the next update while no zone is named anywhere; milder where the draft itself knows its zone."""
    clocked = [one for one in next_updates(context) if re.search(r"\d[:.h]\d\d|\d\s*[ap]\.?m", one.time_quote or one.quote)]
    if clocked and not _names_zone(context):
        one = clocked[0]
        yield Remark(one.start, one.end, {"words": one.quote}, "note" if context.tz is not None else None)


def _names_zone(context: Context) -> bool:
    if any(word.isupper() and word.isalpha() and len(word) <= 5 and abbreviation(word) is not None for word in context.text.written):
        return True
    return re.search(_PLACES, context.text.masked) is not None


def next_update_in_the_past(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A next update whose time has passed when the message is sent."""
    for one in next_updates(context):
        assert one.due is not None
        ahead = one.due - context.at
        words = one.time_quote or one.quote
        rolled = _ROLLED < ahead <= timedelta(days=1) and bool(re.search(CLOCK, words)) and not re.search(_DAY_SAID, words.lower())
        if ahead < timedelta(0) or rolled:
            sent = context.at.astimezone(one.due.tzinfo)
            yield Remark(one.start, one.end, {"sent": f"{sent:%H:%M}", "read": ", and is read as tomorrow’s" if rolled else ""})


def next_update_too_late(context: Context, _rule: Rule) -> Iterator[Remark]:
    """Something is still broken, and the next word is more than an hour away."""
    updates = next_updates(context)
    if not updates:
        return
    first = min(updates, key=lambda one: one.due or context.at)
    assert first.due is not None
    wait = first.due - context.at
    if LIVE_UPDATE < wait < _ROLLED and _is_live(context):
        yield Remark(first.start, first.end, {"minutes": str(round(wait.total_seconds() / 60))})


def _is_live(context: Context) -> bool:
    """Whether the message says that it is broken now, and not that it is over."""
    masked = context.text.masked
    return re.search(_BROKEN, masked, re.IGNORECASE) is not None and re.search(_RECOVERED, masked, re.IGNORECASE) is None


def resolution_estimate(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A time for the end of it, said to people who will hold us to it."""
    for start, end in _estimates(context):
        yield Remark(start, end)
        return


def missing_estimate(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A repair is under way, and no time says when it will be done: the team can plan with a rough one."""
    if any(one.due is not None for one in context.promises) or any(True for _ in _estimates(context)):
        return
    for place in context.places("recovery"):
        sentence = context.text.sentences[place]
        words = context.text.of(sentence)
        if re.search(_MENDING, words, re.IGNORECASE) and not re.search(
            r"\d[:.]\d\d|\d\s*(?:min|h\b|hour)|\b(?:complete|done|back|since)\b", words
        ):
            yield Remark(sentence.start, sentence.end)
            return


def _estimates(context: Context) -> Iterator[tuple[int, int]]:
    for one in context.promises:
        if one.kind == "fix" and one.due is not None and one.firmness in ("firm", "expectation") and one.due > context.at:
            yield one.start, one.end
    estimate = re.compile(_ESTIMATE, re.IGNORECASE).search  # looked up once, not for each sentence
    for sentence in context.text.sentences:
        words = context.text.masked[sentence.start : sentence.end]
        found = estimate(words)
        if found and re.search(r"\d", words[found.start() :]):
            yield sentence.start + found.start(), sentence.end


def fact_without_time(context: Context, _rule: Rule) -> Iterator[Remark]:
    """It says what happened and nowhere when."""
    places = context.places("fact")
    if not places:
        return
    if any("clock" in marks for marks in context.reading.features) or re.search(_SINCE, context.text.masked, re.IGNORECASE):
        return
    sentence = context.text.sentences[places[0]]
    yield Remark(sentence.start, sentence.end)


def promise_without_time(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A promise with no time in it: nobody can plan around it, nobody can say that it was kept."""
    for promise in context.promises:
        if promise.actor == "speaker" and promise.firmness == "vague":
            yield Remark(promise.start, promise.end, {"words": promise.quote})
