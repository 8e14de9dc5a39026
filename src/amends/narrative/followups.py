"""The same promise, made again and again without a date: what a reader takes for work in hand, message after message.

A date ends it, and so does keeping it. That more news will come is no promise of this kind: it is how updates end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.narrative.concepts import STOP, stem
from amends.narrative.drift import Drift, Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from amends.language.records import Commitment

ALIKE = 0.6
"""How much of the words of two promises must be the same, weighed as a Dice coefficient, for them to be one; ours, from the tests."""

ALIKE_APART = 0.8
"""The same where each has words of its own: an alert for the queue is not one for the disk."""

LEAST_SHARED = 2
"""So many words they must share at least: "We will improve" alone is no promise of anything."""

KEPT = frozenset({"kept", "late"})
"""Fates by which a promise was kept, in time or not."""

_SIGN_OFF = frozenset(
    map(
        stem,
        "update updates updating inform informed information news posted post keep share sharing tell let know contact touch report"
        " communicate available questions question more further soon possible continue continues monitor monitoring closely situation"
        " progress provide follow following shortly later time thank thanks patience details detail answer answers reach affected".split(),
    )
)
"""Words of which a standing sign-off is made ("we will keep you posted", "we continue to monitor"): it promises nothing else."""

_HEDGES = frozenset(
    map(
        stem,
        "soon shortly later future coming weeks week days day months month eventually asap possible plan plans planning intend look looking"
        " into working work also further going forward aim aims try trying hope want continue make making all every".split(),
    )
)
"""Words that do not say what is promised."""

_GOES_ON = re.compile(r"\b(?:continu\w+|keep|go on)\b(?: to)?(?: \w+ and)? (?:monitor|investigat|watch|look|work)\w*", re.IGNORECASE)
"""That work goes on is what every update says: a sign-off too, whatever is monitored."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A message of a row to the same readers, with the commitments that the engine found in it."""

    id: str
    audience: str | None
    at: datetime
    commitments: tuple[Commitment, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One telling of a promise: in which message, when, and its words at [start, end) of that message."""

    message_id: str
    at: datetime
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """A promise that came again without a date: every telling of it, the first first, and the drift from the first to the last.

    `ended` is `dated` or `kept` once a later message gave it a date, or it was kept, and `ended_at` when; None while it still hangs.
    """

    audience: str | None
    occurrences: tuple[Occurrence, ...]
    drift: Drift
    ended: str | None = None
    ended_at: datetime | None = None


@dataclass(slots=True)
class _Chain:
    matter: frozenset[str]
    told: list[Occurrence]
    ended: tuple[str, datetime] | None = None


def repeated(follow_ups: Iterable[FollowUp], kept: Iterable[tuple[str, datetime]] = ()) -> tuple[Repeated, ...]:
    """The promises without a date that came again in a later message to the same readers, in the order in which they began.

    `kept` are the words of promises that were kept, and when: what is promised anew after that is another promise.
    """
    found = [_repeated(audience, chain) for audience, chain in _all_chains(follow_ups, kept) if len(chain.told) > 1]
    return tuple(sorted(found, key=lambda one: (one.occurrences[0].at, one.occurrences[0].message_id, one.occurrences[0].start)))


def vague_in(follow_ups: Iterable[FollowUp], kept: Iterable[tuple[str, datetime]] = ()) -> int:
    """How many promises of something were made without a date; one that came again is one."""
    return len(_all_chains(follow_ups, kept))


def is_vague(one: Commitment) -> bool:
    """Whether a promise of the speaker names no time that anybody could hold it to, and is more than a sign-off."""
    if one.actor != "speaker" or one.kind == "next_update" or one.due is not None or _GOES_ON.search(one.quote):
        return False
    return len(matter(one.quote)) >= LEAST_SHARED and not matter(one.quote) <= _SIGN_OFF


def matter(words: str) -> frozenset[str]:
    """What a promise is about: the stems of its words without small ones and those that only put it off."""
    stems = {stem(word) for word in _WORD.findall(words.lower()) if word not in STOP}
    return frozenset(stems - _HEDGES)


def is_same(one: frozenset[str], other: frozenset[str], *, surely: bool = True) -> bool:
    """Whether two promises are about the same thing; surely, where it is held against somebody, else also where each adds something."""
    shared = len(one & other)
    least = ALIKE_APART if surely and one - other and other - one else ALIKE
    return shared >= LEAST_SHARED and 2 * shared >= least * (len(one) + len(other))


def _all_chains(follow_ups: Iterable[FollowUp], kept: Iterable[tuple[str, datetime]]) -> list[tuple[str | None, _Chain]]:
    settled = [(matter(words), at) for words, at in kept]
    rows: dict[str | None, list[FollowUp]] = {}
    for one in sorted(follow_ups, key=lambda one: (one.at, one.id)):
        rows.setdefault(one.audience, []).append(one)
    return [(audience, chain) for audience, row in rows.items() for chain in _chains(row, settled)]


def _chains(row: Sequence[FollowUp], settled: Sequence[tuple[frozenset[str], datetime]]) -> list[_Chain]:
    """Promises told without a date, each with its tellings; one that got a date, or was kept, begins anew."""
    chains: list[_Chain] = []
    for follow_up in row:
        _end_kept(chains, follow_up.at, settled)
        for said in follow_up.commitments:
            if said.actor == "speaker" and said.due is not None:
                about = matter(said.quote.replace(said.time_quote or "", " "))
                for chain in (one for one in chains if one.ended is None and is_same(one.matter, about, surely=False)):
                    chain.ended = "dated", follow_up.at
        for said in (one for one in follow_up.commitments if is_vague(one)):
            about = matter(said.quote)
            told = Occurrence(follow_up.id, follow_up.at, said.quote, said.start, said.end)
            chain = next((one for one in chains if one.ended is None and is_same(one.matter, about)), None) or _Chain(about, [])
            if not chain.told:
                chains.append(chain)
            if not chain.told or chain.told[-1].at < follow_up.at:  # twice at once is a matter of style, or one message in two places
                chain.told.append(told)
    _end_kept(chains, None, settled)
    return chains


def _end_kept(chains: Iterable[_Chain], before: datetime | None, settled: Sequence[tuple[frozenset[str], datetime]]) -> None:
    """End the promises that were kept since they were first told, until `before`."""
    for chain in (one for one in chains if one.ended is None):
        kept = [
            at
            for about, at in settled
            if chain.told[0].at <= at and (before is None or at <= before) and is_same(chain.matter, about, surely=False)
        ]
        if kept:
            chain.ended = "kept", min(kept)


_ENDED = {
    None: ", and never with a date: a reader would believe that it is in hand",
    "dated": "; it got a date on {}",
    "kept": "; it was kept on {}",
}


def _repeated(audience: str | None, chain: _Chain) -> Repeated:
    first, last = chain.told[0], chain.told[-1]
    times = len(chain.told)
    nth = _ORDINALS[times] if times < len(_ORDINALS) else f"{times}th"
    how, at = chain.ended or (None, None)
    message = f"promised for the {nth} time since {_day(first.at)}{_ENDED[how].format(_day(at) if at is not None else '')}"
    drift = Drift("repeated_promise", "warning", message, Side(first.start, first.end, first.quote), Side(last.start, last.end, last.quote))
    return Repeated(audience, tuple(chain.told), drift, how, at)


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"
