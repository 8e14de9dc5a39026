"""The journal, incidents, and drafts with all their versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from amends.store.instant import Instant

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

POSTGRESQL_FUNCTION = """
CREATE FUNCTION amends_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of % are kept as they were written', TG_TABLE_NAME; END $$
""".strip()
POSTGRESQL = (
    "CREATE TRIGGER keep_{table}_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION amends_refuse_change()",
    "CREATE TRIGGER keep_{table}_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION amends_refuse_change()",
)
_REFUSE = "BEGIN SELECT RAISE(ABORT, 'rows of {table} are kept as they were written'); END"
SQLITE = (
    "CREATE TRIGGER keep_{table}_update BEFORE UPDATE ON {table} " + _REFUSE,
    "CREATE TRIGGER keep_{table}_delete BEFORE DELETE ON {table} " + _REFUSE,
)


def upgrade() -> None:
    """From an empty database."""
    _journal()
    _incident()
    _draft()
    _draft_version()
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        op.execute(POSTGRESQL_FUNCTION)
    for table in ("journal", "draft_version"):
        for statement in POSTGRESQL if on_postgresql else SQLITE:
            op.execute(statement.format(table=table))


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_journal"),
        sa.UniqueConstraint("previous", name="uq_journal_previous"),
        sa.UniqueConstraint("hash", name="uq_journal_hash"),
        sqlite_strict=True,
    )
    op.create_index("ix_journal_subject_seq", "journal", ["subject", "seq"])


def _incident() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("removed_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
        sa.CheckConstraint("severity IN ('SEV1', 'SEV2', 'SEV3', 'SEV4', 'SEV5')", name=op.f("ck_incident_severity")),
        sa.CheckConstraint(
            "status IN ('investigating', 'identified', 'monitoring', 'resolved', 'reviewed')", name=op.f("ck_incident_status")
        ),
        sa.CheckConstraint("origin IN ('own', 'sample')", name=op.f("ck_incident_origin")),
        sqlite_strict=True,
    )
    op.create_index("ix_incident_started_at_id", "incident", ["started_at", "id"])


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("finished_at", Instant),
        sa.Column("discarded_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_draft_incident_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_draft_author_created_at", "draft", ["author", "created_at"])
    op.create_index("ix_draft_incident_id", "draft", ["incident_id"])


def _draft_version() -> None:
    op.create_table(
        "draft_version",
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("audience", sa.Text),
        sa.Column("tz", sa.Text),
        sa.Column("based_on", sa.Integer),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("journal_seq", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("draft_id", "version", name="pk_draft_version"),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_draft_version_draft_id"),
        sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name="fk_draft_version_journal_seq"),
        sa.CheckConstraint("outcome IN ('saved', 'merged', 'set-aside')", name=op.f("ck_draft_version_outcome")),
        sa.UniqueConstraint("journal_seq", name="uq_draft_version_journal_seq"),
        sqlite_strict=True,
    )
