"""Compares the network with simpler and other judges of the same features, and prints one table.

    .venv/bin/python training/compare.py PATH/messages_dev.jsonl tests/language/fresh/messages.jsonl

Each judge is fitted to the whole training text and measured on each set that is named, and fitted three times to two thirds of the
messages and measured on the rest. Needs scikit-learn and LightGBM beside what training needs; takes some four minutes on one core.
The figures of the day, and what follows from them: docs/decisions/0010.
"""

from __future__ import annotations

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))  # as in training

import json
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import lightgbm
import numpy as np
from choose import FEW, USUAL
from corpus import INDEX, LABELS
from data import BELIEF, Sentences, belief, evaluation, fold, pairs, read_rows, training, vocabulary
from network import HIDDEN, fit
from sklearn.linear_model import LogisticRegression
from train import FOLDS, THRESHOLDS

from amends.language.judging import RULE_ODDS
from amends.language.labels import FLAWS, MOVES

if TYPE_CHECKING:
    from collections.abc import Callable

    import scipy.sparse as sp

OFTEN = 3
"""Logistic regression counts a feature up to so often: the counts of long sentences would lead it astray."""
PULL = 0.3
"""The inverse strength of its regularisation, the best of 0.1, 0.3 and 1 on the training text."""
SIGHT, TREES, LEAVES = 3_000, 60, 15
"""The trees see the most frequent features: rarer ones cost time and won nothing."""
_LEAF, _SLOT = 7, 12
"""Bytes of a leaf with its split, and of a feature's place in the table."""
_DRAWS = 1_000

Pairs = list[list[tuple[set[str], set[str]]]]
"""For each message, for each of its labelled sentences, what is wanted and what was found."""


@dataclass
class Judge:
    """A way to judge: log-odds from counts of features and from what rules tell, and the log-odds from which on a label is told."""

    odds: Callable[[sp.csr_matrix, np.ndarray], np.ndarray]
    least: np.ndarray
    size: int


@dataclass
class Part:
    """Sentences to judge, and how what was found there is lined up with what is wanted."""

    counts: sp.csr_matrix
    told: np.ndarray
    matched: Callable[[list[set[str]]], Pairs]


def main() -> None:
    """Fit, measure, print."""
    texts, sentences = training()
    place = vocabulary(sentences)
    counts, told = sentences.counts(place), told_by_rules(sentences)
    labelled, wanted = sentences.labels()
    counts, told = counts[labelled], told[labelled]
    of_message = np.array([sentences.message[number] for number in labelled])
    folds = np.array([fold(texts[number], FOLDS) for number in of_message])
    parts = {f"{path.parent.name}/{path.stem}": part_of(path, place) for path in map(Path, sys.argv[1:])}
    unseen: dict[str, np.ndarray] = {}
    for one in range(FOLDS):
        for name, judge in judges(counts[folds != one], wanted[folds != one], place).items():
            found = unseen.setdefault(name, np.zeros(wanted.shape, bool))
            found[folds == one] = judge.odds(counts[folds == one], told[folds == one]) >= judge.least
    print("| judge | set | moves, micro F1 | moves, macro F1 | flaws, F1 | size | a sentence |\n|---|---|---:|---:|---:|---:|---:|")
    for name, judge in judges(counts, wanted, place).items():
        for title, part in parts.items():
            began = time.perf_counter()
            found = judge.odds(part.counts, part.told) >= judge.least
            each = (time.perf_counter() - began) / part.counts.shape[0]
            row = [name, title, *scores(part.matched(labels_in(found))), f"{judge.size / 1e6:.2f} MB", f"{1e6 * each:.0f} µs"]
            print("| " + " | ".join(row) + " |", flush=True)
        both = zip(of_message, labels_in(wanted), labels_in(unseen[name]), strict=True)
        by_message: Pairs = [[] for _ in texts]
        for number, want, got in both:
            by_message[number].append((want, got))
        print("| " + " | ".join([name, f"training text, {FOLDS} folds", *scores(by_message), "", ""]) + " |", flush=True)


def part_of(path: Path, place: dict[str, int]) -> Part:
    """An evaluation set, ready to be judged."""
    rows = evaluation(path)
    sentences = read_rows(rows)

    def matched(found: list[set[str]]) -> Pairs:
        each = iter(pairs(rows, sentences, found))
        return [[next(each) for _ in row["sentences"]] for row in rows]

    return Part(sentences.counts(place), told_by_rules(sentences), matched)


def told_by_rules(sentences: Sentences) -> np.ndarray:
    """Which flaws the words of rules tell (sentences × labels)."""
    flaw_of = dict(zip(INDEX.rule_names, (rule.flaw for rule in INDEX.rules), strict=True))
    told = np.zeros((len(sentences.features), len(LABELS)), bool)
    for number, features in enumerate(sentences.features):
        for name in features:
            if name.startswith("r:") and (flaw := flaw_of[name[2:]]):
                told[number, LABELS.index(flaw)] = True
    return told


