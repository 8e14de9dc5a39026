"""Fits the model of drift to labelled pairs of texts, says how well it finds what it has not seen, and writes it into the package.

    .venv/bin/python training/drift.py PAIRS.jsonl…

Each row: id, source, retold, drifts (kind, source_quote, retold_quote). Pairs whose ids differ in their last letter only are versions of
one source and stay in one fold. The same rows give the same bytes.
"""

from __future__ import annotations

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))  # sums in one order

import json
import re
import sys
from pathlib import Path

import numpy as np
from drift_fit import fit_kind, fit_pair
from drift_pairs import Pair, prepared
from drift_tune import figures, tuned

from amends.language.index import load
from amends.narrative.comparing import weighing
from amends.narrative.comparing.altering import ALTERED

KINDS = ("dropped_fact", *ALTERED)
FOLDS = 5


def main(paths: list[Path]) -> None:
    """Fit on all folds but one for the figures and the limits, then on all for the package."""
    index = load()
    pairs = [prepared(json.loads(line), index) for path in paths for line in path.read_text("utf-8").splitlines()]
    groups = sorted({pair.group for pair in pairs})
    order = np.random.default_rng(1).permutation(len(groups))
    fold = {groups[place]: number % FOLDS for number, place in enumerate(order)}
    for number in range(FOLDS):
        seen = [pair for pair in pairs if fold[pair.group] != number]
        unseen = [pair for pair in pairs if fold[pair.group] == number]
        for kind in KINDS:
            _judge(unseen, kind, fit_kind(seen, kind))
    for number in range(FOLDS):
        seen = [pair for pair in pairs if fold[pair.group] != number]
        line = weighing.Line(fit_pair(seen))
        for pair in pairs:
            if fold[pair.group] == number:
                pair.drifting = line.odds(pair.evidence())
    least, gate = tuned([pair for pair in pairs if not pair.hard])
    for name, chosen in _sets(pairs).items():
        print(f"{name:>10}  {figures(chosen, least, gate)}")
    pair_line = fit_pair(pairs)
    told = {"kinds": {kind: fit_kind(pairs, kind) for kind in KINDS}, "pair": pair_line, "least": least, "gate": gate}
    target = Path(weighing.__file__).parent / "drift.bin"
    target.write_bytes(weighing.pack(told))
    print(f"{target.name}: {target.stat().st_size:,} bytes, least {least}, gate {gate}")


def _judge(pairs: list[Pair], kind: str, told: dict[str, object]) -> None:
    line, trees = weighing.Line(told["line"]), weighing.Trees(told["trees"])  # type: ignore[arg-type]  # made by fit_kind
    for pair in pairs:
        for seen in pair.seen:
            if seen.kind == kind and seen.features is not None:
                seen.odds = weighing.joined(line, trees, seen.features)


def _sets(pairs: list[Pair]) -> dict[str, list[Pair]]:
    """The pairs by the letters that their ids begin with."""
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        name = re.match(r"[A-Za-z]+", pair.row["id"])
        found.setdefault(name.group() if name else "", []).append(pair)
    return found


if __name__ == "__main__":
    main([Path(one) for one in sys.argv[1:]])
