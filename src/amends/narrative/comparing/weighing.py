"""Weighs what was seen of a clause: how likely it is a drift of some kind, and how likely the two texts drift at all.

For each kind a line over the features and a few small trees, half and half: the line generalises from little, the trees see what counts
only together. `training/drift.py` fits them to labelled pairs of texts and writes the file beside this module.
"""

from __future__ import annotations

import json
import math
import zlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from amends.narrative.drift import DRIFTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAGIC = b"amends-drift-1\n"
CLEAR = 5.0
"""A feature further than this from its mean, in standard deviations, says no more than at this distance."""
HOPELESS = -3.5
"""Log-odds of the line below which the trees are not asked: they have never made a drift of such a clause."""
_TOP = 4


class Line:
    """A logistic regression over features by name; those that are absent are 0."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._weights: dict[str, tuple[float, float, float, float]] = {}
        self._base = float(told["bias"])
        for name, (mean, spread, weight) in told["features"].items():
            absent = max(-CLEAR, min(CLEAR, -mean / spread))
            self._base += weight * absent
            self._weights[name] = (1 / spread, -mean / spread, weight, absent)

    def odds(self, features: Mapping[str, float]) -> float:
        """The log-odds of yes."""
        total = self._base
        weights = self._weights
        for name, value in features.items():
            if value and name in weights:
                slope, offset, weight, absent = weights[name]
                far = value * slope + offset
                total += weight * ((-CLEAR if far < -CLEAR else min(far, CLEAR)) - absent)
        return total


class Trees:
    """A sum of small decision trees. Each node is (feature, threshold, where to go at or below it, where to go above it)."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._base = float(told["bias"])
        self._trees = [tuple((names, float(limit), low, high) for names, limit, low, high in tree) for tree in told["trees"]]

    def odds(self, features: Mapping[str, float]) -> float:
        """The log-odds of yes. A leaf has no feature, and its value in place of the threshold."""
        total = self._base
        get = features.get
        for tree in self._trees:
            name, limit, low, high = tree[0]
            while name:
                name, limit, low, high = tree[low if get(name, 0.0) <= limit else high]
            total += limit
        return total


def joined(line: Line, trees: Trees, features: Mapping[str, float]) -> float:
    """What a line and trees say together: the mean of their log-odds, the line alone where it sees no hope."""
    odds = line.odds(features)
    return odds if odds < HOPELESS else (odds + trees.odds(features)) / 2


class Scale:
    """What the model of the package says of candidates and of pairs of texts."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._lines = {kind: Line(one["line"]) for kind, one in told["kinds"].items()}
        self._trees = {kind: Trees(one["trees"]) for kind, one in told["kinds"].items()}
        self._pair = Line(told["pair"])
        self.least: dict[str, float] = told["least"]
        self.gate = float(told["gate"])

    def odds(self, kind: str, features: Mapping[str, float]) -> float:
        """The log-odds that a clause with these features is a drift of a kind."""
        return joined(self._lines[kind], self._trees[kind], features)

    def drifting(self, found: Iterable[tuple[str, float]], mean: float, words: float) -> float:
        """The log-odds that two texts drift at all, from all candidates as (kind, log-odds)."""
        return self._pair.odds(evidence(found, mean, words))


def evidence(found: Iterable[tuple[str, float]], mean: float, words: float) -> dict[str, float]:
    """The features of a pair of texts: the likeliest candidates of each kind and of all, how far the words are the same, the lengths."""
    by_kind: dict[str, list[float]] = {}
    for kind, odds in found:
        by_kind.setdefault(kind, []).append(odds)
    every = sorted((chance(odds) for listed in by_kind.values() for odds in listed), reverse=True)
    features = {"all": sum(every), "mean": mean, "words": words}
    for place, value in enumerate(every[:_TOP]):
        features[f"likeliest {place}"] = value
    for kind in DRIFTS:
        listed = sorted(by_kind.get(kind, ()), reverse=True)
        for place in range(3 if kind == "dropped_fact" else 1):
            features[f"{kind} {place}"] = max(-CLEAR, listed[place] if place < len(listed) else -CLEAR)
    return features


def chance(odds: float) -> float:
    """Log-odds as a probability."""
    return 1 / (1 + math.exp(-odds))


def odds_of(probability: float) -> float:
    """A probability as log-odds."""
    kept = min(0.999999, max(0.000001, probability))
    return math.log(kept / (1 - kept))


def pack(told: Mapping[str, Any]) -> bytes:
    """The bytes of a model."""
    return MAGIC + zlib.compress(json.dumps(told, sort_keys=True, separators=(",", ":")).encode(), 9)


@cache
def scale() -> Scale:
    """The model that ships with the package."""
    data = (resources.files(__package__) / "drift.bin").read_bytes()
    if not data.startswith(MAGIC):
        raise ValueError("drift.bin holds no model of ours; make it anew with training/drift.py")
    return Scale(json.loads(zlib.decompress(data[len(MAGIC) :])))
