"""What makes incidents alike: what people declared, matches that were found and judged, guardrails, and the index of their words."""

from __future__ import annotations

from sqlalchemy import REAL, Column, ForeignKey, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from amends.store.instant import Instant
from amends.store.reread import follow_words
from amends.store.schema.base import Number, metadata, one_of
from amends.store.schema.safety import search_entry

fingerprint = Table(
    "fingerprint",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),  # its last row counts
    Column("category", Text),
    Column("component", Text),
    Column("condition", Text),
    Column("trigger", Text),
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    UniqueConstraint("journal_seq"),
    Index(None, "incident_id", "journal_seq"),
    sqlite_strict=True,
)

recurrence_match = Table(
    "recurrence_match",  # found by the program, and found anew when something changed: not in the journal
    metadata,
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("other_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("score", REAL, nullable=False),
    Column("strength", Text, nullable=False),
    Column("why", Text, nullable=False),  # JSON: reasons
    Column("shadow", Integer, nullable=False),  # 1 where nobody is to be shown it before it is judged
    Column("found_at", Instant, nullable=False),
    PrimaryKeyConstraint("incident_id", "other_id"),
    one_of("strength", ("met-before", "maybe")),
    Index(None, "other_id"),
    sqlite_strict=True,
)

recurrence_judgement = Table(
    "recurrence_judgement",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("other_id", Text, nullable=False),  # may be an incident that did not come along when this one was exported
    Column("verdict", Text, nullable=False),
    Column("why", Text),
    Column("found", Text, nullable=False),  # JSON: the match as it was judged: score, strength, reasons, whether in shadow
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("verdict", ("repeat", "related", "new")),
    UniqueConstraint("journal_seq"),
    Index(None, "incident_id", "journal_seq"),
    sqlite_strict=True,
)

guardrail_event = Table(
    "guardrail_event",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("guardrail_kind", Text, nullable=False),  # action, promise or commit
    Column("guardrail", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("evidence_kind", Text),
    Column("evidence", Text),
    Column("text", Text),
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("undoes", Text, ForeignKey("guardrail_event.id")),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("guardrail_kind", ("action", "promise", "commit")),
    one_of("what", ("fired", "would-have", "missed", "taken-back")),
    UniqueConstraint("journal_seq"),
    UniqueConstraint("undoes"),
    Index(None, "incident_id", "journal_seq"),
    sqlite_strict=True,
)

recurrence_doc = Table(
    "recurrence_doc",  # follows from the words of an incident, as the two below do; see `store.postings`
    metadata,
    Column("incident_id", Text, primary_key=True),
    Column("number", Number, nullable=False),  # short, because it stands in every posting
    Column("title", Text, nullable=False),  # terms, in order, with a space between them
    Column("text", Text, nullable=False),
    UniqueConstraint("number"),
    sqlite_strict=True,
)

recurrence_posting = Table(
    "recurrence_posting",
    metadata,
    Column("term", Text, nullable=False),
    Column("block", Number, nullable=False),  # of the numbers of incidents
    Column("numbers", LargeBinary, nullable=False),  # within the block, two bytes each
    Column("impacts", LargeBinary, nullable=False),  # one byte each, in the same order
    PrimaryKeyConstraint("term", "block"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

recurrence_frequency = Table(
    "recurrence_frequency",
    metadata,
    Column("term", Text, primary_key=True),
    Column("docs", Number, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

recurrence_stale = Table(
    "recurrence_stale",  # incidents whose words changed since they were read; filled by triggers
    metadata,
    Column("incident_id", Text, primary_key=True),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

follow_words(search_entry)
