"""What is kept of people's practice. Nothing here has a row in the journal or the index of words, because it is nobody else's business.

No row refers to a table outside, and nothing outside refers to a row here, so that a person's rows can go without a trace.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text

from amends.practice.session import KINDS, NOTES
from amends.store.instant import Instant
from amends.store.schema.base import Number, metadata, one_of

practice_session = Table(
    "practice_session",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("scenario_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("aided", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("score", Integer),
    Column("passed", Integer),
    Column("first", Integer, nullable=False),
    Column("left", Integer, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("engine", Integer, nullable=False),
    Column("seed", Number, nullable=False),
    Column("difficulty", Integer, nullable=False),
    Column("variant", Text, nullable=False),
    Column("promise", Text),
    Column("voice", Text),  # the model and its host that may voice the other person, where its person agreed to that
    Column("source", Text),  # the scenario itself, where no folder has it: somebody's own, or a persona that a draft is tried on
    one_of("kind", tuple(KINDS)),
    Index(None, "person", "started_at"),
    sqlite_strict=True,
)

practice_turn = Table(
    "practice_turn",
    metadata,
    Column("session_id", Text, ForeignKey("practice_session.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("said_at", Instant, nullable=False),
    Column("delivery", Text),  # JSON
    PrimaryKeyConstraint("session_id", "number"),  # two people at one turn would be two truths; the second is a conflict
    sqlite_strict=True,
)

practice_voice = Table(
    "practice_voice",
    metadata,
    Column("session_id", Text, ForeignKey("practice_session.id"), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("number", Integer, nullable=False),  # of the line in its turn, from 0
    Column("line", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("text", Text),  # nothing where the written line was said
    Column("note", Text),  # why it was, then
    PrimaryKeyConstraint("session_id", "turn", "number"),
    one_of("note", NOTES),
    sqlite_strict=True,
)

practice_review = Table(
    "practice_review",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("skill", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("rating", Text, nullable=False),
    Column("kept", Integer, nullable=False),
    Column("missed", Integer, nullable=False),
    Column("counted", Integer, nullable=False),  # in the history: at the first try and unaided
    Column("session_id", Text, ForeignKey("practice_session.id")),
    Column("scenario_id", Text),
    Column("document", Text),  # of a real message, so that it counts once
    Index(None, "person", "at"),
    Index(None, "session_id"),
    sqlite_strict=True,
)

practice_card = Table(
    "practice_card",
    metadata,
    Column("person", Text, nullable=False),
    Column("skill", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("scenario_id", Text),  # the last one that exercised it
    Column("state", Text, nullable=False),  # JSON, as the schedule keeps it
    PrimaryKeyConstraint("person", "skill", "form"),
    Index(None, "person", "due_at"),
    sqlite_strict=True,
)

practice_own = Table(
    "practice_own",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("answers", Text, nullable=False),  # JSON
    Column("written_at", Instant, nullable=False),
    Index(None, "person", "written_at"),
    sqlite_strict=True,
)

practice_choice = Table(
    "practice_choice",
    metadata,
    Column("person", Text, primary_key=True),
    Column("count_real", Integer, nullable=False),
    sqlite_strict=True,
)
