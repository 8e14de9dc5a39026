"""How well drift is found in labelled pairs of texts: the counting that the test on held-out pairs and `bench/drift.py` share.

A drift that is told finds a label when the words of either side overlap by `OVERLAP` of what both cover together. *By kind* it must name
the same kind as well; *by place* it need not. Each finds one label at most.
"""

from __future__ import annotations

import collections
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from amends.narrative.compare import compare

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from amends.language.index import Index
    from amends.narrative.drift import Drift

OVERLAP = 0.3


@dataclass
class Count:
    """What was told rightly, told wrongly, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was told that is labelled."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of the labels that was told."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


@dataclass
class Figures:
    """The figures of a set of pairs."""

    by_kind: Count = field(default_factory=Count)
    by_place: Count = field(default_factory=Count)
    kinds: dict[str, Count] = field(default_factory=lambda: collections.defaultdict(Count))
    drifting: int = 0
    heard: int = 0
    honest: int = 0
    quiet: int = 0
    loud: list[str] = field(default_factory=list)


def measured(rows: Iterable[dict[str, Any]], index: Index) -> Figures:
    """Compare every pair and hold what is told against its labels."""
    found = Figures()
    for row in rows:
        told = compare(row["source"], row["retold"], index, audience=row.get("audience")).drifts
        if row["drifts"]:
            found.drifting += 1
            found.heard += bool(told)
        else:
            found.honest += 1
            found.quiet += not told
            found.loud += [row["id"]] if told else []
        _count(row, told, found)
    return found


def _count(row: dict[str, Any], told: tuple[Drift, ...], found: Figures) -> None:
    for by_kind in (True, False):
        used: set[int] = set()
        total = found.by_kind if by_kind else found.by_place
        for label in row["drifts"]:
            hit = next((n for n, one in enumerate(told) if n not in used and _finds(one, label, row, by_kind=by_kind)), None)
            counts = [total, found.kinds[label["kind"]]] if by_kind else [total]
            for count in counts:
                count.right += hit is not None
                count.missed += hit is None
            used |= set() if hit is None else {hit}
        total.wrong += len(told) - len(used)
        for number, one in enumerate(told):
            found.kinds[one.kind].wrong += by_kind and number not in used


def _finds(one: Drift, label: dict[str, Any], row: dict[str, Any], *, by_kind: bool) -> bool:
    if by_kind and one.kind != label["kind"]:
        return False
    for side, words in (("source", one.source), ("retold", one.retold)):
        quote: str = label.get(f"{side}_quote") or ""
        start = row[side].find(quote) if quote else -1
        if words is not None and start >= 0:
            end = start + len(quote)
            shared = min(end, words.end) - max(start, words.start)
            if shared >= OVERLAP * (max(end, words.end) - min(start, words.start)):
                return True
    return False


def pairs(path: Path) -> list[dict[str, Any]]:
    """The pairs of a file, one a line: id, audience, source, retold, drifts (kind, source_quote, retold_quote)."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
