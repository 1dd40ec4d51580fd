"""When to ask back instead of acting: what each outcome costs a patient, and the limits that cost least.

An intent is of one of three kinds: it starts a task that writes, it is urgent, or it is answered. For each
kind, training looks at messages held out of the fits and takes the two limits (how likely the intent has to
be, how far ahead of the next one) that make the sum of costs smallest. A third one, for all that is not
urgent, says how likely the message may be none of the portal's matters. Knows nothing of Rasa.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.nlu.linear import Scores

Kind = Literal["answer", "writing", "urgent"]
KINDS: tuple[Kind, ...] = ("answer", "writing", "urgent")
_FILE = "limits.json"
_CONFIDENCES = tuple(at / 50 for at in range(10, 46))
"""From 0.2: less than one in five is a guess, and nobody is told of crisis lines on a guess."""
_MARGINS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2)
_DOUBTS = (0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 1.0)
_OFFERED = 3
"""Choices that a question names."""
_ALIKE = 0.01
"""Limits whose costs differ by so little a message are as good as one another."""
_ENOUGH = 300
"""Held-out messages from which the limits of a kind can be told."""


class Costs(NamedTuple):
    """The table, in questions that lead on: what is understood and done costs nothing."""

    question: float = 1.0
    """What was meant is among the choices: one tap more."""
    useless_question: float = 2.0
    """It is not: the patient has read the choices and has to say it again."""
    wrong_answer: float = 2.0
    """Something else was answered: read, and said again."""
    wrong_task: float = 3.0
    """A task that writes was begun: nothing is written before a "tak", but it must be left."""
    false_alarm: float = 2.0
    """Urgent help is named to somebody who did not need it."""
    answered_stranger: float = 5.0
    """A matter that is none of the portal's was answered as if it were: nothing said later mends that."""
    missed_emergency: float = 10.0
    """Somebody in need was answered something else (beside `bot/safety`, which reads every message first)."""
    late_emergency: float = 3.0
    """Somebody in need was asked a question."""

    def of_acting(self, kind: Kind) -> float:
        """What acting on a wrong intent of this kind costs."""
        return {"answer": self.wrong_answer, "writing": self.wrong_task, "urgent": self.false_alarm}[kind]


COSTS = Costs()


class Limit(NamedTuple):
    """Below either of the two the assistant asks."""

    confidence: float
    margin: float

    def asks(self, first: float, second: float) -> bool:
        """Whether to ask, from the probabilities of the two likeliest intents."""
        return first < self.confidence or first - second < self.margin


class Limits:
    """The limit of each intent; an intent without one is always acted on."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        limits: Mapping[Kind, Limit],
        outside: Collection[str] = (),
        doubt: float = 1.0,
    ) -> None:
        """`kinds` tells the kind of each intent; `outside` are those of no matter of the portal's."""
        self._kinds = dict(kinds)
        self.by_kind = dict(limits)
        self._outside = frozenset(outside)
        self.doubt = doubt

    @classmethod
    def cheapest(
        cls,
        labels: Sequence[str],
        kinds: Mapping[str, Kind],
        probabilities: Scores,
        truth: npt.NDArray[np.intp],
        costs: Costs = COSTS,
        outside: Collection[str] = (),
    ) -> Limits:
        """From probabilities of held-out messages and the places of their true intents in `labels`.

        A kind with too few messages gets no limit.
        """
        order = np.argsort(-probabilities, axis=1, kind="stable")
        rows = np.arange(len(truth))
        first, second = probabilities[rows, order[:, 0]], probabilities[rows, order[:, 1]]
        kind_of = np.array([KINDS.index(kinds.get(label, "answer")) for label in labels])
        in_need = kind_of[truth] == KINDS.index("urgent")
        offered = (order[:, :_OFFERED] == truth[:, None]).any(axis=1)
        asking = np.where(offered, costs.question, costs.useless_question) + costs.late_emergency * in_need
        right = order[:, 0] == truth
        limits: dict[Kind, Limit] = {}
        acted = np.zeros(len(truth), dtype=bool)
        for place, kind in enumerate(KINDS):
            members = kind_of[order[:, 0]] == place
            if members.sum() < _ENOUGH:
                continue
            missed = costs.missed_emergency * (in_need & (kind != "urgent"))
            acting = np.where(right, 0.0, costs.of_acting(kind) + missed)
            limit = _cheapest(first[members], second[members], (asking - acting)[members])
            limits[kind] = limit
            if kind != "urgent":
                unsure = (first < limit.confidence) | (first - second < limit.margin)
                acted |= members & ~unsure
        strange = np.isin(labels, list(outside))
        acted &= ~strange[order[:, 0]]
        acting = np.where(strange[truth], costs.answered_stranger, costs.wrong_answer)
        doubts = probabilities[:, strange].sum(axis=1)
        doubt = _doubt(doubts[acted], (asking - np.where(right, 0.0, acting))[acted])
        named = {label: kinds.get(label, "answer") for label in labels}
        return cls(named, limits, outside, doubt)

    def of(self, intent: str) -> Limit | None:
        """The limit of an intent."""
        kind = self._kinds.get(intent)
        return self.by_kind.get(kind) if kind else None

    def asks(self, ranking: Sequence[tuple[str, float]]) -> Limit | None:
        """The limit of the likeliest intent, where it is better to ask; `ranking` has all intents."""
        intent, first = ranking[0]
        limit = self.of(intent)
        if limit is None or limit.asks(first, ranking[1][1]):
            return limit
        if self._kinds[intent] == "urgent" or intent in self._outside:
            return None
        doubt = sum(share for name, share in ranking if name in self._outside)
        return limit if doubt > self.doubt else None

    def save(self, folder: Path) -> None:
        """Write kinds and limits as JSON."""
        content = {
            "kinds": self._kinds,
            "limits": self.by_kind,
            "outside": sorted(self._outside),
            "doubt": self.doubt,
        }
        (folder / _FILE).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Limits:
        """Read what `save` wrote; an older model has no limits, and a fallback of Rasa's own."""
        file = folder / _FILE
        if not file.exists():
            return cls({}, {})
        content = json.loads(file.read_text(encoding="utf-8"))
        limits = {kind: Limit(*limit) for kind, limit in content["limits"].items()}
        return cls(content["kinds"], limits, content.get("outside", ()), content.get("doubt", 1.0))


def _cheapest(first: Scores, second: Scores, difference: Scores) -> Limit:
    """Of limits that cost practically least, the one that asks least; `difference`: asking over acting."""
    asked = {
        Limit(*limit): (first < limit[0]) | (first - second < limit[1])
        for limit in product(_CONFIDENCES, _MARGINS)
    }
    costs = {limit: float(difference[asks].sum()) for limit, asks in asked.items()}
    enough = min(costs.values()) + _ALIKE * len(first)
    good = [limit for limit, cost in costs.items() if cost <= enough]
    return min(good, key=lambda limit: (int(asked[limit].sum()), limit))


def _doubt(doubts: Scores, difference: Scores) -> float:
    """The share of other matters above which it costs least to ask."""
    return min(_DOUBTS, key=lambda limit: (float(difference[doubts > limit].sum()), -limit))
