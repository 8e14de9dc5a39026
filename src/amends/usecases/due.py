"""Reminding people of their promises: planned as rows, claimed by one run, sent through channels, marked when they are out.

The rows are the truth, whoever looks at them: the worker beside the server, a worker of its own, or `amends due --send` from cron, also
several at once. A reminder is claimed in one transaction, sent outside of any, and marked in another. A run that dies in between leaves a
claim by somebody who does not live any more; the next one who looks sends it again under the same id and says that it is a repeat.
Nothing is remembered outside the store, so no job, no queue and no clock can lose a reminder.
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from amends.core.errors import NotFoundError
from amends.core.people import LOCAL_PERSON
from amends.integrations.channels import Channel, ChannelError, Notice
from amends.promises.fate import end_of_minute
from amends.promises.ledger import LedgerEntry, by_urgency, entry_of
from amends.promises.reminding import MOMENTS, Plan
from amends.store import promises, reminders
from amends.store.access import invited_to_private
from amends.store.presence import is_alive, present
from amends.store.reminders import Reminder
from amends.usecases import access, reminded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store, Transaction
    from amends.usecases.reminded import Reminded

logger = logging.getLogger("amends")

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180))
"""How long to wait after the first, second, … try that failed. The try after the last wait is the last one."""

TRIES = len(WAITS) + 1


@dataclass(frozen=True, slots=True)
class Reminding:
    """What a team decided: when (`plan`), through which channels, and where its promises can be read (`link`, an address)."""

    plan: Plan = field(default_factory=Plan)
    channels: tuple[Channel, ...] = ()
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What a person should know now: promises that were missed, those that come next, and reminders that did not get through."""

    missed: tuple[LedgerEntry, ...]
    coming: tuple[LedgerEntry, ...]
    unsent: tuple[Reminder, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What one run did: how many reminders went out, how many of them as a repeat, and how many did not get through this time."""

    sent: int = 0
    repeated: int = 0
    unsent: int = 0


@dataclass(frozen=True, slots=True)
class _Claim:
    reminder: Reminder
    notice: Notice
    channel: Channel


_Key = tuple[str, str, datetime, str]


class Due:
    """Plans and sends reminders. Safe to share between threads; `reminding` is asked for once, when it is first needed."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, reminding: Callable[[], Reminding]) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._run = ids.new()
        self._reminding = reminding
        self._guard = Lock()
        self._in_hand: set[str] = set()
        self._out: set[str] = set()  # sent, and not yet marked because the store did not answer
        self._coming_and_going = Lock()
        self._at_work = 0
        self._known: AbstractContextManager[Callable[[], None]] = nullcontext(lambda: None)
        self._make_sure: Callable[[], None] = lambda: None

    @cached_property
    def team(self) -> Reminding:
        """What the team decided about reminders. Raises UsageError, NeedsExtraError."""
        return self._reminding()

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the ways to remind people that are set up. Raises UsageError, NeedsExtraError."""
        return tuple(channel.name for channel in self.team.channels)

    # Looking

    def look(self, *, person: str | None = None, by: str = LOCAL_PERSON) -> Look:
        """What is missed and what comes next, the most urgent first: of everybody, or what one person has to see to."""
        now = self._clock.now()
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            samples = reminders.sample_incidents(connection)
            told = [one for one in promises.unsettled(connection, seen_by=by) if one[0].incident_id not in samples]
            entries = [entry_of(one, now) for one in told]
            seen = [one for one in entries if one.is_seen_by(by) and one.standing.step and not one.standing.closed]
            seen = by_urgency(one for one in seen if person in (None, one.recipient))
            ids = {one.promise.id for one in seen}
            unsent = tuple(one for one in reminders.failed(connection) if one.promise_id in ids)
        missed = tuple(one for one in seen if one.standing.state == "missed" or _is_past(one, now))
        return Look(missed, tuple(one for one in seen if one not in missed and one.promise.due is not None), unsent)

    def of_promise(self, promise_id: str, *, by: str = LOCAL_PERSON) -> tuple[Reminder, ...]:
        """The reminders of one promise, past and to come, in order of time. Raises NotFoundError."""
        now = self._clock.now()
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            if not entry_of(promises.get(connection, promise_id, seen_by=by), now).is_seen_by(by):
                raise NotFoundError(f"there is no promise {promise_id!r}")
            return reminders.of_subject(connection, f"{reminded.PROMISE}/{promise_id}")

    def unsent(self, *, by: str = LOCAL_PERSON) -> tuple[Reminder, ...]:
        """The reminders that did not get through at their last try, of promises that `by` may know of, in order of time."""
        now = self._clock.now()
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            told = [entry_of(one, now) for one in promises.several(connection, reminders.failed_promises(connection), seen_by=by)]
            seen = {one.promise.id for one in told if one.is_seen_by(by)}
            return tuple(one for one in reminders.failed(connection) if one.promise_id in seen)

    # Planning

    def plan(self) -> int:
        """Bring the planned reminders in line with the promises as they stand; how many rows that changed. Changes nothing twice."""
        with self._store.reading() as connection:
            if not any(self._differences(connection)):
                return 0
        with self._store.writing() as connection:
            new, needless, needed_again = self._differences(connection)
            reminders.add(connection, new)
            for one in needless:
                reminders.change(connection, one, state="overtaken")
            for one in needed_again:
                reminders.change(connection, one, state="planned", attempts=0, claimed_by=None, claimed_at=None)
        return len(new) + len(needless) + len(needed_again)

    def _differences(self, connection: Transaction) -> tuple[list[Reminder], list[Reminder], list[Reminder]]:
        """What is not planned yet, what is not needed any more, and what is needed again because its time is to come after all."""
        now = self._clock.now()
        things = reminded.everything(connection, now, self.team.plan)
        guests = invited_to_private(connection)
        wanted = {key for thing in things for key in self._wanted(thing, guests)}
        rows = {_key(one): one for one in reminders.concerning(connection, [thing.subject for thing in things])}
        fresh = sorted(wanted - rows.keys(), key=lambda key: (key[2], key))
        new = [Reminder(self._ids.new(), subject, moment, at, channel) for subject, moment, at, channel in fresh]
        needless = [one for key, one in rows.items() if one.state == "planned" and key not in wanted]
        again = [one for key, one in rows.items() if one.state == "overtaken" and key in wanted and one.remind_at > now]
        return new, needless, again

    def _wanted(self, thing: Reminded, guests: Mapping[str, frozenset[str]]) -> Iterator[_Key]:
        """The reminders that there should be. Of a private incident only who was invited hears, where nobody else reads along.

        So it is with what is secret, for who sees to it.
        """
        invited = guests.get(thing.incident_id or "")
        alone = thing.secret or invited is not None
        for channel in self.team.channels:
            if channel.serves(thing.to) and (invited is None or thing.to in invited) and (not alone or channel.is_of(thing.to)):
                for one in thing.moments:
                    yield thing.subject, one.moment, one.at, channel.name

    # Sending

    @contextmanager
    def working(self) -> Iterator[None]:
        """While this lasts, others can see that this run lives, and leave what it has claimed alone. Raises StoreError."""
        with self._coming_and_going:
            if not self._at_work:
                self._known = present(self._store, self._run)
                self._make_sure = self._known.__enter__()
            self._at_work += 1
        try:
            yield
        finally:
            with self._coming_and_going:
                self._at_work -= 1
                if not self._at_work:
                    self._known.__exit__(None, None, None)

    def run_once(self) -> Done:
        """Plan, and send what is due: all that a call from cron has to do."""
        done = Done()
        with self.working():
            self.plan()
            for one in self.to_send():
                outcome = self.deliver(one.id)
                sent, repeated = outcome in ("sent", "repeated"), outcome == "repeated"
                done = Done(done.sent + sent, done.repeated + repeated, done.unsent + (outcome in ("waiting", "failed")))
        return done

    def to_send(self) -> tuple[Reminder, ...]:
        """The reminders that are to be delivered now, in order of time; some may prove needless when they are."""
        now = self._clock.now()
        with self._store.reading() as connection:
            return tuple(one for one in reminders.to_send(connection, now) if self._is_free(connection, one, now))

    def deliver(self, reminder_id: str) -> str:
        """Send one reminder, if it is due and nobody else has it: `sent`, `repeated`, `waiting` (it failed and is tried again), `failed`.

        `nothing` when there was nothing to do: it was not due, not needed, out already, or in the hands of another run.
        """
        with self.working():
            with self._coming_and_going:
                self._make_sure()
            claim = self._claim(reminder_id)
            if claim is None:
                return "nothing"
            try:
                return self._send(claim)
            finally:
                with self._guard:
                    self._in_hand.discard(reminder_id)

    def _claim(self, reminder_id: str) -> _Claim | None:
        now = self._clock.now()
        with self._store.writing() as connection:
            try:
                row = reminders.get(connection, reminder_id)
            except NotFoundError:
                return None
            if row.state == "sending" and row.claimed_by == self._run and row.id in self._out:
                self._mark_sent(connection, row)
                return None
            if not self._is_free(connection, row, now):
                return None
            thing = reminded.one(connection, row.subject, now, self.team.plan)
            channel = next((one for one in self.team.channels if one.name == row.channel), None)
            wanted = set(self._wanted(thing, invited_to_private(connection))) if thing is not None else set()
            if thing is None or channel is None or _key(row) not in wanted or self._is_overtaken(connection, row, now):
                reminders.change(connection, row, state="overtaken")
                return None
            if row.attempts >= TRIES:
                reminders.change(connection, row, state="failed", failure="every run that tried to send it ended before it was done")
                return None
            repeated = row.repeated or row.state == "sending"
            values = {"state": "sending", "claimed_by": self._run, "claimed_at": now, "attempts": row.attempts + 1}
            if not reminders.change(connection, row, **values, repeated=int(repeated)):
                return None
            with self._guard:
                self._in_hand.add(row.id)
        claimed = replace(row, state="sending", claimed_by=self._run, claimed_at=now, attempts=row.attempts + 1, repeated=repeated)
        return _Claim(claimed, self._notice(claimed, thing, channel), channel)

    def _send(self, claim: _Claim) -> str:
        row = claim.reminder
        try:
            claim.channel.send(claim.notice)
        except ChannelError as error:
            return self._record_failure(row, error)
        except Exception as error:
            logger.exception("channel %s", row.channel)
            name = type(error).__name__
            return self._record_failure(row, ChannelError(f"the channel broke down: {name}", retry=True, uncertain=True))
        with self._guard:
            self._out.add(row.id)
        with self._store.writing() as connection:
            self._mark_sent(connection, row)
        return "repeated" if row.repeated else "sent"

    def _mark_sent(self, connection: Transaction, row: Reminder) -> None:
        reminders.change(connection, row, state="sent", sent_at=self._clock.now(), failure=None)
        with self._guard:
            self._out.discard(row.id)

    def _record_failure(self, row: Reminder, error: ChannelError) -> str:
        again = error.retry and row.attempts < TRIES
        outcome, state = ("waiting", "planned") if again else ("failed", "failed")
        logger.warning("reminder %s did not get through %s (try %d of %d): %s", row.id, row.channel, row.attempts, TRIES, error.message)
        with self._store.writing() as connection:
            repeated = int(row.repeated or error.uncertain)
            reminders.change(connection, row, state=state, claimed_by=None, failure=error.message, repeated=repeated)
        return outcome

    def _is_free(self, connection: Transaction, row: Reminder, now: datetime) -> bool:
        """Whether a reminder can be claimed: due and not waiting to be tried again, or left behind by a run that does not live any more."""
        if row.state == "sending":
            return not self._is_at_work(connection, row)
        return row.state == "planned" and row.remind_at <= now and not _is_waiting(row, now)

    def _is_at_work(self, connection: Transaction, row: Reminder) -> bool:
        if row.claimed_by == self._run:
            with self._guard:
                return row.id in self._in_hand
        return row.claimed_by is not None and is_alive(connection, row.claimed_by)

    def _is_overtaken(self, connection: Transaction, row: Reminder, now: datetime) -> bool:
        """Whether the time of a later reminder of the same thing has come too; if not, the earlier ones that wait give way to this one.

        One that was sent ahead of its time, by a clock that was wrong, does not count.
        """
        due = [one for one in reminders.of_subject(connection, row.subject) if one.channel == row.channel and one.remind_at <= now]
        if any(_order(one) > _order(row) and one.state in ("planned", "sending", "sent") for one in due):
            return True
        for one in due:
            if one.state == "planned" and one.id != row.id:
                reminders.change(connection, one, state="overtaken")
        return False

    def _notice(self, row: Reminder, thing: Reminded, channel: Channel) -> Notice:
        team = self.team
        shown = not thing.private or channel.is_of(thing.to)
        return Notice(
            id=row.id, subject=thing.subject, moment=row.moment, step=thing.step, to=thing.to, due=thing.due,
            link=f"{team.link.rstrip('/')}/{thing.page}" if team.link else None, words=thing.words if shown else None,
            tz=thing.tz or team.plan.zone or "UTC", at=self._clock.now(), repeated=row.repeated,
        )  # fmt: skip


def _is_past(entry: LedgerEntry, now: datetime) -> bool:
    """Whether its time has passed while it waited to be accepted or assigned, which is no fate of its own."""
    return entry.promise.due is not None and now >= end_of_minute(entry.promise.due)


def _is_waiting(row: Reminder, now: datetime) -> bool:
    """Whether it failed a short while ago. A try that lies in the future was made on a wrong clock, and nobody waits for that."""
    if not row.attempts or row.claimed_at is None:
        return False
    return row.claimed_at <= now < row.claimed_at + WAITS[min(row.attempts, len(WAITS)) - 1]


def _key(row: Reminder) -> _Key:
    return row.subject, row.moment, row.remind_at, row.channel


def _order(row: Reminder) -> tuple[datetime, int]:
    return row.remind_at, MOMENTS.index(row.moment)
