"""The ledger of promises: what was promised by whom until when, and every act that keeps, moves, withdraws or hands one over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict, Unpack

from amends.core.errors import ConflictError, InputError, NotFoundError, UsageError, require_known
from amends.core.people import LOCAL_PERSON
from amends.promises import ledger
from amends.promises.promise import EVIDENCE, Event, Evidence, Promise
from amends.store import promises as rows
from amends.store.access import is_shown
from amends.usecases import access
from amends.usecases.given import KEY_DIGITS, aware, line, one_meant, require_same, storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from amends.core.incident import SentMessage
    from amends.core.ports import Clock, Ids
    from amends.promises.ledger import LedgerEntry
    from amends.store.engine import Store, Transaction
    from amends.store.promises import Told

KINDS = ("next_update", "fix", "prevention", "deliver", "other")
WORDS_LIMIT = 500
"""The longest promise, in code points: it must be read in a list, and a text of several is a message."""
NAME_LIMIT = 100
REFERENCE_LIMIT = 500
WHY_LIMIT = 500
ANSWERS = ("accepted", "kept", "snoozed", "taken-back")
"""What somebody who only reads may do with a promise that they must keep, or that they were asked to take over: answer for themselves."""


class _Fields(TypedDict, total=False):
    """What an event may say beside what happened and when; see `Event`."""

    why: str | None
    to: str | None
    until: datetime | None
    evidence: Evidence | None
    successor: str | None
    undoes: str | None


class Promising:
    """What people can do with promises. `by` is who does it; a private promise is there for its maker and owner only."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    # Looking

    def get(self, promise_id: str, *, by: str = LOCAL_PERSON) -> LedgerEntry:
        """One promise, with all that happened to it. Raises NotFoundError, also for a private one of somebody else."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            return self._entry(connection, promise_id, by)

    def meant(self, part: str, *, by: str = LOCAL_PERSON) -> LedgerEntry:
        """The one promise whose id is, begins with or ends with `part`. Raises NotFoundError, UsageError where it could be several."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            found = self._seen(rows.named_like(connection, part.upper(), seen_by=by), by)
        return one_meant("promise", part, [(entry.promise.id, entry.promise.words, entry) for entry in found])

    def unsettled(self, *, incident_id: str | None = None, owner: str | None = None, by: str = LOCAL_PERSON) -> list[LedgerEntry]:
        """What still asks something of somebody, the promise due first first; of one incident, of one owner, or of all."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            found = self._seen(rows.unsettled(connection, seen_by=by, incident_id=incident_id), by)
        return ledger.by_urgency(entry for entry in found if not entry.is_settled and owner in (None, entry.standing.owner))

    def newest(
        self,
        *,
        incident_id: str | None = None,
        owner: str | None = None,
        limit: int = 100,
        before: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> list[LedgerEntry]:
        """Promises whatever became of them, the one recorded last first; `before` is the id of the last one of the page before.

        Fewer than `limit` come only where there are no more, however many are not for `by` to see or belong to another owner.
        """
        found: list[LedgerEntry] = []
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            while len(found) < limit:
                told = rows.newest(connection, seen_by=by, incident_id=incident_id, limit=limit, before=before)
                found += [entry for entry in self._seen(told, by) if owner in (None, entry.standing.owner)]
                if len(told) < limit:
                    break
                before = told[-1][0].id
        return found[:limit]

    def of_message(self, message_id: str, *, by: str = LOCAL_PERSON) -> list[LedgerEntry]:
        """The promises that one message made, in the order of its text."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            return self._seen(rows.of_message(connection, message_id, seen_by=by), by)

    def kept_by(self, message_id: str, *, by: str = LOCAL_PERSON) -> list[LedgerEntry]:
        """The promises that a message keeps."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            found = self._seen(rows.settled_by(connection, message_id, seen_by=by), by)
        return [entry for entry in found if entry.standing.evidence == Evidence("message", message_id)]

    def left_behind(self, person: str, leaves: datetime, returns: datetime, *, by: str = LOCAL_PERSON) -> list[LedgerEntry]:
        """What an absence would break: each must be handed over, moved or withdrawn before it. Raises InputError for impossible times."""
        if aware(returns, "returns") <= aware(leaves, "leaves"):
            raise InputError("the absence ends before it begins", hint="give the first day away, then the day of return", field="returns")
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            return ledger.left_behind(self._seen(rows.unsettled(connection, seen_by=by), by), person, leaves, returns)

    # Making

    def add(
        self,
        words: str,
        due: datetime | None,
        *,
        kind: str = "other",
        grain: str | None = "minute",
        owner: str | None = None,
        made_to: str | None = None,
        incident_id: str | None = None,
        tz: str | None = None,
        time_words: str | None = None,
        note: str | None = None,
        private: bool = True,
        once: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> LedgerEntry:
        """Write down a promise that stands alone: something that somebody was told, in no message kept here.

        Owned by `by` unless `owner` says otherwise; what somebody else must keep is proposed to them, and then not private to one.
        `once`, from `given.id_once`, makes a second try give back what the first one wrote.
        Raises InputError for words, names or a time that cannot be kept, UnknownNameError, and NotFoundError for the incident.
        """
        require_known("kind", kind, KINDS)
        owner = line(owner, "owner", NAME_LIMIT) if owner else by
        now = self._clock.now()
        new = Promise(
            id=once or self._ids.new(),
            words=line(words, "words", WORDS_LIMIT),
            kind=kind,
            firmness="firm" if due is not None else "vague",
            due=aware(due, "due") if due is not None else None,
            grain=grain if due is not None else None,
            maker=by,
            owner=owner,
            made_at=now,
            recorded_at=now,
            time_words=time_words,
            tz=tz,
            note=note,
            made_to=line(made_to, "made_to", NAME_LIMIT) if made_to else None,
            incident_id=incident_id,
            proposed=owner != by,
            private=private and incident_id is None,
        )
        with self._store.writing() as connection:
            access.require(connection, by, "write")
            if once is not None and (known := rows.named_like(connection, once[:KEY_DIGITS], seen_by=by)):
                require_same(known[0][0].id, once)
                return self._read(known[0])
            if incident_id is not None:
                access.changed(connection, incident_id, by)
            self.record_within(connection, new)
            return self._entry(connection, new.id, by)

    def record_within(self, connection: Transaction, new: Promise) -> None:
        """Write a promise down inside a transaction that does more."""
        storable(new.words, "words")
        rows.add(connection, new, salt=self._ids.new(), by=new.maker)

    # Acting

    def keep(self, promise_id: str, *, evidence: Evidence | None = None, at: datetime | None = None, by: str = LOCAL_PERSON) -> LedgerEntry:
        """Say that a promise was kept, at `at` (None for now), by what evidence (None for the word of `by`).

        Raises ConflictError where it is settled already, InputError for a time before it was made or in the future.
        """
        shown = _evidence(evidence, by)
        return self._act(promise_id, "kept", by, at=at, evidence=shown)

    def move(self, promise_id: str, due: datetime, *, why: str | None = None, by: str = LOCAL_PERSON) -> tuple[LedgerEntry, LedgerEntry]:
        """Give a promise another time: the old one, as it stands now, and the one that takes its place.

        Before its due minute has passed the old one is moved, afterwards it stays missed; those who were promised must be told either way.
        Raises ConflictError where nothing is left to move, InputError for a time that has passed.
        """
        now = self._clock.now()
        if aware(due, "due") <= now:
            raise InputError("the new time has passed already", hint="promise a time to come", field="due")
        with self._store.writing() as connection:
            before = self._mine(connection, promise_id, "moved", by)
            _refuse(before, "moved")
            new = replace(
                before.promise, id=self._ids.new(), due=due, due_earliest=None, time_words=None, note=None, firmness="firm",
                grain="minute", owner=before.standing.owner, recorded_at=now, made_at=now, follows=promise_id, message_id=None,
                proposed=before.standing.state in ("proposed", "declined"),
            )  # fmt: skip
            self.record_within(connection, new)
            self._append(connection, before, "moved", by, why=_why(why), successor=new.id)
            return self._entry(connection, promise_id, by), self._entry(connection, new.id, by)

    def withdraw(self, promise_id: str, *, why: str, by: str = LOCAL_PERSON) -> LedgerEntry:
        """Take a promise back; who was promised must be told. After its time it stays missed, and is closed.

        Raises UsageError for anybody but its maker, who alone can take it back; ConflictError where nothing is left to withdraw.
        """
        with self._store.writing() as connection:
            before = self._mine(connection, promise_id, "withdrawn", by)
            if by != before.promise.maker:
                hint = f"hand it over, or ask {before.promise.maker}"
                raise UsageError(f"only {before.promise.maker}, who made this promise, can withdraw it", hint=hint)
            _refuse(before, "withdrawn")
            self._append(connection, before, "withdrawn", by, why=_why(why, needed=True))
            return self._entry(connection, promise_id, by)

    def accept(self, promise_id: str, *, owner: str | None = None, by: str = LOCAL_PERSON) -> LedgerEntry:
        """Take on a promise that was proposed, or one that was handed over; `owner` says for whom, where `by` writes down another's word.

        Raises ConflictError where there is nothing to accept.
        """
        return self._answer(promise_id, ("accepted", "taken-on"), by, owner=line(owner, "owner", NAME_LIMIT) if owner else None)

    def decline(self, promise_id: str, *, why: str | None = None, by: str = LOCAL_PERSON) -> LedgerEntry:
        """Refuse a promise that was proposed, or that was handed over; it goes back to who made or held it. Raises ConflictError."""
        return self._answer(promise_id, ("declined", "turned-down"), by, why=why)

    def offer(self, promise_id: str, to: str, *, why: str | None = None, by: str = LOCAL_PERSON) -> LedgerEntry:
        """Ask somebody to take a promise over. Until they accept, its owner stays its owner. Raises ConflictError, InputError."""
        return self._act(promise_id, "offered", by, to=line(to, "to", NAME_LIMIT), why=_why(why))

    def tell(self, promise_id: str, to: str | None = None, *, by: str = LOCAL_PERSON) -> LedgerEntry:
        """Say that those who were promised have heard of the change. Raises ConflictError where nothing has changed."""
        return self._act(promise_id, "told", by, to=line(to, "to", NAME_LIMIT) if to else None)

    def snooze(self, promise_id: str, until: datetime, *, by: str = LOCAL_PERSON) -> LedgerEntry:
        """Hold the reminders of a promise until a time, for all to see. Raises ConflictError, InputError for a time that has passed."""
        if aware(until, "until") <= self._clock.now():
            raise InputError("the snooze would end in the past", hint="give a time to come", field="until")
        return self._act(promise_id, "snoozed", by, until=until)

    def take_back(self, promise_id: str, event_id: str | None = None, *, by: str = LOCAL_PERSON) -> LedgerEntry:
        """Undo one event (None for the last that can be undone), which stays in the history.

        Raises NotFoundError, ConflictError for one that cannot be undone.
        """
        with self._store.writing() as connection:
            before = self._mine(connection, promise_id, "taken-back", by)
            event_id = event_id or _last_undoable(before)
            event = next((event for event in before.events if event.id == event_id), None)
            if event is None:
                raise NotFoundError(f"nothing of the id {event_id[:40]!r} happened to this promise")
            if event.by != by:
                access.require(connection, by, "write", f"promise/{promise_id}")
            if event.what in ("moved", "taken-back") or any(other.undoes == event_id for other in before.events):
                hint = "a moved promise is moved again; what was undone is done again"
                raise ConflictError(f"{event.what.replace('-', ' ')!r} cannot be undone", hint=hint)
            self._append(connection, before, "taken-back", by, undoes=event_id)
            return self._entry(connection, promise_id, by)

    # Settling by messages

    def settle_within(self, connection: Transaction, incident_id: str, audience: str | None, sent: Sequence[SentMessage]) -> None:
        """Let each promise of a next update be kept by the first message after it; `sent` are those to its audience, in order.

        A message that is recorded late, with its true time, takes the place of a later one that had settled the promise before.
        """
        for told in rows.next_updates(connection, incident_id, audience):
            entry = self._read(told)
            first = next((one for one in sent if ledger.settles(entry.promise, one)), None)
            if first is not None:
                self._settle(connection, entry, first)

    def _settle(self, connection: Transaction, entry: LedgerEntry, first: SentMessage) -> None:
        evidence = Evidence("message", first.id)
        if not entry.standing.closed:
            self._append(connection, entry, "kept", first.author, at=first.sent_at, evidence=evidence)
        elif (settled := entry.standing.evidence) is not None and settled.kind == "message" and settled != evidence:
            old = next(event for event in reversed(entry.events) if event.what == "kept")
            self._append(connection, entry, "taken-back", first.author, undoes=old.id)
            self._append(connection, entry, "kept", first.author, at=first.sent_at, evidence=evidence)

    # Within

    def _answer(
        self, promise_id: str, answers: tuple[str, str], by: str, *, owner: str | None = None, why: str | None = None
    ) -> LedgerEntry:
        """Answer an offer where one is open, else a proposal. Who is asked answers, or somebody writes their word down."""
        with self._store.writing() as connection:
            before = self._mine(connection, promise_id, "accepted", by)
            if owner not in (None, by):
                access.require(connection, by, "write", f"promise/{promise_id}")
            offered = before.standing.offered_to is not None and not before.standing.closed
            what = answers[offered]
            _refuse(before, what)
            self._append(connection, before, what, by, to=None if offered else owner, why=_why(why))
            return self._entry(connection, promise_id, by)

    def _act(self, promise_id: str, what: str, by: str, at: datetime | None = None, **fields: Unpack[_Fields]) -> LedgerEntry:
        with self._store.writing() as connection:
            before = self._mine(connection, promise_id, what, by)
            _refuse(before, what)
            if at is not None and not before.promise.made_at <= aware(at, "at") <= self._clock.now():
                raise InputError("that time is before the promise was made, or still to come", hint="say when it was done", field="at")
            self._append(connection, before, what, by, at, **fields)
            return self._entry(connection, promise_id, by)

    def _append(
        self, connection: Transaction, about: LedgerEntry, what: str, by: str, at: datetime | None = None, **fields: Unpack[_Fields]
    ) -> None:
        """Write an event down; `at` is when it happened, None for now."""
        now = self._clock.now()
        rows.add_event(connection, Event(self._ids.new(), about.promise.id, what, at or now, now, by, **fields))

    def _mine(self, connection: Transaction, promise_id: str, what: str, by: str) -> LedgerEntry:
        """A promise that `by` may do this to: who reads only answers for themselves. Raises NotFoundError, ForbiddenError."""
        access.require(connection, by, "read")
        entry = self._entry(connection, promise_id, by)
        asked = by in (entry.standing.owner, entry.standing.offered_to)
        if not (asked and what in ANSWERS):
            access.require(connection, by, "write", f"promise/{promise_id}")
        return entry

    def _entry(self, connection: Transaction, promise_id: str, by: str) -> LedgerEntry:
        entry = self._read(rows.get(connection, promise_id, seen_by=None))
        about = entry.promise.incident_id
        if not entry.is_seen_by(by) or (about is not None and not is_shown(connection, about, by)):
            raise access.denied(NotFoundError(f"there is no promise {promise_id!r}"), by, "read", f"promise/{promise_id}")
        return entry

    def _read(self, told: Told) -> LedgerEntry:
        return ledger.entry_of(told, self._clock.now())

    def _seen(self, told: Iterable[Told], by: str) -> list[LedgerEntry]:
        return [entry for one in told if (entry := self._read(one)).is_seen_by(by)]


def _refuse(entry: LedgerEntry, what: str) -> None:
    if because := ledger.refusal(entry.standing, what):
        raise ConflictError(f"this promise cannot be {what.replace('-', ' ')}: {because}", hint="look at it again: somebody may have acted")


def _last_undoable(entry: LedgerEntry) -> str:
    undone = {event.undoes for event in entry.events}
    able = [event.id for event in entry.events if event.what not in ("moved", "taken-back") and event.id not in undone]
    if not able:
        raise ConflictError("nothing that happened to this promise can be undone", hint="a moved promise is moved again")
    return able[-1]


def _evidence(given: Evidence | None, by: str) -> Evidence:
    if given is None:
        return Evidence("person", by)
    require_known("evidence", given.kind, EVIDENCE)
    return Evidence(given.kind, line(given.reference, "evidence", REFERENCE_LIMIT))


def _why(why: str | None, *, needed: bool = False) -> str | None:
    if needed or (why and why.strip()):
        return line(why or "", "why", WHY_LIMIT)
    return None
