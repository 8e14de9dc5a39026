"""What somebody is told of recurrence: what was met before and what was promised then, guardrails by mistake, and days that look back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.recurrence.matching import MET

if TYPE_CHECKING:
    from datetime import date

    from amends.core.incident import Incident
    from amends.recurrence.fingerprint import Declared, Fingerprint
    from amends.recurrence.matching import Judgement, Match
    from amends.recurrence.prevention import Guarded


@dataclass(frozen=True, slots=True)
class Met:
    """An earlier incident, why the program takes it for the same (None where people said so), what people judged, and what was promised.

    `shadow` says that nobody was shown it before the review.
    """

    incident: Incident
    match: Match | None
    judgement: Judgement | None
    guarded: tuple[Guarded, ...]
    shadow: bool = False

    @property
    def is_same(self) -> bool:
        """Whether it stands as the same failure: people said so, or the program did and nobody said otherwise."""
        if self.judgement is not None:
            return self.judgement.verdict == "repeat"
        return self.match is not None and self.match.strength == MET

    @property
    def kept(self) -> tuple[int, int]:
        """How many of the things that were promised then are in place, and of how many."""
        return sum(one.prevention.is_done for one in self.guarded), len(self.guarded)


@dataclass(frozen=True, slots=True)
class MetBefore:
    """What somebody may be told of earlier incidents: the same failure, what may be related, and what waits to be judged at the review.

    `days` is in how many days the same failure came `times` times, this one included; 0 where it was not met before.
    """

    incident: Incident
    mode: str
    fingerprint: Fingerprint
    declared: Declared | None
    same: tuple[Met, ...] = ()
    related: tuple[Met, ...] = ()
    to_judge: tuple[Met, ...] = ()
    judged: tuple[Met, ...] = ()

    @property
    def times(self) -> int:
        """How often this failure is known to have come, this time included."""
        return 1 + len(self.same)

    @property
    def days(self) -> int:
        """From the first of them to this one, rounded up to whole days."""
        first = min((one.incident.started_at for one in self.same), default=None)
        return 0 if first is None else max(1, (self.incident.started_at - first).days)

    @property
    def often(self) -> str:
        """How often in how many days, in words: a count alone says nothing."""
        times = "twice" if self.times == 2 else f"{self.times} times"
        return f"{times} in {self.days:,} {'day' if self.days == 1 else 'days'}"


@dataclass(frozen=True, slots=True)
class Mistake:
    """An incident as a mistake, and every guardrail against its repetition with what shows that it fired or would have."""

    incident: Incident
    category: str | None
    guarded: tuple[Guarded, ...]


@dataclass(frozen=True, slots=True)
class OnThisDay:
    """An incident that began on this date, `years` ago, on `day`; and what was promised then."""

    years: int
    day: date
    incident: Incident
    guarded: tuple[Guarded, ...]

    @property
    def kept(self) -> tuple[int, int]:
        """How many of the things that were promised then are in place, and of how many."""
        return sum(one.prevention.is_done for one in self.guarded), len(self.guarded)
