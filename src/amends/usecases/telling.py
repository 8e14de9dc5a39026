"""Who was told what: which version reached whom, when it was read, who has not heard it, and who must hear its correction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, InputError, NotFoundError
from amends.core.people import LOCAL_PERSON
from amends.incidents import hearing
from amends.incidents.hearing import Told
from amends.incidents.involved import Delivery
from amends.store import deliveries as rows
from amends.store import incidents, involved, messages
from amends.usecases import access, ack_links
from amends.usecases.given import aware
from amends.usecases.posting import chosen, via_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from amends.core.incident import SentMessage
    from amends.core.ports import Clock, Ids
    from amends.incidents.hearing import Heard
    from amends.incidents.involved import Stakeholder
    from amends.store.engine import Store, Transaction
    from amends.usecases.posting import Posting

BY_LINK = "link"
"""Who acknowledged, as the journal knows it, where somebody without an account opened the link in their message."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What somebody without an account sees behind their link: the message, and what corrected it, where they were told that too."""

    message: SentMessage
    stakeholder: Stakeholder
    acknowledged_at: datetime | None
    correction: SentMessage | None


class Telling:
    """What people can do once a message was sent. `by` is who does it; a message is there for whoever may see its incident."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, posting: Posting, new_secret: Callable[[], str]) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._posting = posting
        self._new_secret = new_secret

    # Looking

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the channels that messages can be sent through. Raises UsageError, NeedsExtraError."""
        return self._posting.channels

    @property
    def place(self) -> str | None:
        """Where this workbench is reached from outside, as the project file says; None where it does not."""
        return self._posting.link

    def of_incident(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[Told, ...]:
        """All messages about an incident, in the order in which they were sent. Raises NotFoundError."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            sent = messages.of_incident(connection, incident_id)
            people = involved.stakeholders_of(connection, incident_id)
            told = rows.of_incident(connection, incident_id)
        return tuple(_told(one, sent, people, told) for one in sent)

    def of(self, message_id: str, *, by: str = LOCAL_PERSON) -> Told:
        """One message and how far it has come. Raises NotFoundError."""
        with self._store.reading() as connection:
            return self._of(connection, _message(connection, message_id, by))

    def for_correction(self, message_id: str, *, by: str = LOCAL_PERSON) -> tuple[Stakeholder, ...]:
        """Who was told a message or an earlier correction of it, and must hear the next one. Raises NotFoundError."""
        with self._store.reading() as connection:
            wrong = _message(connection, message_id, by)
            if wrong.incident_id is None:
                return ()
            sent = messages.of_incident(connection, wrong.incident_id)
            wanted = hearing.must_hear(wrong, sent, rows.of_incident(connection, wrong.incident_id))
            return tuple(one for one in involved.stakeholders_of(connection, wrong.incident_id) if one.id in wanted)

    def owed_to(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[Heard, ...]:
        """Everybody who still believes what was corrected, each line once. Raises NotFoundError."""
        found: dict[str, tuple[Heard, ...]] = {}
        for one in self.of_incident(incident_id, by=by):
            found[one.line[0].id] = one.still_wrong
        return tuple(heard for line in found.values() for heard in line)

    # Telling

    def share(
        self,
        message_id: str,
        *,
        to: Sequence[str] | None = None,
        channel: str | None = None,
        via: str | None = None,
        at: datetime | None = None,
        sure: bool = False,
        by: str = LOCAL_PERSON,
    ) -> Told:
        """Give the same version to those who have not heard it: who was added since, whom it did not reach, or who are named.

        Through `channel`, else marked as told `via` other means, at `at` (None for now). Nobody gets it twice; whom it may have reached
        gets it again only where somebody is `sure`. Raises NotFoundError, ForbiddenError, InputError, UnknownNameError, and ConflictError
        where there is nobody to tell.
        """
        through = self._posting.channel(channel) if channel is not None else None
        words = via_of(via)
        claims: tuple[Delivery, ...] = ()
        with self._store.writing() as connection:
            message = _message(connection, message_id, by, "write")
            people = self._people(connection, message, to)
            if through is not None:
                claims = self._posting.claim_within(connection, message, people, through.name, by, sure=sure)
            else:
                when = self._past(at, message)
                self._posting.mark_within(connection, message, people, words, when, by)
                self._posting.settle_within(connection, message)
        if through is not None:
            self._posting.carry(message, people, claims, through)
        return self.of(message_id, by=by)

    def acknowledge(
        self,
        message_id: str,
        stakeholder_id: str | None = None,
        *,
        only_read: bool = False,
        at: datetime | None = None,
        by: str = LOCAL_PERSON,
    ) -> Told:
        """Say that a stakeholder has read a message, or that they have acknowledged it; a second time changes nothing.

        Without `stakeholder_id` it is who asks, as somebody of that name who must be told; a reader may say it for themselves only.
        Raises NotFoundError, ForbiddenError, InputError for a time before it was sent or in the future.
        """
        with self._store.writing() as connection:
            message = _message(connection, message_id, by)
            stakeholder = _meant(connection, message, stakeholder_id, by)
            if not _is(stakeholder, by):
                access.require(connection, by, "write", f"message/{message.id}")
            self._read(connection, message, stakeholder, "read" if only_read else "acknowledged", self._past(at, message), by, None)
            return self._of(connection, message)

    # Without an account

    def link(self, message_id: str, stakeholder_id: str, *, by: str = LOCAL_PERSON) -> str:
        """The path by which one reader acknowledges one message without an account. Raises NotFoundError, ForbiddenError."""
        with self._store.writing() as connection:
            message = _message(connection, message_id, by, "write")
            stakeholder = _meant(connection, message, stakeholder_id, by)
            secret = ack_links.secret_of(connection, self._new_secret, self._clock.now(), by)
            return f"/ack/{ack_links.token(secret, message.id, stakeholder.id)}"

    def opened(self, token: str) -> Opened:
        """What a link leads to. Looking is not reading: programs look at links too. Raises NotFoundError."""
        with self._store.reading() as connection:
            return self._opened(connection, token)

    def acknowledge_by_link(self, token: str) -> Opened:
        """Say that the reader of a link has read its message; a second time changes nothing. Raises NotFoundError."""
        with self._store.writing() as connection:
            found = self._opened(connection, token)
            self._read(connection, found.message, found.stakeholder, "acknowledged", self._clock.now(), BY_LINK, BY_LINK)
            return self._opened(connection, token)

    # Within

    def _of(self, connection: Transaction, message: SentMessage) -> Told:
        if message.incident_id is None:
            return Told(message, 1, (), (message,), ())
        sent = messages.of_incident(connection, message.incident_id)
        people = involved.stakeholders_of(connection, message.incident_id)
        return _told(message, sent, people, rows.of_incident(connection, message.incident_id))

    def _people(self, connection: Transaction, message: SentMessage, to: Sequence[str] | None) -> tuple[Stakeholder, ...]:
        told = self._of(connection, message)
        if message.incident_id is None:
            raise InputError(
                "this message is about no incident, so nobody is known to be told of it", hint="record it about one", field="to"
            )
        if to is not None:
            return chosen(involved.stakeholders_of(connection, message.incident_id), to)
        if not told.untold:
            raise ConflictError("everybody who must hear this has heard it", hint="add who is missing to the incident")
        return told.untold

    def _past(self, at: datetime | None, message: SentMessage) -> datetime:
        now = self._clock.now()
        if at is None:
            return now
        if not message.sent_at <= aware(at, "at") <= now:
            raise InputError("that is before the message was sent, or still to come", hint="say when they got it", field="at")
        return at

    def _read(
        self, connection: Transaction, message: SentMessage, stakeholder: Stakeholder, what: str, at: datetime, by: str, via: str | None
    ) -> None:
        known = rows.of_message(connection, message.id)
        if any(one.stakeholder_id == stakeholder.id and one.what == what for one in known):
            return
        new = Delivery(self._ids.new(), message.id, stakeholder.id, what, at, self._clock.now(), by, via)
        rows.add(connection, new)

    def _opened(self, connection: Transaction, token: str) -> Opened:
        message_id, stakeholder_id = ack_links.meant(connection, token)
        message = messages.get(connection, message_id)
        gone = message.incident_id is None or incidents.get(connection, message.incident_id).removed_at is not None
        if gone or message.incident_id is None:
            raise NotFoundError("this message is not here any more", hint="ask who sent it to you")
        stakeholder = involved.stakeholder_in(connection, message.incident_id, stakeholder_id)
        told = rows.of_incident(connection, message.incident_id)
        own = hearing.heard(stakeholder, [one for one in told if one.message_id == message.id])
        line = hearing.line_of(message, messages.of_incident(connection, message.incident_id))
        had = {one.message_id for one in told if one.stakeholder_id == stakeholder.id and one.what in hearing.REACHED}
        later = [one for one in line[line.index(message) + 1 :] if one.id in had]
        return Opened(message, stakeholder, own.acknowledged_at, later[-1] if later else None)


def _told(message: SentMessage, sent: Sequence[SentMessage], people: Sequence[Stakeholder], told: Sequence[Delivery]) -> Told:
    line = hearing.line_of(message, sent)
    wrong = hearing.still_wrong(message, sent, people, told)
    heard = hearing.of_message(message, people, told)
    if message.corrects is not None and line[-1] == message:
        known = {one.stakeholder.id for one in heard}
        heard += tuple(one for one in wrong if one.stakeholder.id not in known)
    return Told(message, hearing.version(message, sent), heard, line, wrong)


def _message(connection: Transaction, message_id: str, by: str, verb: str = "read") -> SentMessage:
    message = messages.get(connection, message_id)
    access.part_seen(connection, message.incident_id, by, "message", message.id)
    access.require(connection, by, verb, f"message/{message.id}")
    return message


def _meant(connection: Transaction, message: SentMessage, stakeholder_id: str | None, by: str) -> Stakeholder:
    if message.incident_id is None:
        raise NotFoundError("this message is about no incident, so nobody is known to be told of it")
    if stakeholder_id is not None:
        return involved.stakeholder_in(connection, message.incident_id, stakeholder_id)
    people = involved.stakeholders_of(connection, message.incident_id)
    found = next((one for one in people if one.removed_at is None and _is(one, by)), None)
    if found is None:
        raise NotFoundError(f"{by!r} is nobody who must be told of this incident", hint="say for whom, by the id of a stakeholder")
    return found


def _is(stakeholder: Stakeholder, by: str) -> bool:
    return stakeholder.name.casefold() == by.casefold()
