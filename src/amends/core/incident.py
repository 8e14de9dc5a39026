"""An incident, the drafts written about it, and what happens when two people write at once.

These are plain dataclasses, not `core.record`: the web API takes and returns them as they are, and no check reads them.
All instants are aware and in UTC; `started_at` is when it happened, `recorded_at` when we were told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError

if TYPE_CHECKING:
    from datetime import datetime

SEVERITIES = ("SEV1", "SEV2", "SEV3", "SEV4", "SEV5")
"""How bad it is, from worst to mildest."""

STATUSES = ("investigating", "identified", "monitoring", "resolved", "reviewed")
"""How far we are. Contained means monitoring or later."""

ORIGINS = ("own", "sample")
"""Where an incident comes from: it happened to the people here, or it is the sample of the first start."""

OUTCOMES = ("saved", "merged", "set-aside")
"""What became of a text that was given to us: it is the draft, it was joined with a newer one, or it lost and is kept beside."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that went wrong and is owned here; hidden, never deleted, once `removed_at` is set.

    `visibility` is open or private, `follows` the incident whose fix brought this one, `version` grows with every change of these fields.
    """

    id: str
    title: str
    severity: str
    status: str
    started_at: datetime
    recorded_at: datetime
    origin: str = "own"
    removed_at: datetime | None = None
    visibility: str = "open"
    follows: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class DraftContent:
    """What a person writes and chooses in the compose page.

    `form` is a form id or "auto"; `audience` one of `core.people.AUDIENCES` or None for the form's own; `tz` an IANA zone or None.
    """

    text: str
    form: str = "auto"
    audience: str | None = None
    tz: str | None = None


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """A draft as it stands now, seen by its author only; `version` is what the next save must say it is based on."""

    id: str
    author: str
    incident_id: str | None
    version: int
    content: DraftContent
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None = None
    discarded_at: datetime | None = None
    origin: str = "own"

    @property
    def is_open(self) -> bool:
        """Whether it can still be written in."""
        return self.finished_at is None and self.discarded_at is None


@dataclass(frozen=True, slots=True)
class DraftVersion:
    """One text that was given to us, kept for ever; `based_on` is the version its writer saw, None for the first."""

    draft_id: str
    version: int
    content: DraftContent
    based_on: int | None
    outcome: str
    recorded_at: datetime


class DraftConflictError(ConflictError):
    """The draft changed, or was closed, since the writer read it.

    `current` is the draft as it stands; `kept_as` is the version under which the refused text is kept, so that nothing is lost.
    """

    def __init__(self, current: SavedDraft, kept_as: int) -> None:
        state = "was changed elsewhere" if current.is_open else "is already " + ("finished" if current.finished_at else "discarded")
        super().__init__(
            f"the draft {state} (version {current.version}); your text is kept as version {kept_as}",
            hint="compare both texts, then save again based on the current version"
            if current.is_open
            else "reopen the draft, then save again",
        )
        self.current = current
        self.kept_as = kept_as


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A version of a draft that was sent, and is therefore no longer its author's alone.

    `sent_at` is when its readers got it, `recorded_at` when we were told. `incident_id` is None for a message about no incident here.
    `corrects` is the message whose readers must hear this one, `via` how it went out, where that is known; `form` is what its author
    chose or, where they let it be guessed, what the checker took it for.
    """

    id: str
    draft_id: str
    version: int
    incident_id: str | None
    audience: str | None
    author: str
    sent_at: datetime
    recorded_at: datetime
    text: str
    corrects: str | None = None
    via: str | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One change, as the hash-chained journal holds it; `data` is canonical JSON and never holds a person's text."""

    seq: int
    at: datetime
    actor: str
    what: str
    subject: str
    data: str
    previous: str
    hash: str
