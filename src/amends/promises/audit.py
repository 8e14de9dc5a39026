"""What became of the promises in a stream of published updates. Fates depend on times alone, and nobody is accused without evidence.

The next update of the same incident (to the same audience; in talk, by the same author and in the same thread) keeps a promise of
an update. A promise of a fix is kept by the update that says resolved. Whether anything else was done, a stream of updates cannot
show, so it is unverifiable and not missed. A later message that names a new time before the old one has passed moves a promise.
"""

from __future__ import annotations

import re
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from amends.core.record import record
from amends.language.commitments import find
from amends.language.text import parse
from amends.language.times.calendar import DEFAULT
from amends.promises import fate
from amends.promises.updates.update import TOP, problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amends.core.problem import Problem
    from amends.language.records import Commitment
    from amends.language.times.calendar import Calendar
    from amends.promises.updates.update import Update

RESOLVED = frozenset({"resolved", "completed", "complete", "closed", "fixed", "done"})
"""Words of a status that say that it is over."""
FINAL = RESOLVED | {"postmortem", "canceled", "cancelled", "false alarm"}
"""Words of a status after which no update is owed."""

TOLD = {
    "past": "its time had passed when it was published",
    "unseen": "published updates do not show whether it was done",
    "unsaid": "no later update says that it is resolved",
    "timeless": "no time that can be checked",
}
"""Why nobody can tell."""

_MOST_IDS = 100_000
"""How many ids of one incident are remembered to find duplicates."""
_WORDS = re.compile(r"[a-z]{3,}")
_COMMON = frozenset(
    "will the and for our are have has been with that this from today tomorrow tonight utc gmt next update expect plan hours minutes hour"
    " minute day days week end noon midnight monday tuesday wednesday thursday friday saturday sunday now instead later earlier still not"
    " january february march april june july august september october november december again until before within about".split()
)


@record
class AuditedPromise:
    """One promise of an update, and what became of it. `message` and `settled_by` are ids of updates.

    `late_by_s` is 0 where it was kept, None where nothing settled it; `reason` says why nobody can tell, or what moved it;
    `moved_to` is the time that took the place of the old one.
    """

    incident: str
    message: str
    made_at: datetime
    quote: str
    kind: str
    firmness: str
    due: datetime | None
    grain: str | None
    fate: str
    settled_at: datetime | None
    late_by_s: int | None
    settled_by: str | None
    reason: str | None
    moved_to: datetime | None
    title: str | None
    author: str | None
    audience: str | None
    source: str
    line: int | None


@record
class Silent:
    """An update that neither ended its incident nor said when the next one comes."""

    incident: str
    message: str
    at: datetime
    status: str | None
    title: str | None
    source: str
    line: int | None


@record
class Passed:
    """One incident is done: how many updates it had, and the first and the last time."""

    incident: str
    title: str | None
    updates: int
    first: datetime
    last: datetime
    ended: bool


class _Open:
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


class Audit:
    """Reads the updates of one incident after the other, each in time order, and remembers only what is still open.

    `now` decides whether a promise that nothing settled is open or missed.
    """

    def __init__(self, now: datetime, calendar: Calendar = DEFAULT) -> None:
        self._now = now
        self._calendar = calendar

    def incident(self, updates: Iterable[Update]) -> Iterator[AuditedPromise | Silent | Problem | Passed]:
        """The promises of one incident in the order in which they were made, and what is to be told beside them."""
        queue: deque[_Open] = deque()
        waiting: list[_Open] = []
        before: Update | None = None
        silent: Update | None = None
        first: Update | None = None
        number = 0
        ended = False
        for update in updates:
            number += 1
            first = first or update
            if silent is not None and before is not None:
                yield _silent(silent)
            final = word(update.status) in FINAL
            ended = final
            found = promises_in(update, self._calendar)
            waiting = [one for one in waiting if not self._settles(one, update, found)]
            made = [_Open(update, one) for one in found]
            for one in made:
                queue.append(one)
                if not _hopeless(one):
                    waiting.append(one)
            while queue and queue[0].fate is not None:
                yield _closed(queue.popleft())
            announced = any(one.kind == "next_update" and one.due is not None for one in found)
            silent = None if final or announced or update.talk else update
            before = update
        for one in queue:
            if one.fate is None:
                self._leave(one)
            yield _closed(one)
        if first is not None and before is not None:
            yield Passed(first.incident, before.title, number, first.at, before.at, ended)

    def _settles(self, one: _Open, update: Update, said: list[Commitment]) -> bool:
        """Whether a later update ends the waiting for a promise."""
        due, kind = one.found.due, one.found.kind
        assert due is not None, "what has no time does not wait"
        if update.at <= one.update.at or not _reaches(one.update, update):
            return False
        if kind == "next_update" or (kind == "fix" and word(update.status) in RESOLVED):
            one.fate, one.at, one.by = fate.settled(due, update.at), update.at, update.id
            return True
        if fate.unsettled(due, update.at) != "open":  # too late to be moved
            if kind != "fix":
                one.fate, one.reason = "unverifiable", TOLD["unseen"]
            return kind != "fix"
        new = next((other for other in said if _restates(other, one.found)), None)
        if new is None or new.due is None:
            return False
        one.fate, one.at, one.by, one.moved_to = "moved", update.at, update.id, new.due
        one.reason = f"moved by {update.id}"
        return True

    def _leave(self, one: _Open) -> None:
        """The fate of what nothing settled until now."""
        found = one.found
        one.fate = fate.unsettled(found.due, self._now)
        if one.fate == "missed" and found.kind != "next_update":
            one.fate, one.reason = "unverifiable", TOLD["unsaid" if found.kind == "fix" else "unseen"]


