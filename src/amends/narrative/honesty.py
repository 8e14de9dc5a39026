"""How honest the status of an incident was: what was told and later contradicted, put right, softened, and said in time.

Every figure has its parts, each quoting what it rests on, and says that it cannot tell where there is too little. Nothing here is about a
person: who wrote a message is not looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING

from amends.incidents.facts import time_in
from amends.incidents.hearing import line_of
from amends.narrative.contradicting import READERS, Part, Quoted, contradicted, of_account, of_record, said_in, softened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import tzinfo

    from amends.core.incident import SentMessage
    from amends.incidents.firsts import Firsts
    from amends.incidents.story import Story
    from amends.language.records import Document
    from amends.narrative.account import Account
    from amends.narrative.followups import Repeated
    from amends.promises.ledger import LedgerEntry

FIGURES = ("contradicted", "put-right", "found-first", "softened", "repeated", "in-time", "first-honest")
"""The figures in the order in which they are told."""

LEAST = 3
"""Of fewer than this no share is given: one of two is no habit. The threshold is ours."""

_OTHERS_FOUND = re.compile(
    r"\b(?:customers?|clients?|users?|partners?|readers?|students?|suppliers?|merchants?|support|finance|auditors?|journalists?|somebody"
    r"|someone|several of you|some of you|one of you|you|they)\b(?: \w+){0,3}"
    r" (?:told us|told me|pointed|noticed|reported|wrote|found|complained|called|asked)\b"
    r"|\b(?:reported|pointed out|found|noticed|raised|flagged) by (?!us\b|our\b|me\b)\w+|brought to our attention"
    r"|\bthank\w*\b[^.!?]{0,60}\bfor (?:pointing|telling|noticing|reporting|asking|flagging)",
    re.IGNORECASE,
)
_WE_FOUND = re.compile(
    r"\b(?:we|i)\b(?: have| had| then| since| only| now)*(?: \w+ly)? (?:found|noticed|saw|counted|recounted|checked|discovered|realised"
    r"|realized|compared|re-?ran|spotted)\b|\b(?:our|my)(?: own)? (?:count|recount|check|review|monitoring|alert|reconciliation)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `count` of `n`, or `seconds`; `says` tells it in a sentence.

    `known` is False where there is too little to tell; `share` is None then, and also where a share means nothing.
    """

    name: str
    says: str
    n: int
    count: int
    parts: tuple[Part, ...]
    known: bool
    share: float | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class StatusHonesty:
    """The figures of one incident, in the order of `FIGURES`, and the promises that were repeated without a date."""

    incident_id: str
    figures: tuple[Figure, ...]
    repeated: tuple[Repeated, ...]

    def get(self, name: str) -> Figure:
        """The figure of a name of `FIGURES`."""
        return next(one for one in self.figures if one.name == name)


def honesty(
    story: Story,
    account: Account,
    read: Callable[[SentMessage], Document],
    firsts: Firsts,
    repeated: tuple[Repeated, ...] = (),
    *,
    vague: int = 0,
    zone: tzinfo = UTC,
) -> StatusHonesty:
    """The status honesty of an incident; `read` gives what the engine says of a message.

    `repeated` and `vague` are what `followups.repeated` found, and of how many promises without a date. Times are told in `zone`. What
    reached nobody was told to nobody, and private promises are nobody else's.
    """
    told = [said for message in story.reached for said in said_in(message, read(message))]
    others = [*of_account(account), *of_record(story)]
    wrong = contradicted(story, account, told, others, zone)
    return StatusHonesty(
        story.incident.id,
        (
            _share("contradicted", wrong, "statements that could be checked later", "turned out to be wrong"),
            _put_right(story, wrong),
            _found_first(story, firsts),
            _share("softened", softened(told, others), "later tellings of a figure that was known", "no longer gave it"),
            _repeated(repeated, vague),
            _in_time(story, zone),
            _first_honest(story, firsts),
        ),
        repeated,
    )


# Put right, and by whom found


def _put_right(story: Story, wrong: Sequence[Part]) -> Figure:
    """How many of the messages with something wrong were corrected: by a message that names them."""
    by_id = {message.id: message for message in story.reached}
    parts = []
    for name in dict.fromkeys(part.quotes[0].id for part in wrong if part.counts):
        message = by_id[name]
        line = line_of(message, story.reached)
        later = line[line.index(message) + 1 :]
        first = next(part.quotes[0] for part in wrong if part.counts and part.quotes[0].id == name)
        if later:
            last = later[-1]
            quotes = (first, Quoted("message", last.id, _first_line(last.text), last.sent_at))
            parts.append(Part("a later message corrected it", last.sent_at, quotes))
        else:
            parts.append(Part("no message corrected it", message.sent_at, (first,), counts=False))
    return _share("put-right", parts, "messages with something wrong in them", "were corrected by a later one")


