"""Trains the weights of bot/safety/likeness.py: `python -m tools.train_safety`.

Learns from data/safety/*.jsonl and data/nlu; never reads data/evaluation. Before that it says how the whole
detector does on messages of data/safety that were left out of the training in four folds, at several
thresholds: the share of the calls for help that is found, and of the harmless messages that raise an alarm.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import yaml
from scipy.sparse import csr_matrix, diags, hstack, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from bot.safety.likeness import LETTERS, MEANING, RARITY_STEP, Features, Kind, features
from bot.safety.message import Message, understand

ROOT = Path(__file__).parents[1]
ANNOTATION = re.compile(r"\[([^\]]*)\](\{[^}]*\}|\([^)]*\))")
KINDS = list(Kind)
INTENTS = {"emergency": Kind.BODY, "crisis": Kind.MIND}
UNCLEAR = {"urgent_help"}
"""People who ask for urgent help may be in danger or not: neither lesson is right."""
STRENGTH = 20.0
"""Inverse strength of regularisation; from 5 to 40 nothing changes much."""
DEAR = 6.0
"""How dear a mistake is with a call for help or with a message that was written to sound like one, against
one with a message of data/nlu."""
PART = 0.5
"""How dear a mistake is with a part of a harmless message, against one with the whole."""
FOLDS = 4
THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Example(NamedTuple):
    """A message, its class (None: harmless), kind, and whether it is of data/safety."""

    text: str
    cls: str | None
    kind: Kind
    ours: bool


def examples() -> list[Example]:
    """All messages to learn from."""
    rows: list[Example] = []
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if block.get("intent") and block["intent"].partition("/")[0] not in UNCLEAR:
                kind = INTENTS.get(block["intent"], Kind.NONE)
                cls = None if kind is Kind.NONE else block["intent"]
                rows += [
                    Example(ANNOTATION.sub(r"\1", line[2:]), cls, kind, ours=False)
                    for line in block["examples"].splitlines()
                ]
    for file in sorted((ROOT / "data" / "safety").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            rows.append(Example(row["text"], row["cls"], _kind(row["cls"]), ours=True))
    return rows


def _kind(cls: str | None) -> Kind:
    if cls is None:
        return Kind.NONE
    if cls.startswith("crisis"):
        return Kind.MIND
    return Kind.VIOLENCE if cls == "violence" else Kind.BODY


def occurrences(found: list[Features]) -> csr_matrix:
    """Which message has which feature."""
    indices = [index for row in found for part in row for index in part]
    ends = np.cumsum([0, *(sum(map(len, row)) for row in found)])
    return csr_matrix((np.ones(len(indices)), indices, ends), (len(found), LETTERS + MEANING))


def rarity_of(rows: csr_matrix) -> Numbers:
    """How little each feature is met: from 1, as it is kept in the file."""
    met = np.asarray(rows.sum(axis=0)).ravel()
    return np.round((np.log((1 + rows.shape[0]) / (1 + met)) + 1) / RARITY_STEP) * RARITY_STEP


def weighed(rows: csr_matrix, rarity: Numbers) -> csr_matrix:
    """Features by their rarity; the two kinds of them each of unit length."""
    by_rarity = (rows @ diags(rarity)).tocsr()
    return hstack([normalize(by_rarity[:, :LETTERS]), normalize(by_rarity[:, LETTERS:])]).tocsr()


def fitted(rows: csr_matrix, wanted: Flags, dear: Numbers) -> LogisticRegression:
    """A model of two classes; `dear`: how dear a mistake is, by message."""
    return LogisticRegression(C=STRENGTH, solver="liblinear").fit(rows, wanted, sample_weight=dear)


class Corpus(NamedTuple):
    """Messages with the features of each whole message and of each of its parts."""

    rows: list[Example]
    messages: list[Message]
    whole: csr_matrix
    parts: csr_matrix
    """Of messages of data/safety and of harmless ones."""
    owners: npt.NDArray[np.int64]
    """To which message each part belongs."""
    rarity: Numbers
    danger: Flags
    dear: Numbers


def corpus() -> Corpus:
    """Everything to learn from, read and counted."""
    rows = examples()
    messages = [understand(row.text) for row in rows]
    parts: list[Features] = []
    owners: list[int] = []
    for place, (row, message) in enumerate(zip(rows, messages, strict=True)):
        for part in message.wholes() if row.ours or row.kind is Kind.NONE else ():
            parts.append(features(*message.part(*part)))
            owners.append(place)
    whole = occurrences([features(*message.part(0, len(message.reading.tokens))) for message in messages])
    rarity = rarity_of(whole)
    return Corpus(
        rows,
        messages,
        weighed(whole, rarity),
        weighed(occurrences(parts), rarity),
        np.array(owners),
        rarity,
        np.array([row.kind is not Kind.NONE for row in rows]),
        np.array([DEAR if row.ours or row.cls else 1.0 for row in rows]),
    )


def taught(data: Corpus, messages: Flags) -> LogisticRegression:
    """A model of danger from some of the messages; what is harmless as a whole is so in each of its parts."""
    harmless = (messages & ~data.danger)[data.owners]
    return fitted(
        vstack([data.whole[messages], data.parts[harmless]]),
        np.concatenate([data.danger[messages], np.zeros(harmless.sum(), dtype=bool)]),
        np.concatenate([data.dear[messages], data.dear[data.owners[harmless]] * PART]),
    )


def left_out(data: Corpus) -> Numbers:
    """The probability of danger of each message of data/safety, by a model that has not seen it."""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(data.rows))
    fold[[not row.ours for row in data.rows]] = -1
    chance = np.zeros(len(data.rows))
    for each in range(FOLDS):
        model = taught(data, fold != each)
        out = np.isin(data.owners, np.flatnonzero(fold == each))
        np.maximum.at(chance, data.owners[out], model.predict_proba(data.parts[out])[:, 1])
    return chance


def main() -> None:
    data = corpus()
    chance = left_out(data)
    for threshold in THRESHOLDS:
        alarms = chance >= threshold
        found = np.mean([alarm for row, alarm in zip(data.rows, alarms, strict=True) if row.ours and row.cls])
        false = np.mean(
            [alarm for row, alarm in zip(data.rows, alarms, strict=True) if row.ours and not row.cls]
        )
        print(f"{threshold}: found {found:.3f}, false {false:.4f} (of hard ones)")
    save(data)


def save(data: Corpus) -> None:
    """One row for danger at all, then one for each kind of danger against the others."""
    kinds = [row.kind for row in data.rows]
    dangers = np.flatnonzero(data.danger)
    models = [taught(data, np.ones(len(kinds), dtype=bool))]
    models += [
        fitted(data.whole[dangers], np.array([kinds[place] is kind for place in dangers]), data.dear[dangers])
        for kind in KINDS[1:]
    ]
    rows = np.concatenate([model.coef_ for model in models])
    scales = np.abs(rows).max(axis=1) / 127
    np.savez_compressed(
        ROOT / "bot" / "safety" / "data" / "likeness.npz",
        rows=np.round(rows / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float32),
        constants=np.concatenate([model.intercept_ for model in models]).astype(np.float32),
        rarity=np.round(data.rarity / RARITY_STEP).astype(np.uint8),
    )


if __name__ == "__main__":
    main()