def promises_in(update: Update, calendar: Calendar = DEFAULT) -> list[Commitment]:
    """What an update promises in the name of those who published it, each once.

    A forecast is no promise, except one of the next update itself: whoever says when it is to be expected is waited for.
    """
    if not update.text.strip():
        return []
    found, _ = find(parse(update.text), update.at, update.tz, calendar)
    if not found:
        return []
    timed = any(one.kind == "next_update" and one.due is not None for one in found)
    kept: list[Commitment] = []
    known: set[tuple[object, ...]] = set()
    for one in found:
        if one.actor != "speaker" or (one.firmness == "expectation" and one.kind != "next_update"):
            continue
        if one.kind == "next_update" and one.due is None and (timed or one.firmness == "expectation"):
            continue  # "we will keep you posted", beside a time, says nothing more
        same = (one.kind, one.due) if one.kind == "next_update" else (one.kind, one.due, " ".join(one.quote.lower().split()))
        if same not in known:
            known.add(same)
            kept.append(one)
    return kept


def in_order(update: Update) -> tuple[datetime, bool, int, str, str]:
    """The key by which updates are put in order: by time, and by what they say where the time is the same, however they came."""
    return (update.at, word(update.status) in FINAL, len(update.id), update.id, update.text)


class Sift:
    """Passes the ordered updates of an incident on without those that are there twice, and tells what is strange about them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def __call__(self, numbered: Iterable[tuple[int, Update]]) -> Iterator[Update]:
        """The updates; each comes with its place in the order of reading, which tells whether the source was in order."""
        known: dict[str, Update] = {}
        same: dict[tuple[str, tuple[str, ...], str | None], Update] = {}
        at: datetime | None = None
        highest = pending = -1
        told = False
        for number, update in numbered:
            if update.at != at:
                at, highest, same = update.at, max(highest, pending), {}
            if number < highest and not told:
                told = True
                self._tell("unordered", f"the updates of {update.incident} are not in the order of their times; they were sorted", update)
            pending = max(pending, number)
            if not self._is_new(update, known, same):
                continue
            yield update
            if len(known) > _MOST_IDS:
                del known[next(iter(known))]

    def _is_new(self, update: Update, known: dict[str, Update], same: dict[tuple[str, tuple[str, ...], str | None], Update]) -> bool:
        """Whether an update was not there yet; what is strange about a new one is told."""
        twin = known.get(update.id)
        if twin is not None and (twin.text == update.text or twin.at == update.at):
            self._tell("duplicate", f"the update {update.id} is there twice; it counts once", update)
            return False
        key = (update.text, update.places, update.audience)
        if update.text.strip() and key in same and same[key].author == update.author:
            self._tell("duplicate", f"the updates {same[key].id} and {update.id} say the same at the same time; they count once", update)
            return False
        if twin is not None:
            self._tell("same-id", f"two different updates are called {update.id}; both count", update)
        known[update.id] = same[key] = update
        for flag in update.flags:
            self._tell(flag, _FLAGS[flag].format(update.id), update)
        if not update.text.strip():
            self._tell("empty", f"the update {update.id} has no text", update)
        return True

    def _tell(self, code: str, what: str, update: Update) -> None:
        named = what if update.incident in what else f"{update.where}: {what}"
        self.problems.append(problem(code, named, _DO.get(code, ""), update.source, update.line))


_FLAGS = {
    "backdated": "the update {0} shows an earlier time than the one at which it was published; the later one counts",
    "edited": "the update {0} was changed after it was published; only its last words are known",
}
_DO = {
    "duplicate": "export it once",
    "same-id": "give each update an id of its own",
    "empty": "an update without words tells its readers nothing",
}


def word(status: str | None) -> str:
    """A status as a plain word."""
    return status.strip().lower().replace("_", " ") if status else ""


def _hopeless(one: _Open) -> bool:
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


def _silent(update: Update) -> Silent:
    return Silent(update.where, update.id, update.at, update.status, update.title, update.source, update.line)


def _closed(one: _Open) -> AuditedPromise:
    update, found = one.update, one.found
    assert one.fate is not None, "a promise is written when its fate is known"
    late = fate.late_by(found.due, one.at) if found.due is not None and one.at is not None and one.fate in ("kept", "late") else None
    return AuditedPromise(
        update.where,
        update.id,
        update.at,
        found.quote,
        found.kind,
        found.firmness,
        found.due,
        found.grain,
        one.fate,
        one.at,
        late,
        one.by,
        one.reason,
        one.moved_to,
        update.title,
        update.author,
        update.audience,
        update.source,
        update.line,
    )


def as_values(promise: AuditedPromise) -> dict[str, object]:
    """A promise as the contract writes it: the fields of the contract first, times as RFC 3339."""
    due = promise.due
    return {
        "incident": promise.incident,
        "message": promise.message,
        "made_at": written(promise.made_at),
        "quote": promise.quote,
        "kind": promise.kind,
        "due": written(due),
        "fate": promise.fate,
        "settled_at": written(promise.settled_at),
        "late_by_s": promise.late_by_s,
        "settled_by": promise.settled_by,
        "firmness": promise.firmness,
        "grain": promise.grain,
        "reason": promise.reason,
        "moved_to": written(promise.moved_to),
        "title": promise.title,
        "author": promise.author,
        "audience": promise.audience,
        "source": promise.source,
        "line": promise.line,
    }


def written(time: datetime | None) -> str | None:
    """A time with its offset; Z is written +00:00, as everywhere."""
    return None if time is None else (time if time.utcoffset() is not None else time.replace(tzinfo=UTC)).isoformat()
