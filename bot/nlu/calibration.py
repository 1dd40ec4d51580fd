"""From scores to probabilities that mean what they say.

A small softmax layer over all scores, fitted on held-out messages: it learns how sure to be, and which
intents the scorer takes for one another. It starts from one scale for all scores and pays for what it changes
beside that: where there are few messages, the scorer's own order stays (measured in `docs/nlu.md`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.nlu.linear import Scores
from bot.nlu.mapped import load_arrays, save_arrays
from bot.nlu.parallel import side_by_side

_NAME = "calibration"


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
        from bot.nlu.softmax_fit import fit_layer  # SciPy's solvers, which only training needs

        return cls(*fit_layer(scores, truth, strength))

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
