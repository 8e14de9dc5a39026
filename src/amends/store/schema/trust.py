"""Trust breaks as they were placed on the map, the repairs tied to them, and the looks back after a month and a quarter."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from amends.store.instant import Instant
from amends.store.schema.base import Number, metadata, one_of

trust_break = Table(
    "trust_break",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("item", Text, ForeignKey("account_point.id"), nullable=False),  # the point of the account that says it; its last row counts
    Column("whose", Text, nullable=False),
    Column("subject", Text),
    Column("direction", Text),
    Column("kind", Text),
    Column("fear", Text),
    Column("heard_from", Text),
    Column("heard_at", Instant),
    Column("asked", Text),
    Column("asked_at", Instant),
    Column("withdrawn", Text),  # why it does not belong on the map; the point of the account was withdrawn with it
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("subject", ("system", "behaviour")),
    one_of("direction", ("inside", "upward", "outward")),
    one_of("kind", ("ability", "honesty", "care")),
    UniqueConstraint("journal_seq"),
    Index(None, "incident_id", "journal_seq"),
    Index(None, "item"),
    sqlite_strict=True,
)

repair_action = Table(
    "repair_action",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("action_id", Text, ForeignKey("action_item.id"), nullable=False),  # its last row counts
    Column("kind", Text, nullable=False),
    Column("why_other", Text),
    Column("breaks", Text, nullable=False),  # JSON: items of the account
    Column("uncertainty", Text, nullable=False),
    Column("visible", Text),
    Column("check_at", Instant),
    Column("withdrawn", Text),  # why it is no repair any more
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("kind", ("misleading-status", "unclear-ownership", "weak-rollback", "alert-gap", "other")),
    UniqueConstraint("journal_seq"),
    Index(None, "incident_id", "journal_seq"),
    Index(None, "action_id"),
    sqlite_strict=True,
)

trust_review = Table(
    "trust_review",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("which", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("lead", Text),
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("which", ("month", "quarter")),
    UniqueConstraint("journal_seq"),
    UniqueConstraint("incident_id", "which"),  # two people who plan it at once plan one
    sqlite_strict=True,
)

trust_review_event = Table(
    "trust_review_event",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("review_id", Text, ForeignKey("trust_review.id"), nullable=False),
    Column("what", Text, nullable=False),  # moved, answered, held, reopened, taken-back, as `trust.review` says
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("due_at", Instant),
    Column("lead", Text),
    Column("question", Text),
    Column("ref_kind", Text),
    Column("ref", Text),
    Column("text", Text),
    Column("said", Text),  # what those whom it hit are told, when it is held
    Column("asked", Text),
    Column("asked_at", Instant),
    Column("decision", Text),
    Column("prepared", Text),  # JSON: the evidence that lay there when it was held
    Column("undoes", Text, ForeignKey("trust_review_event.id")),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("decision", ("continue", "change", "stop")),
    UniqueConstraint("journal_seq"),
    UniqueConstraint("undoes"),
    Index(None, "incident_id", "journal_seq"),
    Index(None, "review_id"),
    sqlite_strict=True,
)
