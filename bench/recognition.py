"""What the engine recognises how well, label by label, and what it takes for what.

    .venv/bin/python bench/recognition.py [--sets FOLDER]

Measured on `tests/language/fresh` and `tests/language/heldout`, written and labelled without sight of rules and training text, and
on every `messages*.jsonl` and `flaws*.jsonl` of a folder of further sets. Writes `results/recognition.md`, and the tables of the
first set into `docs/recognition.md`. Nobody may read `heldout` to write a rule or an example.
"""

from __future__ import annotations

import argparse
import collections
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common import ROOT, publish, table

from amends.language.labels import FLAWS, MOVES
from amends.language.records import Document, Draft
from amends.wiring import open_checking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

TESTS = ROOT / "tests" / "language"
PAGE = ROOT / "docs" / "recognition.md"
AT = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)
HEAD = ["label", "cases", "precision", "recall", "F1", "where it is missed, there is told", "where it is told wrongly, there was"]
SEVERITIES = ("error", "warning", "note")
STEPS = (0.0, 0.5, 0.7, 0.85, 0.95, 1.01)
"""Between these, confidences are compared with how often they were right."""
_SHOWN = 3


class Counts:
    """What was right, false and missed, by label, and what stood in the place of what."""

    def __init__(self) -> None:
        self.right, self.false, self.missed = collections.Counter[str](), collections.Counter[str](), collections.Counter[str]()
        self.instead: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
        self.really: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)

    def add(self, wanted: set[str], found: set[str]) -> None:
        """Count one sentence or item."""
        false, missed = found - wanted, wanted - found
        self.right.update(wanted & found)
        self.false.update(false)
        self.missed.update(missed)
        for label in missed:
            self.instead[label].update(false or {"nothing"})
        for label in false:
            self.really[label].update(missed or {"nothing"})

    def row(self, name: str, labels: Iterable[str]) -> list[str]:
        """Cases, precision, recall and F1 over some labels."""
        right, false, missed = (sum(one[label] for label in labels) for one in (self.right, self.false, self.missed))
        figures = (right / max(1, right + false), right / max(1, right + missed), 2 * right / max(1, 2 * right + false + missed))
        return [name, str(right + missed), *(f"{figure:.2f}" for figure in figures)]

    def rows(self, title: str, labels: tuple[str, ...]) -> list[list[str]]:
        """All labels together, then each with what it is confused with."""
        each = [[*self.row(label, (label,)), _most(self.instead[label]), _most(self.really[label])] for label in labels]
        return [[*self.row(title, labels), "", ""], *each]


class Trust:
    """How often something that was told was right."""

    def __init__(self) -> None:
        self.told, self.right, self.sum = collections.Counter[str](), collections.Counter[str](), collections.Counter[str]()

    def add(self, kind: str, *, right: bool, sure: float = 0.0) -> None:
        """Count one thing that was told."""
        self.told[kind] += 1
        self.right[kind] += right
        self.sum[kind] += sure  # type: ignore[assignment]  # a counter of numbers

    def share(self, kind: str) -> str:
        """The share of these that were right."""
        return f"{self.right[kind] / self.told[kind]:.2f}" if self.told[kind] else "-"


