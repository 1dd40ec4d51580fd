"""Linear classifier over sparse features, with calibrated probabilities and native arrays on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import log_softmax
from sklearn.svm import LinearSVC

Scores = npt.NDArray[np.float64]
_LABELS, _ARRAYS = "labels.json", "linear.npz"
_TEMPERATURES = (0.02, 5.0)


class LinearClassifier:
    """One weight vector a label; probabilities are the softmax of the scores at a fitted temperature."""

    def __init__(
        self,
        labels: Sequence[str],
        weights: npt.NDArray[np.float32],
        intercept: npt.NDArray[np.float32],
        temperature: float = 1.0,
    ) -> None:
        """`weights` has a row for each feature, so that a message gathers only the rows it needs."""
        self.labels = tuple(labels)
        self.temperature = temperature
        self._weights = np.ascontiguousarray(weights, dtype=np.float32)
        self._intercept = intercept.astype(np.float32)

    @classmethod
    def fit(cls, rows: csr_matrix, labels: Sequence[str], strength: float, seed: int) -> LinearClassifier:
        """Train one-against-rest linear SVMs; `strength` is the inverse of regularisation (C)."""
        names = sorted(set(labels))
        if len(names) < 2:
            raise ValueError("an intent classifier needs messages of at least two intents")
        machine = LinearSVC(C=strength, random_state=seed)
        machine.fit(rows, np.asarray(labels))
        weights, intercept = machine.coef_, machine.intercept_
        if len(names) == 2:  # scikit-learn keeps one vector for two classes
            weights, intercept = np.vstack([-weights, weights]), np.concatenate([-intercept, intercept])
        return cls(names, weights.T, intercept)

    def scores(self, columns: npt.NDArray[np.int32], values: npt.NDArray[np.float32]) -> Scores:
        """Decision scores of one message, in the order of `labels`."""
        scored = values @ self._weights[columns] + self._intercept
        return scored.astype(np.float64)

    def score_rows(self, rows: csr_matrix) -> Scores:
        """Decision scores of many messages."""
        return np.asarray(rows @ self._weights + self._intercept, dtype=np.float64)

    def probabilities(self, scores: Scores) -> Scores:
        """Calibrated probabilities of the labels, along the last axis."""
        return np.asarray(np.exp(log_softmax(scores / self.temperature, axis=-1)), dtype=np.float64)

    def save(self, folder: Path) -> None:
        """Write labels as JSON and weights as arrays (half precision: a hundredth of what calibration can see)."""
        content = {"labels": self.labels, "temperature": self.temperature}
        (folder / _LABELS).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / _ARRAYS, weights=self._weights.astype(np.float16), intercept=self._intercept)

    @classmethod
    def load(cls, folder: Path) -> LinearClassifier:
        """Read what `save` wrote."""
        content = json.loads((folder / _LABELS).read_text(encoding="utf-8"))
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            return cls(
                content["labels"], arrays["weights"].astype(np.float32), arrays["intercept"], content["temperature"]
            )


def fit_temperature(scores: Scores, truth: npt.NDArray[np.intp]) -> float:
    """Temperature that makes held-out scores most likely; `truth` holds label indices."""
    if len(truth) == 0:
        return 1.0
    rows = np.arange(len(truth))

    def loss(log_temperature: float) -> float:
        return -float(log_softmax(scores / np.exp(log_temperature), axis=1)[rows, truth].mean())

    low, high = np.log(_TEMPERATURES)
    return float(np.exp(minimize_scalar(loss, bounds=(low, high), method="bounded").x))
