"""Accounts, the record of an incident, who is part of it, action items, and shared texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from amends.store.instant import Instant
from amends.store.migrations.versions.v0001_base import NUMBER, POSTGRESQL, SQLITE

revision = "0004"
down_revision = "0003"

MOMENTS = "'before', 'due', 'after', 'unsent'"
KEPT = ("incident_event", "delivery", "action_item", "action_event", "document_version")

INCIDENT_EVENT_WHAT = (
    "'opened', 'status', 'severity', 'renamed', 'started', 'visibility', 'follows', 'removed', 'restored', "
    "'fact', 'milestone', 'box', 'commit', 'gate', 'comment', 'withdrawn'"
)
ACTION_ITEM_KIND = (
    "'test', 'test-plan', 'checklist', 'review', 'monitoring', 'alert', 'soak', "
    "'rollout', 'kill-switch', 'runbook', 'automation', 'limit', 'ownership', 'documentation', 'other'"
)
ACTION_EVENT_WHAT = (
    "'accepted', 'declined', 'moved', 'done', 'reopened', 'verified', 'no-help', 'dropped', 'linked', 'followed', 'taken-back'"
)


def upgrade() -> None:
    """From revision 0003."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        _wider_on_postgresql()
    else:
        _wider_on_sqlite()
    _reminder_on_postgresql() if on_postgresql else _reminder_on_sqlite()
    _people()
    _tokens_and_settings()
    _attempts()
    _record()
    _involved()
    _stakeholders()
    _actions()
    _documents()
    for table in KEPT:
        for statement in POSTGRESQL if on_postgresql else SQLITE:
            op.execute(statement.format(table=table))


def _reminder_on_postgresql() -> None:
    op.drop_constraint("fk_reminder_promise_id", "reminder")
    op.drop_constraint("uq_reminder_promise_id_moment_remind_at_channel", "reminder")
    op.drop_constraint(op.f("ck_reminder_moment"), "reminder")
    op.alter_column("reminder", "promise_id", new_column_name="subject")
    op.execute("UPDATE reminder SET subject = 'promise/' || subject")
    op.create_check_constraint(op.f("ck_reminder_moment"), "reminder", f"moment IN ({MOMENTS})")
    columns = ["subject", "moment", "remind_at", "channel"]
    op.create_unique_constraint("uq_reminder_subject_moment_remind_at_channel", "reminder", columns)


def _reminder_on_sqlite() -> None:
    op.create_table(
        "reminder_next",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
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
        sa.CheckConstraint(f"moment IN ({MOMENTS})", name=op.f("ck_reminder_moment")),
        sa.CheckConstraint("state IN ('planned', 'sending', 'sent', 'failed', 'overtaken')", name=op.f("ck_reminder_state")),
        sa.UniqueConstraint("subject", "moment", "remind_at", "channel", name="uq_reminder_subject_moment_remind_at_channel"),
        sqlite_strict=True,
    )
    kept = "id, moment, remind_at, channel, state, claimed_by, claimed_at, attempts, sent_at, repeated, failure"
    _move("reminder", kept, ", subject", ", 'promise/' || promise_id")
    op.create_index("ix_reminder_state_remind_at", "reminder", ["state", "remind_at"])


