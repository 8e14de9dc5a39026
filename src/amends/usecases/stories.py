"""The story of an incident, read at one moment in a fixed number of questions to the store, however long it has become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.people import LOCAL_PERSON
from amends.incidents import acting
from amends.incidents.story import Story
from amends.narrative.support import stand
from amends.promises.ledger import LedgerEntry, entry_of
from amends.store import actions, deliveries, documents, involved, messages, narrative, promises, record, timelines, today
from amends.store import incidents as rows
from amends.usecases import access

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from amends.core.incident import Incident
    from amends.core.ports import Clock
    from amends.incidents.acting import ActionStanding
    from amends.narrative.account import Account
    from amends.store.engine import Store, Transaction


class Stories:
    """Reads incidents whole. Nothing here changes anything."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def of(self, incident_id: str, *, by: str = LOCAL_PERSON) -> Story:
        """The story of one incident as somebody may see it. Raises NotFoundError, ForbiddenError."""
        with self._store.reading() as connection:
            return told_within(connection, incident_id, self._clock.now(), by)


def told_within(connection: Transaction, incident_id: str, now: datetime, by: str) -> Story:
    """The same inside a transaction that does more."""
    incident = access.seen(connection, incident_id, by)
    made = timelines.heads(connection, incident_id)
    return Story(
        incident=incident,
        now=now,
        events=record.events_of(connection, incident_id),
        assignments=involved.assignments_of(connection, incident_id),
        invitations=involved.invitations_of(connection, incident_id),
        stakeholders=involved.stakeholders_of(connection, incident_id),
        links=involved.links_of(connection, incident_id),
        messages=messages.of_incident(connection, incident_id),
        deliveries=deliveries.of_incident(connection, incident_id),
        promises=promises_within(connection, incident_id, now, by),
        actions=actions_within(connection, incident_id, now),
        documents=documents.heads(connection, incident_id),
        before=rows.before(connection, incident_id, by),
        after=rows.after(connection, incident_id, by),
        timeline=made[0].number if made else None,
        timeline_at=made[0].made_at if made else None,
    )


def lived_within(connection: Transaction, found: Sequence[Incident], now: datetime, by: str) -> Iterator[tuple[Story, Account]]:
    """Each of some incidents that somebody may see, with its account, in a number of questions that does not grow with them.

    The stories hold what figures are made of: the record, what was sent and whom it reached, the promises and the action items.
    """
    ids = tuple(one.id for one in found)
    events, sent, reached = today.events(connection, ids), messages.of_incidents(connection, ids), deliveries.of_incidents(connection, ids)
    promised, items, told = (
        promises.of_incidents(connection, ids),
        actions.of_incidents(connection, ids),
        narrative.of_incidents(connection, ids),
    )
    for one in found:
        entries = (entry_of(each, now) for each in promised.get(one.id, ()))
        yield (
            Story(
                incident=one,
                now=now,
                events=events.get(one.id, ()),
                messages=tuple(sent.get(one.id, ())),
                deliveries=tuple(reached.get(one.id, ())),
                promises=tuple(entry for entry in entries if entry.is_seen_by(by)),
                actions=tuple(acting.standing(item, known, now) for item, known in items.get(one.id, ())),
            ),
            stand(one.id, *told.get(one.id, ((), ()))),
        )


def promises_within(connection: Transaction, incident_id: str, now: datetime, by: str | None) -> tuple[LedgerEntry, ...]:
    """The promises of an incident as they stand at a moment, in the order in which they were made; all, or those that `by` may see."""
    told = promises.of_incident(connection, incident_id)
    found = (entry_of(one, now) for one in told)
    return tuple(entry for entry in found if by is None or entry.is_seen_by(by))


def actions_within(connection: Transaction, incident_id: str, now: datetime) -> tuple[ActionStanding, ...]:
    """The action items of an incident as they stand at a moment, in the order in which they were proposed."""
    return tuple(acting.standing(item, events, now) for item, events in actions.of_incident(connection, incident_id))
