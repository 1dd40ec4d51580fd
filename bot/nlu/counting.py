"""Terms of many documents counted, in several processes when there are many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from bot.language.prints import Prints
from bot.nlu import sparse
from bot.nlu.parallel import pieces, side_by_side

Terms = Mapping[str, Prints]
"""Terms of one document as prints (`bot/language/prints.py`), by block of features, with repetitions."""
Counted: TypeAlias = "Mapping[str, tuple[Prints, sparse.csr_matrix]]"
"""For each block the terms that were met, and how often each document has them (a row a document)."""
_PIECE = 2_000
"""So many documents at least are worth a process of their own."""


def count_terms(
    read: Callable[[slice], Iterable[Terms]], documents: int, blocks: Iterable[str]
) -> dict[str, tuple[Prints, sparse.csr_matrix]]:
    """Count the terms of all documents; `read` gives those of a slice (in another process, when many)."""
    names = list(blocks)
    counted = side_by_side(lambda piece: _count(read(piece), names), pieces(documents, _PIECE))
    return {name: _joined([part[name] for part in counted]) for name in names}


def _count(documents: Iterable[Terms], names: Sequence[str]) -> dict[str, tuple[Prints, sparse.csr_matrix]]:
    read = [{name: np.unique(document[name], return_counts=True) for name in names} for document in documents]
    return {name: _table([document[name] for document in read]) for name in names}


def _table(rows: Sequence[tuple[Prints, npt.NDArray[np.int64]]]) -> tuple[Prints, sparse.csr_matrix]:
    terms = np.concatenate([np.empty(0, dtype=np.uint64), *(found for found, _ in rows)])
    counts = np.concatenate([np.empty(0), *(often for _, often in rows)]).astype(np.float32)
    starts = np.cumsum([0, *(len(found) for found, _ in rows)])
    met, columns = np.unique(terms, return_inverse=True)
    return met, sparse.csr_matrix((counts, columns, starts), shape=(len(rows), len(met)))


def _joined(parts: Sequence[tuple[Prints, sparse.csr_matrix]]) -> tuple[Prints, sparse.csr_matrix]:
    met = np.unique(np.concatenate([terms for terms, _ in parts]))
    moved = [
        sparse.csr_matrix(
            (rows.data, met.searchsorted(terms)[rows.indices], rows.indptr), shape=(rows.shape[0], len(met))
        )
        for terms, rows in parts
    ]
    return met, sparse.vstack(moved, "csr")
