"""The task suite measures what it says: facts as values, writes after a yes, pass^k, and tasks without faults."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.cli import parser
from bot.language.times.model import WARSAW
from bot.rehearsal.stage import Reply
from bot.rehearsal.tasks.heard import hear
from bot.rehearsal.tasks.report import pass_hat
from bot.rehearsal.tasks.reward.evidence import Turn
from bot.rehearsal.tasks.reward.facts import said
from bot.rehearsal.tasks.reward.process import thread_lost, unconfirmed
from bot.rehearsal.tasks.task import Interruption, Said, TaskError, load, load_all
from bot.rehearsal.tasks.wordings import SETS, Wordings, perturbed, seed_of
from bot.settings import PROJECT

FOLDER = PROJECT / "data" / "evaluation" / "tasks"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=WARSAW)
TASKS = load_all(FOLDER)


@pytest.fixture(scope="module")
def wordings() -> Wordings:
    return Wordings.read(FOLDER / "wordings")


class TestHeard:
    def test_dates_hours_and_money_are_values(self) -> None:
        heard = hear(["we wtorek 24 listopada o 15:30, koszt 1 200,50 zł"], NOW)
        assert heard.dates == {date(2026, 11, 24)}
        assert heard.times == {"15:30"}
        assert Decimal("1200.50") in heard.amounts

    def test_one_hour_in_two_spellings(self) -> None:
        assert hear(["o 17.30"], NOW).times == hear(["o 17:30"], NOW).times == {"17:30"}

    def test_a_january_date_is_next_year(self) -> None:
        assert hear(["od 2 stycznia"], NOW).dates == {date(2027, 1, 2)}

    def test_short_dates_of_options_are_no_hours(self) -> None:
        heard = hear(["wt. 1.12, 8:05"], NOW)
        assert heard.dates == {date(2026, 12, 1)}
        assert heard.times == {"08:05"}

    def test_durations_and_phones(self) -> None:
        heard = hear(["zostało 5 godzin i 59 minut, Infolinia 22 33 22 888"], NOW)
        assert 359 in heard.minutes
        assert "223322888" in heard.phones

    def test_surnames_in_any_case(self) -> None:
        assert hear(["wizyta u dr Anny Zięby"], NOW).surname("Zięba", "f")
        assert not hear(["wizyta u dr Anny Ziębickiej"], NOW).surname("Zięba", "f")


@pytest.mark.parametrize(
    ("fact", "true"),
    [
        ({"rule": "R54", "minutes": 359}, True),
        ({"rule": "R54", "minutes": 360}, False),
        ({"answer": "change_refused"}, True),
        ({"phone": "22 33 22 888"}, True),
        ({"phone": "112"}, False),
    ],
)
def test_a_fact_is_said_or_not(fact: Mapping[str, Any], true: bool) -> None:
    reply = Reply("Zostało 5 godzin i 59 minut. Infolinia: 22 33 22 888.", "utter_change_refused_R54")
    assert said(fact, [reply], NOW) is true


def test_a_write_needs_a_yes() -> None:
    call = {"method": "POST", "path": "/v1/reservations"}
    assert list(unconfirmed(Turn(Said("pierwszy", "choose_number"), [], [call])))
    assert not list(unconfirmed(Turn(Said("tak", "confirm"), [], [call])))


def test_an_interrupted_question_comes_back() -> None:
    aside = Interruption(after="utter_booking_offer", act="ask_arrival", answer="utter_ask_arrival")
    move = Said("a co zabrać?", "ask_arrival", interrupts=aside)
    answer, offer = Reply("Dokument.", "utter_ask_arrival"), Reply("Wolne terminy", "utter_booking_offer")
    assert list(thread_lost([Turn(move, [answer], [])], 1))
    assert not list(thread_lost([Turn(move, [answer, offer], [])], 1))


def test_pass_hat_is_the_chance_that_all_of_k_succeed() -> None:
    assert pass_hat(4, 4, 4) == 1.0
    assert pass_hat(3, 4, 4) == 0.0
    assert pass_hat(2, 4, 2) == pytest.approx(1 / 6)


class TestWordings:
    def test_trials_share_no_wording(self, wordings: Wordings) -> None:
        for act, texts in wordings.acts.items():
            base = seed_of("any/task", act)
            chosen = [texts[(base + trial) % len(texts)] for trial in range(SETS)]
            assert len(set(chosen)) == SETS, act

    def test_optional_parts_come_with_their_values(self, wordings: Wordings) -> None:
        texts = {wordings.say("book", {"what": "urolog", "where": "Gdańsk"}, number) for number in range(10)}
        assert all("urolog" in text and "Gdańsk" in text and "{" not in text for text in texts)

    def test_values_mean_limits(self, wordings: Wordings) -> None:
        assert wordings.means("when", "next_week", NOW) == {
            "date_from": "2026-11-30",
            "date_to": "2026-12-06",
        }

    def test_the_hand_slips_the_same_way_each_time(self) -> None:
        text = "Proszę o termin do dermatologa w Łodzi."
        assert perturbed(text, 1, random.Random(0)) == "prosze o termin do dermatologa w lodzi"
        assert perturbed(text, 3, random.Random(5)) == perturbed(text, 3, random.Random(5))


class TestTasks:
    def test_names_are_unique_and_areas_are_there(self) -> None:
        assert len({task.name for task in TASKS}) == len(TASKS)
        assert {"booking", "cancelling", "rescheduling", "coverage"} <= {task.area for task in TASKS}

    def test_every_act_has_words(self, wordings: Wordings) -> None:
        for task in TASKS:
            for goal in task.goals:
                assert wordings.say(goal.want, {**goal.values, **goal.first}, 0), task.name
            for aside in task.interrupts:
                assert wordings.say(aside.act, aside.values, 0), task.name

    def test_a_task_with_nothing_to_do_has_something_to_say(self) -> None:
        for task in TASKS:
            assert task.gold or task.say, task.name

    def test_an_unknown_key_is_an_error(self, tmp_path: Path) -> None:
        path = tmp_path / "wrong.yml"
        path.write_text("purpose: x\nuser: {goals: [{want: book}]}\nsays: []\n", encoding="utf-8")
        with pytest.raises(TaskError, match="says"):
            load(path)


def test_the_command_line_knows_the_suite() -> None:
    given = ["evaluate", "tasks", "--task", "booking", "--trials", "1"]
    options = parser(given).parse_args(given)
    assert (options.what, options.task, options.trials) == ("tasks", "booking", 1)
