"""Columns that always occur together, as one: the same model from a third of the columns.

All letter groups of a rare word, or all groups of words that only one message has, are proportional in every
message. A linear model with square regularisation gives them weights in the same proportion, so one column
with their joint length learns exactly what they would, and only its weights have to be kept.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.nlu import sparse
from bot.nlu.mapped import load_arrays, save_arrays
from bot.nlu.vectorizer import Floats, Integers

_NAME = "merging"
_PROJECTIONS = 3
_DIGITS = 7
"""Digits by which projections of proportional columns agree."""


class Merging:
    """The joint column of each column, and the part of its length that the column has."""

    def __init__(self, group: Integers, part: Floats) -> None:
        self._group = group
        self._part = part
        self.width = int(group.max()) + 1 if len(group) else 0

    @classmethod
    def of(cls, rows: sparse.csr_matrix, seed: int) -> Merging:
        """Find proportional columns by random projections; the most frequent joint columns come first."""
        counts = rows.getnnz(axis=0)
        chance = np.random.default_rng(seed).random((rows.shape[0], _PROJECTIONS)) + 0.1
        projected = np.asarray(rows.T.astype(np.float64) @ chance)
        first = np.where(counts > 0, projected[:, 0], 1.0)
        keys = np.column_stack([-counts, np.round(projected[:, 1:] / first[:, None], _DIGITS)])
        _, group = np.unique(keys, axis=0, return_inverse=True)
        squares = np.asarray(rows.multiply(rows).sum(axis=0)).ravel()
        lengths = np.bincount(group, squares)[group]
        part = np.sqrt(np.divide(squares, lengths, out=np.zeros_like(squares), where=lengths > 0))
        return cls(group.astype(np.int32), part.astype(np.float32))

    def rows(self, rows: sparse.csr_matrix) -> sparse.csr_matrix:
        """Rows with their columns joined."""
        width = len(self._group)
        joining = sparse.csr_matrix(
            (self._part, self._group, np.arange(width + 1)), shape=(width, self.width)
        )
        joined = (rows @ joining).tocsr()
        joined.sort_indices()
        return joined

    def vector(self, columns: Integers, values: Floats) -> tuple[Integers, Floats]:
        """One message; a joint column may come several times and then counts as their sum."""
        return self._group[columns], values * self._part[columns]

    def save(self, folder: Path) -> None:
        """Write native arrays."""
        save_arrays(folder, _NAME, {"group": self._group, "part": self._part})

    @classmethod
    def load(cls, folder: Path) -> Merging:
        """Read what `save` wrote."""
        return cls(**load_arrays(folder, _NAME))


def unmet(rows: sparse.csr_matrix) -> npt.NDArray[np.bool_]:
    """Which columns no row has."""
    return np.asarray(rows.getnnz(axis=0) == 0)
