"""Labelled pairs of texts, with everything that the package sees in them and which of it a label says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amends.narrative.comparing.clauses import tell
from amends.narrative.comparing.finding import gather
from amends.narrative.comparing.weighing import evidence

if TYPE_CHECKING:
    from amends.language.index import Index
    from amends.narrative.comparing.finding import Seen

HARD = re.compile(r"[ABCDE]-")
"""Pairs whose honest versions share hardly a word with their source: they teach, but weigh less, since few people write so."""
OVERLAP = 0.3
"""Two spans are the same place from this share of their common length on."""


@dataclass
class Pair:
    """A row, what was seen in it, and which of it is labelled."""

    row: dict[str, Any]
    seen: list[Seen]
    right: list[bool]
    mean: float
    words: float
    drifting: float = 0.0

    @property
    def group(self) -> str:
        """What versions of one source share."""
        return re.sub(r"[a-z]$", "", self.row["id"])

    @property
    def hard(self) -> bool:
        """Whether it belongs to `HARD`."""
        return HARD.match(self.row["id"]) is not None

    @property
    def weight(self) -> float:
        """How much it counts in fitting; real reviews count double."""
        return 0.3 if self.hard else 2.0 if self.row["id"].startswith("DD") else 1.0

    def evidence(self) -> dict[str, float]:
        """The features of the pair."""
        return evidence(((one.kind, one.odds) for one in self.seen), self.mean, self.words)


def prepared(row: dict[str, Any], index: Index) -> Pair:
    """Look at both texts of a row, and hold what was seen against its labels."""
    alignment, seen = gather(tell(row["source"], index), tell(row["retold"], index))
    right = [any(one.kind == gold["kind"] and is_at(one, gold, row) for gold in row["drifts"]) for one in seen]
    words = len(row["retold"].split()) / max(1, len(row["source"].split()))
    return Pair(row, seen, right, alignment.mean_best, words)


def is_at(one: Seen, gold: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether something seen stands where a label does, on either side."""
    return any(
        span is not None and (quote := gold[f"{side}_quote"]) and _overlap(span, row[side].find(quote), len(quote)) >= OVERLAP
        for side, span in (("source", one.source), ("retold", one.retold))
    )


def _overlap(span: tuple[int, int], start: int, length: int) -> float:
    end = start + length
    common = min(span[1], end) - max(span[0], start)
    return max(0, common) / (max(span[1], end) - min(span[0], start)) if start >= 0 else 0.0
