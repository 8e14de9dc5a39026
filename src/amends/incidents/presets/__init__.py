"""When to speak, as those who do it well have written it down: one TOML file for each of them, every rule with its source.

A team chooses one; `sources` is the usual one. Days count on the calendar, or where a rule says so as working days from Monday to Friday.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from amends.core.errors import UnknownNameError
from amends.core.files import read_toml
from amends.core.incident import SEVERITIES, STATUSES
from amends.core.people import AUDIENCES
from amends.core.shape import require_shape

USUAL = "sources"
STARTS = ("detected", "started", *STATUSES[1:])
_FRIDAY = 4
_FOLDER = os.path.dirname(__file__)
_RULE = {"severities?": [SEVERITIES], "why": str, "source": str}
_SHAPE: dict[str, object] = {
    "id": str,
    "title": str,
    "about": str,
    "source": str,
    "deadline?": [
        {
            "what": str,
            "title": str,
            "after": STARTS,
            "audience?": AUDIENCES,
            "minutes?": int,
            "hours?": int,
            "days?": int,
            "working_days?": int,
            **_RULE,
        }
    ],
    "rhythm?": [{"audience": AUDIENCES, "every": int, "for": int, "later": int, **_RULE}],
}
_NAMED = {"team": "the team", "leadership": "leadership", "customers": "customers", "partner": "the partner"}


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that must be there some time after an incident reached a point; a message where its name ends in `-message`."""

    what: str
    title: str
    after: str
    span: timedelta
    working_days: int
    severities: tuple[str, ...]
    audience: str | None
    why: str
    source: str

    @property
    def is_message(self) -> bool:
        """Whether a message to the audience is what is owed."""
        return self.what.endswith("-message")

    def holds(self, severity: str) -> bool:
        """Whether it is asked for at a severity."""
        return not self.severities or severity in self.severities

    def until(self, start: datetime) -> datetime:
        """The instant that is in time at the latest."""
        due = start + self.span
        left = self.working_days
        while left:
            due += timedelta(days=1)
            left -= due.weekday() <= _FRIDAY
        return due


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often an audience hears how it stands: `every` while the incident is younger than `quick_for`, `later` afterwards."""

    audience: str
    every: timedelta
    quick_for: timedelta
    later: timedelta
    severities: tuple[str, ...]
    why: str
    source: str

    @property
    def named(self) -> str:
        """The audience in a sentence."""
        return _NAMED[self.audience]

    def holds(self, severity: str) -> bool:
        """Whether it is asked for at a severity."""
        return not self.severities or severity in self.severities


@dataclass(frozen=True, slots=True)
class Preset:
    """The deadlines and rhythms of one author."""

    id: str
    title: str
    about: str
    source: str
    deadlines: tuple[Deadline, ...]
    rhythms: tuple[Rhythm, ...]


def names() -> tuple[str, ...]:
    """The presets that there are, the usual one first."""
    found = sorted(name.removesuffix(".toml") for name in os.listdir(_FOLDER) if name.endswith(".toml"))
    return (USUAL, *(name for name in found if name != USUAL))


@cache
def preset(name: str) -> Preset:
    """One preset. Raises UnknownNameError."""
    if name not in names():
        raise UnknownNameError("preset", name, names())
    path = os.path.join(_FOLDER, f"{name}.toml")
    values, line_of = read_toml(path)
    require_shape(values, _SHAPE, path, line_of)
    given: Any = values
    return Preset(
        given["id"],
        given["title"],
        given["about"],
        given["source"],
        tuple(_deadline(one) for one in given.get("deadline", ())),
        tuple(_rhythm(one) for one in given.get("rhythm", ())),
    )


def _deadline(given: dict[str, Any]) -> Deadline:
    span = timedelta(minutes=given.get("minutes", 0), hours=given.get("hours", 0), days=given.get("days", 0))
    severities = tuple(given.get("severities", ()))
    working = given.get("working_days", 0)
    return Deadline(
        given["what"], given["title"], given["after"], span, working, severities, given.get("audience"), given["why"], given["source"]
    )


def _rhythm(given: dict[str, Any]) -> Rhythm:
    every, quick, later = (timedelta(minutes=given[name]) for name in ("every", "for", "later"))
    return Rhythm(given["audience"], every, quick, later, tuple(given.get("severities", ())), given["why"], given["source"])
