"""The story of an incident: everything that is known of it at one moment, for the page, the exports and every text begun from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.incidents.event import IncidentEvent, standing
from amends.incidents.hearing import unreached

if TYPE_CHECKING:
    from datetime import datetime

    from amends.core.incident import Incident, SentMessage
    from amends.incidents.acting import ActionStanding
    from amends.incidents.document import DocumentHead
    from amends.incidents.involved import Assignment, Delivery, Invitation, Link, Stakeholder
    from amends.promises.ledger import LedgerEntry


@dataclass(frozen=True, slots=True)
class Story:
    """An incident with all that belongs to it, read in one transaction at `now`; each list in the order in which it came to be.

    `events` is its record, `messages` what was sent about it and `deliveries` to whom. `promises` and `actions` come with how they stand.
    `before` is what it follows from (the nearest last), `after` what followed from it (the first to start first), both without what the
    reader may not see. `timeline` is the number of its newest version, made at `timeline_at`; None without any.
    Stakeholders, links and assignments come with those that were removed or have ended; `told`, `linked` and `holding` leave these out.
    """

    incident: Incident
    now: datetime
    events: tuple[IncidentEvent, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    stakeholders: tuple[Stakeholder, ...] = ()
    links: tuple[Link, ...] = ()
    messages: tuple[SentMessage, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    promises: tuple[LedgerEntry, ...] = ()
    actions: tuple[ActionStanding, ...] = ()
    documents: tuple[DocumentHead, ...] = ()
    before: tuple[Incident, ...] = ()
    after: tuple[Incident, ...] = ()
    timeline: int | None = None
    timeline_at: datetime | None = None

    def standing(self, what: str, kind: str | None = None) -> tuple[IncidentEvent, ...]:
        """The events of a sort that still hold; see `event.standing`."""
        return standing(self.events, what, kind)

    def milestone(self, kind: str) -> IncidentEvent | None:
        """The milestone of a kind that holds, the last one where there are several; None where nobody wrote one down."""
        found = self.standing("milestone", kind)
        return found[-1] if found else None

    @property
    def reached(self) -> tuple[SentMessage, ...]:
        """The messages that somebody got: without those that were tried through a channel and reached nobody."""
        lost = unreached(self.deliveries)
        return tuple(message for message in self.messages if message.id not in lost)

    @property
    def holding(self) -> tuple[Assignment, ...]:
        """Who holds a function now."""
        return tuple(one for one in self.assignments if one.until is None)

    @property
    def told(self) -> tuple[Stakeholder, ...]:
        """Who must be told, as it stands."""
        return tuple(one for one in self.stakeholders if one.removed_at is None)

    @property
    def linked(self) -> tuple[Link, ...]:
        """Where else something about it stands, as it is now."""
        return tuple(one for one in self.links if one.removed_at is None)
