"""What is known of the versions of an account beside their texts, as rows that are only ever added: ties, redactions, what was sent."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from amends.narrative.version import Redaction, Sent, Tie
from amends.store import journal
from amends.store.schema import journal as journal_table
from amends.store.schema import redaction, version_sent, version_tie

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

TIED, UNTIED = "version.tied", "version.untied"
REDACTED, LIFTED = "version.redacted", "version.lifted"
SENT = "version.sent"
"""The changes by which these rows come to be."""

DRAFT_OF = "of_document", "of_version"
"""Under which names the journal keeps, of a draft that was begun from a version, which text and which version of it that was."""


def add_tie(connection: Connection, new: Tie, *, salt: str) -> None:
    """Keep that a sentence tells a point, or no longer does, with its row of the journal, which holds none of its words."""
    row = asdict(new)
    told = {"tie": new.id, "document": new.document_id, "item": new.item, "sha256": journal.record_hash(salt, row)}
    what = TIED if new.undoes is None else UNTIED
    seq = journal.append(connection, at=new.recorded_at, actor=new.by, what=what, subject=f"incident/{new.incident_id}", data=told)
    connection.execute(insert(version_tie), row | {"salt": salt, "journal_seq": seq})


def ties_of(connection: Connection, document_id: str) -> tuple[Tie, ...]:
    """Every tie of a text, and every untying, in the order in which they were recorded."""
    query = select(*(version_tie.c[field.name] for field in fields(Tie))).where(version_tie.c.document_id == document_id)
    return tuple(Tie(*row) for row in connection.execute(query.order_by(version_tie.c.journal_seq)))


def add_redaction(connection: Connection, new: Redaction, *, salt: str) -> None:
    """Keep that a point is withheld from an audience, or no longer is, with its row of the journal."""
    row = asdict(new)
    told = {"redaction": new.id, "item": new.item, "audience": new.audience, "sha256": journal.record_hash(salt, row)}
    what = REDACTED if new.undoes is None else LIFTED
    seq = journal.append(connection, at=new.recorded_at, actor=new.by, what=what, subject=f"incident/{new.incident_id}", data=told)
    connection.execute(insert(redaction), row | {"salt": salt, "journal_seq": seq})


def redactions_of(connection: Connection, incident_id: str) -> tuple[Redaction, ...]:
    """Everything that was ever withheld of an incident, and every lifting, in the order in which it was recorded."""
    query = select(*(redaction.c[field.name] for field in fields(Redaction))).where(redaction.c.incident_id == incident_id)
    return tuple(Redaction(*row) for row in connection.execute(query.order_by(redaction.c.journal_seq)))


def add_sent(connection: Connection, new: Sent, *, at: datetime, by: str, salt: str) -> None:
    """Keep which version a message carried, with its row of the journal."""
    row = asdict(new)
    told = {"message": new.message_id, "document": new.document_id, "version": new.version, "sha256": journal.record_hash(salt, row)}
    seq = journal.append(connection, at=at, actor=by, what=SENT, subject=f"incident/{new.incident_id}", data=told)
    connection.execute(insert(version_sent), row | {"salt": salt, "journal_seq": seq})


def sent_of(connection: Connection, incident_id: str) -> tuple[Sent, ...]:
    """Which message of an incident carried which version, in the order in which they were recorded."""
    query = select(*(version_sent.c[field.name] for field in fields(Sent))).where(version_sent.c.incident_id == incident_id)
    return tuple(Sent(*row) for row in connection.execute(query.order_by(version_sent.c.journal_seq)))


def begun_from(connection: Connection, draft_id: str) -> tuple[str, int] | None:
    """The text, and the version of it, that a draft was begun from, as the journal has it; None for a draft begun otherwise."""
    own = journal_table.c
    query = select(own.data).where(own.subject == f"draft/{draft_id}", own.what == "draft.started").limit(1)
    told = json.loads(connection.execute(query).scalar() or "{}")
    document_id, version = (told.get(name) for name in DRAFT_OF)
    return (document_id, version) if isinstance(document_id, str) and isinstance(version, int) else None
