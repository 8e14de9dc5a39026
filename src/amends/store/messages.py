"""Messages that were sent, as rows. The text of one stands in the version of the draft that it was, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, insert, select

from amends.core.errors import NotFoundError
from amends.core.incident import SentMessage
from amends.store.schema import draft_version, is_id, message

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Connection, Select


def add(connection: Connection, new: SentMessage, *, journal_seq: int) -> None:
    """Keep the record of a message for ever; `journal_seq` is the row of the journal that speaks of it."""
    row = {"id": new.id, "draft_id": new.draft_id, "version": new.version, "incident_id": new.incident_id, "audience": new.audience}
    row |= {"author": new.author, "sent_at": new.sent_at, "recorded_at": new.recorded_at, "journal_seq": journal_seq}
    connection.execute(insert(message), row)


def get(connection: Connection, message_id: str) -> SentMessage:
    """One message with its text. Raises NotFoundError."""
    row = None
    if is_id(message_id):
        row = connection.execute(_messages().where(message.c.id == message_id)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"there is no message {message_id!r}")
    return SentMessage(**row)


def of_draft(connection: Connection, draft_id: str) -> SentMessage | None:
    """The message that a draft became, None where it was not sent."""
    row = connection.execute(_messages().where(message.c.draft_id == draft_id).limit(1)).mappings().one_or_none()
    return SentMessage(**row) if row else None


def of_incident(connection: Connection, incident_id: str, *, audience: str | None = None) -> tuple[SentMessage, ...]:
    """The messages about an incident in the order they were sent, to one audience or to all."""
    query = _messages().where(message.c.incident_id == incident_id).order_by(message.c.sent_at, message.c.id)
    if audience is not None:
        query = query.where(message.c.audience == audience)
    return tuple(SentMessage(**row) for row in connection.execute(query).mappings())


def _messages() -> Select[Any]:
    own, kept = message.c, draft_version.c
    return select(
        own.id, own.draft_id, own.version, own.incident_id, own.audience, own.author, own.sent_at, own.recorded_at, kept.text
    ).join_from(message, draft_version, and_(kept.draft_id == own.draft_id, kept.version == own.version))  # fmt: skip
