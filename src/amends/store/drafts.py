"""Drafts and their versions as rows. Everything here is asked for by its author: for anybody else the draft is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, insert, or_, select, update

from amends.core.errors import NotFoundError
from amends.core.incident import DraftContent, DraftVersion, SavedDraft
from amends.store.schema import draft, draft_version, incident, is_id, message

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Row, Select

_head = draft_version.c

LARGEST_VERSION = 2**31 - 1
"""What the column holds; a caller may name any number."""


def add(connection: Connection, *, draft_id: str, author: str, incident_id: str | None, at: datetime) -> None:
    """Begin a draft; its first version follows in the same transaction."""
    row = {"id": draft_id, "author": author, "incident_id": incident_id, "version": 1, "created_at": at}
    connection.execute(insert(draft), row)


def add_version(connection: Connection, new: DraftVersion, *, salt: str, journal_seq: int) -> None:
    """Keep a text for ever; `journal_seq` is the row of the journal that speaks of it."""
    content = new.content
    row = {"draft_id": new.draft_id, "version": new.version, "based_on": new.based_on, "outcome": new.outcome}
    row |= {"text": content.text, "form": content.form, "audience": content.audience, "tz": content.tz}
    row |= {"recorded_at": new.recorded_at, "salt": salt, "journal_seq": journal_seq}
    connection.execute(insert(draft_version), row)


def set_head(connection: Connection, draft_id: str, version: int) -> None:
    """Say which version the draft stands at."""
    connection.execute(update(draft).where(draft.c.id == draft_id).values(version=version))


def set_closed(connection: Connection, draft_id: str, *, finished_at: datetime | None, discarded_at: datetime | None) -> None:
    """Finish or discard a draft, or with None for both open it again."""
    connection.execute(update(draft).where(draft.c.id == draft_id).values(finished_at=finished_at, discarded_at=discarded_at))


def get(connection: Connection, draft_id: str, *, author: str) -> SavedDraft:
    """A draft as it stands, open or closed. Raises NotFoundError, also when it is somebody else's."""
    row = None
    if is_id(draft_id):
        row = connection.execute(_drafts().where(draft.c.id == draft_id, draft.c.author == author)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no draft {draft_id!r}")
    return _saved(row)


def opened(connection: Connection, *, author: str, limit: int) -> tuple[SavedDraft, ...]:
    """The open drafts of a person, the one written in last first, without those of removed incidents."""
    query = (
        _drafts()
        .where(draft.c.author == author, draft.c.finished_at.is_(None), draft.c.discarded_at.is_(None))
        .where(or_(draft.c.incident_id.is_(None), incident.c.removed_at.is_(None)))
        .order_by(_head.recorded_at.desc(), draft.c.id.desc())
        .limit(limit)
    )
    return tuple(_saved(row) for row in connection.execute(query))


def unsent(connection: Connection) -> tuple[SavedDraft, ...]:
    """The open drafts about incidents that were not removed, whoever writes them: for what reminds their authors and tells nobody."""
    query = _drafts().where(draft.c.finished_at.is_(None), draft.c.discarded_at.is_(None), incident.c.removed_at.is_(None))
    return tuple(_saved(row) for row in connection.execute(query.where(draft.c.incident_id.is_not(None)).order_by(draft.c.id)))


def by_id(connection: Connection, draft_id: str) -> SavedDraft:
    """One draft, whoever writes it, for the same purpose. Raises NotFoundError."""
    row = connection.execute(_drafts().where(draft.c.id == draft_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no draft {draft_id!r}")
    return _saved(row)


def version(connection: Connection, draft_id: str, number: int) -> DraftVersion | None:
    """One version, or None where there is none of that number."""
    if not 0 < number <= LARGEST_VERSION:
        return None
    row = connection.execute(select(draft_version).where(_head.draft_id == draft_id, _head.version == number)).one_or_none()
    return _version(row) if row else None


def versions(connection: Connection, draft_id: str) -> tuple[DraftVersion, ...]:
    """Every text that was given for this draft, oldest first, those that lost a conflict included."""
    rows = connection.execute(select(draft_version).where(_head.draft_id == draft_id).order_by(_head.version))
    return tuple(_version(row) for row in rows)


def contents_sent(connection: Connection, incident_id: str) -> dict[str, DraftContent]:
    """What was written and chosen for each message about an incident, by the id of the message."""
    version = and_(_head.draft_id == message.c.draft_id, _head.version == message.c.version)
    query = select(message.c.id, _head.text, _head.form, _head.audience, _head.tz).join_from(message, draft_version, version)
    rows = connection.execute(query.where(message.c.incident_id == incident_id))
    return {row.id: DraftContent(row.text, row.form, row.audience, row.tz) for row in rows}


def last_number(connection: Connection, draft_id: str) -> int:
    """The highest version number of a draft; texts set aside count too."""
    number: int = connection.execute(select(func.max(_head.version)).where(_head.draft_id == draft_id)).scalar_one()
    return number


def same_set_aside(connection: Connection, draft_id: str, content: DraftContent) -> int | None:
    """The version under which this very content was set aside already, if it was: a page that retries must not fill the store."""
    query = select(_head.version).where(_head.draft_id == draft_id, _head.outcome == "set-aside", _head.text == content.text)
    query = query.where(_head.form == content.form, _head.audience.is_not_distinct_from(content.audience))
    return connection.execute(query.where(_head.tz.is_not_distinct_from(content.tz)).limit(1)).scalar()


def _drafts() -> Select[Any]:
    own = draft.c
    return (
        select(
            own.id, own.author, own.incident_id, own.version, own.created_at, own.finished_at, own.discarded_at,
            _head.text, _head.form, _head.audience, _head.tz, _head.recorded_at, incident.c.origin,
        )
        .join_from(draft, draft_version, and_(_head.draft_id == own.id, _head.version == own.version))
        .join(incident, incident.c.id == own.incident_id, isouter=True)
    )  # fmt: skip


def _saved(row: Row[Any]) -> SavedDraft:
    return SavedDraft(
        id=row.id,
        author=row.author,
        incident_id=row.incident_id,
        version=row.version,
        content=DraftContent(row.text, row.form, row.audience, row.tz),
        created_at=row.created_at,
        updated_at=row.recorded_at,
        finished_at=row.finished_at,
        discarded_at=row.discarded_at,
        origin=row.origin or "own",
    )


def _version(row: Row[Any]) -> DraftVersion:
    content = DraftContent(row.text, row.form, row.audience, row.tz)
    return DraftVersion(row.draft_id, row.version, content, row.based_on, row.outcome, row.recorded_at)
