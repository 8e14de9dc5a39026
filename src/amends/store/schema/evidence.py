"""Evidence of incidents, the versions of their timelines, and what people note about entries."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Integer, Table, Text, UniqueConstraint

from amends.store.instant import Instant
from amends.store.schema.base import Number, metadata, one_of
from amends.timeline.notes import NOTES
from amends.timeline.versions import RUN_STATES

evidence = Table(
    "evidence",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("kept", Integer, nullable=False),  # whether the file is ours: handed over, and kept in the folder of the incident
    Column("place", Text, nullable=False),
    Column("sha256", Text),
    Column("size", Number),
    Column("added_at", Instant, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("removed_at", Instant),
    Index(None, "incident_id", "added_at"),
    sqlite_strict=True,
)

timeline_version = Table(
    "timeline_version",
    metadata,
    Column("incident_id", Text, ForeignKey("incident.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("tz", Text),
    Column("entries", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    UniqueConstraint("journal_seq"),
    sqlite_strict=True,
)

timeline_run = Table(
    "timeline_run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("tz", Text),
    Column("started_at", Instant, nullable=False),
    Column("started_by", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("beat_at", Instant, nullable=False),
    Column("done", Number, nullable=False),
    Column("total", Number, nullable=False),
    Column("version", Integer),
    Column("failure", Text),
    one_of("state", RUN_STATES),
    Index(None, "incident_id", "started_at"),
    sqlite_strict=True,
)

timeline_note = Table(
    "timeline_note",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("entry", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("text", Text),
    Column("time", Instant),
    Column("actor", Text),
    Column("version", Integer),
    Column("undoes", Text, ForeignKey("timeline_note.id")),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    ForeignKeyConstraint(["incident_id", "version"], ["timeline_version.incident_id", "timeline_version.number"]),
    one_of("what", NOTES),
    UniqueConstraint("journal_seq"),
    UniqueConstraint("undoes"),  # a note is taken back once
    Index(None, "incident_id", "journal_seq"),
    sqlite_strict=True,
)
