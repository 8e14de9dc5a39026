"""A version: the account as told to one audience, in a shared text, with its sentences tied to claims and its redactions declared.

The text itself is a shared document of the incident (`incidents.document`, kind `version`). All instants are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

GROUNDS = ("legal", "privacy", "security")
"""Why something may be withheld, and said to be withheld."""


@dataclass(frozen=True, slots=True)
class Tie:
    """That a sentence of a version tells a point of the account, or, with `undoes`, that it no longer does.

    `sentence` is the sentence as it stood: a tie holds as long as the text has that sentence.
    """

    id: str
    incident_id: str
    document_id: str
    sentence: str
    item: str
    recorded_at: datetime
    by: str
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Redaction:
    """That a point is withheld from an audience, on a ground, with the reason, until `lift_at`; with `undoes`, that this was lifted."""

    id: str
    incident_id: str
    item: str
    audience: str
    ground: str
    why: str
    recorded_at: datetime
    by: str
    lift_at: datetime | None = None
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Which version of which text a message of an incident carried, or was begun from and then changed by its author."""

    message_id: str
    document_id: str
    version: int
    incident_id: str
