"""Periods of a calendar, for figures over time: the one that is running, and those before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from amends.core.errors import require_known

if TYPE_CHECKING:
    from datetime import tzinfo

LENGTHS = {"month": 1, "quarter": 3}
"""How many months each kind of period has."""

COUNT, MOST = 6, 24
"""How many periods are shown, and the most that may be asked for."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` until just before `end`; of the running one `until` is now, of all others their end."""

    name: str
    start: datetime
    end: datetime
    until: datetime

    @property
    def running(self) -> bool:
        """Whether it is not over."""
        return self.until < self.end

    @property
    def days(self) -> float:
        """How long it was, up to now where it is running: the exposure of a rate."""
        return (self.until - self.start).total_seconds() / 86_400

    def holds(self, at: datetime | None) -> bool:
        """Whether an instant lies in it."""
        return at is not None and self.start <= at < self.end


def periods(now: datetime, count: int, zone: tzinfo, kind: str = "quarter", since: datetime | None = None) -> tuple[Period, ...]:
    """The last `count` calendar periods in a zone, the oldest first; the last one is running.

    What lies before `since` is no exposure, because nobody would have written anything down: periods that were over by then are left out,
    and the one that it falls into begins there. Raises UnknownNameError for the kind.
    """
    require_known("kind of period", kind, tuple(LENGTHS))
    months = LENGTHS[kind]
    local = now.astimezone(zone)
    first = local.year * 12 + (local.month - 1) // months * months
    found = []
    for back in range(count - 1, -1, -1):
        begins = first - back * months
        start, end = _first_day(begins, zone), _first_day(begins + months, zone)
        if since is None or since < end:
            found.append(Period(_name(begins, kind), max(start, since or start), end, min(end, now)))
    return tuple(found)


def _first_day(month: int, zone: tzinfo) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=zone)


def _name(month: int, kind: str) -> str:
    year, number = divmod(month, 12)
    return f"{datetime(year, number + 1, 1):%b %Y}" if kind == "month" else f"Q{number // 3 + 1} {year}"  # noqa: DTZ001  # only its name