def labels_in(found: np.ndarray) -> list[set[str]]:
    """The names of the labels that are told for each sentence."""
    return [{LABELS[place] for place in np.flatnonzero(row)} for row in found]


def judges(counts: sp.csr_matrix, wanted: np.ndarray, place: dict[str, int]) -> dict[str, Judge]:
    """Every judge, fitted; all that learn have the same features and thresholds, but for the last, which has those of the product."""
    rows, offset = belief(place)
    network = fit(counts, wanted)
    joined = network.joined(rows, offset)
    usual = np.full(len(LABELS), USUAL)
    chosen = json.loads(THRESHOLDS.read_text(encoding="utf-8"))
    slots, lanes = _SLOT * counts.shape[1], HIDDEN + len(LABELS)
    by_hand = int(np.count_nonzero(rows.any(axis=1))) * (_SLOT + len(LABELS))
    first_flaw = len(MOVES)

    def lexicons(seen: sp.csr_matrix, told: np.ndarray) -> np.ndarray:
        odds = (seen @ rows + offset) / BELIEF
        odds[:, first_flaw:] = np.where(told, 1, -1)[:, first_flaw:]
        return odds

    return {
        "lexicons and rules alone": Judge(lexicons, np.zeros(len(LABELS)), by_hand),
        "logistic regression": Judge(regression(counts, wanted), usual, slots + len(LABELS) * counts.shape[1]),
        "boosted trees": Judge(boosted(counts, wanted), usual, _SLOT * SIGHT + _LEAF * LEAVES * TREES * len(LABELS)),
        "network alone": Judge(lambda seen, _: network.odds(seen), usual, slots + lanes * counts.shape[1]),
        "network with lexicons and rules": Judge(
            lambda seen, told: joined.odds(seen) + RULE_ODDS * told,
            np.array([chosen[label] for label in LABELS]),
            slots + lanes * counts.shape[1],
        ),
    }


def regression(counts: sp.csr_matrix, wanted: np.ndarray) -> Callable[[sp.csr_matrix, np.ndarray], np.ndarray]:
    """One logistic regression a label."""
    fitted = [LogisticRegression(C=PULL, solver="liblinear").fit(counts.minimum(OFTEN), column) for column in wanted.T]
    weights, offset = np.vstack([one.coef_ for one in fitted]).T, np.array([one.intercept_[0] for one in fitted])
    return lambda seen, _: seen.minimum(OFTEN) @ weights + offset


def boosted(counts: sp.csr_matrix, wanted: np.ndarray) -> Callable[[sp.csr_matrix, np.ndarray], np.ndarray]:
    """Gradient-boosted trees, one row of them a label (LightGBM; Ke and others 2017)."""
    often = np.sort(np.argsort(-np.asarray((counts > 0).sum(0)).ravel(), kind="stable")[:SIGHT])
    kind = {"n_estimators": TREES, "num_leaves": LEAVES, "learning_rate": 0.15, "min_child_samples": 10, "n_jobs": 1, "verbose": -1}
    fitted = [lightgbm.LGBMClassifier(**kind).fit(counts[:, often], column) for column in wanted.T]

    def odds(seen: sp.csr_matrix, _: np.ndarray) -> np.ndarray:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # it misses names of columns, which a sparse matrix has not
            return np.column_stack([one.predict(seen[:, often], raw_score=True) for one in fitted])

    return odds


def scores(found: Pairs) -> list[str]:
    """Micro F1 of moves with half of its 95 % interval (messages drawn anew), macro F1 of those with enough cases, F1 of all flaws."""
    per_message = np.array([counted(message, MOVES) for message in found])
    chance = np.random.default_rng(0)
    drawn = per_message[chance.integers(len(found), size=(_DRAWS, len(found)))].sum(1)
    low, high = np.quantile([f1(*one) for one in drawn], (0.025, 0.975))
    every = [pair for message in found for pair in message]
    each = [counted(every, (move,)) for move in MOVES]
    macro = np.mean([f1(*one) for one in each if one[0] + one[2] >= FEW])
    return [f"{f1(*per_message.sum(0)):.3f} ± {(high - low) / 2:.3f}", f"{macro:.3f}", f"{f1(*counted(every, FLAWS)):.3f}"]


def counted(message: list[tuple[set[str], set[str]]], labels: tuple[str, ...]) -> tuple[int, int, int]:
    """Right, false and missed labels out of some."""
    kept = [(want & set(labels), got & set(labels)) for want, got in message]
    return (
        sum(len(want & got) for want, got in kept),
        sum(len(got - want) for want, got in kept),
        sum(len(want - got) for want, got in kept),
    )


def f1(right: int, false: int, missed: int) -> float:
    """The harmonic mean of precision and recall."""
    return float(2 * right / max(1, 2 * right + false + missed))


if __name__ == "__main__":
    main()
