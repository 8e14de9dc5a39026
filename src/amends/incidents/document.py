"""Shared texts of an incident: notes, reviews, agendas, in which several people write at once.

All instants are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError

if TYPE_CHECKING:
    from datetime import datetime

DOCUMENT_KINDS = ("note", "review", "agenda", "other")
"""What a shared text is for that anybody begins."""

VERSION = "version"
"""What a shared text is for that tells the account to one audience; `usecases.versions` begins it."""

TEXT_LIMIT = 1_000_000
"""The longest text, in code points: every version is kept for ever, so a pasted log must not fill the store."""

TITLE_LIMIT = 200
"""The longest title, in code points."""


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """A shared text as it stands, without the text: `version` is what the next save must say it is based on, `length` in code points.

    `audience` is whom a version of the account is for, one of `core.people.AUDIENCES`; None for every other kind.
    """

    id: str
    incident_id: str
    kind: str
    title: str
    version: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    length: int
    removed_at: datetime | None = None
    audience: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A shared text as it stands."""

    head: DocumentHead
    text: str


@dataclass(frozen=True, slots=True)
class DocumentVersion:
    """One text that was given to us, kept for ever.

    `based_on` is the version its writer saw, None for the first; `outcome` one of `core.incident.OUTCOMES`: of a merged one the text is
    what came of both, of one set aside it is what its writer gave.
    """

    document_id: str
    version: int
    text: str
    based_on: int | None
    outcome: str
    author: str
    recorded_at: datetime


class DocumentConflictError(ConflictError):
    """Somebody else changed the same paragraph, or removed the text, since the writer read it.

    `current` is the text as it stands; `kept_as` the version under which the refused text is kept, so that nothing is lost.
    """

    def __init__(self, current: Document, kept_as: int) -> None:
        head = current.head
        state = "the same paragraph was changed since" if head.removed_at is None else "the text was removed"
        super().__init__(
            f"{state} (version {head.version} by {head.updated_by}); yours is kept as version {kept_as}",
            hint="compare both texts, then save again based on the current version"
            if head.removed_at is None
            else "bring it back, then save again",
        )
        self.current = current
        self.kept_as = kept_as
