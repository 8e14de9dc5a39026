"""Trust breaks and repairs, reviews after a month and a quarter, runs of playbooks, pulses, and what makes incidents alike."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from amends.store.guards import postgresql_guards, sqlite_guards
from amends.store.instant import Instant
from amends.store.migrations.versions.v0001_base import NUMBER
from amends.store.reread import ALL_STALE, following_statements
from amends.store.schema.base import metadata

revision = "0008"
down_revision = "0007"

KEPT = (
    "trust_break", "repair_action", "trust_review", "trust_review_event", "playbook_run", "playbook_event", "fingerprint",
    "recurrence_judgement", "guardrail_event",
)  # fmt: skip
"""The tables that only grow."""


def upgrade() -> None:
    """From revision 0007."""
    _trust()
    _reviews()
    _playbooks()
    _waves()
    _answers()
    _recurrence()
    _words()
    guards = postgresql_guards if op.get_bind().dialect.name == "postgresql" else sqlite_guards
    for name in KEPT:
        for statement in guards(metadata.tables[name]):
            op.execute(statement)


def _trust() -> None:
    _kept(
        "trust_break",
        *_texts("item", "whose"),
        *_maybe("subject", "direction", "kind", "fear", "heard_from"),
        sa.Column("heard_at", Instant),
        *_maybe("asked"),
        sa.Column("asked_at", Instant),
        *_maybe("withdrawn"),
        *_written(),
        _one_of("trust_break", "subject", "'system', 'behaviour'"),
        _one_of("trust_break", "direction", "'inside', 'upward', 'outward'"),
        _one_of("trust_break", "kind", "'ability', 'honesty', 'care'"),
        _refers("trust_break", "item", "account_point"),
    )
    op.create_index("ix_trust_break_item", "trust_break", ["item"])
    _kept(
        "repair_action",
        *_texts("action_id", "kind"),
        *_maybe("why_other"),
        *_texts("breaks", "uncertainty"),
        *_maybe("visible"),
        sa.Column("check_at", Instant),
        *_maybe("withdrawn"),
        *_written(),
        _one_of("repair_action", "kind", "'misleading-status', 'unclear-ownership', 'weak-rollback', 'alert-gap', 'other'"),
        _refers("repair_action", "action_id", "action_item"),
    )
    op.create_index("ix_repair_action_action_id", "repair_action", ["action_id"])


def _reviews() -> None:
    _kept(
        "trust_review",
        *_texts("which"),
        sa.Column("due_at", Instant, nullable=False),
        *_maybe("lead"),
        *_written(),
        _one_of("trust_review", "which", "'month', 'quarter'"),
        sa.UniqueConstraint("incident_id", "which", name="uq_trust_review_incident_id_which"),
        indexed=False,
    )
    _kept(
        "trust_review_event",
        *_texts("review_id", "what"),
        *_written(),
        sa.Column("due_at", Instant),
        *_maybe("lead", "question", "ref_kind", "ref", "text", "said", "asked"),
        sa.Column("asked_at", Instant),
        *_maybe("decision", "prepared", "undoes"),
        _one_of("trust_review_event", "decision", "'continue', 'change', 'stop'"),
        _refers("trust_review_event", "review_id", "trust_review"),
        *_undone("trust_review_event"),
    )
    op.create_index("ix_trust_review_event_review_id", "trust_review_event", ["review_id"])


def _playbooks() -> None:
    _kept(
        "playbook_run",
        *_texts("playbook_id", "title", "sha256"),
        *_maybe("source"),
        sa.Column("started_at", Instant, nullable=False),
        *_texts("by"),
    )
    _kept(
        "playbook_event",
        *_texts("run_id"),
        sa.Column("number", sa.Integer, nullable=False),
        *_texts("what"),
        sa.Column("at", Instant, nullable=False),
        *_written(),
        *_maybe("about", "value", "ref_kind", "ref", "text", "person", "asked"),
        sa.Column("asked_at", Instant),
        *_maybe("why", "undoes"),
        _refers("playbook_event", "run_id", "playbook_run"),
        sa.UniqueConstraint("run_id", "number", name="uq_playbook_event_run_id_number"),
        *_undone("playbook_event"),
    )


def _waves() -> None:
    op.create_table(
        "pulse_wave",
        sa.Column("id", sa.Text, nullable=False),
        *_texts("incident_id", "which"),
        sa.Column("opened_at", Instant, nullable=False),
        *_texts("opened_by"),
        sa.Column("closes_at", Instant, nullable=False),
        sa.Column("closing", sa.Integer, nullable=False),
        sa.Column("closed_at", Instant),
        sa.Column("least", sa.Integer, nullable=False),
        _one_of("pulse_wave", "which", "'baseline', 'month', 'quarter'"),
        sa.PrimaryKeyConstraint("id", name="pk_pulse_wave"),
        _refers("pulse_wave", "incident_id", "incident"),
        sa.UniqueConstraint("incident_id", "which", name="uq_pulse_wave_incident_id_which"),
        sqlite_strict=True,
    )
    op.create_table(
        "pulse_group",
        *_texts("wave_id", "name"),
        sa.Column("invited", sa.Integer, nullable=False),
        sa.Column("answered", sa.Integer),
        _one_of("pulse_group", "name", "'team', 'stakeholders', 'users'"),
        sa.PrimaryKeyConstraint("wave_id", "name", name="pk_pulse_group"),
        _refers("pulse_group", "wave_id", "pulse_wave"),
        sqlite_strict=True,
    )


def _answers() -> None:
    tables: tuple[tuple[str, str, tuple[sa.Column[Any], ...]], ...] = (
        ("pulse_link", "hash", (*_texts("name"), sa.Column("spent", sa.Integer, nullable=False))),
        ("pulse_held", "key", _texts("sealed")),
        ("pulse_answer", "key", (*_texts("name", "scores"), *_maybe("pair"))),
        ("pulse_comment", "key", _texts("question", "text")),
    )
    for name, key, columns in tables:
        op.create_table(
            name,
            *_texts(key, "wave_id"),
            *columns,
            sa.PrimaryKeyConstraint(key, name=f"pk_{name}"),
            _refers(name, "wave_id", "pulse_wave"),
            sqlite_strict=True,
            sqlite_with_rowid=False,
        )
        op.create_index(f"ix_{name}_wave_id", name, ["wave_id"])


def _recurrence() -> None:
    _kept("fingerprint", *_maybe("category", "component", "condition", "trigger"), *_written())
    op.create_table(
        "recurrence_match",
        *_texts("incident_id", "other_id"),
        sa.Column("score", sa.REAL, nullable=False),
        *_texts("strength", "why"),
        sa.Column("shadow", sa.Integer, nullable=False),
        sa.Column("found_at", Instant, nullable=False),
        _one_of("recurrence_match", "strength", "'met-before', 'maybe'"),
        sa.PrimaryKeyConstraint("incident_id", "other_id", name="pk_recurrence_match"),
        _refers("recurrence_match", "incident_id", "incident"),
        _refers("recurrence_match", "other_id", "incident"),
        sqlite_strict=True,
    )
    op.create_index("ix_recurrence_match_other_id", "recurrence_match", ["other_id"])
    _kept(
        "recurrence_judgement",
        *_texts("other_id", "verdict"),
        *_maybe("why"),
        *_texts("found"),
        *_written(),
        _one_of("recurrence_judgement", "verdict", "'repeat', 'related', 'new'"),
    )
    _kept(
        "guardrail_event",
        *_texts("guardrail_kind", "guardrail", "what"),
        sa.Column("at", Instant, nullable=False),
        *_maybe("evidence_kind", "evidence", "text"),
        *_written(),
        *_maybe("undoes"),
        _one_of("guardrail_event", "guardrail_kind", "'action', 'promise', 'commit'"),
        _one_of("guardrail_event", "what", "'fired', 'would-have', 'missed', 'taken-back'"),
        *_undone("guardrail_event"),
    )


def _words() -> None:
    op.create_table(
        "recurrence_doc",
        *_texts("incident_id"),
        sa.Column("number", NUMBER, nullable=False),
        *_texts("title", "text"),
        sa.PrimaryKeyConstraint("incident_id", name="pk_recurrence_doc"),
        sa.UniqueConstraint("number", name="uq_recurrence_doc_number"),
        sqlite_strict=True,
    )
    op.create_table(
        "recurrence_posting",
        *_texts("term"),
        sa.Column("block", NUMBER, nullable=False),
        sa.Column("numbers", sa.LargeBinary, nullable=False),
        sa.Column("impacts", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("term", "block", name="pk_recurrence_posting"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recurrence_frequency",
        *_texts("term"),
        sa.Column("docs", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("term", name="pk_recurrence_frequency"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recurrence_stale",
        *_texts("incident_id"),
        sa.PrimaryKeyConstraint("incident_id", name="pk_recurrence_stale"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    for statement in (*following_statements(op.get_bind().dialect.name), ALL_STALE):
        op.execute(statement)


def _kept(name: str, *more: sa.schema.SchemaItem, indexed: bool = True) -> None:
    """A table of an incident that only grows, with the row of the journal that vouches for each row."""
    op.create_table(
        name,
        sa.Column("id", sa.Text, nullable=False),
        *_texts("incident_id"),
        *(one for one in more if isinstance(one, sa.Column)),
        *_texts("salt"),
        sa.Column("journal_seq", NUMBER, nullable=False),
        *(one for one in more if not isinstance(one, sa.Column)),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        _refers(name, "incident_id", "incident"),
        sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name=f"fk_{name}_journal_seq"),
        sa.UniqueConstraint("journal_seq", name=f"uq_{name}_journal_seq"),
        sqlite_strict=True,
    )
    if indexed:
        op.create_index(f"ix_{name}_incident_id_journal_seq", name, ["incident_id", "journal_seq"])


def _written() -> tuple[sa.Column[object], ...]:
    return sa.Column("recorded_at", Instant, nullable=False), sa.Column("by", sa.Text, nullable=False)


def _undone(table: str) -> tuple[sa.Constraint, ...]:
    return _refers(table, "undoes", table), sa.UniqueConstraint("undoes", name=f"uq_{table}_undoes")


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def _one_of(table: str, column: str, values: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({values})", name=op.f(f"ck_{table}_{column}"))


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False) for name in names)


def _maybe(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text) for name in names)