class Measured:
    """All figures of one set: whole messages with labelled sentences, or short items with flaws."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.size = 0
        self.counts = Counts()
        self.by_kind: dict[str, Counts] = collections.defaultdict(Counts)
        self.steps = Trust()
        self.severities = Trust()

    def add(self, kind: str, wanted: set[str], document: Document, span: tuple[int, int], disputed: set[str]) -> None:
        """Count one labelled span of a checked text."""
        self.size += 1
        told = {name: sure for name, sure in _told(document, *span) if name not in disputed}
        wanted = wanted - disputed
        self.counts.add(wanted, set(told))
        self.by_kind[kind].add(wanted & set(MOVES), told.keys() & set(MOVES))
        for name, sure in told.items():
            step = next(number for number, top in enumerate(STEPS[1:]) if sure < top)
            self.steps.add(f"{STEPS[step]:.2f} to {min(1, STEPS[step + 1]):.2f}", right=name in wanted, sure=sure)
        for finding in document.findings:
            if finding.flaw and finding.flaw not in disputed and span[0] <= finding.start < span[1]:
                self.severities.add(finding.severity, right=finding.flaw in wanted)

    def tables(self) -> Iterator[tuple[str, list[str], list[list[str]]]]:
        """Title, head and rows of each table."""
        has_moves = any(self.counts.right[move] + self.counts.missed[move] for move in MOVES)
        if has_moves:
            yield f"{self.title}: moves", HEAD, self.counts.rows("all moves", MOVES)
        yield f"{self.title}: flaws", HEAD, self.counts.rows("all flaws", FLAWS)
        if has_moves and len(self.by_kind) > 1:
            kinds = sorted(self.by_kind)
            yield f"{self.title}: moves by kind of text", HEAD[:5], [self.by_kind[kind].row(kind, MOVES) for kind in kinds]
        rows = [[one, str(self.severities.told[one]), self.severities.share(one)] for one in SEVERITIES]
        yield f"{self.title}: findings about flaws", ["severity", "findings", "right"], rows
        rows = [
            [step, str(self.steps.told[step]), f"{self.steps.sum[step] / self.steps.told[step]:.2f}", self.steps.share(step)]
            for step in sorted(self.steps.told)
        ]
        if has_moves:
            yield f"{self.title}: confidence", ["confidence", "labels told", "mean confidence", "right"], rows


def _most(counts: collections.Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:_SHOWN])


def _told(document: Document, start: int, end: int) -> Iterator[tuple[str, float]]:
    """The labels, with their confidence, of the sentences that lie mostly within a span, or that it lies mostly in."""
    for one in document.sentences:
        shared = min(end, one.end) - max(start, one.start)
        if shared > 0 and 2 * shared >= min(end - start, one.end - one.start):
            yield from ((label.move, label.confidence) for label in one.moves)
            yield from ((label.flaw, label.confidence) for label in one.flaws)


def measured(title: str, path: Path, check: Callable[[Draft], Document]) -> Measured:
    """Check every text of a file."""
    found = Measured(title)
    for line in path.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        document = check(Draft(row["text"], AT))
        for one in row.get("sentences") or [{**row, "start": 0, "end": len(row["text"])}]:
            wanted = {*one.get("moves", ()), *one["flaws"]}
            ignored = set(one.get("disputed", ())) | (set() if "moves" in one else set(MOVES))
            found.add(row.get("kind", ""), wanted, document, (one["start"], one["end"]), ignored)
    return found


def sets(folder: Path | None) -> Iterator[tuple[str, Path]]:
    """The files to measure on, with what they are called."""
    yield "Blind set", TESTS / "fresh" / "messages.jsonl"
    yield "Held-out everyday messages", TESTS / "heldout" / "messages.jsonl"
    yield "Held-out items, half of them near-misses", TESTS / "heldout" / "flaws.jsonl"
    if folder:
        for path in sorted([*folder.glob("messages*.jsonl"), *folder.glob("flaws*.jsonl")]):
            yield f"`{path.stem}`", path


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """A plain table, for the page."""
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(row) + " |" for row in rows)])


def refreshed(page: str, found: Measured) -> str:
    """The page with its tables written anew: each stands between a comment that names it and the next one."""
    tables = {title.removeprefix(f"{found.title}: "): markdown(head, rows) for title, head, rows in found.tables()}

    def anew(part: re.Match[str]) -> str:
        return f"<!-- {part['name']} -->\n{tables[part['name']]}\n<!-- end -->"

    return re.sub(r"<!-- (?P<name>[a-z ]+) -->\n.*?<!-- end -->", anew, page, flags=re.DOTALL)


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description="What the engine recognises how well.")
    parser.add_argument("--sets", type=Path, help="a folder of further sets")
    check = open_checking().check
    text = []
    for number, (title, path) in enumerate(sets(parser.parse_args().sets)):
        found = measured(title, path, check)
        if not number:
            PAGE.write_text(refreshed(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
        text += [table(name, head, rows, []) for name, head, rows in found.tables()]
    publish("recognition.md", "\n".join(text))


if __name__ == "__main__":
    main()
