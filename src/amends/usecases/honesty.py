"""The account of an incident over time: how honest its status was, how the account changed, and which promise came again and again."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from amends.core.people import LOCAL_PERSON
from amends.narrative import happened
from amends.narrative.followups import KEPT, FollowUp, repeated, vague_in
from amends.narrative.honesty import honesty
from amends.store import narrative as rows
from amends.usecases import access
from amends.usecases.narrating import account_within
from amends.usecases.stories import told_within

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from amends.core.ports import Clock
    from amends.incidents.story import Story
    from amends.narrative.account import Account
    from amends.narrative.happened import Happened
    from amends.narrative.honesty import StatusHonesty
    from amends.store.engine import Store
    from amends.usecases.today import Today


class Honesty:
    """Looks back on an incident; nothing here changes anything. `by` gets what they may see."""

    def __init__(self, store: Store, clock: Clock, today: Callable[[], Today]) -> None:
        self._store = store
        self._clock = clock
        self._today = today

    def of(self, incident_id: str, *, zone: tzinfo = UTC, by: str = LOCAL_PERSON) -> StatusHonesty:
        """How honest its status was, with times told in `zone`. Raises NotFoundError, ForbiddenError."""
        with self._store.reading() as connection:
            story = told_within(connection, incident_id, self._clock.now(), by)
            account = account_within(connection, incident_id)
        return self.of_story(story, account, zone=zone)

    def of_story(self, story: Story, account: Account, *, zone: tzinfo = UTC) -> StatusHonesty:
        """The same of a story and an account that were read already, without reading them again."""
        today = self._today()
        read = today.reader_of(story.incident.id, story.reached)
        row = [FollowUp(message.id, message.audience, message.sent_at, read(message).promises) for message in story.reached]
        kept = [
            (entry.promise.words, entry.standing.settled_at)
            for entry in story.promises
            if entry.standing.state in KEPT and entry.standing.settled_at is not None and not entry.promise.private
        ]
        return honesty(story, account, read, today.firsts_of(story), repeated(row, kept), vague=vague_in(row, kept), zone=zone)

    def history(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[Happened, ...]:
        """How its account came to be what it is, as sentences, oldest first. Raises NotFoundError, ForbiddenError."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return happened.told(rows.changes_of(connection, incident_id))
