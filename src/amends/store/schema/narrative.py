"""The account of an incident, what it cites, and what is known of its versions beside their texts, which are documents."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Integer, Table, Text, UniqueConstraint

from amends.core.people import AUDIENCES
from amends.narrative.account import EVIDENCE_KINDS, PARTS, STANCES, WITHDRAWN, WRITTEN
from amends.narrative.version import GROUNDS
from amends.store.instant import Instant
from amends.store.schema.base import Number, metadata, one_of

account_point = Table(
    "account_point",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("item", Text, ForeignKey("account_point.id"), nullable=False),  # the first revision, which names itself
    Column("part", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("kind", Text),
    Column("at", Instant),
    Column("who", Text),
    Column("value", Text),
    Column("because", Text),
    Column("of", Text, ForeignKey("account_point.id")),
    Column("answer", Text),
    Column("replaces", Text, ForeignKey("account_point.id")),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("part", PARTS),
    one_of("what", (WRITTEN, WITHDRAWN)),
    UniqueConstraint("journal_seq"),
    UniqueConstraint("replaces"),  # two revisions of one would be two truths; the second is a conflict
    Index(None, "incident_id", "journal_seq"),
    Index(None, "item"),
    sqlite_strict=True,
)

account_evidence = Table(
    "account_evidence",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("item", Text, ForeignKey("account_point.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("stance", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("ref", Text),  # an entry of the timeline or a message, as `kind` says
    Column("text", Text),
    Column("quote", Text),
    Column("entry_kind", Text),
    Column("source", Text),
    Column("undoes", Text, ForeignKey("account_evidence.id")),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("kind", EVIDENCE_KINDS),
    one_of("stance", STANCES),
    UniqueConstraint("journal_seq"),
    UniqueConstraint("undoes"),  # a citation is taken back once
    Index(None, "incident_id", "journal_seq"),
    Index(None, "item"),
    sqlite_strict=True,
)

version_tie = Table(
    "version_tie",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("document_id", Text, ForeignKey("document.id"), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("item", Text, ForeignKey("account_point.id"), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("undoes", Text, ForeignKey("version_tie.id")),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    UniqueConstraint("journal_seq"),
    UniqueConstraint("undoes"),
    Index(None, "incident_id", "journal_seq"),
    Index(None, "document_id"),
    sqlite_strict=True,
)

redaction = Table(
    "redaction",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("item", Text, ForeignKey("account_point.id"), nullable=False),
    Column("audience", Text, nullable=False),
    Column("ground", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("lift_at", Instant),
    Column("undoes", Text, ForeignKey("redaction.id")),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("audience", AUDIENCES),
    one_of("ground", GROUNDS),
    UniqueConstraint("journal_seq"),
    UniqueConstraint("undoes"),  # what is withheld is lifted once
    Index(None, "incident_id", "journal_seq"),
    sqlite_strict=True,
)

version_sent = Table(
    "version_sent",
    metadata,
    Column("message_id", Text, ForeignKey("message.id"), primary_key=True),
    Column("document_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    ForeignKeyConstraint(["document_id"], ["document.id"]),
    ForeignKeyConstraint(["document_id", "version"], ["document_version.document_id", "document_version.version"]),
    UniqueConstraint("journal_seq"),
    Index(None, "incident_id", "journal_seq"),
    Index(None, "document_id", "version"),
    sqlite_strict=True,
)

model_draft = Table(
    "model_draft",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("audience", Text),
    Column("model", Text, nullable=False),
    Column("prompt_sha256", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("answer", Text, nullable=False),  # JSON: what came back, sentence by sentence, and what was struck out and why
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("audience", AUDIENCES),
    UniqueConstraint("journal_seq"),
    Index(None, "incident_id", "journal_seq"),
    sqlite_strict=True,
)

model_adoption = Table(
    "model_adoption",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("draft_id", Text, ForeignKey("model_draft.id"), nullable=False),
    Column("document_id", Text, ForeignKey("document.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("adopted_at", Instant, nullable=False),
    Column("adopted_by", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    ForeignKeyConstraint(["document_id", "version"], ["document_version.document_id", "document_version.version"]),
    UniqueConstraint("journal_seq"),
    Index(None, "incident_id", "journal_seq"),
    Index(None, "draft_id"),
    Index(None, "document_id", "version"),
    sqlite_strict=True,
)
