"""How well messages are understood that nobody trained on: intents, names and times, careless writing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from sklearn.metrics import f1_score, precision_recall_fscore_support

from bot.nlu.dictionaries import holder
from bot.nlu.evaluation_entities import EntityQuality, Names, measure
from bot.nlu.evaluation_rows import Row, read_rows
from bot.nlu.parsing import Understanding
from bot.nlu.slips import Perturbation, perturb

FALLBACK = "nlu_fallback"
AS_WRITTEN = "as written"
_BINS = 15
_SEED = 20261123
_WORST = 25
_EXAMPLES = 3


class Parser(Protocol):
    """What is measured; `parsing.Understanding` is one."""

    def parse(self, text: str, now: str | None = None) -> dict[str, Any]:
        """Text, intent, ranking and entities."""


class Prediction(NamedTuple):
    """Intents by likelihood without the fallback, confidence of the first, whether the bot would ask."""

    intents: tuple[str, ...]
    confidence: float
    asks: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares (0-1) over one set of messages."""

    messages: int
    accuracy: float
    top3: float
    macro_f1: float
    asked: float
    """Messages on which the bot asks back instead of acting."""
    wrong_unasked: float
    """Messages that are taken for something else without asking."""
    calibration_error: float
    """Expected calibration error over 15 bins of confidence."""


@dataclass(frozen=True, slots=True)
class IntentQuality:
    """One intent: how many messages, and how well they are told from the rest."""

    intent: str
    messages: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """Messages of one intent that were taken for another."""

    intent: str
    taken_for: str
    messages: int
    examples: tuple[str, ...]


