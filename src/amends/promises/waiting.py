"""The promises of one incident that wait for a later update, and what settles them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.promises import fate
from amends.promises.updates.update import RESOLVED, TOP, word

if TYPE_CHECKING:
    from datetime import datetime

    from amends.language.records import Commitment
    from amends.promises.updates.update import Update

TOLD = {
    "past": "its time had passed when it was published",
    "unseen": "published updates do not show whether it was done",
    "unsaid": "no later update says that it is resolved",
    "timeless": "no time that can be checked",
}
"""Why nobody can tell."""

_WORDS = re.compile(r"[a-z]{3,}")
_COMMON = frozenset(
    "will the and for our are have has been with that this from today tomorrow tonight utc gmt next update expect plan hours minutes hour"
    " minute day days week end noon midnight monday tuesday wednesday thursday friday saturday sunday now instead later earlier still not"
    " january february march april june july august september october november december again until before within about".split()
)


class Open:
    """A promise on its way; `found` is what the text says, `update` what said it."""

    __slots__ = ("at", "by", "fate", "found", "moved_to", "reason", "update")

    def __init__(self, update: Update, found: Commitment) -> None:
        self.update = update
        self.found = found
        self.fate: str | None = None
        self.at: datetime | None = None
        self.by: str | None = None
        self.reason: str | None = None
        self.moved_to: datetime | None = None


class Waiting:
    """The promises of one incident that a later update may still settle, by who has to speak, so that a busy channel costs no more."""

    def __init__(self) -> None:
        self._by_author: dict[str | None, list[Open]] = {}
        self._fixes: list[Open] = []  # past their time; only an update that says resolved is of interest to them

    def add(self, one: Open) -> None:
        """Wait for what settles a promise."""
        self._by_author.setdefault(_speaker(one.update), []).append(one)

    def hear(self, update: Update, said: list[Commitment]) -> None:
        """Settle what an update settles."""
        resolved = word(update.status) in RESOLVED
        for who in {None, _speaker(update)}:
            own = self._by_author.get(who)
            if own:
                left = [one for one in own if not _settles(one, update, said, resolved=resolved)]
                late = [one for one in left if _only_resolved(one, update)]
                self._fixes += late
                self._by_author[who] = [one for one in left if one not in late] if late else left
        if resolved and self._fixes:
            self._fixes = [one for one in self._fixes if not _settles(one, update, said, resolved=True)]


def _speaker(update: Update) -> str | None:
    """Who has to speak so that a promise is kept: whoever made it in talk, and anybody elsewhere."""
    return update.author or "" if update.talk else None


def _settles(one: Open, update: Update, said: list[Commitment], *, resolved: bool) -> bool:
    """Whether a later update ends the waiting for a promise."""
    due, kind = one.found.due, one.found.kind
    assert due is not None, "what has no time does not wait"
    if update.at <= one.update.at or not _reaches(one.update, update):
        return False
    if kind == "next_update" or (kind == "fix" and resolved):
        one.fate, one.at, one.by = fate.settled(due, update.at), update.at, update.id
        return True
    if fate.unsettled(due, update.at) != "open":  # too late to be moved
        if kind == "fix" and not one.update.talk:
            return False
        one.fate, one.reason = "unverifiable", TOLD["unsaid" if kind == "fix" else "unseen"]  # talk has no status that could tell
        return True
    new = next((other for other in said if _restates(other, one.found)), None)
    if new is None or new.due is None:
        return False
    one.fate, one.at, one.by, one.moved_to = "moved", update.at, update.id, new.due
    one.reason = f"moved by {update.id}"
    return True


def _only_resolved(one: Open, update: Update) -> bool:
    """Whether nothing but a word that it is resolved can settle a promise any more."""
    return one.found.kind == "fix" and fate.unsettled(one.found.due, update.at) != "open"


def hopeless(one: Open) -> bool:
    """Whether nothing can be waited for: no time, or one that was over when it was said."""
    due = one.found.due
    if due is None:
        one.fate, one.reason = "unverifiable", one.found.note or TOLD["timeless"]
    elif fate.unsettled(due, one.update.at) == "missed":
        one.fate, one.reason = "unverifiable", TOLD["past"]
    return one.fate is not None


def _reaches(made: Update, later: Update) -> bool:
    """Whether a later update speaks to those to whom the promise was made, where somebody else could speak."""
    if made.audience is not None and later.audience is not None and made.audience != later.audience:
        return False
    if not made.talk:
        return True
    return made.author == later.author and (made.places is later.places is TOP or not set(made.places).isdisjoint(later.places))


def _restates(new: Commitment, old: Commitment) -> bool:
    """Whether a promise gives the same thing another time."""
    if new.kind != old.kind or new.due is None or new.due == old.due:
        return False
    return not (set(_WORDS.findall(new.quote.lower())) - _COMMON).isdisjoint(_WORDS.findall(old.quote.lower()))
