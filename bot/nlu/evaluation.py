"""How well messages are understood that nobody trained on: intents, calibration, careless writing."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from sklearn.metrics import f1_score, precision_recall_fscore_support

from bot.nlu.parsing import Understanding
from bot.nlu.slips import Perturbation, perturb

FALLBACK = "nlu_fallback"
AS_WRITTEN = "as written"
GROUPINGS = ("topic", "style")
_BINS = 15
_SEED = 20261123
_WORST = 25
_EXAMPLES = 3


class Parser(Protocol):
    """What is measured; `parsing.Understanding` is one."""

    def parse(self, text: str, now: str | None = None) -> dict[str, Any]:
        """Text, intent, ranking and entities."""


class Row(NamedTuple):
    """One held-out message; `groups` says what else is known of it („topic”, „style”)."""

    text: str
    intent: str
    now: str | None = None
    groups: Mapping[str, str] = {}


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

    def __str__(self) -> str:
        from bot.nlu.evaluation_report import render

        return render(self)


def evaluate_file(model: Path, file: Path) -> Evaluation:
    """Measure a trained model on JSON lines (see `read_rows` for their form and errors)."""
    return evaluate(Understanding(model), read_rows(file), file.stem)


def read_rows(file: Path) -> list[Row]:
    """Read `{"text", "intent", "now"?, "topic"?, "style"?}`, a line each.

    Raises:
        ValueError: a line of another form, or an empty file.
    """
    rows = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        content = json.loads(line)
        if not isinstance(content, dict) or not {"text", "intent"} <= content.keys():
            raise ValueError(f"{file.name}, line {number}: needs 'text' and 'intent'")
        groups = {name: str(content[name]) for name in GROUPINGS if name in content}
        rows.append(Row(content["text"], content["intent"], content.get("now"), groups))
    if not rows:
        raise ValueError(f"{file.name} has no messages")
    return rows


def evaluate(parser: Parser, rows: Sequence[Row], name: str) -> Evaluation:
    """Measure messages as they are and perturbed; the same rows are always perturbed alike."""
    predictions = [_predict(parser, row.text, row.now) for row in rows]
    by_writing = {AS_WRITTEN: quality(rows, predictions)}
    for how in Perturbation:
        chance = random.Random(_SEED)
        spoiled = [_predict(parser, perturb(row.text, how, chance), row.now) for row in rows]
        by_writing[how.value] = quality(rows, spoiled)
    found = {prediction.intents[0] for prediction in predictions if prediction.intents}
    return Evaluation(
        name,
        by_writing,
        _by_group(rows, predictions),
        _by_intent(rows, predictions),
        _confusions(rows, predictions),
        tuple(sorted({row.intent for row in rows} - found)),
    )


def quality(rows: Sequence[Row], predictions: Sequence[Prediction]) -> Quality:
    """Summary over messages and what was predicted for them."""
    truth, guesses = [row.intent for row in rows], [_first(prediction) for prediction in predictions]
    right = np.array([guess == intent for guess, intent in zip(guesses, truth, strict=True)])
    asks = np.array([prediction.asks for prediction in predictions])
    top3 = [intent in prediction.intents[:3] for intent, prediction in zip(truth, predictions, strict=True)]
    confidence = np.array([prediction.confidence for prediction in predictions])
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


def _calibration_error(confidence: Any, right: Any) -> float:
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [
        (bins == number).mean() * abs(right[bins == number].mean() - confidence[bins == number].mean())
        for number in np.unique(bins)
    ]
    return float(sum(gaps))


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
