"""Beginning a message from what is known of its incident, and holding a draft against that; it writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import UnknownNameError
from amends.core.people import AUDIENCES, LOCAL_PERSON
from amends.core.zones import zone_or_utc
from amends.incidents.agreeing import disagreements
from amends.incidents.changes import Since, as_text, last_to, since
from amends.incidents.starts import STARTS, Begun, start
from amends.store import messages
from amends.usecases import access
from amends.usecases.stories import told_within

if TYPE_CHECKING:
    from amends.core.incident import SentMessage
    from amends.core.ports import Clock
    from amends.incidents.agreeing import Disagreement
    from amends.incidents.story import Story
    from amends.store.engine import Store


class Beginning:
    """Reads incidents for whoever writes about them. `by` is who writes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def start(
        self,
        incident_id: str,
        form: str,
        *,
        audience: str | None = None,
        corrects: str | None = None,
        with_changes: bool = False,
        tz: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> Begun:
        """A text of a kind of `incidents.starts.STARTS`, times on the clock of `tz`; with what changed since, where that is wanted.

        `corrects` is the message that a correction is of. Raises NotFoundError, UnknownNameError for a kind or an audience.
        """
        story, wrong = self._story(incident_id, by, corrects)
        zone = zone_or_utc(tz)
        text = start(story, form, audience, story.now, zone, wrong)
        checked_as, usual = STARTS[form]
        reader = audience or (wrong.audience if wrong is not None else None) or usual
        last = last_to(story, reader)
        if with_changes and last is not None:
            text = f"{text}\n{as_text(since(story, last, zone), last, story, zone)}"
        return Begun(text, checked_as, reader, wrong.id if wrong is not None else None)

    def since(
        self, incident_id: str, *, audience: str | None = None, message_id: str | None = None, tz: str | None = None, by: str = LOCAL_PERSON
    ) -> Since:
        """What changed since the last update to an audience (the last to anybody where none is named), or since one message.

        Raises NotFoundError, UnknownNameError for an audience.
        """
        if audience is not None and audience not in AUDIENCES:
            raise UnknownNameError("audience", audience[:80], AUDIENCES)
        story, named = self._story(incident_id, by, message_id)
        last = named or (last_to(story, audience) if audience is not None else story.messages[-1] if story.messages else None)
        if last is None:
            return Since(None, (), "")
        zone = zone_or_utc(tz)
        found = since(story, last, zone)
        return Since(last, found, as_text(found, last, story, zone))

    def disagreements(
        self, incident_id: str, text: str, *, audience: str | None = None, tz: str | None = None, by: str = LOCAL_PERSON
    ) -> tuple[Disagreement, ...]:
        """Where a draft contradicts what stands of its incident. Raises NotFoundError."""
        story, _ = self._story(incident_id, by, None)
        return disagreements(text, story, audience or "team", zone_or_utc(tz))

    def _story(self, incident_id: str, by: str, message_id: str | None) -> tuple[Story, SentMessage | None]:
        with self._store.reading() as connection:
            story = told_within(connection, incident_id, self._clock.now(), by)
            if message_id is None:
                return story, None
            message = messages.get(connection, message_id)
            access.part_seen(connection, message.incident_id, by, "message", message.id)
        return story, message
