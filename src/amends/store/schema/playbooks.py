"""Runs of playbooks: which one was begun for which incident, and everything that happened in it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from amends.store.instant import Instant
from amends.store.schema.base import Number, metadata

playbook_run = Table(
    "playbook_run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("playbook_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("source", Text),  # the whole file, so that a run goes on as it was begun when the file changes
    Column("started_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    UniqueConstraint("journal_seq"),
    Index(None, "incident_id", "journal_seq"),
    sqlite_strict=True,
)

playbook_event = Table(
    "playbook_event",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("run_id", Text, ForeignKey("playbook_run.id"), nullable=False),
    Column("number", Integer, nullable=False),  # in its run, from 1
    Column("what", Text, nullable=False),  # as `playbooks.run` says
    Column("at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("about", Text),  # the step, gate, artifact's field, decision, question or follow-up, by its id in the playbook
    Column("value", Text),  # an answer, a choice
    Column("ref_kind", Text),
    Column("ref", Text),
    Column("text", Text),
    Column("person", Text),
    Column("asked", Text),
    Column("asked_at", Instant),
    Column("why", Text),
    Column("undoes", Text, ForeignKey("playbook_event.id")),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    UniqueConstraint("journal_seq"),
    UniqueConstraint("run_id", "number"),  # two people at once would be two truths; the second is a conflict
    UniqueConstraint("undoes"),
    Index(None, "incident_id", "journal_seq"),
    sqlite_strict=True,
)
