"""Trains the weights of bot/safety/likeness.py: `python -m tools.train_safety`.

Learns from data/safety/development.jsonl and data/nlu; never reads data/evaluation. Prints, for messages
that were left out of the training in four folds, what share is found and what share of the harmless
messages raises an alarm, at several thresholds.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import yaml
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from bot.safety.detector import signs_of, understand
from bot.safety.likeness import SIZE, Kind, features

ROOT = Path(__file__).parents[1]
ANNOTATION = re.compile(r"\[([^\]]*)\](\{[^}]*\}|\([^)]*\))")
KINDS = list(Kind)
INTENTS = {"emergency": Kind.BODY, "crisis": Kind.MIND}
UNCLEAR = {"urgent_help"}
"""People who ask for urgent help may be in danger or not: neither lesson is right."""


def examples() -> tuple[list[str], list[int]]:
    """Messages with the index of their kind."""
    rows: list[tuple[str, Kind]] = []
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if block.get("intent") and block["intent"] not in UNCLEAR:
                kind = INTENTS.get(block["intent"], Kind.NONE)
                rows += [(ANNOTATION.sub(r"\1", line[2:]), kind) for line in block["examples"].splitlines()]
    for line in (ROOT / "data" / "safety" / "development.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        rows.append((row["text"], _kind(row["cls"])))
    return [text for text, _ in rows], [KINDS.index(kind) for _, kind in rows]


def _kind(cls: str | None) -> Kind:
    if cls is None:
        return Kind.NONE
    if cls.startswith("crisis"):
        return Kind.MIND
    return Kind.VIOLENCE if cls == "violence" else Kind.BODY


def matrix(texts: list[str]) -> csr_matrix:
    """Rows of unit length."""
    readings = [understand(text) for text in texts]
    found = [features(reading.tokens, signs_of(reading)) for reading in readings]
    values = np.concatenate([np.full(len(row), 1 / max(1, len(row)) ** 0.5) for row in found])
    ends = np.cumsum([0, *(len(row) for row in found)])
    return csr_matrix(
        (values, np.concatenate([np.array(row, int) for row in found]), ends), (len(texts), SIZE)
    )


def main() -> None:
    texts, kinds = examples()
    rows, wanted = matrix(texts), np.array(kinds)
    model = LogisticRegression(C=20, max_iter=200, class_weight={0: 1, 1: 2, 2: 2, 3: 2})
    left_out = 1 - cross_val_predict(model, rows, wanted, cv=4, method="predict_proba")[:, 0]
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        alarms = left_out >= threshold
        print(f"{threshold}: found {alarms[wanted > 0].mean():.3f}, false {alarms[wanted == 0].mean():.4f}")
    model.fit(rows, wanted)
    scale = np.abs(model.coef_).max() / 127
    np.savez_compressed(
        ROOT / "bot" / "safety" / "data" / "likeness.npz",
        weights=np.round(model.coef_ / scale).astype(np.int8),
        scale=np.float32(scale),
        constants=model.intercept_.astype(np.float32),
    )


if __name__ == "__main__":
    main()
