"""How long an action item may take, by the severity of its incident: one row of `due_rules.toml` each, with its source."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from amends.core.files import read_toml
from amends.core.incident import SEVERITIES
from amends.core.shape import require_shape

if TYPE_CHECKING:
    from datetime import datetime

PATH = os.path.join(os.path.dirname(__file__), "due_rules.toml")
_SHAPE: dict[str, object] = {"rule": [{"severity": SEVERITIES, "days": int, "source": str}]}


@dataclass(frozen=True, slots=True)
class DueRule:
    """How many days on the calendar an action item may take at a severity, and who says so."""

    severity: str
    days: int
    source: str

    def until(self, accepted_at: datetime) -> datetime:
        """The last minute that is in time for what is accepted at an instant, on the clock of that instant."""
        return (accepted_at + timedelta(days=self.days)).replace(hour=23, minute=59, second=0, microsecond=0)


@cache
def due_rule(severity: str) -> DueRule:
    """The rule of a severity, which every severity has."""
    values, line_of = read_toml(PATH)
    require_shape(values, _SHAPE, PATH, line_of)
    given: Any = values
    return next(DueRule(**one) for one in given["rule"] if one["severity"] == severity)
