"""Fits what `comparing.weighing` reads: lines (logistic regression, absolute penalty) and small trees (gradient boosting)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from amends.narrative.comparing.weighing import CLEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_pairs import Pair

_LEAST_SPREAD = 1e-3
_DIGITS = 5


def fit_kind(pairs: Sequence[Pair], kind: str) -> dict[str, Any]:
    """The line and the trees of one kind of drift."""
    rows = [
        (pair.weight, one.features, right)
        for pair in pairs
        for one, right in zip(pair.seen, pair.right, strict=True)
        if one.kind == kind and one.features is not None
    ]
    features = [row[1] for row in rows]
    wanted, weights = np.array([row[2] for row in rows]), np.array([row[0] for row in rows])
    return {"line": _line(features, wanted, weights, strength=0.1), "trees": _trees(features, wanted, weights)}


def fit_pair(pairs: Sequence[Pair]) -> dict[str, Any]:
    """The line that says whether two texts drift at all."""
    wanted = np.array([bool(pair.row["drifts"]) for pair in pairs])
    share = np.where(wanted, len(wanted) / (2 * wanted.sum()), len(wanted) / (2 * (~wanted).sum()))
    weights = np.array([pair.weight for pair in pairs]) * share
    return _line([pair.evidence() for pair in pairs], wanted, weights, strength=0.05, absolute=False)


def _line(
    features: Sequence[dict[str, float]], wanted: np.ndarray, weights: np.ndarray, *, strength: float, absolute: bool = True
) -> dict[str, Any]:
    names = DictVectorizer(sparse=False)
    values = names.fit_transform(features)
    mean, spread = values.mean(0), values.std(0) + _LEAST_SPREAD
    scaled = np.clip((values - mean) / spread, -CLEAR, CLEAR)
    model = LogisticRegression(C=strength, l1_ratio=float(absolute), solver="liblinear", max_iter=300, random_state=0)
    model.fit(scaled, wanted, sample_weight=weights)
    kept = {
        name: [round(float(mean[place]), _DIGITS), round(float(spread[place]), _DIGITS), round(float(model.coef_[0][place]), _DIGITS)]
        for place, name in enumerate(names.feature_names_)
        if abs(model.coef_[0][place]) > 10**-_DIGITS
    }
    return {"bias": round(float(model.intercept_[0]), _DIGITS), "features": kept}


def _trees(features: Sequence[dict[str, float]], wanted: np.ndarray, weights: np.ndarray) -> dict[str, Any]:
    names = DictVectorizer(sparse=False, dtype=np.float64)
    values = names.fit_transform(features)
    model = HistGradientBoostingClassifier(
        max_iter=100, learning_rate=0.07, max_leaf_nodes=5, min_samples_leaf=20, l2_regularization=10, max_features=0.3, random_state=1
    )
    model.fit(values, wanted, sample_weight=weights)
    trees = []
    for (predictor,) in model._predictors:  # noqa: SLF001 - scikit-learn has no public way to read the trees
        nodes = predictor.nodes
        trees.append(
            [
                ["", round(float(node["value"]), _DIGITS), 0, 0]
                if node["is_leaf"]
                else [
                    names.feature_names_[node["feature_idx"]],
                    round(float(node["num_threshold"]), 6),
                    int(node["left"]),
                    int(node["right"]),
                ]
                for node in nodes
            ]
        )
    return {"bias": round(float(model._baseline_prediction.ravel()[0]), _DIGITS), "trees": trees}  # noqa: SLF001
