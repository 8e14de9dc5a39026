"""What is found by searching, and what was erased on request."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from amends.store.instant import Instant
from amends.store.schema.base import Number, metadata

search_entry = Table(
    "search_entry",  # follows from other tables and is kept by triggers; see `store.indexed`
    metadata,
    Column("id", Number, primary_key=True),  # grows with every change, so that its order is that of recording
    Column("kind", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("incident_id", Text),
    Column("owner", Text),  # the one person who may see it; None where the incident decides
    Column("person", Text),  # who wrote it
    Column("at", Instant, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("kind", "ref"),
    Index(None, "incident_id"),
    sqlite_strict=True,
)

tombstone = Table(
    "tombstone",
    metadata,
    Column("kept_in", Text, nullable=False),  # the table whose row was erased
    Column("row_seq", Number, ForeignKey("journal.seq"), nullable=False),  # which row: the one that cites this row of the journal
    Column("subject", Text, nullable=False),
    Column("erased_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    PrimaryKeyConstraint("kept_in", "row_seq"),
    UniqueConstraint("journal_seq"),
    Index(None, "subject"),
    sqlite_strict=True,
)
