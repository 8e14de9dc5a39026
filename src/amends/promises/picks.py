"""What of a long audit is shown to people: the worst promises, the newest silent updates, some incidents. All of it is bounded."""

from __future__ import annotations

import heapq
from typing import Generic, TypeVar

from amends.core.record import record
from amends.promises.audit import AuditedPromise, Passed, Silent
from amends.promises.reckon import badness

T = TypeVar("T")

WORST = 10
NEWEST_SILENT = 100
INCIDENTS = 40
"""How many incidents are drawn, half of them the worst and half the newest."""
MARKS = 60
"""How many promises of one incident are drawn; the counts beside them hold for all."""


@record
class Strip:
    """One incident to be drawn: its promises that were due, at most `MARKS`, and how many there are of each fate."""

    passed: Passed
    promises: tuple[AuditedPromise, ...]
    more: int
    counts: tuple[tuple[str, int], ...]


class Best(Generic[T]):
    """The `most` items with the largest keys, largest first; among equal keys the one that came first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._number = 0
        self._heap: list[tuple[tuple[float, ...], int, T]] = []

    def add(self, key: tuple[float, ...], item: T) -> None:
        """Take one more, and let the smallest go."""
        self._number -= 1
        entry = (key, self._number, item)
        if len(self._heap) < self._most:
            heapq.heappush(self._heap, entry)
        elif self._heap and entry > self._heap[0]:
            heapq.heapreplace(self._heap, entry)

    def items(self) -> list[T]:
        """What was kept."""
        return [item for _, _, item in sorted(self._heap, key=lambda entry: entry[:2], reverse=True)]


class Picks:
    """Is fed everything that an audit finds, and keeps what is worth showing."""

    def __init__(self, incidents: int = INCIDENTS) -> None:
        self.worst: Best[AuditedPromise] = Best(WORST)
        self.silent: Best[Silent] = Best(NEWEST_SILENT)
        self._bad: Best[Strip] = Best(incidents - incidents // 2)
        self._new: Best[Strip] = Best(incidents)
        self._incidents = incidents
        self._marks: list[AuditedPromise] = []
        self._counts: dict[str, int] = {}
        self.drawable = 0

    def add(self, found: object) -> None:
        """Look at one finding."""
        if isinstance(found, AuditedPromise):
            self._counts[found.fate] = self._counts.get(found.fate, 0) + 1
            if found.due is not None and found.fate != "unverifiable" and len(self._marks) < MARKS:
                self._marks.append(found)
            if found.fate in ("late", "missed"):
                self.worst.add(badness(found), found)
        elif isinstance(found, Silent):
            self.silent.add((found.at.timestamp(),), found)
        elif isinstance(found, Passed):
            self._pass(found)

    def strips(self) -> tuple[list[Strip], list[Strip]]:
        """The incidents to draw: the worst, and the newest of the others; each list in its order."""
        bad = [strip for strip in self._bad.items() if _went_wrong(strip)]
        shown = {strip.passed.incident for strip in bad}
        new = [strip for strip in self._new.items() if strip.passed.incident not in shown]
        return bad, new[: self._incidents - len(bad)]

    def _pass(self, passed: Passed) -> None:
        if self._marks:
            self.drawable += 1
            drawn = sum(count for fate, count in self._counts.items() if fate != "unverifiable")
            strip = Strip(passed, tuple(self._marks), drawn - len(self._marks), tuple(sorted(self._counts.items())))
            worst = max(badness(one) for one in self._marks)
            self._bad.add((self._counts.get("missed", 0), self._counts.get("late", 0), *worst), strip)
            self._new.add((passed.last.timestamp(),), strip)
        self._marks = []
        self._counts = {}


def _went_wrong(strip: Strip) -> bool:
    return any(fate in ("late", "missed") for fate, _ in strip.counts)
