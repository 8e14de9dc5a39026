"""What became of the promises in a stream of published updates. Fates depend on times alone, and nobody is accused without evidence.

The next update of the same incident (to the same audience; in talk, by the same author and in the same thread) keeps a promise of
an update. A promise of a fix is kept by the update that says resolved. Whether anything else was done, a stream of updates cannot
show, so it is unverifiable and not missed. A later message that names a new time before the old one has passed moves a promise.
"""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from amends.core.record import record
from amends.language.commitments import find
from amends.language.text import parse
from amends.language.times.calendar import DEFAULT
from amends.promises import fate
from amends.promises.updates.update import FINAL, word
from amends.promises.waiting import TOLD, Open, Waiting, hopeless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amends.core.problem import Problem
    from amends.language.records import Commitment
    from amends.language.times.calendar import Calendar
    from amends.promises.updates.update import Update

_MOST_QUEUED = 10_000
"""How many promises of one incident wait for their turn to be written."""


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


class Audit:
    """Reads the updates of one incident after the other, each in time order, and remembers only what is still open.

    `now` decides whether a promise that nothing settled is open or missed.
    """

    def __init__(self, now: datetime, calendar: Calendar = DEFAULT) -> None:
        self._now = now
        self._calendar = calendar

    def incident(self, updates: Iterable[Update]) -> Iterator[AuditedPromise | Silent | Problem | Passed]:
        """The promises of one incident in the order in which they were made, and what is to be told beside them."""
        queue: deque[Open] = deque()
        waiting = Waiting()
        silent: Update | None = None
        first: Update | None = None
        last: Update | None = None
        number, most = 0, _MOST_QUEUED
        for update in updates:
            number += 1
            first, last = first or update, update
            if silent is not None:
                yield _silent(silent)
            found = promises_in(update, self._calendar)
            waiting.hear(update, found)
            for one in (Open(update, each) for each in found):
                queue.append(one)
                if not hopeless(one):
                    waiting.add(one)
            while queue and queue[0].fate is not None:
                yield _closed(queue.popleft())
            if len(queue) > most:  # one that nobody answers must not hold up all others for ever
                yield from (_closed(one) for one in queue if one.fate is not None)
                queue = deque(one for one in queue if one.fate is None)
                most = max(_MOST_QUEUED, 2 * len(queue))
            announced = any(one.kind == "next_update" and one.due is not None for one in found)
            silent = None if announced or update.talk or word(update.status) in FINAL else update
        for one in queue:
            if one.fate is None:
                self._leave(one)
            yield _closed(one)
        if first is not None and last is not None:
            yield Passed(first.incident, last.title, number, first.at, last.at, word(last.status) in FINAL)

    def _leave(self, one: Open) -> None:
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


def _silent(update: Update) -> Silent:
    return Silent(update.where, update.id, update.at, update.status, update.title, update.source, update.line)


def _closed(one: Open) -> AuditedPromise:
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
