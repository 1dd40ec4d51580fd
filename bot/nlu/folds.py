"""Held-out folds in which no message meets its near-copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def assign_folds(keys: Sequence[str], labels: Sequence[str], folds: int) -> list[int]:
    """Fold of each message: messages of one key share a fold, each label is spread evenly.

    Raises:
        ValueError: a label cannot be held out, since all its messages would fall into one fold.
    """
    fold_of_key: dict[str, int] = {}
    used: dict[str, Counter[int]] = {}
    for key, label in sorted(set(zip(keys, labels, strict=True))):
        taken = used.setdefault(label, Counter())
        number = fold_of_key.setdefault(key, min(range(folds), key=lambda fold: (taken[fold], fold)))
        taken[number] += 1
    for label, taken in used.items():
        if len(taken) < 2:
            raise ValueError(f"intent '{label}' needs at least two different messages")
    return [fold_of_key[key] for key in keys]
