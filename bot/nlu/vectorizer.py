"""TF-IDF over named blocks of terms, with a vocabulary of its own and native arrays on disk."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.language.prints import Prints, places
from bot.nlu import sparse
from bot.nlu.counting import Counted, Terms
from bot.nlu.mapped import load_arrays, save_arrays

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]
_NAME, _FILE = "terms", "blocks.json"


@dataclass(frozen=True, slots=True)
class Block:
    """Vocabulary of one block: its terms in the order of their columns (from `offset`), and their idf.

    Terms are known by their prints, sorted.
    """

    terms: Prints
    idf: Floats
    offset: int
    weight: float


class Vectorizer:
    """Sublinear tf times idf, each block scaled to its weight; unknown terms are ignored."""

    def __init__(self, blocks: Mapping[str, Block]) -> None:
        self._blocks = dict(blocks)
        self.width = sum(len(block.terms) for block in self._blocks.values())

    @property
    def blocks(self) -> Collection[str]:
        """Names of the blocks."""
        return self._blocks.keys()

    @classmethod
    def fit(cls, counted: Counted, weights: Mapping[str, float], min_count: int = 1) -> Vectorizer:
        """Learn the terms that occur in at least `min_count` documents, for the blocks in `weights`."""
        blocks: dict[str, Block] = {}
        offset = 0
        for name, weight in weights.items():
            terms, rows = counted[name]
            frequency = rows.getnnz(axis=0)
            kept = np.flatnonzero(frequency >= min_count)
            idf = np.log((1 + rows.shape[0]) / (1 + frequency[kept].astype(np.float64))) + 1
            blocks[name] = Block(terms[kept], idf.astype(np.float32), offset, weight)
            offset += len(kept)
        return cls(blocks)

    def vector(self, document: Terms) -> tuple[Integers, Floats]:
        """Columns and values of one document."""
        parts = [_block_vector(block, document[name]) for name, block in self._blocks.items()]
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    def matrix(self, counted: Counted) -> sparse.csr_matrix:
        """One row a document: the same values as `vector` gives."""
        return sparse.hstack(
            [_block_rows(block, *counted[name]) for name, block in self._blocks.items()], "csr"
        )

    def without(self, rows: sparse.csr_matrix, unseen: npt.NDArray[np.bool_]) -> sparse.csr_matrix:
        """Rows as they would be if the columns in `unseen` had not been met in training.

        Columns after those of the terms (a sentence vector) stay as they are.
        """
        kept = rows.multiply(~unseen).tocsr()
        parts = []
        for block in self._blocks.values():
            part = kept[:, block.offset : block.offset + len(block.terms)]
            norms = np.sqrt(part.multiply(part).sum(axis=1))
            scale = np.divide(block.weight, norms, out=np.zeros_like(norms), where=norms > 0)
            parts.append(part.multiply(scale))
        parts.append(kept[:, self.width :])
        return sparse.hstack(parts, format="csr")

    def save(self, folder: Path) -> None:
        """Write terms and idf as arrays."""
        weights = {name: block.weight for name, block in self._blocks.items()}
        (folder / _FILE).write_text(json.dumps(weights), encoding="utf-8")
        for name, block in self._blocks.items():
            save_arrays(folder, f"{_NAME}.{name}", {"prints": block.terms, "idf": block.idf})

    @classmethod
    def load(cls, folder: Path) -> Vectorizer:
        """Read what `save` wrote."""
        blocks: dict[str, Block] = {}
        offset = 0
        for name, weight in json.loads((folder / _FILE).read_text(encoding="utf-8")).items():
            arrays = load_arrays(folder, f"{_NAME}.{name}")
            blocks[name] = Block(arrays["prints"], arrays["idf"], offset, float(weight))
            offset += len(arrays["prints"])
        return cls(blocks)


def _block_vector(block: Block, terms: Prints) -> tuple[Integers, Floats]:
    met = places(block.terms, terms)
    columns, counts = np.unique(met[met >= 0], return_counts=True)  # the others training has not met
    values = (1 + np.log(counts)) * block.idf[columns]
    norm = float(np.sqrt(values @ values))
    if norm > 0:
        values *= block.weight / norm
    return (columns + block.offset).astype(np.int32), values.astype(np.float32)


def _block_rows(block: Block, terms: Prints, counts: sparse.csr_matrix) -> sparse.csr_matrix:
    column_of = places(block.terms, terms)
    kept = np.flatnonzero(column_of >= 0)
    rows = counts[:, kept].astype(np.float64)
    columns = column_of[kept][rows.indices]
    values = (1 + np.log(rows.data)) * block.idf[columns]
    shape = (rows.shape[0], len(block.terms))
    norms = np.sqrt(sparse.csr_matrix((values**2, columns, rows.indptr), shape=shape).sum(axis=1).A1)
    scale = np.divide(block.weight, norms, out=np.zeros_like(norms), where=norms > 0)
    values = (values * np.repeat(scale, np.diff(rows.indptr))).astype(np.float32)
    return sparse.csr_matrix((values, columns, rows.indptr), shape=shape)
