"""The figures of an audit, kept promise by promise: memory does not grow with the number of promises."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from amends.core.record import record
from amends.promises.fate import FATES
from amends.promises.waiting import TOLD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.promises.audit import AuditedPromise, Passed

BUCKETS = (
    ("on time", 0),
    ("up to 5 minutes late", 5 * 60),
    ("up to 15 minutes late", 15 * 60),
    ("up to an hour late", 3600),
    ("up to 4 hours late", 4 * 3600),
    ("up to a day late", 86_400),
    ("more than a day late", None),
    ("never", None),
)
"""How late promises were kept, with the most seconds of each; the last two have no end, or none at all."""

QUANTILES = (50, 90, 99)
_REASONS = tuple(TOLD.values())
_DAY = 1_440
_MONTHS_KEPT = 2_400
"""Two centuries of months; a stream with more of them has wrong times, and the rest is counted together."""


@record
class Month:
    """The promises that were made in one month, such as 2026-03, by fate."""

    month: str
    counts: tuple[tuple[str, int], ...]
    hit_rate: float | None


@record
class Figures:
    """The reckoning at one moment.

    `hit_rate` is kept / (kept + late + missed), None where none of these is; `lateness` counts promises by `BUCKETS`;
    `late_quantiles` pairs a percentage with the seconds by which that share of the late ones was late at most; `reasons` counts
    why the unverifiable ones are that.
    """

    made: int
    counts: tuple[tuple[str, int], ...]
    updates_without_next_time: int
    updates: int
    incidents: int
    hit_rate: float | None
    months: tuple[Month, ...]
    lateness: tuple[tuple[str, int], ...]
    late_quantiles: tuple[tuple[int, int], ...]
    latest_s: int | None
    reasons: tuple[tuple[str, int], ...]

    def count(self, fate: str) -> int:
        """How many promises have a fate."""
        return dict(self.counts)[fate]

    @property
    def judged(self) -> int:
        """How many promises there is a verdict about: kept, late or missed."""
        return self.count("kept") + self.count("late") + self.count("missed")


class Reckoning:
    """Is fed what an audit finds, in any order, and gives the figures at any moment."""

    def __init__(self) -> None:
        self._fates: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._months: dict[str, Counter[str]] = {}
        self._late: Counter[int] = Counter()
        self._buckets: Counter[str] = Counter()
        self._latest: int | None = None
        self.silent = 0
        self.updates = 0
        self.incidents = 0

    def promise(self, one: AuditedPromise) -> None:
        """Count a promise."""
        self._fates[one.fate] += 1
        if one.fate == "unverifiable":
            self._reasons[one.reason if one.reason in _REASONS else TOLD["timeless"]] += 1
        month = f"{one.made_at.year:04d}-{one.made_at.month:02d}"
        if month not in self._months and len(self._months) >= _MONTHS_KEPT:
            month = "other"
        self._months.setdefault(month, Counter())[one.fate] += 1
        if one.fate in ("kept", "late", "missed"):
            self._buckets[bucket(one.fate, one.late_by_s or 0)] += 1
        if one.fate == "late":
            late = one.late_by_s or 0
            self._late[_coarse(late)] += 1
            self._latest = late if self._latest is None else max(self._latest, late)

    def passed(self, one: Passed) -> None:
        """Count an incident."""
        self.incidents += 1
        self.updates += one.updates

    def figures(self) -> Figures:
        """The figures until now."""
        months = tuple(Month(name, _counts(found), _rate(found)) for name, found in sorted(self._months.items()))
        return Figures(
            sum(self._fates.values()),
            _counts(self._fates),
            self.silent,
            self.updates,
            self.incidents,
            _rate(self._fates),
            months,
            tuple((name, self._buckets[name]) for name, _ in BUCKETS),
            tuple((share, found) for share in QUANTILES if (found := self._quantile(share)) is not None),
            self._latest,
            tuple(sorted(self._reasons.items(), key=lambda pair: (-pair[1], pair[0]))),
        )

    def _quantile(self, share: int) -> int | None:
        """The seconds by which `share` percent of the late promises were late at most: to the minute up to a day, then to the hour."""
        total = self._late.total()
        reached = 0
        for seconds in sorted(self._late):
            reached += self._late[seconds]
            if reached * 100 >= total * share:
                return min(seconds, self._latest or seconds)
        return None


def bucket(fate: str, late_s: int) -> str:
    """The name of the bucket for a fate and the seconds by which it was late."""
    if fate == "missed":
        return BUCKETS[-1][0]
    if fate == "kept":
        return BUCKETS[0][0]
    return next(name for name, most in BUCKETS[1:] if most is None or late_s <= most)


def _coarse(seconds: int) -> int:
    """Seconds rounded up to a minute, beyond a day to an hour, beyond a year to that: some ten thousand values in all."""
    minutes = -(-seconds // 60)
    if minutes <= _DAY:
        return minutes * 60
    return min(-(-minutes // 60), 366 * 24) * 3600


def _counts(found: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple((name, found[name]) for name in FATES)


def _rate(found: Counter[str]) -> float | None:
    judged = found["kept"] + found["late"] + found["missed"]
    return found["kept"] / judged if judged else None


def summary(figures: Figures) -> dict[str, object]:
    """The summary as the contract writes it, and after its keys those that were added."""
    counts = dict(figures.counts)
    order = ("kept", "late", "missed", "moved", "open", "unverifiable")
    return {
        "made": figures.made,
        **{name: counts[name] for name in order},
        "updates_without_next_time": figures.updates_without_next_time,
        "withdrawn": counts["withdrawn"],
        "updates": figures.updates,
        "incidents": figures.incidents,
        "hit_rate": rounded(figures.hit_rate),
        "late_by_s": {**{f"p{share}": seconds for share, seconds in figures.late_quantiles}, "max": figures.latest_s},
    }


def months(figures: Figures) -> list[dict[str, object]]:
    """The months as plain values."""
    return [
        {"month": one.month, "made": sum(count for _, count in one.counts), **dict(one.counts), "hit_rate": rounded(one.hit_rate)}
        for one in figures.months
    ]


def rounded(rate: float | None) -> float | None:
    """A rate with four digits: more would claim more than it knows."""
    return None if rate is None else round(rate, 4)


def worst(promises: Iterable[AuditedPromise]) -> list[AuditedPromise]:
    """Promises with the worst first: missed before late, then by how late, then the newest."""
    return sorted(promises, key=badness, reverse=True)


def badness(one: AuditedPromise) -> tuple[int, int, float]:
    """How bad a promise turned out; larger is worse."""
    rank = {"missed": 2, "late": 1}.get(one.fate, 0)
    return rank, one.late_by_s or 0, one.made_at.timestamp()
