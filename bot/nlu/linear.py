"""Linear scores over sparse features, kept as native arrays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

Scores = npt.NDArray[np.float64]
_SAVED = np.float16
"""Precision of the weights on disk: its rounding is far below what decides, and loading is quick."""
_LABELS, _ARRAYS = "labels.json", "linear.npz"


class LinearScorer:
    """One weight vector a label (one-against-rest linear SVMs)."""

    def __init__(
        self,
        labels: Sequence[str],
        weights: npt.NDArray[np.floating[Any]],
        intercept: npt.NDArray[np.float32],
    ) -> None:
        """`weights` has a row for each feature, so that a message gathers only the rows it needs."""
        self.labels = tuple(labels)
        # As precise as what is saved: a scorer answers alike before and after.
        self._weights = np.ascontiguousarray(weights.astype(_SAVED, copy=False), dtype=np.float32)
        self._intercept = intercept.astype(np.float32)

    @classmethod
    def fit(cls, rows: csr_matrix, labels: Sequence[str], strength: float, seed: int) -> LinearScorer:
        """Train; `strength` is the inverse of regularisation (C).

        Raises:
            ValueError: fewer than two labels.
        """
        names = sorted(set(labels))
        if len(names) < 2:
            raise ValueError("an intent classifier needs messages of at least two intents")
        from sklearn.svm import LinearSVC  # 40 MB that only training needs

        machine = LinearSVC(C=strength, random_state=seed)
        machine.fit(rows, np.asarray(labels))
        weights, intercept = machine.coef_, machine.intercept_
        if len(names) == 2:  # scikit-learn keeps one vector for two classes
            weights, intercept = np.vstack([-weights, weights]), np.concatenate([-intercept, intercept])
        return cls(names, weights.T, intercept)

    def scores(self, columns: npt.NDArray[np.int32], values: npt.NDArray[np.float32]) -> Scores:
        """Decision scores of one message, in the order of `labels`."""
        return np.asarray(values @ self._weights[columns] + self._intercept, dtype=np.float64)

    def score_rows(self, rows: csr_matrix) -> Scores:
        """Decision scores of many messages."""
        return np.asarray(rows @ self._weights + self._intercept, dtype=np.float64)

    def save(self, folder: Path) -> None:
        """Write labels as JSON and weights as arrays."""
        (folder / _LABELS).write_text(json.dumps(self.labels, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / _ARRAYS, weights=self._weights.astype(_SAVED), intercept=self._intercept)

    @classmethod
    def load(cls, folder: Path) -> LinearScorer:
        """Read what `save` wrote."""
        labels = json.loads((folder / _LABELS).read_text(encoding="utf-8"))
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            return cls(labels, arrays["weights"], arrays["intercept"])
