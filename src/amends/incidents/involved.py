"""Who is part of an incident: those who hold a function, those who may see it, and those who must be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

FUNCTIONS = ("lead", "communications", "scribe", "operations", "liaison", "deputy")
"""What somebody does in an incident; a function has one holder at a time, and is handed over."""

VISIBILITIES = ("open", "private")
"""Open to everybody of the workspace, or to those invited only."""

STAKEHOLDER_KINDS = ("affected", "needs-to-know", "saw-wrong")
"""Why somebody must be told: it hit them, they must know, or they read a number of ours that was wrong."""

DELIVERIES = ("trying", "sent", "failed", "read", "acknowledged")
"""How far a message has come with one stakeholder. `trying` claims a try and stands before its outcome: one without an outcome may have
reached them all the same. `sent` is also what was told by other means; `failed` says in `text` why a try did not get through."""

LINKS = ("repository", "channel", "ticket", "dashboard", "document", "other")


@dataclass(frozen=True, slots=True)
class Assignment:
    """Somebody who held a function from `since` to `until` (None: still does); `given_by` handed it over."""

    id: str
    incident_id: str
    function: str
    person: str
    since: datetime
    given_by: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody who may see a private incident; `why` is set where an owner let themselves in."""

    incident_id: str
    person: str
    since: datetime
    invited_by: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Stakeholder:
    """A group or person to be told: `address` is how (a mailbox, a chat channel), `size` how many they are, where that is known."""

    id: str
    incident_id: str
    name: str
    kind: str
    audience: str
    added_at: datetime
    added_by: str
    address: str | None = None
    size: int | None = None
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """That a message, in the version that was sent, reached a stakeholder, was read by them, or was acknowledged.

    `attempt` numbers the tries to send it, and what came of each; it is 1 for what can happen once. `text` says why a try failed.
    """

    id: str
    message_id: str
    stakeholder_id: str
    what: str
    at: datetime
    recorded_at: datetime
    by: str
    via: str | None = None
    attempt: int = 1
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Where else something about an incident stands: `target` is an address or a path."""

    id: str
    incident_id: str
    kind: str
    target: str
    added_at: datetime
    added_by: str
    title: str | None = None
    removed_at: datetime | None = None
