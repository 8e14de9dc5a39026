"""The index of words, tombstones of what was erased, and indexes for lists of many incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from amends.store.engine import StoreError
from amends.store.guards import POSTGRESQL_FUNCTION, postgresql_guards, sqlite_guards
from amends.store.indexed import following_statements, index_statements, rebuild_statements
from amends.store.instant import Instant
from amends.store.migrations.versions.v0001_base import NUMBER, POSTGRESQL, SQLITE
from amends.store.schema.base import metadata

if TYPE_CHECKING:
    from collections.abc import Iterable

revision = "0005"
down_revision = "0004"

ERASABLE = (
    "action_event", "action_item", "delivery", "document_version", "draft_version", "incident_event", "promise", "promise_event",
    "timeline_note",
)  # fmt: skip
"""The tables of this revision that hold words of people."""

FOUND = (
    "incident", "fact", "comment", "message", "draft", "promise", "action", "document", "note", "evidence", "link", "stakeholder",
)  # fmt: skip
"""The kinds of things that are found at this revision."""


def upgrade() -> None:
    """From revision 0004."""
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        _require_unicode()
    _search_entry()
    _tombstone()
    op.create_index("ix_message_draft_id", "message", ["draft_id"])
    for statement in POSTGRESQL if dialect == "postgresql" else SQLITE:
        op.execute(statement.format(table="tombstone"))
    _erasable(dialect)
    _run(index_statements(dialect))
    _run(following_statements(dialect, FOUND))
    _run(rebuild_statements(FOUND))


def _require_unicode() -> None:
    """Words are compared without their marks, and PostgreSQL can take them off in this encoding only."""
    encoding = op.get_bind().execute(sa.text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        hint = "make one with ENCODING 'UTF8' TEMPLATE template0, and bring the data over with pg_dump"
        raise StoreError(f"the database is encoded in {encoding}, and must be in UTF8", hint=hint)


def _search_entry() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("incident_id", sa.Text),
        sa.Column("owner", sa.Text),
        sa.Column("person", sa.Text),
        sa.Column("at", Instant, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_entry"),
        sa.UniqueConstraint("kind", "ref", name="uq_search_entry_kind_ref"),
        sqlite_strict=True,
    )
    op.create_index("ix_search_entry_incident_id", "search_entry", ["incident_id"])


def _tombstone() -> None:
    op.create_table(
        "tombstone",
        sa.Column("kept_in", sa.Text, nullable=False),
        sa.Column("row_seq", NUMBER, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("erased_at", Instant, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("journal_seq", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("kept_in", "row_seq", name="pk_tombstone"),
        sa.ForeignKeyConstraint(["row_seq"], ["journal.seq"], name="fk_tombstone_row_seq"),
        sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name="fk_tombstone_journal_seq"),
        sa.UniqueConstraint("journal_seq", name="uq_tombstone_journal_seq"),
        sqlite_strict=True,
    )
    op.create_index("ix_tombstone_subject", "tombstone", ["subject"])


def _erasable(dialect: str) -> None:
    """The guards of tables that hold words of people let the one change through that a tombstone asks for."""
    if dialect == "postgresql":
        op.execute(sa.text(POSTGRESQL_FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(":", r"\:")))
    for name in ERASABLE:
        table = metadata.tables[name]
        if dialect == "postgresql":
            op.execute(f"DROP TRIGGER keep_{name}_rows ON {name}")
            op.execute(postgresql_guards(table)[0])
        else:
            op.execute(f"DROP TRIGGER keep_{name}_update")
            op.execute(sqlite_guards(table)[0])


def _run(statements: Iterable[str]) -> None:
    for statement in statements:
        op.execute(sa.text(statement.replace(":", r"\:")))
