"""How well drift between two tellings is found, kind by kind, and how fast.

    .venv/bin/python bench/drift.py [--fitted PAIRS.jsonl …] [--sets PAIRS.jsonl …]

Measured on `tests/narrative/heldout`, on the pairs that the weights were fitted to (`training/drift` and what `--fitted`
names), and on further files of labelled pairs. Writes `results/drift.md`, and the tables of sets and of the held-out pairs into
`docs/drift.md`. Nobody may read the held-out pairs to write a rule or a sign.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common import ROOT, percentile, publish, table

sys.path.insert(0, str(ROOT / "tests"))
from amends.language.index import load
from amends.narrative.compare import compare
from amends.narrative.comparing.clauses import remembered, tell
from amends.narrative.drift import DRIFTS
from narrative.drift_figures import Figures, measured, pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

HELDOUT = ROOT / "tests" / "narrative" / "heldout" / "pairs.jsonl"
REVIEWS = HELDOUT.with_name("reviews.jsonl")
TRAINING = ROOT / "training" / "drift"
PAGE = ROOT / "docs" / "drift.md"
SET_HEAD = ["set", "pairs", "F1 by kind", "F1 by place", "precision by place", "recall by place", "drifting and heard", "honest and quiet"]
KIND_HEAD = ["kind", "labels", "precision", "recall", "F1"]
SOURCE, RETOLD = 300, 200
"""Words of the texts that speed is measured on."""
TURNS = 200


def sets(fitted: list[Path], further: list[Path]) -> Iterator[tuple[str, Path]]:
    """The files to measure on, with what they are called."""
    yield "held-out", HELDOUT
    yield "held-out reviews", REVIEWS
    for path in further:
        yield path.stem, path
    for path in (*sorted(TRAINING.glob("*.jsonl")), *fitted):
        yield f"{path.stem} (fitted to)", path


def set_row(name: str, found: Figures) -> list[str]:
    """The figures of a set in a row."""
    kind, place = found.by_kind, found.by_place
    shares = [f"{value:.2f}" for value in (kind.f1, place.f1, place.precision, place.recall)]
    pair_counts = [f"{found.heard} of {found.drifting}", f"{found.quiet} of {found.honest}"]
    return [name, str(found.drifting + found.honest), *shares, *pair_counts]


def kind_rows(found: Figures) -> list[list[str]]:
    """The figures of each kind, in the order of their names."""
    counts = [(kind, found.kinds[kind]) for kind in DRIFTS if kind in found.kinds]
    return [[f"`{kind}`", str(one.right + one.missed), *(f"{x:.2f}" for x in (one.precision, one.recall, one.f1))] for kind, one in counts]


def speed(rows: list[dict[str, Any]]) -> list[list[str]]:
    """Milliseconds of comparing `SOURCE` words with `RETOLD`: both texts new, and the source read before."""
    index = load()
    texts = [(_words(rows, "source", number, SOURCE), _words(rows, "retold", number, RETOLD)) for number in range(TURNS)]
    for source, retold in texts:  # the files of the package and the words of the texts are read before anything is timed
        compare(source, retold, index)
    found = []
    for name, known in (("both texts new", False), ("the source known", True)):
        each = []
        for source, retold in texts:
            remembered.cache_clear()
            if known:
                tell(source, index)
            started = time.perf_counter()
            compare(source, retold, index)
            each.append((time.perf_counter() - started) * 1000)
        found.append([name, f"{statistics.median(each):.1f}", f"{percentile(each, 0.95):.1f}"])
    return found


def _words(rows: list[dict[str, Any]], side: str, number: int, count: int) -> str:
    """A text of so many words, made of one row's and as much of the next one's as is missing."""
    words: list[str] = []
    for step in range(len(rows)):
        words += rows[(number + step) % len(rows)][side].split(" ")
        if len(words) >= count:
            break
    return " ".join(words[:count])


def refreshed(page: str, tables: dict[str, list[str]]) -> str:
    """The page with its tables written anew: each stands between a comment that names it and the next one."""

    def anew(part: re.Match[str]) -> str:
        return "\n".join([f"<!-- {part['name']} -->", *tables[part["name"]], "<!-- end -->"])

    return re.sub(r"<!-- (?P<name>[a-z ]+) -->\n.*?<!-- end -->", anew, page, flags=re.DOTALL)


def markdown(head: list[str], rows: list[list[str]]) -> list[str]:
    """The lines of a plain table, for the page."""
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(row) + " |" for row in rows)]


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description="How well drift between two tellings is found, and how fast.")
    parser.add_argument("--fitted", type=Path, nargs="*", default=[], help="further files that the weights were fitted to")
    parser.add_argument("--sets", type=Path, nargs="*", default=[], help="further files of labelled pairs")
    asked = parser.parse_args()
    index = load()
    found = {name: measured(pairs(path), index) for name, path in sets(asked.fitted, asked.sets)}
    rows = [set_row(name, one) for name, one in found.items()]
    notes = [
        "A drift that is told finds a label where the words of either side overlap by 0.3; *by kind* it also names the same kind.",
        "Sets that the weights were fitted to say how well they were learnt, not how well drift is found in texts of others.",
    ]
    text = table("Drift between two tellings, set by set", SET_HEAD, rows, notes)
    for name, one in found.items():
        text += "\n" + table(f"{name}: kind by kind", KIND_HEAD, kind_rows(one), [])
    times = speed(pairs(HELDOUT))
    notes = [f"{TURNS} comparisons each, in one warm process; a live check beside a field knows the source already."]
    text += "\n" + table(f"{SOURCE} words held against {RETOLD}", ["texts", "median ms", "95 % ms"], times, notes)
    publish("drift.md", text)
    if PAGE.exists():
        heldout = found["held-out"]
        anew = {"sets": markdown(SET_HEAD, rows), "kinds": markdown(KIND_HEAD, kind_rows(heldout))}
        PAGE.write_text(refreshed(PAGE.read_text(encoding="utf-8"), anew), encoding="utf-8")


if __name__ == "__main__":
    main()
