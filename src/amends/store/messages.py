"""Messages that were sent, as rows. The text of one stands in the version of the draft that it was, and nowhere else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import and_, insert, or_, select

from amends.core.errors import NotFoundError
from amends.core.incident import SentMessage
from amends.store import journal
from amends.store.parts import in_parts
from amends.store.schema import draft_version, is_id, message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sqlalchemy import Connection, Select


SENT = "message.sent"
"""The change by which a draft becomes a message."""

LATER = frozenset({"corrects", "via", "form"})
"""Columns that came after the first messages: the journal vouches for them where they hold something."""


def add(connection: Connection, new: SentMessage) -> None:
    """Keep the record of a message for ever, with the row of the journal that speaks of it."""
    row = {name: value for name, value in asdict(new).items() if name != "text"}
    known = {name: value for name, value in row.items() if value is not None or name not in LATER}
    told = {"sha256": journal.record_hash(new.id, known), "version": new.version, "audience": new.audience}
    seq = journal.append(connection, at=new.recorded_at, actor=new.author, what=SENT, subject=f"message/{new.id}", data=told)
    connection.execute(insert(message), row | {"journal_seq": seq})


def get(connection: Connection, message_id: str) -> SentMessage:
    """One message with its text. Raises NotFoundError."""
    row = None
    if is_id(message_id):
        row = connection.execute(_messages().where(message.c.id == message_id)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"there is no message {message_id!r}")
    return SentMessage(**row)


def named_like(connection: Connection, part: str) -> tuple[SentMessage, ...]:
    """The messages whose id begins or ends with some characters; none for what cannot be part of an id."""
    if not is_id(part):
        return ()
    query = _messages().where(or_(message.c.id.startswith(part), message.c.id.endswith(part))).order_by(message.c.id)
    return tuple(SentMessage(**row) for row in connection.execute(query).mappings())


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


def of_incidents(connection: Connection, ids: Sequence[str]) -> dict[str, list[SentMessage]]:
    """The same of many incidents, in few statements."""
    found: dict[str, list[SentMessage]] = defaultdict(list)
    for part in in_parts(ids):
        query = _messages().where(message.c.incident_id.in_(part)).order_by(message.c.sent_at, message.c.id)
        for row in connection.execute(query).mappings():
            found[row["incident_id"]].append(SentMessage(**row))
    return found


def _messages() -> Select[Any]:
    own, kept = message.c, draft_version.c
    return select(
        own.id, own.draft_id, own.version, own.incident_id, own.audience, own.author, own.sent_at, own.recorded_at, kept.text,
        own.corrects, own.via, own.form,
    ).join_from(message, draft_version, and_(kept.draft_id == own.draft_id, kept.version == own.version))  # fmt: skip
