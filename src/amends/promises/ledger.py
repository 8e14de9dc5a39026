"""Promises with what became of them: which message settles which, what a person must answer next, and what an absence leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from amends.promises.promise import standing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.core.incident import SentMessage
    from amends.promises.promise import Event, Promise, Standing

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A promise, everything that happened to it in the order it was recorded, and how it stands at the moment it was asked for."""

    promise: Promise
    events: tuple[Event, ...]
    standing: Standing

    @property
    def is_settled(self) -> bool:
        """Whether nobody has to do anything about it."""
        return not self.standing.step

    @property
    def recipient(self) -> str:
        """Who has to see to it: the owner, or who made it where nobody owns it or its owner declined."""
        owner = self.standing.owner
        return owner if owner is not None and self.standing.state != "declined" else self.promise.maker

    def is_seen_by(self, person: str) -> bool:
        """Whether a person may know of it: a private promise is seen by who made it, who owns it and who was offered it."""
        return not self.promise.private or person in (self.promise.maker, self.standing.owner, self.standing.offered_to)


def entry_of(told: tuple[Promise, tuple[Event, ...]], now: datetime) -> LedgerEntry:
    """A promise and its events, as they stand at `now`."""
    promise, events = told
    return LedgerEntry(promise, events, standing(promise, events, now))


def settles(promise: Promise, message: SentMessage) -> bool:
    """Whether a message is the update that was promised: a later one about the same incident to the same audience."""
    same = promise.incident_id is not None and (promise.incident_id, promise.audience) == (message.incident_id, message.audience)
    return promise.kind == "next_update" and same and message.sent_at > promise.made_at


def by_urgency(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """What is due first stands first; what has no time stands last."""
    return sorted(entries, key=lambda entry: (entry.promise.due or _NEVER, entry.promise.made_at, entry.promise.id))


def left_behind(entries: Iterable[LedgerEntry], person: str, leaves: datetime, returns: datetime) -> list[LedgerEntry]:
    """The promises that an absence would break, in order of urgency.

    Each one that falls due in it must be handed over (accepted by somebody, and those it was made to told), moved or withdrawn. What was
    handed over stays in the list until it is taken on and told; what was missed before the person leaves is in it too.
    """
    return by_urgency(entry for entry in entries if _is_left(entry, person, leaves, returns))


def _is_left(entry: LedgerEntry, person: str, leaves: datetime, returns: datetime) -> bool:
    promise, now = entry.promise, entry.standing
    if promise.due is None or promise.due > returns or not now.step:
        return False
    if now.owner == person and not now.closed:
        return now.state == "missed" or promise.due >= leaves
    given_away = now.step == "tell" and person in (promise.owner, now.owner)
    return given_away and promise.due >= leaves


_CLOSED = {
    "kept": "it is settled already",
    "late": "it is settled already",
    "unverifiable": "it is settled already, though no time was promised",
    "moved": "it was moved, and the promise that took its place counts now",
    "withdrawn": "it was withdrawn",
    "missed": "it stays missed, and what took its place counts now",
}


def refusal(now: Standing, what: str) -> str:
    """Why an act of `promise.EVENTS` makes no sense where a promise stands, or "" where it does."""
    if what == "told":
        return "" if now.untold else "nothing about it has changed that anybody has not heard"
    if now.closed:
        return _CLOSED[now.state]
    if what == "accepted":
        return "" if now.state in ("proposed", "declined") else "it is accepted already"
    if what == "declined":
        return "" if now.state == "proposed" else "it was accepted; withdraw it, move it, or hand it over"
    if what in ("taken-on", "turned-down"):
        return "" if now.offered_to is not None else "it was offered to nobody"
    if what == "offered" and now.state in ("proposed", "declined"):
        return "nobody has accepted it yet; accept it for its new owner instead"
    return ""
