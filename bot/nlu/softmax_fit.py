"""Fitting the softmax layer of `bot/nlu/calibration.py`; apart from it, since only training needs this."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax

from bot.nlu.linear import Scores

_ITERATIONS = 150
_BIAS = 0.1
"""What the bias of a label costs, beside the weights: how frequent an intent is says little."""
_SCALES = (0.1, 100.0)


def fit_layer(scores: Scores, truth: npt.NDArray[np.intp], strength: float) -> tuple[Scores, Scores]:
    """Matrix and bias whose softmax fits the labels in `truth`.

    Scaling all scores alike is free, what the layer changes beside that costs: `strength` is the inverse of
    that regularisation.
    """
    labels = scores.shape[1]
    scaled = np.eye(labels) * _scale(scores, truth)
    rows, loss = scores.astype(np.float32), _Loss(truth, labels)

    def cost(weights: Scores) -> tuple[float, Scores]:
        change, bias = weights[:-labels].reshape(labels, labels), weights[-labels:]
        value, slope = loss(rows @ (scaled + change).astype(np.float32) + bias.astype(np.float32))
        penalty = ((change**2).sum() + _BIAS * (bias**2).sum()) / (2 * strength)
        slopes = [rows.T @ slope + change / strength, slope.sum(axis=0) + _BIAS * bias / strength]
        return value + penalty, np.concatenate([part.ravel() for part in slopes]).astype(np.float64)

    start, options = np.zeros(labels * (labels + 1)), {"maxiter": _ITERATIONS}
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options=options).x
    return scaled + found[:-labels].reshape(labels, labels), found[-labels:]


class _Loss:
    """Sum of the log losses of some messages, and its slope in what the layer gives out."""

    def __init__(self, truth: npt.NDArray[np.intp], labels: int) -> None:
        self._at = (np.arange(len(truth)), truth)
        self._wanted = np.zeros((len(truth), labels), dtype=np.float32)
        self._wanted[self._at] = 1.0

    def __call__(self, given: npt.NDArray[np.float32]) -> tuple[float, npt.NDArray[np.float32]]:
        logs = log_softmax(given, axis=1)
        return -float(logs[self._at].sum()), np.exp(logs) - self._wanted


def _scale(scores: Scores, truth: npt.NDArray[np.intp]) -> float:
    """The one factor for all scores that makes their softmax fit best."""
    at = (np.arange(len(truth)), truth)
    found = minimize_scalar(
        lambda scale: -log_softmax(scale * scores, axis=1)[at].sum(), bounds=_SCALES, method="bounded"
    )
    return float(found.x)
