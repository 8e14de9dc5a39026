"""Trains the network from the labelled text and writes it into the package.

    .venv/bin/python training/train.py

The same text gives the same bytes. What the confidences mean is measured on messages that a network was not fitted to (three
folds); from which log-odds on a label is told stands in `thresholds.json` (see `choose.py`).
"""

from __future__ import annotations

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))  # sums in one order

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from corpus import HERE, LABELS
from data import belief, fold, training, vocabulary
from network import Fitted, fit

from amends.language import model
from amends.language.model.weights import pack

if TYPE_CHECKING:
    from corpus import Message
    from data import Sentences

FOLDS = 3
MODEL = Path(model.__file__).parent / "model.bin"
THRESHOLDS = HERE / "thresholds.json"
_SANE = 0.1, 5.0
"""Between these lies the slope of every confidence that was ever right."""
_BYTE, _WORD = 127, 32_767


def calibrated(texts: list[Message], sentences: Sentences, place: dict[str, int]) -> list[tuple[float, float]]:
    """For each label slope and offset of the confidence over the log-odds (Platt 1999), fitted on unseen messages."""
    counts, lexicons = sentences.counts(place), belief(place)
    labelled, wanted = sentences.labels()
    folds = np.array([fold(texts[sentences.message[number]], FOLDS) for number in labelled])
    odds = np.zeros(wanted.shape)
    for one in range(FOLDS):
        fitted = fit(counts[labelled[folds != one]], wanted[folds != one]).joined(*lexicons)
        odds[folds == one] = fitted.odds(counts[labelled[folds == one]])
    return [_platt(odds[:, label], wanted[:, label]) for label in range(len(LABELS))]


def _platt(odds: np.ndarray, wanted: np.ndarray) -> tuple[float, float]:
    """Newton's method on the logistic loss of two parameters; the targets are drawn in as Platt proposes for few cases."""
    yes = wanted.sum()
    target = np.where(wanted > 0, (yes + 1) / (yes + 2), 1 / (len(wanted) - yes + 2))

    def loss(slope: float, offset: float) -> float:
        line = slope * odds + offset
        return float((np.logaddexp(0, line) - target * line).sum())

    slope, offset = 1.0, 0.0
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(slope * odds + offset, -30, 30)))
        wrong, weight = chance - target, np.maximum(chance * (1 - chance), 1e-9)
        gradient = np.array([(wrong * odds).sum(), wrong.sum()])
        curve = np.array([[(weight * odds * odds).sum() + 1e-6, (weight * odds).sum()], [(weight * odds).sum(), weight.sum() + 1e-6]])
        change = np.linalg.solve(curve, gradient)
        step = 1.0
        while step > 1e-3 and loss(slope - step * change[0], offset - step * change[1]) > loss(slope, offset):
            step /= 2  # a full step may leap over the lowest point
        slope, offset = slope - step * change[0], offset - step * change[1]
    if not _SANE[0] < slope < _SANE[1]:
        raise ValueError(f"the confidence of a label has a slope of {slope:.3g}: the fit did not hold, nothing is written")
    return round(float(slope), 3), round(float(offset), 3)


def packed(fitted: Fitted, names: list[str], seen: list[int], calibration: list[tuple[float, float]], least: list[float]) -> bytes:
    """The network as bytes: each lane of a row has its own unit, so that its greatest weight is 127.

    The rows of what was `seen` most often come first: a short message then touches few pages of the file.
    """
    hidden = len(fitted.bias)
    unit = np.maximum(np.abs(fitted.rows).max(0), 1e-6) / _BYTE
    rows = np.rint(fitted.rows / unit).astype(int)
    out = fitted.out * unit[:hidden, None]
    out_unit = np.abs(out).max() / _WORD
    head = {
        "labels": LABELS,
        "hidden": hidden,
        "bias": [int(one) for one in np.rint(-fitted.bias / unit[:hidden])],
        "out": [tuple(int(one) for one in row) for row in np.rint(out / out_unit)],
        "scale": [*map(float, unit[hidden:]), float(out_unit)],
        "offset": [float(one) for one in fitted.offset],
        "calibration": calibration,
        "least": least,
    }
    kept = sorted((-count, name, row) for count, name, row in zip(seen, names, rows.tolist(), strict=True) if any(row))
    return pack(head, {name: row for _, name, row in kept})


def main() -> None:
    """Train, calibrate, write."""
    texts, sentences = training()
    place = vocabulary(sentences)
    labelled, wanted = sentences.labels()
    calibration = calibrated(texts, sentences, place)
    counts = sentences.counts(place)
    fitted = fit(counts[labelled], wanted).joined(*belief(place))
    chosen = json.loads(THRESHOLDS.read_text(encoding="utf-8"))
    data = packed(fitted, list(place), counts.sum(0).A1.tolist(), calibration, [chosen[label] for label in LABELS])
    MODEL.write_bytes(data)
    print(f"{len(texts)} messages, {len(labelled)} sentences, {len(place)} features: {len(data) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
