"""Terms of many documents counted, in several processes when there are many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix, vstack

from bot.nlu.parallel import pieces, side_by_side

Terms = Mapping[str, Sequence[str]]
"""Terms of one document, by block of features."""
Counted = Mapping[str, tuple[Sequence[str], csr_matrix]]
"""For each block the terms that were met, and how often each document has them (a row a document)."""
_PIECE = 2_000
"""So many documents at least are worth a process of their own."""


def count_terms(
    read: Callable[[slice], Iterable[Terms]], documents: int, blocks: Iterable[str]
) -> dict[str, tuple[list[str], csr_matrix]]:
    """Count the terms of all documents; `read` gives those of a slice (in another process, when many)."""
    names = list(blocks)
    counted = side_by_side(lambda piece: _count(read(piece), names), pieces(documents, _PIECE))
    return {name: _joined([part[name] for part in counted]) for name in names}


def _count(documents: Iterable[Terms], names: Sequence[str]) -> dict[str, tuple[list[str], csr_matrix]]:
    places: dict[str, dict[str, int]] = {name: {} for name in names}
    columns: dict[str, list[int]] = {name: [] for name in names}
    counts: dict[str, list[int]] = {name: [] for name in names}
    starts: dict[str, list[int]] = {name: [0] for name in names}
    for document in documents:
        for name in names:
            place_of, found = places[name], Counter(document[name])
            columns[name] += [place_of.setdefault(term, len(place_of)) for term in found]
            counts[name] += found.values()
            starts[name].append(len(columns[name]))
    return {
        name: (
            list(places[name]),
            csr_matrix(
                (
                    np.array(counts[name], dtype=np.float32),
                    np.array(columns[name], dtype=np.int32),
                    starts[name],
                ),
                shape=(len(starts[name]) - 1, len(places[name])),
            ),
        )
        for name in names
    }


def _joined(parts: Sequence[tuple[list[str], csr_matrix]]) -> tuple[list[str], csr_matrix]:
    place_of: dict[str, int] = {}
    moved = []
    for terms, rows in parts:
        places = np.array([place_of.setdefault(term, len(place_of)) for term in terms], dtype=np.int32)
        moved.append((rows.data, places[rows.indices] if len(places) else rows.indices, rows.indptr))
    width = len(place_of)
    blocks = [csr_matrix(part, shape=(len(part[2]) - 1, width)) for part in moved]
    return list(place_of), vstack(blocks, "csr")