def _found_first(story: Story, firsts: Firsts) -> Figure:
    """Of what was wrong, the incident and each message that was corrected, how much we found before others told us."""
    parts = []
    unknown = 0
    found = story.milestone("detected")
    if found is not None and firsts.found_by in ("us", "others"):
        quoted = Quoted("record", found.id, found.text or f"found by {firsts.found_by}", found.recorded_at)
        text = "the incident: we found it ourselves" if firsts.found_by == "us" else "the incident: others told us"
        parts.append(Part(text, found.at, (quoted,), counts=firsts.found_by == "us"))
    else:
        unknown += 1
    for message in (one for one in story.reached if one.corrects is not None):
        others, ours = _OTHERS_FOUND.search(message.text), _WE_FOUND.search(message.text)
        sign = others or ours
        if sign is None:
            unknown += 1
            continue
        text = "a correction: others found what was wrong" if others else "a correction: we found what was wrong"
        quoted = Quoted("message", message.id, _around(message.text, sign.start(), sign.end()), message.sent_at)
        parts.append(Part(text, message.sent_at, (quoted,), counts=others is None))
    made = _share("found-first", parts, "things that were wrong and of which it is known who found them", "were found by us first")
    rest = f" Of {unknown} more nobody wrote down who found them." if parts and unknown else ""
    return replace(made, says=made.says + rest)


# Promises and firsts


def _repeated(repeated: Sequence[Repeated], vague: int) -> Figure:
    parts = tuple(
        Part(
            f"to {READERS.get(one.audience or '', 'readers')}: {one.drift.message}",
            one.occurrences[-1].at,
            tuple(Quoted("message", told.message_id, told.quote, told.at) for told in one.occurrences),
        )
        for one in repeated
    )
    if vague == 0:
        return Figure("repeated", "Cannot tell yet: no promise was made without a date.", 0, 0, (), known=False)
    says = f"{_things(vague, 'promise')} without a date; {len(parts) or 'none'} of them came again in a later message without one."
    return Figure("repeated", says[0].upper() + says[1:], vague, len(parts), parts, known=True)


_FATES = {"kept": "in time", "late": "late", "missed": "never"}


def _in_time(story: Story, zone: tzinfo) -> Figure:
    """How many of the promised next updates came in time; those that are open, moved or withdrawn before they were due do not count."""
    judged = [
        entry
        for entry in story.promises
        if entry.promise.kind == "next_update" and not entry.promise.private and entry.standing.state in _FATES
    ]
    return _share("in-time", [_kept(entry, zone) for entry in judged], "promised updates that were due", "came in time")


def _kept(entry: LedgerEntry, zone: tzinfo) -> Part:
    promise, now = entry.promise, entry.standing
    due = time_in(promise.due, promise.made_at, zone) if promise.due is not None else "no time"
    late = f", {now.late_by_s // 60} min" if now.state == "late" and now.late_by_s >= 60 else ""
    quotes = [Quoted("promise", promise.id, promise.words, promise.made_at)]
    if promise.message_id is not None:
        quotes.append(Quoted("message", promise.message_id, promise.words, promise.made_at))
    text = f"promised for {due}; it came {_FATES[now.state]}{late}"
    return Part(text, now.settled_at or promise.due or promise.made_at, tuple(quotes), counts=now.state == "kept")


def _first_honest(story: Story, firsts: Firsts) -> Figure:
    """How long it took until a message said what happened and whom it hit, or what was not known, and softened nothing."""
    n = len(story.reached)
    if not n:
        return Figure("first-honest", "Cannot tell yet: nobody was told anything.", 0, 0, (), known=False)
    if firsts.honest is None or firsts.seconds_to_honest is None:
        says = f"None of {_things(n, 'message')} says what happened and whom it hit, or what is not known, without softening it."
        return Figure("first-honest", says, n, 0, (), known=True)
    sent = firsts.honest
    number = next(place for place, one in enumerate(story.reached, 1) if one.id == sent.id)
    text = f"message {number} of {n}: it says what happened and whom it hit, or what is not known"
    part = Part(text, sent.sent_at, (Quoted("message", sent.id, _first_line(sent.text), sent.sent_at),))
    says = f"{_length(firsts.seconds_to_honest)} from the beginning until the first honest status."
    return Figure("first-honest", says, n, 1, (part,), known=True, seconds=firsts.seconds_to_honest)


# In words


def _share(name: str, parts: Sequence[Part], of_what: str, which: str) -> Figure:
    """A figure that counts some of its parts; no share of fewer than `LEAST`."""
    n, count = len(parts), sum(part.counts for part in parts)
    if n == 0:
        return Figure(name, f"Cannot tell yet: there are no {of_what}.", 0, 0, (), known=False)
    if n < LEAST:
        says = f"Cannot tell yet how often: {count} of {n} {of_what} {which}."
        return Figure(name, says, n, count, tuple(parts), known=False)
    return Figure(name, f"{count} of {n} {of_what} {which}.", n, count, tuple(parts), known=True, share=count / n)


def _length(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _things(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _around(text: str, start: int, end: int) -> str:
    """The sentence or line around a span."""
    begin = max((text.rfind(mark, 0, start) + len(mark) for mark in (". ", "! ", "? ", "\n") if text.rfind(mark, 0, start) >= 0), default=0)
    stop = min((place + 1 for mark in (".", "!", "?", "\n") if (place := text.find(mark, end)) >= 0), default=len(text))
    return text[begin:stop].strip()
