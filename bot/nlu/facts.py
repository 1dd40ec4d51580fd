"""Which fact inside its intent a message asks for ("confirm_identity": by which banks?).

One small linear model an intent, over the same features as the intents; a message of training without a
fact is the general question of its intent. Knows nothing of Rasa.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.nlu import sparse
from bot.nlu.calibration import Calibration
from bot.nlu.linear import LinearScorer, Scores
from bot.nlu.mapped import load_arrays, save_arrays

GENERAL = ""
"""Label of the general question."""
_NAME, _FILE = "facts", "facts.json"
_STRENGTH = 1.0
_CALIBRATION_STRENGTH = 1.0


class Fact(NamedTuple):
    """The likeliest fact of a message, GENERAL for the general question, and how likely it is (0-1)."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Labelled:
    """Messages of one intent: features, facts, and the fold each of them is held out in."""

    rows: sparse.csr_matrix
    facts: Sequence[str]
    folds: npt.NDArray[np.intp]


class FactModel:
    """Facts of one intent; looks only at the columns that its messages have."""

    def __init__(
        self, columns: npt.NDArray[np.int32], linear: LinearScorer, calibration: Calibration
    ) -> None:
        self._columns = columns
        self._linear = linear
        self._calibration = calibration

    @property
    def names(self) -> tuple[str, ...]:
        """Facts, the general question among them."""
        return self._linear.labels

    @classmethod
    def train(cls, messages: Labelled, seed: int) -> FactModel:
        """Train, and calibrate on held-out folds.

        Raises:
            ValueError: a fact whose messages are all in one fold, or fewer than two facts.
        """
        columns = np.unique(messages.rows.indices).astype(np.int32)
        rows = messages.rows[:, columns]
        labels = np.asarray(messages.facts)
        names = sorted(set(messages.facts))
        scores = np.zeros((len(labels), len(names)))
        for number in np.unique(messages.folds):
            held = messages.folds == number
            if set(labels[~held]) != set(names):
                raise ValueError(f"a fact of {', '.join(names)} has too few different messages")
            part = LinearScorer.fit(rows[~held], list(labels[~held]), _STRENGTH, seed)
            scores[held] = part.score_rows(rows[held])
        truth = np.array([names.index(fact) for fact in messages.facts], dtype=np.intp)
        calibration = Calibration.fit(scores, truth, _CALIBRATION_STRENGTH)
        return cls(columns, LinearScorer.fit(rows, list(labels), _STRENGTH, seed), calibration)

    def probabilities(self, columns: npt.NDArray[np.int32], values: npt.NDArray[np.float32]) -> Scores:
        """Probabilities of `names` for a message's features."""
        places = np.searchsorted(self._columns, columns)
        places[places == len(self._columns)] = 0
        met = self._columns[places] == columns
        return self._calibration.probabilities(self._linear.scores(places[met].astype(np.int32), values[met]))

    def parts(self) -> dict[str, npt.NDArray[Any]]:
        """Everything but the names, as arrays; `from_parts` undoes it."""
        return {"columns": self._columns, **self._linear.parts(), **self._calibration.parts()}

    @classmethod
    def from_parts(cls, names: Sequence[str], parts: Mapping[str, npt.NDArray[Any]]) -> FactModel:
        """What `parts` gave."""
        linear = LinearScorer(names, parts["weights"], parts["steps"], parts["intercept"])
        return cls(parts["columns"], linear, Calibration(parts["matrix"], parts["bias"]))


class Facts:
    """The models of all intents that have facts."""

    def __init__(self, models: Mapping[str, FactModel]) -> None:
        self._models = dict(models)

    @property
    def intents(self) -> tuple[str, ...]:
        """Intents that have facts."""
        return tuple(self._models)

    def best(
        self, intent: str, columns: npt.NDArray[np.int32], values: npt.NDArray[np.float32]
    ) -> Fact | None:
        """The likeliest fact of a message with that intent; None when the intent has no facts."""
        model = self._models.get(intent)
        if model is None:
            return None
        probabilities = model.probabilities(columns, values)
        place = int(np.argmax(probabilities))
        return Fact(model.names[place], float(probabilities[place]))

    def save(self, folder: Path) -> None:
        """Write the parts of all models one behind another, and what tells them apart as JSON."""
        parts = [model.parts() for model in self._models.values()]
        listed = [
            {"intent": intent, "names": model.names, "columns": len(arrays["columns"])}
            for (intent, model), arrays in zip(self._models.items(), parts, strict=True)
        ]
        (folder / _FILE).write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")
        if parts:
            joined = {name: np.concatenate([arrays[name].ravel() for arrays in parts]) for name in parts[0]}
            save_arrays(folder, _NAME, joined)

    @classmethod
    def load(cls, folder: Path) -> Facts:
        """Read what `save` wrote."""
        arrays = load_arrays(folder, _NAME)
        starts = dict.fromkeys(arrays, 0)
        models: dict[str, FactModel] = {}
        for entry in json.loads((folder / _FILE).read_text(encoding="utf-8")):
            parts: dict[str, npt.NDArray[Any]] = {}
            for name, shape in _shapes(entry["columns"], len(entry["names"])).items():
                start = starts[name]
                starts[name] = start + prod(shape)
                parts[name] = arrays[name][start : starts[name]].reshape(shape)
            models[entry["intent"]] = FactModel.from_parts(entry["names"], parts)
        return cls(models)


def _shapes(columns: int, names: int) -> dict[str, tuple[int, ...]]:
    """Shapes of the parts of a model with so many columns and facts."""
    return {
        "columns": (columns,),
        "weights": (columns, names),
        "steps": (columns,),
        "intercept": (names,),
        "matrix": (names, names),
        "bias": (names,),
    }
