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
_START_BYTES = np.dtype(np.int32).itemsize
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
        scores = _weighed(values * self._steps[columns], self._weights.take(columns, axis=0))
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
    """The scores of a `LinearScorer` with two in three of its weights, which are 0, left out.

    Features that many messages have come first and have nearly all weights: those rows are kept whole, which
    is quick. Of the many rows behind them only what is not 0 is kept.
    """

    def __init__(self, scorer: LinearScorer) -> None:
        """Copies what it needs: mapped weights of the scorer can go."""
        parts = scorer.parts()
        weights = parts["weights"]
        self.labels = scorer.labels
        narrow = np.uint8 if len(self.labels) <= np.iinfo(np.uint8).max else np.uint16
        counts = np.count_nonzero(weights, axis=1)
        saved = np.cumsum(counts * (1 + narrow().itemsize) + _START_BYTES - len(self.labels))
        self._whole = int(saved.argmax()) + 1 if len(saved) and saved.max() > 0 else 0
        self._rows = np.array(weights[: self._whole])
        thin = weights[self._whole :]
        there = thin != 0
        self._starts = np.concatenate([[0], np.cumsum(counts[self._whole :])]).astype(np.int32)
        self._places = np.nonzero(there)[1].astype(narrow)
        self._weights = thin[there]
        self._steps = np.array(parts["steps"])
        self._intercept = np.array(parts["intercept"])

    def scores(self, columns: npt.NDArray[np.int32], values: npt.NDArray[np.float32]) -> Scores:
        """Decision scores of one message, in the order of `labels`."""
        scaled = values * self._steps[columns]
        behind = columns >= self._whole
        scores = _weighed(scaled[~behind], self._rows.take(columns[~behind], axis=0)) + self._intercept
        return np.asarray(scores, np.float64) + self._thin(columns[behind] - self._whole, scaled[behind])

    def _thin(self, rows: npt.NDArray[np.int32], scaled: npt.NDArray[np.float32]) -> Scores:
        starts = self._starts[rows]
        lengths = self._starts[rows + 1] - starts
        ends = np.cumsum(lengths)
        kept = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)
        shares = np.repeat(scaled, lengths) * self._weights[kept]
        return np.bincount(self._places[kept], shares, minlength=len(self.labels)).astype(np.float64)


def _weighed(scaled: npt.NDArray[np.float32], rows: npt.NDArray[np.int8]) -> npt.NDArray[np.float32]:
    # No BLAS: for one message its threads cost more than they do.
    return np.asarray(np.einsum("i,ij->j", scaled, rows, dtype=np.float32, casting="same_kind"))
