"""How well warning signs are found in situations that people wrote without having seen the detectors.

    .venv/bin/python bench/signs.py

Writes `results/signs.md`, and the tables into `docs/signs.md`. Of the situations in `apart` and `last` only the counts are ever
shown: nobody may read them to change a detector. A set `last` that is not there is left out.
"""

from __future__ import annotations

import statistics
import sys
import time
from typing import TYPE_CHECKING

from common import ROOT, percentile, publish, table

sys.path.insert(0, str(ROOT / "tests"))
from drift import markdown, refreshed

from amends.trust.signs import signs
from amends.trust.signs.records import SIGNS
from trust.sign_figures import Count, by_sign
from trust.situation_files import APART, LAST, OPEN, index, situations

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "signs.md"
HEAD = ["sign", "positives", "near-misses", "found", "wrongly seen", "precision", "recall"]
TITLES = {
    "open": "Read while the detectors were made",
    "apart": "Never read, counted on the way",
    "last": "Written by two blind writers after the last change, counted once",
}


def rows(half: Path) -> list[list[str]]:
    """The figures of one half, sign by sign and together."""
    found = by_sign(half.glob("*.txt"))
    whole = Count()
    listed = []
    for name in SIGNS:
        if name in found:
            whole.add(found[name])
            listed.append(_row(f"`{name}`", found[name]))
    return [*listed, _row("**all**", whole)]


def _row(name: str, one: Count) -> list[str]:
    counts = (one.positives, one.near_misses, one.found, one.wrong)
    return [name, *map(str, counts), f"{one.precision:.2f}", f"{one.recall:.2f}"]


def speed() -> list[list[str]]:
    """Milliseconds of process time of asking all nine detectors about one situation, texts read before."""
    each = []
    for path in sorted(OPEN.glob("*.txt")):
        for one in situations(path):
            started = time.process_time()
            signs(one.material, index())
            each.append((time.process_time() - started) * 1000)
    return [[str(len(each)), f"{statistics.median(each):.1f}", f"{percentile(each, 0.95):.1f}"]]


def main() -> None:
    """Measure and publish."""
    notes = [
        "A positive is found when its sign is reported, a near-miss is wrongly seen when it is. Only the sign of the file is asked for."
    ]
    halves = {half.name: rows(half) for half in (OPEN, APART, LAST) if any(half.glob("*.txt"))}
    text = "\n".join(table(TITLES[name], HEAD, listed, notes) for name, listed in halves.items())
    warm = ["One warm process; its own time, not that of a clock."]
    text += "\n" + table("All nine detectors on one situation", ["situations", "median ms", "95 % ms"], speed(), warm)
    publish("signs.md", text)
    if PAGE.exists():
        anew = {name: markdown(HEAD, halves[name]) if name in halves else [] for name in TITLES}
        PAGE.write_text(refreshed(PAGE.read_text(encoding="utf-8"), anew), encoding="utf-8")


if __name__ == "__main__":
    main()
