"""What changes over time in how an organisation owns what breaks: seven figures, each with its interval, its exposure and its trap.

The first four are the metrics of the playbook for repairing trust, the definitions and traps are those of the practice report, section
5.5. Every figure counts incidents, statements, promises or action items of everybody together: there is no figure of a person, and none of
a team beside another, because a figure that ranks people is answered by hiding. A change is judged between the last period that is over and
the two before it together, because after one bad period the next is usually better whatever was done (regression to the mean).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.trust.figures import (
    Counted,
    Exposed,
    Figure,
    Judged,
    Sides,
    Timed,
    before_and_after,
    judged_rates,
    judged_shares,
    judged_times,
)
from amends.trust.pulse import WAVES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from amends.trust.periods import Period
    from amends.trust.pulse import WaveResult

METRICS = (
    "repeat-rate", "status-honesty", "stakeholder-confidence", "early-escalation", "first-honest-status", "promise-hit-rate",
    "actions-verified",
)  # fmt: skip

CONFIDENCE_ITEMS = (1, 2, 11)
"""The items of the pulse by which stakeholders say how far they rely on us: the system, detection, and our word for a date."""


@dataclass(frozen=True, slots=True)
class Lived:
    """One incident, as far as the figures go. It has no names in it.

    `repeats` is whether it is an earlier failure again. Of the statements in messages `checkable` could be checked later, and
    `contradicted` turned out to be wrong. `found_by` is us or others. Times are in seconds, None where nobody wrote them down: `to_human`
    from the first signal to the first message by a human, `to_honest` from the beginning to the first honest status. `promises` are the
    times and fates of those that were due, `actions` when each was done, and whether it was shown to help.
    """

    incident_id: str
    began_at: datetime
    repeats: bool
    checkable: int
    contradicted: int
    found_by: str | None
    to_human: int | None
    to_honest: int | None
    promises: tuple[tuple[datetime, str], ...]
    actions: tuple[tuple[datetime, bool], ...]
    pulses: tuple[WaveResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure over time: what it `means`, `better` (lower or higher), its `trap`, its figures, and what can be said of a change.

    `unit` is share or seconds. `beside` are counts or shares without which the figure would be misread.
    """

    id: str
    title: str
    means: str
    better: str
    trap: str
    figures: tuple[Figure, ...]
    judged: Judged
    beside: tuple[Figure, ...] = ()
    beside_title: str = ""
    unit: str = "share"


@dataclass(frozen=True, slots=True)
class Insights:
    """All metrics over the same periods, how many incidents they rest on, and which of them were left out and why."""

    periods: tuple[Period, ...]
    incidents: int
    metrics: tuple[Metric, ...]

    def get(self, name: str) -> Metric:
        """The metric of a name of `METRICS`."""
        return next(one for one in self.metrics if one.id == name)


def insights(lived: Sequence[Lived], periods: tuple[Period, ...]) -> Insights:
    """The metrics of some incidents over some periods, the oldest first, of which the last is running."""
    made = (_repeats, _honesty, _confidence, _early, _first_honest, _hit_rate, _verified)
    within = [one for one in lived if any(period.holds(one.began_at) for period in periods)]
    return Insights(periods, len(within), tuple(make(lived, periods) for make in made))


# The four of the sources


def _repeats(lived: Sequence[Lived], periods: tuple[Period, ...]) -> Metric:
    groups = [[one for one in lived if period.holds(one.began_at)] for period in periods]
    counts = [Counted(len(group), sum(one.repeats for one in group)) for group in groups]
    exposed = [Exposed(count.count, period.days) for count, period in zip(counts, periods, strict=True)]
    return Metric(
        "repeat-rate",
        "The same failure again",
        "Of the incidents, how many were the same failure as an earlier one: as somebody judged, or else as was shown.",
        "lower",
        "Fewer may also mean that less is written down, or sorted differently. A quarter is usually too short to prove a lower rate.",
        _figures(counts, periods, "incidents repeated one before"),
        judged_rates(before_and_after(exposed, _names(periods)), "repeat"),
    )


def _honesty(lived: Sequence[Lived], periods: tuple[Period, ...]) -> Metric:
    wrong = _in_each(lived, periods, lambda one: (one.checkable, one.contradicted))
    found = _in_each(lived, periods, lambda one: (int(one.found_by is not None), int(one.found_by == "us")))
    return Metric(
        "status-honesty",
        "What we said and what turned out",
        "Of the statements in our messages that could be checked later, how many turned out to be wrong.",
        "lower",
        "Who says less is wrong less: look at how many statements there were.",
        _figures(wrong, periods, "statements turned out to be wrong"),
        judged_shares(before_and_after(wrong, _names(periods)), better="lower"),
        _figures(found, periods, "incidents we found before others told us"),
        "Found by us before others told us",
    )