class Bin(NamedTuple):
    """Messages of like confidence: how sure the model was on average, and how often it was right."""

    messages: int
    confidence: float
    accuracy: float

    @property
    def gap(self) -> float:
        """How far it was from being as often right as it was sure."""
        return abs(self.accuracy - self.confidence)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything measured on one file; `str()` is a readable report."""

    name: str
    by_writing: Mapping[str, Quality]
    """As written, and with each perturbation."""
    by_group: Mapping[str, Quality]
    """„topic: booking”, „style: dictated” ..., where the file says so."""
    intents: tuple[IntentQuality, ...]
    confusions: tuple[Confusion, ...]
    unknown_intents: tuple[str, ...]
    """Intents of the file that the model has never been right to name: not trained, or never found."""
    reliability: tuple[Bin, ...] = ()
    entities: tuple[EntityQuality, ...] = ()
    """Each kind of names and times, then `all`; empty where the file does not say what is named."""

    def __str__(self) -> str:
        from bot.nlu.evaluation_report import render

        return render(self)


def evaluate_file(model: Path, file: Path) -> Evaluation:
    """Measure a trained model on JSON lines (see `read_rows` for their form and errors)."""
    understanding = Understanding(model)
    names = Names(holder().current())
    return evaluate(understanding, read_rows(file), file.stem, names)


def evaluate(parser: Parser, rows: Sequence[Row], name: str, names: Names | None = None) -> Evaluation:
    """Measure messages as they are and perturbed; the same rows are always perturbed alike."""
    named = [row for row in rows if row.expect is not None]
    found = [(row.expect or {}, parser.parse(row.text, row.now)["entities"]) for row in named]
    entities = measure(found, names or Names({})) if named else ()
    rows = [row for row in rows if row.intent]
    if not rows:
        return Evaluation(name, {}, {}, (), (), (), entities=entities)
    predictions = [_predict(parser, row.text, row.now) for row in rows]
    by_writing = {AS_WRITTEN: quality(rows, predictions)}
    for how in Perturbation:
        chance = random.Random(_SEED)
        spoiled = [_predict(parser, perturb(row.text, how, chance), row.now) for row in rows]
        by_writing[how.value] = quality(rows, spoiled)
    first = {prediction.intents[0] for prediction in predictions if prediction.intents}
    return Evaluation(
        name,
        by_writing,
        _by_group(rows, predictions),
        _by_intent(rows, predictions),
        _confusions(rows, predictions),
        tuple(sorted({row.intent for row in rows} - first)),
        _reliability(*_confidence_and_right(rows, predictions)),
        entities,
    )


def quality(rows: Sequence[Row], predictions: Sequence[Prediction]) -> Quality:
    """Summary over messages and what was predicted for them."""
    truth, guesses = [row.intent for row in rows], [_first(prediction) for prediction in predictions]
    confidence, right = _confidence_and_right(rows, predictions)
    asks = np.array([prediction.asks for prediction in predictions])
    top3 = [intent in prediction.intents[:3] for intent, prediction in zip(truth, predictions, strict=True)]
    return Quality(
        messages=len(rows),
        accuracy=float(right.mean()),
        top3=float(np.mean(top3)),
        macro_f1=float(f1_score(truth, guesses, labels=sorted(set(truth)), average="macro", zero_division=0)),
        asked=float(asks.mean()),
        wrong_unasked=float((~right & ~asks).mean()),
        calibration_error=_calibration_error(confidence, right),
    )


def _predict(parser: Parser, text: str, now: str | None) -> Prediction:
    ranking = parser.parse(text, now)["intent_ranking"]
    asks = bool(ranking) and ranking[0]["name"] == FALLBACK
    listed = [entry for entry in ranking if entry["name"] != FALLBACK]
    confidence = float(listed[0]["confidence"]) if listed else 0.0
    return Prediction(tuple(entry["name"] for entry in listed), confidence, asks)


def _first(prediction: Prediction) -> str:
    return prediction.intents[0] if prediction.intents else ""


def _confidence_and_right(rows: Sequence[Row], predictions: Sequence[Prediction]) -> tuple[Any, Any]:
    right = [_first(guess) == row.intent for row, guess in zip(rows, predictions, strict=True)]
    return np.array([prediction.confidence for prediction in predictions]), np.array(right)


def _calibration_error(confidence: Any, right: Any) -> float:
    bins = _reliability(confidence, right)
    return sum(item.gap * item.messages for item in bins) / sum(item.messages for item in bins)


def _reliability(confidence: Any, right: Any) -> tuple[Bin, ...]:
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    members = [bins == number for number in np.unique(bins)]
    return tuple(
        Bin(int(inside.sum()), float(confidence[inside].mean()), float(right[inside].mean()))
        for inside in members
    )


def _by_group(rows: Sequence[Row], predictions: Sequence[Prediction]) -> dict[str, Quality]:
    members: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        for name, value in row.groups.items():
            members.setdefault(f"{name}: {value}", []).append(place)
    return {
        group: quality([rows[place] for place in places], [predictions[place] for place in places])
        for group, places in sorted(members.items())
    }


def _by_intent(rows: Sequence[Row], predictions: Sequence[Prediction]) -> tuple[IntentQuality, ...]:
    truth, guesses = [row.intent for row in rows], [_first(prediction) for prediction in predictions]
    names = sorted(set(truth))
    columns = precision_recall_fscore_support(truth, guesses, labels=names, zero_division=0)
    measured = zip(names, *(column.tolist() for column in columns), strict=True)
    listed = [IntentQuality(name, int(n), p, r, f) for name, p, r, f, n in measured]
    return tuple(sorted(listed, key=lambda intent: (intent.f1, intent.intent)))


def _confusions(rows: Sequence[Row], predictions: Sequence[Prediction]) -> tuple[Confusion, ...]:
    wrong: dict[tuple[str, str], list[str]] = {}
    for row, prediction in zip(rows, predictions, strict=True):
        if _first(prediction) != row.intent:
            wrong.setdefault((row.intent, _first(prediction)), []).append(row.text)
    counts = Counter({pair: len(texts) for pair, texts in wrong.items()})
    return tuple(
        Confusion(*pair, count, tuple(wrong[pair][:_EXAMPLES])) for pair, count in _ordered(counts)[:_WORST]
    )


def _ordered(counts: Counter[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    entries: Iterable[tuple[tuple[str, str], int]] = counts.items()
    return sorted(entries, key=lambda entry: (-entry[1], entry[0]))
