"""Evidence of incidents, the versions of their timelines, how far a reading is, and what people note about entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from amends.store.instant import Instant
from amends.store.migrations.versions.v0001_base import NUMBER, POSTGRESQL, SQLITE

revision = "0003"
down_revision = "0002"

NOTES = "'pinned', 'unpinned', 'hidden', 'shown', 'commented', 'corrected', 'added', 'withdrawn'"


def upgrade() -> None:
    """From revision 0002."""
    _evidence()
    _version()
    _run()
    _note()
    guards = POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE
    for table in ("timeline_version", "timeline_note"):
        for statement in guards:
            op.execute(statement.format(table=table))


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kept", sa.Integer, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text),
        sa.Column("size", NUMBER),
        sa.Column("added_at", Instant, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("removed_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_evidence_incident_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_evidence_incident_id_added_at", "evidence", ["incident_id", "added_at"])


def _version() -> None:
    op.create_table(
        "timeline_version",
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("tz", sa.Text),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("journal_seq", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("incident_id", "number", name="pk_timeline_version"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_timeline_version_incident_id"),
        sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name="fk_timeline_version_journal_seq"),
        sa.UniqueConstraint("journal_seq", name="uq_timeline_version_journal_seq"),
        sqlite_strict=True,
    )


def _run() -> None:
    op.create_table(
        "timeline_run",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tz", sa.Text),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("started_by", sa.Text, nullable=False),
        sa.Column("process", sa.Text, nullable=False),
        sa.Column("beat_at", Instant, nullable=False),
        sa.Column("done", NUMBER, nullable=False),
        sa.Column("total", NUMBER, nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("failure", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_timeline_run"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_timeline_run_incident_id"),
        sa.CheckConstraint("state IN ('running', 'stopping', 'done', 'stopped', 'failed')", name=op.f("ck_timeline_run_state")),
        sqlite_strict=True,
    )
    op.create_index("ix_timeline_run_incident_id_started_at", "timeline_run", ["incident_id", "started_at"])


def _note() -> None:
    op.create_table(
        "timeline_note",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("time", Instant),
        sa.Column("actor", sa.Text),
        sa.Column("version", sa.Integer),
        sa.Column("undoes", sa.Text),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("journal_seq", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_timeline_note"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_timeline_note_incident_id"),
        sa.ForeignKeyConstraint(["undoes"], ["timeline_note.id"], name="fk_timeline_note_undoes"),
        sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name="fk_timeline_note_journal_seq"),
        sa.ForeignKeyConstraint(
            ["incident_id", "version"],
            ["timeline_version.incident_id", "timeline_version.number"],
            name="fk_timeline_note_incident_id_version",
        ),
        sa.CheckConstraint(f"what IN ({NOTES})", name=op.f("ck_timeline_note_what")),
        sa.UniqueConstraint("journal_seq", name="uq_timeline_note_journal_seq"),
        sa.UniqueConstraint("undoes", name="uq_timeline_note_undoes"),
        sqlite_strict=True,
    )
    op.create_index("ix_timeline_note_incident_id_journal_seq", "timeline_note", ["incident_id", "journal_seq"])
