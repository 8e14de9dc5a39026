"""Carrying a message to those who must be told: each try is claimed first, handed over outside of any transaction, and then marked.

A try that was interrupted has no outcome. It may have reached its reader, so nobody sends it again unless they say that they mean it:
a message reaches nobody twice by our own doing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, InputError, UnknownNameError
from amends.incidents.hearing import heard, unreached
from amends.incidents.involved import Delivery
from amends.incidents.letters import parts_of
from amends.integrations.channels import ChannelError, Letter
from amends.store import deliveries as rows
from amends.store import incidents, messages
from amends.usecases import ack_links
from amends.usecases.given import line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from amends.core.incident import SentMessage
    from amends.core.ports import Clock, Ids
    from amends.incidents.involved import Stakeholder
    from amends.integrations.channels import Channel
    from amends.store.engine import Store, Transaction
    from amends.usecases.due import Reminding
    from amends.usecases.promising import Promising

VIA_LIMIT = 100
UNSURE_S = 120
"""How long a try may still be under way: longer than any channel waits for all its answers."""


class Posting:
    """The way of a message to its readers. `team` says which channels there are, and where this workbench can be reached."""

    def __init__(
        self, store: Store, clock: Clock, ids: Ids, team: Callable[[], Reminding], new_secret: Callable[[], str], promising: Promising
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._team = team
        self._new_secret = new_secret
        self._promising = promising

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the channels that are set up. Raises UsageError, NeedsExtraError."""
        return tuple(channel.name for channel in self._team().channels)

    @property
    def link(self) -> str | None:
        """Where this workbench is reached from outside, None where nobody said."""
        return (self._team().link or "").rstrip("/") or None

    def channel(self, name: str) -> Channel:
        """A channel by its name. Raises UnknownNameError."""
        known = {channel.name: channel for channel in self._team().channels}
        if name not in known:
            error = UnknownNameError("channel", name[:80], tuple(known))
            error.hint = error.hint if known else "no channel is set up; add one to amends.toml under [channels], or mark it as sent"
            raise error
        return known[name]

    def mark_within(
        self, connection: Transaction, message: SentMessage, to: Sequence[Stakeholder], via: str | None, at: datetime, by: str
    ) -> None:
        """Write down that some have got a message by other means; who has it already is left as they are."""
        known = rows.of_message(connection, message.id)
        for stakeholder in to:
            if not heard(stakeholder, known).reached:
                self._add(connection, message, stakeholder, "sent", via, at, by)

    def claim_within(
        self, connection: Transaction, message: SentMessage, to: Sequence[Stakeholder], via: str, by: str, *, sure: bool = False
    ) -> tuple[Delivery, ...]:
        """Claim a try for each who does not have the message, in the transaction that decides it; then `carry` it out.

        A try without an outcome is repeated only where somebody is `sure`, and never while it may be under way.
        Raises ConflictError where nobody is left to send to.
        """
        known = rows.of_message(connection, message.id)
        now = self._clock.now()
        claimed = []
        for stakeholder in to:
            before = heard(stakeholder, known)
            under_way = before.tried_at is not None and (now - before.tried_at).total_seconds() < UNSURE_S
            if before.reached or (before.state == "trying" and (under_way or not sure)):
                continue
            claimed.append(self._add(connection, message, stakeholder, "trying", via, now, by, attempt=before.tries + 1))
        if not claimed:
            hint = "who may have got it can be sent it once more, by saying so; who has it needs nothing"
            raise ConflictError("there is nobody to send this to", hint=hint)
        return tuple(claimed)

    def carry(self, message: SentMessage, to: Sequence[Stakeholder], claims: Sequence[Delivery], channel: Channel) -> None:
        """Hand a message over for each claim, and keep what came of it at once. What fails is kept with its reason, and raises nothing."""
        people = {one.id: one for one in to}
        with self._store.writing() as connection:
            secret = ack_links.secret_of(connection, self._new_secret, self._clock.now(), message.author)
            about = incidents.get(connection, message.incident_id).title if message.incident_id else ""
        subject, text = parts_of(message.text, about)
        place = self.link
        reached = False
        for claim in claims:
            stakeholder = people[claim.stakeholder_id]
            link = f"{place}/ack/{ack_links.token(secret, message.id, stakeholder.id)}" if place else None
            letter = Letter(
                f"{message.id}.{stakeholder.id}", message.id, stakeholder.name, stakeholder.address, stakeholder.audience, subject, text,
                self._clock.now(), link,
            )  # fmt: skip
            reached |= self._hand_over(message, claim, letter, channel)
        if reached and message.incident_id is not None:
            with self._store.writing() as connection:
                self.settle_within(connection, message)

    def settle_within(self, connection: Transaction, message: SentMessage) -> None:
        """Let the promises of an update to this audience be kept by the messages that reached somebody."""
        if message.incident_id is None:
            return
        lost = unreached(rows.of_incident(connection, message.incident_id))
        sent = [one for one in messages.of_incident(connection, message.incident_id, audience=message.audience) if one.id not in lost]
        self._promising.settle_within(connection, message.incident_id, message.audience, sent)

    def _hand_over(self, message: SentMessage, claim: Delivery, letter: Letter, channel: Channel) -> bool:
        try:
            channel.post(letter)
        except ChannelError as error:
            if not error.uncertain:  # else it may have arrived, and stays without an outcome
                with self._store.writing() as connection:
                    self._outcome(connection, claim, "failed", error.message[:500])
            return False
        with self._store.writing() as connection:
            self._outcome(connection, claim, "sent", None)
        return True

    def _outcome(self, connection: Transaction, claim: Delivery, what: str, why: str | None) -> None:
        now = self._clock.now()
        attempt = claim.attempt if what == "failed" else 1
        new = Delivery(self._ids.new(), claim.message_id, claim.stakeholder_id, what, now, now, claim.by, claim.via, attempt, why)
        rows.add(connection, new)

    def _add(
        self,
        connection: Transaction,
        message: SentMessage,
        stakeholder: Stakeholder,
        what: str,
        via: str | None,
        at: datetime,
        by: str,
        *,
        attempt: int = 1,
    ) -> Delivery:
        new = Delivery(self._ids.new(), message.id, stakeholder.id, what, at, self._clock.now(), by, via, attempt)
        rows.add(connection, new)
        return new


def via_of(given: str | None) -> str | None:
    """How a message went out, in one line; None where nobody said. Raises InputError."""
    return line(given, "via", VIA_LIMIT, "say it in a few words, such as phone or #incidents") if given and given.strip() else None


def chosen(people: Sequence[Stakeholder], ids: Sequence[str]) -> tuple[Stakeholder, ...]:
    """The stakeholders of some ids, each once, in the order of the incident. Raises InputError for one that is not there."""
    wanted = set(ids)
    unknown = sorted(wanted - {one.id for one in people})
    if unknown:
        named = f"{unknown[0][:40]!r} is nobody who must be told of this incident"
        raise InputError(named, hint="add them to the incident first, then share the message", field="to")
    return tuple(one for one in people if one.id in wanted)