def _wider_on_postgresql() -> None:
    op.add_column("incident", sa.Column("visibility", sa.Text, nullable=False, server_default="open"))
    op.add_column("incident", sa.Column("follows", sa.Text))
    op.add_column("incident", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    op.alter_column("incident", "visibility", server_default=None)
    op.alter_column("incident", "version", server_default=None)
    op.create_check_constraint(op.f("ck_incident_visibility"), "incident", "visibility IN ('open', 'private')")
    op.create_foreign_key("fk_incident_follows", "incident", "incident", ["follows"], ["id"])
    op.create_index("ix_incident_follows", "incident", ["follows"])
    op.add_column("message", sa.Column("corrects", sa.Text))
    op.add_column("message", sa.Column("via", sa.Text))
    op.add_column("message", sa.Column("form", sa.Text))
    op.create_foreign_key("fk_message_corrects", "message", "message", ["corrects"], ["id"])
    op.add_column("calendar_address", sa.Column("made_by", sa.Text, nullable=False, server_default="local"))
    op.execute("UPDATE calendar_address SET made_by = person WHERE person IS NOT NULL")
    op.alter_column("calendar_address", "made_by", server_default=None)


def _wider_on_sqlite() -> None:
    """SQLite can add a column but no rule about it, so the tables are written anew; nothing refers to their rows by place."""
    _incident_next()
    kept = "id, title, severity, status, origin, started_at, recorded_at, removed_at"
    _move("incident", kept, ", visibility, version", ", 'open', 1")
    op.create_index("ix_incident_started_at_id", "incident", ["started_at", "id"])
    op.create_index("ix_incident_follows", "incident", ["follows"])
    _message_next()
    _move("message", "id, draft_id, version, incident_id, audience, author, sent_at, recorded_at, journal_seq")
    op.create_index("ix_message_incident_id_sent_at", "message", ["incident_id", "sent_at"])
    for statement in SQLITE:
        op.execute(statement.format(table="message"))
    _calendar_address_next()
    kept = "id, token_sha256, person, incident_id, created_at, revoked_at"
    _move("calendar_address", kept, ", made_by", ", coalesce(person, 'local')")


def _calendar_address_next() -> None:
    op.create_table(
        "calendar_address_next",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("token_sha256", sa.Text, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("incident_id", sa.Text),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("revoked_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_address"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_calendar_address_incident_id"),
        sa.CheckConstraint("(person IS NULL) <> (incident_id IS NULL)", name=op.f("ck_calendar_address_of_one")),
        sa.UniqueConstraint("token_sha256", name="uq_calendar_address_token_sha256"),
        sqlite_strict=True,
    )


def _incident_next() -> None:
    op.create_table(
        "incident_next",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("removed_at", Instant),
        sa.Column("visibility", sa.Text, nullable=False),
        sa.Column("follows", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
        sa.ForeignKeyConstraint(["follows"], ["incident.id"], name="fk_incident_follows"),
        sa.CheckConstraint("severity IN ('SEV1', 'SEV2', 'SEV3', 'SEV4', 'SEV5')", name=op.f("ck_incident_severity")),
        sa.CheckConstraint(
            "status IN ('investigating', 'identified', 'monitoring', 'resolved', 'reviewed')", name=op.f("ck_incident_status")
        ),
        sa.CheckConstraint("origin IN ('own', 'sample')", name=op.f("ck_incident_origin")),
        sa.CheckConstraint("visibility IN ('open', 'private')", name=op.f("ck_incident_visibility")),
        sqlite_strict=True,
    )


def _message_next() -> None:
    op.create_table(
        "message_next",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("incident_id", sa.Text),
        sa.Column("audience", sa.Text),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("sent_at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("journal_seq", NUMBER, nullable=False),
        sa.Column("corrects", sa.Text),
        sa.Column("via", sa.Text),
        sa.Column("form", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_message_incident_id"),
        sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name="fk_message_journal_seq"),
        sa.ForeignKeyConstraint(["corrects"], ["message.id"], name="fk_message_corrects"),
        sa.ForeignKeyConstraint(
            ["draft_id", "version"], ["draft_version.draft_id", "draft_version.version"], name="fk_message_draft_id_version"
        ),
        sa.UniqueConstraint("journal_seq", name="uq_message_journal_seq"),
        sqlite_strict=True,
    )


def _move(table: str, kept: str, more: str = "", values: str = "") -> None:
    op.execute(f"INSERT INTO {table}_next ({kept}{more}) SELECT {kept}{values} FROM {table}")  # noqa: S608  # names of this file
    op.execute(f"DROP TABLE {table}")
    op.rename_table(f"{table}_next", table)


def _attempts() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("name_sha256", sa.Text, nullable=False),
        sa.Column("address_sha256", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", Instant, nullable=False),
        sa.Column("succeeded_at", Instant),
        sa.PrimaryKeyConstraint("name_sha256", "address_sha256", name="pk_sign_in_attempt"),
        sqlite_strict=True,
    )
    op.create_index("ix_sign_in_attempt_address_sha256", "sign_in_attempt", ["address_sha256"])
    op.create_index("ix_sign_in_attempt_last_at", "sign_in_attempt", ["last_at"])


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("display", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("identity", sa.Text),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("disabled_at", Instant),
        sa.CheckConstraint("role IN ('owner', 'responder', 'reader')", name=op.f("ck_person_role")),
        sa.PrimaryKeyConstraint("name", name="pk_person"),
        sa.UniqueConstraint("identity", name="uq_person_identity"),
        sqlite_strict=True,
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("token_sha256", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("revoked_at", Instant),
        sa.Column("agent", sa.Text),
        sa.ForeignKeyConstraint(["person"], ["person.name"], name="fk_session_person"),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("token_sha256", name="uq_session_token_sha256"),
        sqlite_strict=True,
    )
    op.create_index("ix_session_person_created_at", "session", ["person", "created_at"])


def _tokens_and_settings() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("token_sha256", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant),
        sa.Column("used_at", Instant),
        sa.Column("revoked_at", Instant),
        sa.ForeignKeyConstraint(["person"], ["person.name"], name="fk_api_token_person"),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("token_sha256", name="uq_api_token_token_sha256"),
        sqlite_strict=True,
    )
    op.create_index("ix_api_token_person_created_at", "api_token", ["person", "created_at"])
    op.create_table(
        "setting",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
        sqlite_strict=True,
    )


def _record() -> None:
    op.create_table(
        "incident_event",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("text", sa.Text),
        sa.Column("value", sa.Text),
        sa.Column("replaces", sa.Text),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("journal_seq", NUMBER, nullable=False),
        sa.CheckConstraint(f"what IN ({INCIDENT_EVENT_WHAT})", name=op.f("ck_incident_event_what")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_incident_event_incident_id"),
        sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name="fk_incident_event_journal_seq"),
        sa.ForeignKeyConstraint(["replaces"], ["incident_event.id"], name="fk_incident_event_replaces"),
        sa.PrimaryKeyConstraint("id", name="pk_incident_event"),
        sa.UniqueConstraint("journal_seq", name="uq_incident_event_journal_seq"),
        sa.UniqueConstraint("replaces", name="uq_incident_event_replaces"),
        sqlite_strict=True,
    )
    op.create_index("ix_incident_event_incident_id_recorded_at", "incident_event", ["incident_id", "recorded_at"])
    op.create_table(
        "link",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("added_at", Instant, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("removed_at", Instant),
        sa.CheckConstraint("kind IN ('repository', 'channel', 'ticket', 'dashboard', 'document', 'other')", name=op.f("ck_link_kind")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_link_incident_id"),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
        sqlite_strict=True,
    )
    op.create_index("ix_link_incident_id_added_at", "link", ["incident_id", "added_at"])


def _involved() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("function", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("given_by", sa.Text, nullable=False),
        sa.Column("until", Instant),
        sa.CheckConstraint(
            "function IN ('lead', 'communications', 'scribe', 'operations', 'liaison', 'deputy')", name=op.f("ck_assignment_function")
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_assignment_incident_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
        sqlite_strict=True,
    )
    op.create_index("ix_assignment_incident_id_since", "assignment", ["incident_id", "since"])
    op.create_index("ix_assignment_person", "assignment", ["person"])
    op.create_table(
        "invitation",
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("invited_by", sa.Text, nullable=False),
        sa.Column("why", sa.Text),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_invitation_incident_id"),
        sa.PrimaryKeyConstraint("incident_id", "person", name="pk_invitation"),
        sqlite_strict=True,
    )
    op.create_index("ix_invitation_person", "invitation", ["person"])


def _stakeholders() -> None:
    op.create_table(
        "stakeholder",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("added_at", Instant, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("size", NUMBER),
        sa.Column("removed_at", Instant),
        sa.CheckConstraint("audience IN ('team', 'leadership', 'customers', 'partner')", name=op.f("ck_stakeholder_audience")),
        sa.CheckConstraint("kind IN ('affected', 'needs-to-know', 'saw-wrong')", name=op.f("ck_stakeholder_kind")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_stakeholder_incident_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stakeholder"),
        sqlite_strict=True,
    )
    op.create_index("ix_stakeholder_incident_id_added_at", "stakeholder", ["incident_id", "added_at"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("stakeholder_id", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("via", sa.Text),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("journal_seq", NUMBER, nullable=False),
        sa.CheckConstraint("what IN ('trying', 'sent', 'failed', 'read', 'acknowledged')", name=op.f("ck_delivery_what")),
        sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name="fk_delivery_journal_seq"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_delivery_message_id"),
        sa.ForeignKeyConstraint(["stakeholder_id"], ["stakeholder.id"], name="fk_delivery_stakeholder_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("journal_seq", name="uq_delivery_journal_seq"),
        sa.UniqueConstraint("message_id", "stakeholder_id", "what", "attempt", name="uq_delivery_message_id_stakeholder_id_what_attempt"),
        sqlite_strict=True,
    )
    op.create_index("ix_delivery_stakeholder_id", "delivery", ["stakeholder_id"])


def _actions() -> None:
    op.create_table(
        "action_item",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("proposed_at", Instant, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("detail", sa.Text),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("journal_seq", NUMBER, nullable=False),
        sa.CheckConstraint(f"kind IN ({ACTION_ITEM_KIND})", name=op.f("ck_action_item_kind")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_action_item_incident_id"),
        sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name="fk_action_item_journal_seq"),
        sa.PrimaryKeyConstraint("id", name="pk_action_item"),
        sa.UniqueConstraint("journal_seq", name="uq_action_item_journal_seq"),
        sqlite_strict=True,
    )
    op.create_index("ix_action_item_incident_id_proposed_at", "action_item", ["incident_id", "proposed_at"])
    op.create_table(
        "action_event",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("action_id", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("due", Instant),
        sa.Column("text", sa.Text),
        sa.Column("evidence_kind", sa.Text),
        sa.Column("evidence", sa.Text),
        sa.Column("undoes", sa.Text),
        sa.Column("journal_seq", NUMBER, nullable=False),
        sa.CheckConstraint(
            "evidence_kind IN ('measure', 'alert', 'test', 'message', 'commit', 'ticket', 'deploy', 'person')",
            name=op.f("ck_action_event_evidence_kind"),
        ),
        sa.CheckConstraint(f"what IN ({ACTION_EVENT_WHAT})", name=op.f("ck_action_event_what")),
        sa.ForeignKeyConstraint(["action_id"], ["action_item.id"], name="fk_action_event_action_id"),
        sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name="fk_action_event_journal_seq"),
        sa.ForeignKeyConstraint(["undoes"], ["action_event.id"], name="fk_action_event_undoes"),
        sa.PrimaryKeyConstraint("id", name="pk_action_event"),
        sa.UniqueConstraint("journal_seq", name="uq_action_event_journal_seq"),
        sa.UniqueConstraint("undoes", name="uq_action_event_undoes"),
        sqlite_strict=True,
    )
    op.create_index("ix_action_event_action_id_recorded_at", "action_event", ["action_id", "recorded_at"])


def _documents() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("removed_at", Instant),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_document_incident_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sqlite_strict=True,
    )
    op.create_index("ix_document_incident_id_created_at", "document", ["incident_id", "created_at"])
    op.create_table(
        "document_version",
        sa.Column("document_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("based_on", sa.Integer),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("journal_seq", NUMBER, nullable=False),
        sa.CheckConstraint("outcome IN ('saved', 'merged', 'set-aside')", name=op.f("ck_document_version_outcome")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_document_version_document_id"),
        sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name="fk_document_version_journal_seq"),
        sa.PrimaryKeyConstraint("document_id", "version", name="pk_document_version"),
        sa.UniqueConstraint("journal_seq", name="uq_document_version_journal_seq"),
        sqlite_strict=True,
    )
