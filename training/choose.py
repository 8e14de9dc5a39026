"""Chooses from which log-odds on each label is told, on an evaluation set, and writes `thresholds.json`.

    .venv/bin/python training/choose.py PATH/messages_dev.jsonl

Train once more afterwards: the network carries its thresholds.

For each label the best F1, taken as the mean over neighbouring thresholds so that no single sentence decides, and half of the way
from the usual threshold to it: a set of some hundred sentences has its own habits, and the whole way lost on messages written
afterwards what it won on the set. A label with few cases keeps the usual one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from corpus import INDEX, LABELS, reading_of
from data import evaluation, pairs, read_rows
from train import THRESHOLDS

from amends.language.judging import RULE_ODDS
from amends.language.labels import FLAWS

USUAL = -0.8
FEW = 10
_GRID = np.round(np.arange(-2.4, 1.21, 0.2), 1)
_NEAR = 2


def main() -> None:
    """Judge the set, choose, write."""
    rows = evaluation(Path(sys.argv[1]))
    sentences = read_rows(rows)
    odds = judged(rows)
    chosen = {}
    for place, label in enumerate(LABELS):
        scores = []
        for least in _GRID:
            found = [{label} if value >= least else set() for value in odds[:, place]]
            wanted, got = zip(*pairs(rows, sentences, found), strict=True)
            cases, told = [label in one for one in wanted], [label in one for one in got]
            right = sum(a and b for a, b in zip(cases, told, strict=True))
            scores.append(2 * right / max(1, sum(cases) + sum(told)))
        near = np.convolve(np.pad(scores, _NEAR, mode="edge"), np.ones(2 * _NEAR + 1) / (2 * _NEAR + 1), mode="valid")
        best = float(_GRID[int(np.argmax(near))]) if sum(cases) >= FEW else USUAL
        chosen[label] = round((best + USUAL) / 2, 2)
    THRESHOLDS.write_text(json.dumps(chosen, indent=2) + "\n", encoding="utf-8")


def judged(rows: list[dict]) -> np.ndarray:
    """The log-odds of every sentence, as the product adds them up."""
    made = []
    flaw_of = [rule.flaw for rule in INDEX.rules]
    for row in rows:
        reading = reading_of(row["text"])
        for place, odds in enumerate(INDEX.network.judge(reading)):
            told = {flaw_of[number] for number, _, _ in reading.rule_hits[place]}
            made.append([value + RULE_ODDS * (label in FLAWS and label in told) for label, value in zip(LABELS, odds, strict=True)])
    return np.array(made)


if __name__ == "__main__":
    main()