def _confidence(lived: Sequence[Lived], periods: tuple[Period, ...]) -> Metric:
    """By wave, not by calendar: what those answered who were asked after an incident, over all incidents whose group could be shown."""
    del periods
    counts = []
    for which in WAVES:
        waves = [wave for one in lived for wave in one.pulses if wave.which == which]
        counts.append(_favourable(waves))
    names = ("soon after", "after a month", "after a quarter")
    asked = [(count, name) for count, name in zip(counts, names, strict=True) if count.n]
    return Metric(
        "stakeholder-confidence",
        "Confidence of stakeholders",
        "Of the answers of stakeholders to the statements about relying on us, how many agree. Only groups that may be shown "
        "count, and the answers of one person as one.",
        "higher",
        "Politeness, and who left: an answer is not a decision to rely on somebody.",
        tuple(count.figure(name, "answers agree") for count, name in zip(counts, names, strict=True)),
        judged_shares(Sides(asked[0][0], asked[-1][0], asked[0][1], asked[-1][1]), better="higher") if len(asked) > 1 else _ONE_WAVE,
    )


_ONE_WAVE = Judged("cannot tell yet", None, "Cannot tell yet: a change needs two waves whose answers may be shown.")


def _favourable(waves: Iterable[WaveResult]) -> Counted:
    total = Counted(0, 0, 0)
    for wave in waves:
        group = wave.group("stakeholders")
        items = group.items if group is not None and group.hidden is None else ()
        told = [item.favourable for item in items if item.item.number in CONFIDENCE_ITEMS and item.favourable is not None]
        if told:
            total += Counted(sum(one.n for one in told), sum(one.count for one in told), max(one.n for one in told))
    return total


def _early(lived: Sequence[Lived], periods: tuple[Period, ...]) -> Metric:
    times = _times(lived, periods, lambda one: one.to_human)
    opened = [(period.name, sum(period.holds(one.began_at) for one in lived)) for period in periods]
    return Metric(
        "early-escalation",
        "Speaking up early",
        "How long it took from the first signal until a human told others, as the median of the incidents.",
        "lower",
        "When people dare to report, the number of incidents rises first, and that is good news: do not answer it with pressure.",
        tuple(one.figure(period.name, "from the first signal to the first message") for one, period in zip(times, periods, strict=True)),
        judged_times(before_and_after(times, _names(periods))),
        tuple(Figure(name, n, None, None, None, f"{n} written down") for name, n in opened),
        "Incidents written down",
        unit="seconds",
    )


# The three of ours


def _first_honest(lived: Sequence[Lived], periods: tuple[Period, ...]) -> Metric:
    times = _times(lived, periods, lambda one: one.to_honest)
    return Metric(
        "first-honest-status",
        "Until the first honest status",
        "How long it took until a message said what happened and whom it hit, or what was not known, as the median of the incidents.",
        "lower",
        "An incident without any honest status is not in it: see how many were told of at all.",
        tuple(one.figure(period.name, "to the first honest status") for one, period in zip(times, periods, strict=True)),
        judged_times(before_and_after(times, _names(periods))),
        unit="seconds",
    )


def _hit_rate(lived: Sequence[Lived], periods: tuple[Period, ...]) -> Metric:
    fates = [(at, fate) for one in lived for at, fate in one.promises]
    counts = []
    for period in periods:
        due = [fate for at, fate in fates if period.holds(at)]
        counts.append(Counted(len(due), due.count("kept")))
    return Metric(
        "promise-hit-rate",
        "Promises kept in time",
        "Of the promises that came due, how many were kept in time. One that was moved before it was due does not count.",
        "higher",
        "Who promises less misses less: look at how many were made.",
        _figures(counts, periods, "promises were kept in time"),
        judged_shares(before_and_after(counts, _names(periods)), better="higher"),
    )


def _verified(lived: Sequence[Lived], periods: tuple[Period, ...]) -> Metric:
    done = [(at, helped) for one in lived for at, helped in one.actions]
    counts = []
    for period in periods:
        inside = [helped for at, helped in done if period.holds(at)]
        counts.append(Counted(len(inside), sum(inside)))
    return Metric(
        "actions-verified",
        "Actions shown to help",
        "Of the action items that were done, how many were shown to help by a measure, an alert, a test or the like.",
        "higher",
        "A closed ticket is not a changed condition; what was done lately may not have had its chance yet.",
        _figures(counts, periods, "actions were shown to help"),
        judged_shares(before_and_after(counts, _names(periods)), better="higher"),
    )


def _in_each(lived: Sequence[Lived], periods: Iterable[Period], of: Callable[[Lived], tuple[int, int]]) -> list[Counted]:
    found = []
    for period in periods:
        pairs = [of(one) for one in lived if period.holds(one.began_at)]
        found.append(Counted(sum(n for n, _ in pairs), sum(count for _, count in pairs)))
    return found


def _times(lived: Sequence[Lived], periods: Iterable[Period], of: Callable[[Lived], int | None]) -> list[Timed]:
    return [
        Timed(tuple(sorted(seconds for one in lived if period.holds(one.began_at) and (seconds := of(one)) is not None)))
        for period in periods
    ]


def _names(periods: Iterable[Period]) -> list[str]:
    return [period.name for period in periods]


def _figures(counts: Iterable[Counted], periods: Iterable[Period], says: str) -> tuple[Figure, ...]:
    return tuple(count.figure(period.name, says) for count, period in zip(counts, periods, strict=True))
