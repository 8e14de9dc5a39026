"""Pulses, which nobody can trace: no row about an answer holds a time, a person, an address, or anything that grows.

On SQLite these rows lie in the order of their random keys, because there is no row number beside; what holds answers while a wave is open
is sealed with a key that is not in the database and is destroyed when the wave closes. See `docs/pulse.md`.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from amends.store.instant import Instant
from amends.store.schema.base import metadata, one_of

WHICH = one_of("which", ("baseline", "month", "quarter"))

pulse_wave = Table(
    "pulse_wave",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("which", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("closing", Integer, nullable=False),  # 1 from the moment when no answer is taken any more
    Column("closed_at", Instant),
    Column("least", Integer, nullable=False),  # so many answers a group must have to be shown
    WHICH,
    UniqueConstraint("incident_id", "which"),
    sqlite_strict=True,
)

pulse_group = Table(
    "pulse_group",
    metadata,
    Column("wave_id", Text, ForeignKey("pulse_wave.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("invited", Integer, nullable=False),
    Column("answered", Integer),  # nothing while the wave is open
    PrimaryKeyConstraint("wave_id", "name"),
    one_of("name", ("team", "stakeholders", "users")),
    sqlite_strict=True,
)

pulse_link = Table(
    "pulse_link",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("wave_id", Text, ForeignKey("pulse_wave.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("spent", Integer, nullable=False),
    Index(None, "wave_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

pulse_held = Table(
    "pulse_held",
    metadata,
    Column("key", Text, primary_key=True),
    Column("wave_id", Text, ForeignKey("pulse_wave.id"), nullable=False),
    Column("sealed", Text, nullable=False),
    Index(None, "wave_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

pulse_answer = Table(
    "pulse_answer",
    metadata,
    Column("key", Text, primary_key=True),
    Column("wave_id", Text, ForeignKey("pulse_wave.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("scores", Text, nullable=False),  # JSON
    Column("pair", Text),
    Index(None, "wave_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

pulse_comment = Table(
    "pulse_comment",
    metadata,
    Column("key", Text, primary_key=True),
    Column("wave_id", Text, ForeignKey("pulse_wave.id"), nullable=False),
    Column("question", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "wave_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
