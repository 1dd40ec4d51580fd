"""TF-IDF over named blocks of terms, with a vocabulary of its own and native arrays on disk."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack

from bot.nlu.counting import Counted, Terms

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]
_VOCABULARY, _IDF = "vocabulary.json", "idf.npz"


@dataclass(frozen=True, slots=True)
class Block:
    """Vocabulary of one block: column of each term (from `offset`), its idf, and the weight of the block."""

    columns: dict[str, int]
    idf: Floats
    offset: int
    weight: float


class Vectorizer:
    """Sublinear tf times idf, each block scaled to its weight; unknown terms are ignored."""

    def __init__(self, blocks: Mapping[str, Block]) -> None:
        self._blocks = dict(blocks)
        self.width = sum(len(block.columns) for block in self._blocks.values())

    @classmethod
    def fit(cls, counted: Counted, weights: Mapping[str, float], min_count: int = 1) -> Vectorizer:
        """Learn the terms that occur in at least `min_count` documents, for the blocks in `weights`."""
        blocks: dict[str, Block] = {}
        offset = 0
        for name, weight in weights.items():
            terms, rows = counted[name]
            frequency = rows.getnnz(axis=0)
            places = [place for place in _in_order(terms) if frequency[place] >= min_count]
            idf = np.log((1 + rows.shape[0]) / (1 + frequency[places].astype(np.float64))) + 1
            columns = {terms[place]: offset + at for at, place in enumerate(places)}
            blocks[name] = Block(columns, idf.astype(np.float32), offset, weight)
            offset += len(places)
        return cls(blocks)

    def vector(self, document: Terms) -> tuple[Integers, Floats]:
        """Columns and values of one document."""
        parts = [_block_vector(block, document[name]) for name, block in self._blocks.items()]
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    def matrix(self, counted: Counted) -> csr_matrix:
        """One row a document: the same values as `vector` gives."""
        return hstack([_block_rows(block, *counted[name]) for name, block in self._blocks.items()], "csr")

    def without(self, rows: csr_matrix, unseen: npt.NDArray[np.bool_]) -> csr_matrix:
        """Rows as they would be if the columns in `unseen` had not been met in training.

        Columns after those of the terms (a sentence vector) stay as they are.
        """
        kept = rows.multiply(~unseen).tocsr()
        parts = []
        for block in self._blocks.values():
            part = kept[:, block.offset : block.offset + len(block.columns)]
            norms = np.sqrt(part.multiply(part).sum(axis=1))
            scale = np.divide(block.weight, norms, out=np.zeros_like(norms), where=norms > 0)
            parts.append(part.multiply(scale))
        parts.append(kept[:, self.width :])
        return hstack(parts, format="csr")

    def save(self, folder: Path) -> None:
        """Write terms as JSON and idf as arrays."""
        content = {
            name: {"weight": block.weight, "terms": list(block.columns)}
            for name, block in self._blocks.items()
        }
        (folder / _VOCABULARY).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / _IDF, **{name: block.idf for name, block in self._blocks.items()})

    @classmethod
    def load(cls, folder: Path) -> Vectorizer:
        """Read what `save` wrote."""
        content = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
        blocks: dict[str, Block] = {}
        offset = 0
        with np.load(folder / _IDF, allow_pickle=False) as arrays:
            for name, stored in content.items():
                terms = stored["terms"]
                columns = dict(zip(terms, range(offset, offset + len(terms)), strict=True))
                blocks[name] = Block(columns, arrays[name], offset, float(stored["weight"]))
                offset += len(terms)
        return cls(blocks)


def _block_vector(block: Block, terms: Sequence[str]) -> tuple[Integers, Floats]:
    counts = Counter(map(block.columns.get, terms))
    del counts[None]  # terms that training has not met
    columns = np.fromiter(counts.keys(), dtype=np.int32, count=len(counts))
    values = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
    values = (1 + np.log(values)) * block.idf[columns - block.offset]
    norm = float(np.sqrt(values @ values))
    if norm > 0:
        values *= block.weight / norm
    return columns, values.astype(np.float32)


def _block_rows(block: Block, terms: Sequence[str], counts: csr_matrix) -> csr_matrix:
    column_of = np.array([block.columns.get(term, -1) for term in terms], dtype=np.int64)
    kept = np.flatnonzero(column_of >= 0)
    rows = counts[:, kept].astype(np.float64)
    columns = column_of[kept][rows.indices] - block.offset
    values = (1 + np.log(rows.data)) * block.idf[columns]
    shape = (rows.shape[0], len(block.columns))
    norms = np.sqrt(csr_matrix((values**2, columns, rows.indptr), shape=shape).sum(axis=1).A1)
    scale = np.divide(block.weight, norms, out=np.zeros_like(norms), where=norms > 0)
    values = (values * np.repeat(scale, np.diff(rows.indptr))).astype(np.float32)
    return csr_matrix((values, columns, rows.indptr), shape=shape)


def _in_order(terms: Sequence[str]) -> list[int]:
    return sorted(range(len(terms)), key=terms.__getitem__)
