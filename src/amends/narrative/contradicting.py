"""What messages claimed, held against what was said later: contradicted by a message, the account, a measure or the record; or softened."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from amends.core.incident import STATUSES
from amends.incidents.facts import time_in, words_of
from amends.narrative.checkable import EVENTS, Claim, claims
from amends.narrative.concepts import STOP, stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, tzinfo

    from amends.core.incident import SentMessage
    from amends.incidents.story import Story
    from amends.language.records import Document
    from amends.narrative.account import Account, Stated

SOURCES = ("message", "account", "measure", "record", "promise")
"""Where quoted words stand: a message, a point of the account, a measure that it cites, the record of the incident, the ledger."""

READERS = {"team": "the team", "leadership": "leadership", "customers": "customers", "partner": "partners"}
"""Audiences as they stand in a sentence."""

_MINUTE = timedelta(minutes=1)
_ROUGHLY = timedelta(minutes=15)
"""How far a time may be off that was told with "about"."""
_ANOTHER_DAY = timedelta(hours=6)
"""Times further apart are of another day, or were read as such: a clock time told days later without its date accuses nobody."""
_CLOSE = 0.15
"""How far a figure may be off that was told with "about", as a share of the other."""
_MILESTONES = {"began": "impact-began", "detected": "detected", "contained": "contained", "recovered": "recovered"}
_SHOWN = frozenset({"confirmed", "likely"})
"""How well a point of the account must be supported to contradict a message."""
_GENERIC = frozenset(map(stem, "incident outage problem issue disruption impact".split()))
_SAID_WITH = frozenset(
    map(stem, "utc began begun begin begins started since noticed detected spotted aware became discovered contained mitigated recovered"
              " resolved restored back normal right works worked working again about around time it we".split())
)  # fmt: skip
"""Words that tell of an event and not of what it happened to."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that something rests on: `source` is one of `SOURCES`, `id` the message, item, promise or event, `at` when it was said."""

    source: str
    id: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a figure counts: `text` says it in a sentence, `counts` whether it is among those counted, not only looked at."""

    text: str
    at: datetime
    quotes: tuple[Quoted, ...]
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """A claim with where it stands; `message` where it was sent, None for what the account or the record say."""

    claim: Claim
    quoted: Quoted
    message: SentMessage | None = None


# What was said, and what speaks of it


def said_in(message: SentMessage, document: Document) -> Iterator[Said]:
    """The checkable claims of a message."""
    past = tuple((one.start, one.end, one.time) for one in document.past_times if one.time is not None)
    for claim in claims(message.text, message.sent_at, document.tz, past):
        yield Said(claim, Quoted("message", message.id, claim.quote, message.sent_at), message)


def of_account(account: Account) -> Iterator[Said]:
    """What the account says on evidence, and what the measures say that it cites."""
    for one in account.points:
        point = one.point
        if point.part not in ("claim", "cost") or (point.part == "claim" and one.support.status not in _SHOWN):
            continue
        words = (
            point.text if point.value is None or point.value in point.text else f"{point.value} {point.text[:1].lower()}{point.text[1:]}"
        )
        shown = point.text if words == point.text else f"{point.text}: {point.value}"
        quoted = Quoted("account", one.item, shown, point.recorded_at)
        for claim in claims(words, point.recorded_at, None, ()):
            if claim.kind == "count":
                yield Said(claim, quoted)
        if point.at is not None:
            yield from (Said(replace(claim, at=point.at), quoted) for claim in _event_of(words, point.at))
        for cited in one.evidence:
            if cited.kind == "measure" and cited.stance == "supports" and cited.text:
                for claim in claims(cited.text, cited.recorded_at, None, ()):
                    yield Said(claim, Quoted("measure", one.item, cited.text, cited.recorded_at))


def _event_of(words: str, at: datetime) -> tuple[Claim, ...]:
    """What of the incident a claim of the account is told of, as if its time stood in its words."""
    clock = f"At {at.astimezone(UTC):%H:%M} UTC "
    told = claims(clock + words, at, "UTC", ((3, 12, at),))
    return tuple(one for one in told if one.kind == "time")


def of_record(story: Story) -> Iterator[Said]:
    """The numbers that were written down, and the milestones."""
    for fact in story.standing("fact", "number"):
        words = words_of(fact)
        for claim in claims(words, fact.recorded_at, None, ()):
            yield Said(claim, Quoted("record", fact.id, words, fact.recorded_at))
    for event in EVENTS:
        reached = story.milestone(_MILESTONES[event])
        if reached is not None:
            words = reached.text or (reached.kind or "").replace("-", " ")
            claim = Claim("time", event, words, 0, len(words), at=reached.at, around=_GENERIC)
            yield Said(claim, Quoted("record", reached.id, words, reached.recorded_at))


# Contradicted


def contradicted(story: Story, account: Account, told: Sequence[Said], others: Sequence[Said], zone: tzinfo) -> list[Part]:
    """The claims of messages, `told`, that something spoke of later, in the order in which it did; those count that it contradicts."""
    parts = []
    title = _words(story.incident.title)
    alike: dict[tuple[object, ...], list[Said]] = {}
    for one in (*told, *others):
        alike.setdefault(_kind_of(one.claim), []).append(one)
    for one in told:
        own = [other for other in alike[_kind_of(one.claim)] if _is_same(one.claim, other.claim, title)]
        found = _against_over(story, one, zone) if one.claim.kind == "over" else _against(story, one, own, zone)
        if found is not None:
            parts.append(found)
    return sorted([*parts, *_cited_against(story, account)], key=lambda part: part.at)


def _against(story: Story, one: Said, alike: Sequence[Said], zone: tzinfo) -> Part | None:
    """A claim with the first that contradicts it, else with the last that bears it out; None where nothing spoke of it later.

    What the account, a measure or the record says goes before what a later message says, which may itself be wrong.
    """
    known = [other for other in alike if other.message is None] or [other for other in alike if _comes_after(one, other)]
    later = sorted(known, key=lambda other: other.quoted.at)
    if not later:
        return None
    wrong = next((other for other in later if not _agrees(story, one, other)), None)
    other = wrong or later[-1]
    if wrong is None:
        return Part(f"{_source(other)} bears out what was told", other.quoted.at, (one.quoted, other.quoted), counts=False)
    return Part(
        f"{_told(story, one, zone)}; {_source(other)} says {_what(story, other, zone)}", other.quoted.at, (one.quoted, other.quoted)
    )


def _comes_after(one: Said, other: Said) -> bool:
    """Whether one message was sent after another."""
    sent, later = one.message, other.message
    return sent is not None and later is not None and (later.sent_at, later.id) > (sent.sent_at, sent.id)


def _kind_of(claim: Claim) -> tuple[object, ...]:
    """What must be equal in two claims that are about the same thing."""
    names = claim.names if claim.kind == "count" else None
    return claim.kind, claim.about, claim.noun, names, claim.share


def _is_same(a: Claim, b: Claim, title: frozenset[str]) -> bool:
    """Whether two claims of one kind are about the same thing; times only where both are of the whole incident, by its title."""
    if a.kind == "count":
        return "vague" not in (a.bound, b.bound) and not a.is_state
    if not (a.names ^ b.names) <= title:
        return False
    whole = _GENERIC | _stems(title)
    rests = (one.around - _SAID_WITH for one in (a, b))
    return all(not rest or not rest.isdisjoint(whole) for rest in rests)  # not a part of it that began later, or was noticed later


def _agrees(story: Story, one: Said, other: Said) -> bool:
    a, b = one.claim, other.claim
    if a.at is not None and b.at is not None:
        off = abs(a.at.replace(second=0, microsecond=0) - b.at.replace(second=0, microsecond=0))
        return off >= _ANOTHER_DAY or off <= (_ROUGHLY if "about" in (a.bound, b.bound) else _MINUTE)
    if a.value is None or b.value is None:
        return True
    if a.out_of is not None and b.out_of is not None and a.out_of != b.out_of:
        return True  # other totals: counted over another stretch of time
    assert one.message is not None, "only messages are held against others"
    return _fits(a, b, growing=a.running or not _was_over(story, one.message.sent_at))


def _fits(a: Claim, b: Claim, *, growing: bool) -> bool:
    """Whether a count and a later one can both be right; `growing` when the first may have grown meanwhile."""
    first, second = a.value or 0.0, b.value or 0.0
    if first == second or _rounds_to(first, second) or _rounds_to(second, first):
        return True
    if "about" in (a.bound, b.bound) and abs(first - second) <= _CLOSE * max(first, second):
        return True
    if first < second:
        return growing or a.bound == "at-least" or b.bound == "at-most" or (bool(a.stretch) and a.stretch != b.stretch)
    return a.bound == "at-most" or b.bound == "at-least" or (bool(b.stretch) and a.stretch != b.stretch)


def _rounds_to(rough: float, exact: float) -> bool:
    """Whether a figure is another with its last digits rounded or cut away, of which it must keep two: 4,200 for 4,212."""
    digits = f"{rough:.0f}".rstrip("0")
    zeros = len(f"{rough:.0f}") - len(digits)
    return len(digits) >= 2 and zeros > 0 and abs(rough - exact) < 10**zeros


def _was_over(story: Story, at: datetime) -> bool:
    """Whether the incident no longer grew at a moment, as far as anybody wrote down."""
    ends = [reached.at for kind in ("contained", "recovered") if (reached := story.milestone(kind)) is not None]
    ends += [event.at for event in story.events if event.what == "status" and event.kind in STATUSES[STATUSES.index("monitoring") :]]
    return bool(ends) and min(ends) <= at


def _against_over(story: Story, one: Said, zone: tzinfo) -> Part | None:
    """That an incident was called over, with what the record says of that; None where it does not say."""
    at = one.quoted.at
    back = next(
        (
            event
            for event in story.events
            if event.what == "status" and event.at > at and event.kind in STATUSES[: STATUSES.index("monitoring")]
        ),
        None,
    )
    if back is not None:
        quoted = Quoted("record", back.id, f"status: {back.kind}", back.recorded_at)
        return Part(f"it was called over, and was {back.kind} again at {time_in(back.at, at, zone)}", back.at, (one.quoted, quoted))
    ended = story.milestone("recovered") or story.milestone("contained")
    if ended is None:
        return None
    quoted = Quoted("record", ended.id, ended.text or (ended.kind or ""), ended.recorded_at)
    if ended.at - at >= 2 * _MINUTE:
        text = f"it was called over before it was {ended.kind}, at {time_in(ended.at, at, zone)}"
        return Part(text, ended.recorded_at, (one.quoted, quoted))
    return Part("the record bears out what was told", ended.recorded_at, (one.quoted, quoted), counts=False)


def _cited_against(story: Story, account: Account) -> Iterator[Part]:
    """Messages that somebody cited because they contradict a point that stands on evidence."""
    sent = {message.id: message for message in story.reached}
    for one in account.points:
        for cited in one.evidence:
            message = sent.get(cited.ref or "") if cited.kind == "message" else None
            if message is None or cited.stance != "contradicts" or one.support.status == "unsupported":
                continue
            quotes = (Quoted("message", message.id, cited.quote or message.text, message.sent_at), _quote_of(one))
            yield Part("the account holds otherwise, and cites what was told as speaking against it", cited.recorded_at, quotes)


def _told(story: Story, one: Said, zone: tzinfo) -> str:
    to = f"{_readers(one.message.audience)} were told" if one.message is not None else "it was told"
    return f"{to} {_what(story, one, zone)}"


def _what(story: Story, one: Said, zone: tzinfo) -> str:
    """The figure or the time of a claim as it stands in a sentence of ours."""
    claim = one.claim
    if claim.at is not None:
        return f"{'about ' if claim.bound == 'about' else ''}{time_in(claim.at, story.incident.started_at, zone)}"
    figure = f"{claim.value:,.10g}{'%' if claim.share else ''}"
    figure = f"{figure} of {claim.out_of:,.10g}" if claim.out_of is not None else figure
    return {"about": "about ", "at-least": "at least ", "at-most": "at most "}.get(claim.bound, "") + figure


def _source(one: Said) -> str:
    return {"message": "a later message", "account": "the account", "measure": "a measure", "record": "the record"}[one.quoted.source]


def _readers(audience: str | None) -> str:
    return READERS.get(audience or "", "readers")


def _quote_of(one: Stated) -> Quoted:
    return Quoted("account", one.item, one.point.text, one.point.recorded_at)


# Softened


def softened(told: Sequence[Said], others: Sequence[Said]) -> list[Part]:
    """Later tellings, to the same readers or of what the account knew by then, of a count that had a figure: with it, or no longer."""
    parts = []
    alike: dict[tuple[object, ...], list[Said]] = {}
    for one in (*told, *others):
        if one.claim.value is not None and not one.claim.is_state:
            alike.setdefault(_kind_of(one.claim)[:-1], []).append(one)
    for one in told:
        message, claim = one.message, one.claim
        if message is None or claim.kind != "count":
            continue
        own = alike.get(_kind_of(claim)[:-1], ())
        known = [other for other in own if _was_known(other, message)]
        if not known:
            continue
        gives_it = any(other.message is message for other in own)
        last = max(known, key=lambda other: other.quoted.at)
        quotes = (last.quoted, one.quoted)
        if gives_it:
            parts.append(Part("a figure is given", message.sent_at, quotes, counts=False))
        else:
            parts.append(Part(f"{_readers(message.audience)} no longer read the figure that was known by then", message.sent_at, quotes))
    return parts


def _was_known(other: Said, message: SentMessage) -> bool:
    if other.message is None:
        return other.quoted.at < message.sent_at
    return other.message.audience == message.audience and other.message.sent_at < message.sent_at


def _stems(words: frozenset[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in words if word not in STOP)


def _words(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]+", words.lower()))
