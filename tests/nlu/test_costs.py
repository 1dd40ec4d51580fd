"""When asking back costs less than acting."""

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.costs import Costs, Kind, Limit, Limits

LABELS = ["book_visit", "ask_payment", "crisis"]
KINDS: dict[str, Kind] = {"book_visit": "writing", "crisis": "urgent"}


def held_out(first: int, right: float, wrong_as: int, count: int = 1000) -> tuple[np.ndarray, np.ndarray]:
    """Messages taken for one intent, evenly sure from 0.34 to 1; as often right as they are sure, or `right`."""
    sure = np.linspace(0.34, 1.0, count)
    probabilities = np.tile(((1 - sure) / 2)[:, None], (1, 3))
    probabilities[:, first] = sure
    chance = np.random.default_rng(1).random(count)
    truth = np.where(chance < (right if right else sure), first, wrong_as)
    return probabilities, truth.astype(np.intp)


def test_a_task_that_writes_needs_more_certainty_than_an_answer() -> None:
    tasks = Limits.cheapest(LABELS, KINDS, *held_out(0, 0, 1)).of("book_visit")
    answers = Limits.cheapest(LABELS, KINDS, *held_out(1, 0, 0)).of("ask_payment")
    assert tasks
    assert answers
    # The choices always have what was meant (three of three): asking costs 1. (1 - p) * cost = 1.
    assert max(tasks.confidence, (1 + tasks.margin) / 2) == pytest.approx(1 - 1 / 3, abs=0.06)
    assert max(answers.confidence, (1 + answers.margin) / 2) == pytest.approx(1 - 1 / 2, abs=0.06)


def test_an_answer_is_held_back_when_it_may_be_a_missed_emergency() -> None:
    harmless = Limits.cheapest(LABELS, KINDS, *held_out(1, 0.7, 0)).of("ask_payment")
    danger = Limits.cheapest(LABELS, KINDS, *held_out(1, 0.7, 2)).of("ask_payment")
    assert harmless
    assert not harmless.asks(0.9, 0.05)
    assert danger
    assert danger.asks(0.85, 0.05)


def test_urgent_help_is_never_held_back_by_what_a_false_alarm_costs() -> None:
    limit = Limits.cheapest(LABELS, KINDS, *held_out(2, 0.3, 1)).of("crisis")
    assert limit
    assert not limit.asks(0.34, 0.33)


def test_other_costs_give_other_limits() -> None:
    dear = Limits.cheapest(LABELS, KINDS, *held_out(0, 0, 1), Costs(wrong_task=20)).of("book_visit")
    assert dear
    assert dear.asks(0.85, 0.05)
    cheap = Limits.cheapest(LABELS, KINDS, *held_out(0, 0, 1), Costs(wrong_task=0.5)).of("book_visit")
    assert cheap
    assert not cheap.asks(0.4, 0.3)


def test_a_kind_with_few_messages_has_no_limit_and_everything_survives_saving(tmp_path: Path) -> None:
    limits = Limits.cheapest(LABELS, KINDS, *held_out(0, 0, 1))
    assert limits.of("crisis") is None
    limits.save(tmp_path)
    loaded = Limits.load(tmp_path)
    assert loaded.of("book_visit") == limits.of("book_visit")
    assert loaded.of("crisis") is None


def test_a_limit_is_of_certainty_and_of_distance() -> None:
    limit = Limit(0.3, 0.1)
    assert limit.asks(0.29, 0.0)
    assert limit.asks(0.5, 0.45)
    assert not limit.asks(0.5, 0.3)


def strangers(share: float, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Messages taken for payment, with up to 0.4 for another matter: true as often as that, times `share`."""
    strange = np.linspace(0.0, 0.4, count)
    probabilities = np.stack([np.zeros(count), 1 - strange, np.zeros(count), strange], axis=1)
    truth = np.where(np.random.default_rng(1).random(count) < strange * share, 3, 1)
    return probabilities, truth.astype(np.intp)


def test_what_may_be_no_matter_of_the_portals_is_not_answered_as_one() -> None:
    labels, other = [*LABELS, "out_of_scope"], ["out_of_scope"]
    # Asking costs 1, acting 5 times the share of strangers: from 0.2 on it is better to ask.
    wary = Limits.cheapest(labels, KINDS, *strangers(1.0), outside=other)
    assert wary.doubt == pytest.approx(0.2, abs=0.05)
    assert wary.asks([("ask_payment", 0.6), ("out_of_scope", 0.3), ("book_visit", 0.1)])
    assert not wary.asks([("ask_payment", 0.9), ("out_of_scope", 0.1), ("book_visit", 0.0)])
    assert not wary.asks([("out_of_scope", 0.7), ("ask_payment", 0.3), ("book_visit", 0.0)])
    assert not wary.asks([("crisis", 0.6), ("out_of_scope", 0.4), ("book_visit", 0.0)])
    # Where strangers are rare, whatever the model says, nobody is asked for their sake.
    assert Limits.cheapest(labels, KINDS, *strangers(0.05), outside=other).doubt >= 0.4


def test_the_doubt_survives_saving(tmp_path: Path) -> None:
    limits = Limits.cheapest([*LABELS, "out_of_scope"], KINDS, *strangers(1.0), outside=["out_of_scope"])
    limits.save(tmp_path)
    unsure = [("ask_payment", 0.6), ("out_of_scope", 0.3), ("book_visit", 0.1)]
    assert Limits.load(tmp_path).asks(unsure) == limits.asks(unsure)
    assert Limits.load(tmp_path).doubt == limits.doubt
