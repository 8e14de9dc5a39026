"""Fits the network in floating point: sparse counts of features in, the log-odds of every label out.

One hidden layer of rectified linear units beside a direct linear path; binary cross-entropy summed over the labels; AdamW
(Loshchilov and Hutter 2019) with a falling rate; dropout on features and on hidden units against learning by heart.
Fixed seed and one thread: the same data gives the same weights on the same machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import scipy.sparse as sp

HIDDEN = 96
EPOCHS = 10
BATCH = 64
RATE = 2e-3
DECAY = 0.02
FEATURE_DROPOUT, UNIT_DROPOUT = 0.2, 0.4
_BETA1, _BETA2, _TINY = 0.9, 0.999, 1e-8


@dataclass
class Fitted:
    """The weights: `rows` (features × (hidden + labels)), `bias` (hidden), `out` (hidden × labels), `offset` (labels)."""

    rows: np.ndarray
    bias: np.ndarray
    out: np.ndarray
    offset: np.ndarray

    def joined(self, belief: np.ndarray, offset: np.ndarray) -> Fitted:
        """The network beside a linear judge of the same features, whose weights are added to the direct path."""
        hidden = len(self.bias)
        rows = np.hstack([self.rows[:, :hidden], self.rows[:, hidden:] + belief])
        return Fitted(rows, self.bias, self.out, self.offset + offset)

    def odds(self, counts: sp.csr_matrix) -> np.ndarray:
        """The log-odds of each label, one row a sentence."""
        sums = counts @ self.rows
        hidden = len(self.bias)
        return np.maximum(sums[:, :hidden] + self.bias, 0) @ self.out + sums[:, hidden:] + self.offset


def fit(counts: sp.csr_matrix, wanted: np.ndarray, seed: int = 0, hidden: int = HIDDEN, epochs: int = EPOCHS) -> Fitted:
    """Fit to counts (sentences × features) and wanted labels (sentences × labels, 0 or 1)."""
    chance = np.random.default_rng(seed)
    counts = counts.astype(np.float32)
    labels = wanted.shape[1]
    rows = np.zeros((counts.shape[1], hidden + labels), np.float32)
    rows[:, :hidden] = chance.normal(0, 0.05, (counts.shape[1], hidden))
    fitted = Fitted(rows, np.zeros(hidden, np.float32), np.zeros((hidden, labels), np.float32), np.zeros(labels, np.float32))
    fitted.out[:] = chance.uniform(-1, 1, fitted.out.shape) / np.sqrt(hidden)
    step = _AdamW([fitted.rows, fitted.bias, fitted.out, fitted.offset])
    order = np.arange(counts.shape[0])
    steps, done = epochs * -(-len(order) // BATCH), 0
    for _ in range(epochs):
        chance.shuffle(order)
        for begin in range(0, len(order), BATCH):
            batch = np.sort(order[begin : begin + BATCH])
            gradients = _gradients(fitted, counts[batch], wanted[batch], chance)
            step(gradients, RATE * max(0.02, 1 - done / steps))
            done += 1
    return fitted


def _gradients(fitted: Fitted, counts: sp.csr_matrix, wanted: np.ndarray, chance: np.random.Generator) -> list[np.ndarray]:
    counts = counts.copy()
    counts.data *= chance.random(len(counts.data), dtype=np.float32) >= FEATURE_DROPOUT
    hidden = len(fitted.bias)
    sums = counts @ fitted.rows
    before = sums[:, :hidden] + fitted.bias
    kept = (chance.random(before.shape, dtype=np.float32) >= UNIT_DROPOUT) / np.float32(1 - UNIT_DROPOUT)
    units = np.maximum(before, 0) * kept
    odds = units @ fitted.out + sums[:, hidden:] + fitted.offset
    wrong = (1 / (1 + np.exp(-np.clip(odds, -30, 30))) - wanted).astype(np.float32) / len(wanted)
    behind = wrong @ fitted.out.T * kept * (before > 0)
    return [counts.T @ np.hstack([behind, wrong]), behind.sum(0), units.T @ wrong, wrong.sum(0)]


class _AdamW:
    """The optimiser; changes the parameters in place."""

    def __init__(self, parameters: list[np.ndarray]) -> None:
        self.parameters = parameters
        self.first = [np.zeros_like(one) for one in parameters]
        self.second = [np.zeros_like(one) for one in parameters]
        self.steps = 0

    def __call__(self, gradients: list[np.ndarray], rate: float) -> None:
        self.steps += 1
        correction = np.sqrt(1 - _BETA2**self.steps) / (1 - _BETA1**self.steps)
        for one, gradient, first, second in zip(self.parameters, gradients, self.first, self.second, strict=True):
            first += (1 - _BETA1) * (gradient - first)
            second += (1 - _BETA2) * (gradient * gradient - second)
            one *= np.float32(1 - rate * DECAY)
            one -= np.float32(rate * correction) * first / (np.sqrt(second) + np.float32(_TINY))
