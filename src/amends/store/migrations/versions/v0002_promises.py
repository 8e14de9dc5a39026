"""Sent messages, promises and what happens to them, reminders, and secret addresses of calendars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from amends.store.instant import Instant
from amends.store.migrations.versions.v0001_base import NUMBER, POSTGRESQL, SQLITE

revision = "0002"
down_revision = "0001"

EVENTS = "'accepted', 'declined', 'kept', 'moved', 'withdrawn', 'offered', 'taken-on', 'turned-down', 'told', 'snoozed', 'taken-back'"


def upgrade() -> None:
    """From revision 0001."""
    _message()
    _promise()
    _promise_event()
    _reminder()
    _calendar_address()
    guards = POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE
    for table in ("message", "promise", "promise_event"):
        for statement in guards:
            op.execute(statement.format(table=table))


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("incident_id", sa.Text),
        sa.Column("audience", sa.Text),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("sent_at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("journal_seq", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_message_incident_id"),
        sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name="fk_message_journal_seq"),
        sa.ForeignKeyConstraint(
            ["draft_id", "version"], ["draft_version.draft_id", "draft_version.version"], name="fk_message_draft_id_version"
        ),
        sa.UniqueConstraint("journal_seq", name="uq_message_journal_seq"),
        sqlite_strict=True,
    )
    op.create_index("ix_message_incident_id_sent_at", "message", ["incident_id", "sent_at"])


def _promise() -> None:
    op.create_table(
        "promise",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("time_words", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("firmness", sa.Text, nullable=False),
        sa.Column("due", Instant),
        sa.Column("due_earliest", Instant),
        sa.Column("grain", sa.Text),
        sa.Column("tz", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("maker", sa.Text, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("audience", sa.Text),
        sa.Column("made_to", sa.Text),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("message_id", sa.Text),
        sa.Column("incident_id", sa.Text),
        sa.Column("proposed", sa.Integer, nullable=False),
        sa.Column("private", sa.Integer, nullable=False),
        sa.Column("follows", sa.Text),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("journal_seq", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_promise"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_promise_message_id"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_promise_incident_id"),
        sa.ForeignKeyConstraint(["follows"], ["promise.id"], name="fk_promise_follows"),
        sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name="fk_promise_journal_seq"),
        sa.UniqueConstraint("journal_seq", name="uq_promise_journal_seq"),
        sa.UniqueConstraint("follows", name="uq_promise_follows"),
        sqlite_strict=True,
    )
    op.create_index("ix_promise_due_id", "promise", ["due", "id"])
    op.create_index("ix_promise_incident_id_due", "promise", ["incident_id", "due"])
    op.create_index("ix_promise_message_id", "promise", ["message_id"])


def _promise_event() -> None:
    op.create_table(
        "promise_event",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("promise_id", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("why", sa.Text),
        sa.Column("to", sa.Text),
        sa.Column("until", Instant),
        sa.Column("evidence_kind", sa.Text),
        sa.Column("evidence", sa.Text),
        sa.Column("successor", sa.Text),
        sa.Column("undoes", sa.Text),
        sa.Column("journal_seq", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_promise_event"),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name="fk_promise_event_promise_id"),
        sa.ForeignKeyConstraint(["successor"], ["promise.id"], name="fk_promise_event_successor"),
        sa.ForeignKeyConstraint(["undoes"], ["promise_event.id"], name="fk_promise_event_undoes"),
        sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name="fk_promise_event_journal_seq"),
        sa.CheckConstraint(f"what IN ({EVENTS})", name=op.f("ck_promise_event_what")),
        sa.CheckConstraint(
            "evidence_kind IN ('message', 'commit', 'ticket', 'deploy', 'person')", name=op.f("ck_promise_event_evidence_kind")
        ),
        sa.UniqueConstraint("journal_seq", name="uq_promise_event_journal_seq"),
        sa.UniqueConstraint("undoes", name="uq_promise_event_undoes"),
        sqlite_strict=True,
    )
    op.create_index("ix_promise_event_promise_id_recorded_at", "promise_event", ["promise_id", "recorded_at"])


def _reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("promise_id", sa.Text, nullable=False),
        sa.Column("moment", sa.Text, nullable=False),
        sa.Column("remind_at", Instant, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("claimed_by", sa.Text),
        sa.Column("claimed_at", Instant),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("sent_at", Instant),
        sa.Column("repeated", sa.Integer, nullable=False),
        sa.Column("failure", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name="fk_reminder_promise_id"),
        sa.CheckConstraint("moment IN ('before', 'due', 'after')", name=op.f("ck_reminder_moment")),
        sa.CheckConstraint("state IN ('planned', 'sending', 'sent', 'failed', 'overtaken')", name=op.f("ck_reminder_state")),
        sa.UniqueConstraint("promise_id", "moment", "remind_at", "channel", name="uq_reminder_promise_id_moment_remind_at_channel"),
        sqlite_strict=True,
    )
    op.create_index("ix_reminder_state_remind_at", "reminder", ["state", "remind_at"])


def _calendar_address() -> None:
    op.create_table(
        "calendar_address",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("token_sha256", sa.Text, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("incident_id", sa.Text),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("revoked_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_address"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_calendar_address_incident_id"),
        sa.CheckConstraint("(person IS NULL) <> (incident_id IS NULL)", name=op.f("ck_calendar_address_of_one")),
        sa.UniqueConstraint("token_sha256", name="uq_calendar_address_token_sha256"),
        sqlite_strict=True,
    )
