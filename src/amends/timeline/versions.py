"""The evidence of an incident, the versions of its timeline, and how far the reading of it is, as records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

RUN_STATES = ("running", "stopping", "done", "stopped", "failed")
"""How a reading of evidence stands; `stopping` was asked for and not obeyed yet."""

INTERRUPTED = "interrupted"
"""How a reading stands that ended without a word: the process is gone."""

SILENCE = timedelta(minutes=2)
"""A reading in another process that said nothing for so long is taken for interrupted; it says something every few seconds."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A source of an incident: a file or folder of this machine, or a file that was handed over and is kept here.

    `place` is an absolute path, for a kept one the name of its file in the folder of the incident. `sha256` and `size` (bytes) are those of
    a file when it was added, None for a folder.
    """

    id: str
    incident_id: str
    name: str
    kept: bool
    place: str
    sha256: str | None
    size: int | None
    added_at: datetime
    added_by: str
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One reading of the evidence of an incident: `done` of `total` bytes, 0 of 0 while nobody knows.

    `version` is what came of it, `failure` why nothing did.
    """

    id: str
    incident_id: str
    state: str
    tz: str | None
    started_at: datetime
    started_by: str
    process: str
    beat_at: datetime
    done: int = 0
    total: int = 0
    version: int | None = None
    failure: str | None = None

    @property
    def is_going(self) -> bool:
        """Whether it is still at work, as far as it said."""
        return self.state in ("running", "stopping")


@dataclass(frozen=True, slots=True)
class Version:
    """One assembled timeline, kept for ever: when, by whom, and what `document` holds.

    `document` has `evidence` (the ids of what was read, in order), `zone`, `sources`, `rates`, `rows` (in the form of the contract) and
    `problems`; see `usecases.assembling`.
    """

    incident_id: str
    number: int
    made_at: datetime
    made_by: str
    tz: str | None
    entries: int
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class VersionHead:
    """A version without what it holds, for lists."""

    number: int
    made_at: datetime
    made_by: str
    entries: int
