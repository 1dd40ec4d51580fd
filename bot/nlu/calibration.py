"""From scores to probabilities that mean what they say.

A small softmax layer over all scores, fitted on held-out messages: it learns how sure to be, and which
intents the scorer takes for one another (worth more than scaling each score by itself, see `docs/nlu.md`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.nlu.linear import Scores
from bot.nlu.mapped import load_arrays, save_arrays
from bot.nlu.parallel import side_by_side

_NAME = "calibration"
_ITERATIONS = 500


class Calibration:
    """Probabilities = softmax(scores @ matrix + bias)."""

    def __init__(self, matrix: Scores, bias: Scores) -> None:
        self._matrix = matrix
        self._bias = bias

    @classmethod
    def fit(cls, scores: Scores, truth: npt.NDArray[np.intp], strength: float) -> Calibration:
        """Fit on held-out scores; `truth` holds label indices and must contain every label.

        Raises:
            ValueError: a label is missing.
        """
        labels = scores.shape[1]
        if len(set(truth.tolist())) != labels:
            raise ValueError("calibration needs held-out messages of every intent")
        from sklearn.linear_model import LogisticRegression  # 40 MB that only training needs

        # Centred scores: the solver needs a tenth of the steps.
        centre, spread = scores.mean(axis=0), float(scores.std()) or 1.0
        layer = LogisticRegression(C=strength, max_iter=_ITERATIONS, multi_class="multinomial")
        layer.fit((scores - centre) / spread, truth)
        matrix = layer.coef_.T / spread
        bias = layer.intercept_ - centre @ matrix
        if labels == 2:  # scikit-learn keeps one vector for two classes
            matrix, bias = np.hstack([-matrix, matrix]), np.concatenate([-bias, bias])
        return cls(matrix, bias)

    def probabilities(self, scores: Scores) -> Scores:
        """Probabilities of the labels, along the last axis."""
        # No BLAS: for one message its threads cost more than they do.
        logits = np.einsum("...i,ij->...j", scores, self._matrix) + self._bias
        likely = np.exp(logits - logits.max(axis=-1, keepdims=True))
        return np.asarray(likely / likely.sum(axis=-1, keepdims=True), dtype=np.float64)

    def parts(self) -> dict[str, Scores]:
        """The layer as arrays."""
        return {"matrix": self._matrix, "bias": self._bias}

    def save(self, folder: Path) -> None:
        """Write the layer as arrays."""
        save_arrays(folder, _NAME, self.parts())

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read what `save` wrote."""
        return cls(**load_arrays(folder, _NAME))


def calibrated(scores: Scores, truth: npt.NDArray[np.intp], strength: float) -> tuple[Calibration, Scores]:
    """A layer of all messages, and the probabilities of each by a layer that has not seen it.

    Raises:
        ValueError: a label has fewer than two messages.
    """
    half = np.zeros(len(truth), dtype=bool)
    for label in np.unique(truth):
        half[np.flatnonzero(truth == label)[::2]] = True
    whole, *halves = side_by_side(
        lambda seen: Calibration.fit(scores[seen], truth[seen], strength),
        [np.ones(len(truth), dtype=bool), half, ~half],
    )
    probabilities = np.empty_like(scores)
    for layer, seen in zip(halves, (half, ~half), strict=True):
        probabilities[~seen] = layer.probabilities(scores[~seen])
    return whole, probabilities
