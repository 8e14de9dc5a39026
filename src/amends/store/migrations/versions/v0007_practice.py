"""What people practise: their drills with every turn, what is due again, their own conversations, and what they chose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from amends.store.instant import Instant
from amends.store.migrations.versions.v0001_base import NUMBER

revision = "0007"
down_revision = "0006"

TABLES = ("practice_session", "practice_turn", "practice_voice", "practice_review", "practice_card", "practice_own", "practice_choice")
NOTES = "note IN ('refused', 'unanswered', 'late', 'busy', 'off')"
KINDS = "kind IN ('drill', 'later', 'receiver', 'own', 'rehearsal')"


def upgrade() -> None:
    """From revision 0006."""
    _session()
    _turn()
    _voice()
    _review()
    _card()
    _own()


def _session() -> None:
    op.create_table(
        "practice_session",
        sa.Column("id", sa.Text, nullable=False),
        *_texts("person", "scenario_id", "title", "form", "kind"),
        sa.Column("aided", sa.Integer, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.Column("score", sa.Integer),
        sa.Column("passed", sa.Integer),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("left", sa.Integer, nullable=False),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("engine", sa.Integer, nullable=False),
        sa.Column("seed", NUMBER, nullable=False),
        sa.Column("difficulty", sa.Integer, nullable=False),
        sa.Column("variant", sa.Text, nullable=False),
        sa.Column("promise", sa.Text),
        sa.Column("voice", sa.Text),
        sa.Column("source", sa.Text),
        sa.CheckConstraint(KINDS, name=op.f("ck_practice_session_kind")),
        sa.PrimaryKeyConstraint("id", name="pk_practice_session"),
        sqlite_strict=True,
    )
    op.create_index("ix_practice_session_person_started_at", "practice_session", ["person", "started_at"])


def _turn() -> None:
    op.create_table(
        "practice_turn",
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("said_at", Instant, nullable=False),
        sa.Column("delivery", sa.Text),
        sa.PrimaryKeyConstraint("session_id", "number", name="pk_practice_turn"),
        sa.ForeignKeyConstraint(["session_id"], ["practice_session.id"], name="fk_practice_turn_session_id"),
        sqlite_strict=True,
    )


def _voice() -> None:
    op.create_table(
        "practice_voice",
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        *_texts("line", "model"),
        sa.Column("text", sa.Text),
        sa.Column("note", sa.Text),
        sa.CheckConstraint(NOTES, name=op.f("ck_practice_voice_note")),
        sa.PrimaryKeyConstraint("session_id", "turn", "number", name="pk_practice_voice"),
        sa.ForeignKeyConstraint(["session_id"], ["practice_session.id"], name="fk_practice_voice_session_id"),
        sqlite_strict=True,
    )


def _review() -> None:
    op.create_table(
        "practice_review",
        sa.Column("id", sa.Text, nullable=False),
        *_texts("person", "skill", "form"),
        sa.Column("at", Instant, nullable=False),
        sa.Column("rating", sa.Text, nullable=False),
        sa.Column("kept", sa.Integer, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False),
        sa.Column("counted", sa.Integer, nullable=False),
        sa.Column("session_id", sa.Text),
        sa.Column("scenario_id", sa.Text),
        sa.Column("document", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_practice_review"),
        sa.ForeignKeyConstraint(["session_id"], ["practice_session.id"], name="fk_practice_review_session_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_practice_review_person_at", "practice_review", ["person", "at"])
    op.create_index("ix_practice_review_session_id", "practice_review", ["session_id"])


def _card() -> None:
    op.create_table(
        "practice_card",
        *_texts("person", "skill", "form"),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("scenario_id", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person", "skill", "form", name="pk_practice_card"),
        sqlite_strict=True,
    )
    op.create_index("ix_practice_card_person_due_at", "practice_card", ["person", "due_at"])


def _own() -> None:
    op.create_table(
        "practice_own",
        sa.Column("id", sa.Text, nullable=False),
        *_texts("person", "title", "answers"),
        sa.Column("written_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_practice_own"),
        sqlite_strict=True,
    )
    op.create_index("ix_practice_own_person_written_at", "practice_own", ["person", "written_at"])
    op.create_table(
        "practice_choice",
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("count_real", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_practice_choice"),
        sqlite_strict=True,
    )


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False) for name in names)
