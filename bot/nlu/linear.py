"""Linear scores over sparse features, kept as native arrays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.nlu import sparse
from bot.nlu.mapped import load_arrays, save_arrays

Scores = npt.NDArray[np.float64]
_NAME, _FILE = "linear", "labels.json"
_STEPS = 127
"""Weights are whole numbers of steps, so many on either side of 0; each row has its own step. The rounding is
far below what decides, and a byte a weight is all that has to be kept."""


class LinearScorer:
    """One weight vector a label (one-against-rest linear SVMs)."""

    def __init__(
        self,
        labels: Sequence[str],
        weights: npt.NDArray[np.int8],
        steps: npt.NDArray[np.float32],
        intercept: npt.NDArray[np.float32],
    ) -> None:
        """`weights` has a row for each feature, so that a message gathers only the rows it needs."""
        self.labels = tuple(labels)
        self._weights = weights
        self._steps = steps
        self._intercept = intercept

    @classmethod
    def of(
        cls, labels: Sequence[str], weights: npt.NDArray[np.floating[Any]], intercept: npt.ArrayLike
    ) -> LinearScorer:
        """A scorer with these weights (a row a feature), rounded: it answers alike when it was saved."""
        steps = np.abs(weights).max(axis=1) / _STEPS
        whole = np.divide(weights, steps[:, None], out=np.zeros_like(weights), where=steps[:, None] > 0)
        return cls(
            labels,
            np.rint(whole).astype(np.int8),
            steps.astype(np.float32),
            np.asarray(intercept, dtype=np.float32),
        )

    @classmethod
    def fit(cls, rows: sparse.csr_matrix, labels: Sequence[str], strength: float, seed: int) -> LinearScorer:
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
        return cls.of(names, weights.T, intercept)

    def scores(self, columns: npt.NDArray[np.int32], values: npt.NDArray[np.float32]) -> Scores:
        """Decision scores of one message, in the order of `labels`."""
        rows = self._weights.take(columns, axis=0)
        # No BLAS: for one message its threads cost more than they do.
        scores = np.einsum(
            "i,ij->j", values * self._steps[columns], rows, dtype=np.float32, casting="same_kind"
        )
        return np.asarray(scores + self._intercept, dtype=np.float64)

    def score_rows(self, rows: sparse.csr_matrix) -> Scores:
        """Decision scores of many messages."""
        weights = self._weights * self._steps[:, None]
        return np.asarray(rows @ weights + self._intercept, dtype=np.float64)

    def parts(self) -> dict[str, npt.NDArray[Any]]:
        """Everything but the labels, as arrays."""
        return {"weights": self._weights, "steps": self._steps, "intercept": self._intercept}

    def save(self, folder: Path) -> None:
        """Write labels as JSON and weights as arrays."""
        (folder / _FILE).write_text(json.dumps(self.labels, ensure_ascii=False), encoding="utf-8")
        save_arrays(folder, _NAME, self.parts())

    @classmethod
    def load(cls, folder: Path) -> LinearScorer:
        """Read what `save` wrote."""
        labels = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(labels, **load_arrays(folder, _NAME))


class ThinScorer:
    """The scores of a `LinearScorer` from its weights that are not 0: two in three are, and are not kept."""

    def __init__(self, scorer: LinearScorer) -> None:
        """Copies what it needs: mapped weights of the scorer can go."""
        parts = scorer.parts()
        weights = parts["weights"]
        there = weights != 0
        self.labels = scorer.labels
        self._starts = np.concatenate([[0], np.cumsum(np.count_nonzero(there, axis=1))]).astype(np.int32)
        narrow = np.uint8 if len(self.labels) <= np.iinfo(np.uint8).max else np.uint16
        self._places = np.nonzero(there)[1].astype(narrow)
        self._weights = weights[there]
        self._steps = np.array(parts["steps"])
        self._intercept = np.array(parts["intercept"])

    def scores(self, columns: npt.NDArray[np.int32], values: npt.NDArray[np.float32]) -> Scores:
        """Decision scores of one message, in the order of `labels`."""
        starts = self._starts[columns]
        lengths = self._starts[columns + 1] - starts
        ends = np.cumsum(lengths)
        kept = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)
        shares = np.repeat(values * self._steps[columns], lengths) * self._weights[kept]
        scores = np.bincount(self._places[kept], shares, minlength=len(self.labels))
        return np.asarray(scores + self._intercept, dtype=np.float64)
