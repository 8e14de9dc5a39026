"""The account of an incident with what it cites, what is known of its versions, and the provenance of drafts by a model."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from amends.store.guards import postgresql_guards, sqlite_guards
from amends.store.indexed import following_statements
from amends.store.instant import Instant
from amends.store.migrations.versions.v0001_base import NUMBER
from amends.store.schema.base import metadata

revision = "0006"
down_revision = "0005"

KEPT = ("account_point", "account_evidence", "version_tie", "redaction", "version_sent", "model_draft", "model_adoption")
AUDIENCE = "audience IN ('team', 'leadership', 'customers', 'partner')"
PARTS = "'claim', 'condition', 'well', 'badly', 'luck', 'disagreement', 'position', 'question', 'cost', 'trust-break', 'no-organisational'"


def upgrade() -> None:
    """From revision 0005."""
    dialect = op.get_bind().dialect.name
    _unfollow(dialect)
    _document_on_postgresql() if dialect == "postgresql" else _document_on_sqlite()
    _account()
    _versions()
    _model()
    for name in KEPT:
        guards = postgresql_guards if dialect == "postgresql" else sqlite_guards
        for statement in guards(metadata.tables[name]):
            op.execute(statement)
    for statement in following_statements(dialect):
        op.execute(sa.text(statement.replace(":", r"\:")))


def _unfollow(dialect: str) -> None:
    """Drop the triggers by which the index of words follows: SQLite renames no table while a trigger speaks of one that is away."""
    on_postgresql = dialect == "postgresql"
    query = (
        r"SELECT proname FROM pg_proc WHERE pronamespace = 'public'\:\:regnamespace AND proname LIKE 'find\_%\_by\_%'"
        if on_postgresql
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'find!_%!_by!_%' ESCAPE '!'"
    )
    for name in op.get_bind().execute(sa.text(query)).scalars().all():
        op.execute(f"DROP FUNCTION {name}() CASCADE" if on_postgresql else f"DROP TRIGGER {name}")


def _document_on_postgresql() -> None:
    op.add_column("document", sa.Column("audience", sa.Text))
    op.create_check_constraint(op.f("ck_document_audience"), "document", AUDIENCE)


def _document_on_sqlite() -> None:
    """SQLite can add a column but no rule about it, so the table is written anew."""
    op.create_table(
        "document_next",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("removed_at", Instant),
        sa.Column("audience", sa.Text),
        sa.CheckConstraint(AUDIENCE, name=op.f("ck_document_audience")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_document_incident_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sqlite_strict=True,
    )
    kept = "id, incident_id, kind, title, version, created_at, created_by, removed_at"
    op.execute(f"INSERT INTO document_next ({kept}) SELECT {kept} FROM document")  # noqa: S608  # names of this file
    op.execute("DROP TABLE document")
    op.rename_table("document_next", "document")
    op.create_index("ix_document_incident_id_created_at", "document", ["incident_id", "created_at"])


def _account() -> None:
    op.create_table(
        "account_point",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("at", Instant),
        sa.Column("who", sa.Text),
        sa.Column("value", sa.Text),
        sa.Column("because", sa.Text),
        sa.Column("of", sa.Text),
        sa.Column("answer", sa.Text),
        sa.Column("replaces", sa.Text),
        *_vouched("account_point"),
        sa.CheckConstraint(f"part IN ({PARTS})", name=op.f("ck_account_point_part")),
        sa.CheckConstraint("what IN ('written', 'withdrawn')", name=op.f("ck_account_point_what")),
        *_foreign("account_point", item="account_point", of="account_point", replaces="account_point"),
        sa.UniqueConstraint("replaces", name="uq_account_point_replaces"),
        sqlite_strict=True,
    )
    op.create_index("ix_account_point_item", "account_point", ["item"])
    _index("account_point")
    op.create_table(
        "account_evidence",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("stance", sa.Text, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("ref", sa.Text),
        sa.Column("text", sa.Text),
        sa.Column("quote", sa.Text),
        sa.Column("entry_kind", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("undoes", sa.Text),
        *_vouched("account_evidence"),
        sa.CheckConstraint("kind IN ('entry', 'message', 'measure', 'person')", name=op.f("ck_account_evidence_kind")),
        sa.CheckConstraint("stance IN ('supports', 'contradicts')", name=op.f("ck_account_evidence_stance")),
        *_foreign("account_evidence", item="account_point", undoes="account_evidence"),
        sa.UniqueConstraint("undoes", name="uq_account_evidence_undoes"),
        sqlite_strict=True,
    )
    op.create_index("ix_account_evidence_item", "account_evidence", ["item"])
    _index("account_evidence")


def _versions() -> None:
    op.create_table(
        "version_tie",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("document_id", sa.Text, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("undoes", sa.Text),
        *_vouched("version_tie"),
        *_foreign("version_tie", document_id="document", item="account_point", undoes="version_tie"),
        sa.UniqueConstraint("undoes", name="uq_version_tie_undoes"),
        sqlite_strict=True,
    )
    op.create_index("ix_version_tie_document_id", "version_tie", ["document_id"])
    _index("version_tie")
    op.create_table(
        "redaction",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("ground", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("lift_at", Instant),
        sa.Column("undoes", sa.Text),
        *_vouched("redaction"),
        sa.CheckConstraint(AUDIENCE, name=op.f("ck_redaction_audience")),
        sa.CheckConstraint("ground IN ('legal', 'privacy', 'security')", name=op.f("ck_redaction_ground")),
        *_foreign("redaction", item="account_point", undoes="redaction"),
        sa.UniqueConstraint("undoes", name="uq_redaction_undoes"),
        sqlite_strict=True,
    )
    _index("redaction")
    op.create_table(
        "version_sent",
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("document_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        *_vouched("version_sent", key="message_id"),
        *_foreign("version_sent", message_id="message", document_id="document"),
        _of_version("version_sent"),
        sqlite_strict=True,
    )
    op.create_index("ix_version_sent_document_id_version", "version_sent", ["document_id", "version"])
    _index("version_sent")


def _model() -> None:
    op.create_table(
        "model_draft",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("audience", sa.Text),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("prompt_sha256", sa.Text, nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        *_vouched("model_draft"),
        sa.CheckConstraint(AUDIENCE, name=op.f("ck_model_draft_audience")),
        *_foreign("model_draft"),
        sqlite_strict=True,
    )
    _index("model_draft")
    op.create_table(
        "model_adoption",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("document_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("adopted_at", Instant, nullable=False),
        sa.Column("adopted_by", sa.Text, nullable=False),
        *_vouched("model_adoption"),
        *_foreign("model_adoption", draft_id="model_draft", document_id="document"),
        _of_version("model_adoption"),
        sqlite_strict=True,
    )
    op.create_index("ix_model_adoption_draft_id", "model_adoption", ["draft_id"])
    op.create_index("ix_model_adoption_document_id_version", "model_adoption", ["document_id", "version"])
    _index("model_adoption")


def _vouched(table: str, key: str = "id") -> tuple[sa.Column[str] | sa.Column[int] | sa.Constraint, ...]:
    """What every kept table has: its salt, the row of the journal that vouches for a row of it, and its key."""
    return (
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("journal_seq", NUMBER, nullable=False),
        sa.UniqueConstraint("journal_seq", name=f"uq_{table}_journal_seq"),
        sa.PrimaryKeyConstraint(key, name=f"pk_{table}"),
    )


def _foreign(table: str, **more: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    """The references of a kept table: its incident and its row of the journal besides these, each a column and whose id it holds."""
    seq = sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name=f"fk_{table}_journal_seq")
    ids = {"incident_id": "incident", **more}
    return seq, *(sa.ForeignKeyConstraint([name], [f"{to}.id"], name=f"fk_{table}_{name}") for name, to in ids.items())


def _of_version(table: str) -> sa.ForeignKeyConstraint:
    target = ["document_version.document_id", "document_version.version"]
    return sa.ForeignKeyConstraint(["document_id", "version"], target, name=f"fk_{table}_document_id_version")


def _index(table: str) -> None:
    op.create_index(f"ix_{table}_incident_id_journal_seq", table, ["incident_id", "journal_seq"])
