"""The part of the facade that owns what broke: incidents, what was met before, messages, promises, action items, and what is due."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from amends.usecases.facade_practice import PracticeParts

if TYPE_CHECKING:
    from amends.usecases.acting import Acting
    from amends.usecases.beginning import Beginning
    from amends.usecases.calendars import Calendars
    from amends.usecases.documents import Documents
    from amends.usecases.drafting import Drafting
    from amends.usecases.due import Due
    from amends.usecases.incidents import Incidents
    from amends.usecases.involving import Involving
    from amends.usecases.messaging import Messaging
    from amends.usecases.notes import Notes
    from amends.usecases.posting import Posting
    from amends.usecases.promising import Promising
    from amends.usecases.recording import Recording
    from amends.usecases.recurring import Recurring
    from amends.usecases.similar import Similar
    from amends.usecases.stories import Stories
    from amends.usecases.telling import Telling
    from amends.usecases.today import Today
    from amends.usecases.tracking import Tracking
    from amends.usecases.watching import Watching


class IncidentParts(PracticeParts):
    """Use cases of incidents and what is said about them."""

    @cached_property
    def incidents(self) -> Incidents:
        """Owning incidents."""
        from amends.usecases.incidents import Incidents

        return Incidents(
            self.store, self.clock, self.ids, lambda: self.checking,
            opened=lambda incident_id: self.recurring.opened(incident_id),  # noqa: PLW0108  # made when one is opened, not before
        )  # fmt: skip

    @cached_property
    def recurring(self) -> Recurring:
        """What was met before, what was promised then, and guardrails."""
        from amends.usecases.recurring import Recurring

        return Recurring(self.store, self.clock, self.ids)

    @cached_property
    def similar(self) -> Similar:
        """Meeting again what happened before; comparing reports that somebody brings opens no store."""
        from amends.usecases.similar import Similar

        return Similar(lambda: self.store)

    @cached_property
    def recording(self) -> Recording:
        """Writing down what is known of an incident."""
        from amends.usecases.recording import Recording

        return Recording(self.store, self.clock, self.ids)

    @cached_property
    def involving(self) -> Involving:
        """The people of an incident, and its links."""
        from amends.usecases.involving import Involving

        return Involving(self.store, self.clock, self.ids)

    @cached_property
    def stories(self) -> Stories:
        """Incidents told whole."""
        from amends.usecases.stories import Stories

        return Stories(self.store, self.clock)

    @cached_property
    def drafting(self) -> Drafting:
        """Writing drafts and keeping their versions. Raises StoreError when the store cannot be opened, as all below do."""
        from amends.usecases.drafting import Drafting

        return Drafting(self.store, self.clock, self.ids)

    @cached_property
    def documents(self) -> Documents:
        """Shared texts of incidents."""
        from amends.usecases.documents import Documents

        return Documents(self.store, self.clock, self.ids)

    @cached_property
    def beginning(self) -> Beginning:
        """Beginning messages from what is known of an incident, and holding drafts against it."""
        from amends.usecases.beginning import Beginning

        return Beginning(self.store, self.clock)

    @cached_property
    def messaging(self) -> Messaging:
        """Sending messages, which puts their promises into the ledger."""
        from amends.usecases.messaging import Messaging

        return Messaging(
            self.store, self.clock, self.ids, lambda: self.checking, self.incidents, self.drafting, self.promising, self._posting,
            lambda *sent: self.practising.count_within(*sent),  # noqa: PLW0108  # made when something is sent, not before
        )  # fmt: skip

    @cached_property
    def telling(self) -> Telling:
        """Who heard which message, corrections, and sharing one again."""
        from amends.usecases.telling import Telling

        return Telling(self.store, self.clock, self.ids, self._posting, self._new_secret)

    @cached_property
    def notes(self) -> Notes:
        """The follow-up note: its commits, its boxes, and who has it."""
        from amends.usecases.notes import Notes
        from amends.usecases.tracking import Outside

        return Notes(self.store, self.clock, self.telling, lambda: (self._outside or Outside)().trackers)

    @cached_property
    def _posting(self) -> Posting:
        from amends.usecases.posting import Posting

        return Posting(self.store, self.clock, self.ids, lambda: self.due.team, self._new_secret, self.promising)

    @cached_property
    def promising(self) -> Promising:
        """The ledger of promises."""
        from amends.usecases.promising import Promising

        return Promising(self.store, self.clock, self.ids)

    @cached_property
    def acting(self) -> Acting:
        """The action items of reviews."""
        from amends.usecases.acting import Acting

        return Acting(self.store, self.clock, self.ids, lambda: self.checking)

    @cached_property
    def tracking(self) -> Tracking:
        """Action items as tickets of a tracker."""
        from amends.usecases.tracking import Outside, Tracking

        return Tracking(self.store, self.clock, self.acting, self._outside or Outside)

    @cached_property
    def due(self) -> Due:
        """Looking at what is due and missed, and reminding people of it."""
        store = self.store  # first, because it says what to install where it cannot be had
        from amends.usecases.due import Due, Reminding

        return Due(store, self.clock, self.ids, self._reminding or Reminding)

    @cached_property
    def calendars(self) -> Calendars:
        """Promises as calendars that a person subscribes to."""
        store = self.store
        from amends.usecases.calendars import Calendars

        return Calendars(store, self.clock, self.ids, self._new_secret, lambda: self.due.team)

    @cached_property
    def today(self) -> Today:
        """What a person should do now, over all incidents."""
        store = self.store
        from amends.usecases.today import Today

        return Today(store, self.clock, lambda: self.checking)

    @cached_property
    def watching(self) -> Watching:
        """Noticing what changes in an incident, for pages that stay live."""
        from amends.usecases.watching import Watching

        return Watching(self.store, self.clock)
