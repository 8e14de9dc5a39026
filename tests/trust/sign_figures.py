"""How well the warning signs are found in situations: the counting that the tests and `bench/signs.py` share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.trust.signs import sign
from trust.situation_files import index, situations

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass
class Count:
    """Positives and near-misses of one sign, and how many of each the detector reported."""

    positives: int = 0
    near_misses: int = 0
    found: int = 0
    wrong: int = 0

    @property
    def precision(self) -> float:
        """The share of what was reported that shows the sign; 1 where nothing was."""
        return self.found / max(1, self.found + self.wrong) if self.found + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of what shows the sign that was reported."""
        return self.found / max(1, self.positives)

    def add(self, other: Count) -> None:
        """Count another one into this one."""
        self.positives += other.positives
        self.near_misses += other.near_misses
        self.found += other.found
        self.wrong += other.wrong


def measured(path: Path) -> tuple[str, Count, list[str]]:
    """The sign of a file, its figures, and the names of the situations that were judged wrongly."""
    count, wrong = Count(), []
    name = ""
    for one in situations(path):
        name = one.sign
        shows = sign(one.sign, one.material, index()) is not None
        count.positives += one.positive
        count.near_misses += not one.positive
        count.found += shows and one.positive
        count.wrong += shows and not one.positive
        if shows != one.positive:
            wrong.append(f"{one.name} ({'missed' if one.positive else 'wrongly seen'}): {one.about}")
    return name, count, wrong


def by_sign(paths: Iterable[Path]) -> dict[str, Count]:
    """The figures of some files by sign."""
    found: dict[str, Count] = {}
    for path in paths:
        name, count, _ = measured(path)
        found.setdefault(name, Count()).add(count)
    return found
