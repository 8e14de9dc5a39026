"""How well the engine marks sentences that were written and labelled without sight of its rules.

    .venv/bin/python bench/heldout.py

The sentences stand in `tests/language/heldout`; nobody may read them to write a rule.
"""

from __future__ import annotations

import collections
import json
from datetime import UTC, datetime
from typing import Any

from common import ROOT, publish, table

from amends.language.labels import FLAWS, MOVES
from amends.language.records import Document, Draft
from amends.wiring import open_checking

HELD_OUT = ROOT / "tests" / "language" / "heldout"
AT = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)


class Counts:
    """True and false positives and false negatives by label."""

    def __init__(self) -> None:
        self.right, self.false, self.missed = collections.Counter[str](), collections.Counter[str](), collections.Counter[str]()

    def add(self, wanted: set[str], found: set[str]) -> None:
        """Count one item."""
        self.right.update(wanted & found)
        self.false.update(found - wanted)
        self.missed.update(wanted - found)

    def row(self, name: str, labels: tuple[str, ...]) -> list[str]:
        """Cases, precision, recall and F1 over some labels."""
        right, false, missed = (sum(one[label] for label in labels) for one in (self.right, self.false, self.missed))
        figures = (right / max(1, right + false), right / max(1, right + missed), 2 * right / max(1, 2 * right + false + missed))
        return [name, str(right + missed), *(f"{figure:.2f}" for figure in figures)]


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of one file."""
    return [json.loads(line) for line in (HELD_OUT / name).read_text(encoding="utf-8").splitlines()]


def inside(document: Document, start: int, end: int) -> tuple[set[str], set[str]]:
    """The moves and flaws of the sentences that lie mostly within a span."""
    moves: set[str] = set()
    flaws: set[str] = set()
    for one in document.sentences:
        if 2 * (min(end, one.end) - max(start, one.start)) >= min(end - start, one.end - one.start):
            moves |= {label.move for label in one.moves}
            flaws |= {label.flaw for label in one.flaws}
    return moves, flaws


def main() -> None:
    """Measure and publish."""
    checking = open_checking()
    flaws, errors, moves, in_messages = Counts(), Counts(), Counts(), Counts()
    for row in rows("flaws.jsonl"):
        document = checking.check(Draft(row["text"], AT))
        flaws.add(set(row["flaws"]), {flaw.flaw for one in document.sentences for flaw in one.flaws})
        errors.add(set(row["flaws"]), {one.flaw for one in document.findings if one.flaw and one.severity == "error"})
    for row in rows("messages.jsonl"):
        document = checking.check(Draft(row["text"], AT))
        for sentence in row["sentences"]:
            found_moves, found_flaws = inside(document, sentence["start"], sentence["end"])
            moves.add(set(sentence["moves"]), found_moves)
            in_messages.add(set(sentence["flaws"]), found_flaws)
    head = ["label", "cases", "precision", "recall", "F1"]
    lines = [flaws.row("all flaws", FLAWS), errors.row("all flaws, reported as errors", FLAWS), *(flaws.row(one, (one,)) for one in FLAWS)]
    text = table("Flaws in 168 items written without sight of the rules, half of them near-misses", head, lines, [])
    lines = [moves.row("all moves", MOVES), *(moves.row(one, (one,)) for one in MOVES), in_messages.row("all flaws", FLAWS)]
    text += "\n" + table(
        "Moves in 60 everyday messages written without sight of the rules", head, lines, ["One annotator; few cases a label."]
    )
    publish("heldout.md", text)


if __name__ == "__main__":
    main()
