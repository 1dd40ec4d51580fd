"""The simulated patient follows its agenda: tells, chooses, compares, corrects, interrupts, gives up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.actions.catalogue import Catalogue
from bot.rehearsal.stage import Reply
from bot.rehearsal.tasks.agenda import Agenda
from bot.rehearsal.tasks.patient import Patient
from bot.rehearsal.tasks.task import load
from bot.rehearsal.tasks.wordings import Wordings
from bot.settings import PROJECT

EMPTY = Catalogue({}, {}, {}, {})
WORDINGS = Wordings.read(PROJECT / "data" / "evaluation" / "tasks" / "wordings")
ASK_CITY = Reply("W jakim mieście?", "utter_ask_booking_city")
READ_BACK = Reply(
    "Usługa: urolog, w środę 25 listopada o 16:00, Centrum Gdańsk",
    "utter_booking_read_back",
    (("Tak", "/y"),),
)


@pytest.fixture
def patient(tmp_path: Path) -> Any:
    def make(**user: Any) -> Patient:
        goal = {"want": "book", "values": {"what": "urolog", "where": "Gdańsk"}, **user.pop("goal", {})}
        path = tmp_path / "task.yml"
        path.write_text(
            yaml.safe_dump({"purpose": "x", "say": [{"number": 1}], "user": {"goals": [goal], **user}}),
            "utf-8",
        )
        return Patient(Agenda(load(path), WORDINGS, EMPTY, 0))

    return make


def offer(*starts: str) -> Reply:
    slots = [{"start": f"2026-11-25T{start}:00+01:00", "kind": "onsite"} for start in starts]
    return Reply("Wolne terminy", "utter_booking_offer", values={"facts": {"slots": slots}})


def test_the_opening_tells_all_or_only_what(patient: Any) -> None:
    assert "Gdańsk" in patient().talk(()).text
    assert "Gdańsk" not in patient(reveal="one_by_one").talk(()).text


def test_the_asked_slot_is_told(patient: Any) -> None:
    talking = patient(reveal="one_by_one")
    talking.talk(())
    said = talking.talk([ASK_CITY])
    assert (said.slot, "Gdańsk" in said.text) == ("where", True)


def test_an_unknown_slot_is_not_known(patient: Any) -> None:
    talking = patient(goal={"values": {"what": "urolog"}})
    talking.talk(())
    assert talking.talk([ASK_CITY]).act == "dont_know"


def test_the_first_slot_that_suits_is_chosen(patient: Any) -> None:
    talking = patient(goal={"values": {"what": "urolog"}, "limits": {"specialty": "", "from": "15:00"}})
    talking.talk(())
    said = talking.talk([offer("09:00", "15:20", "16:00")])
    assert said.act in {"choose_number", "choose_time", "press"}
    assert talking.agenda.chosen == "2026-11-25T15:20:00+01:00"


def test_nothing_suits_and_others_are_asked_for_three_times(patient: Any) -> None:
    talking = patient(goal={"values": {"what": "urolog"}, "limits": {"specialty": "", "from": "17:00"}})
    talking.talk(())
    acts = [talking.talk([offer("09:00")]) for _ in range(4)]
    assert [said.act for said in acts[:3]] == ["show_more"] * 3
    assert acts[3] is None


@pytest.mark.parametrize(("hour", "agrees"), [("15:00", True), ("17:00", False)])
def test_what_is_read_back_is_compared(hour: str, agrees: bool, patient: Any) -> None:
    talking = patient(goal={"limits": {"from": hour}})
    talking.talk(())
    said = talking.talk([READ_BACK])
    assert (said.act == "confirm") is agrees


def test_what_was_said_wrong_is_put_right_at_its_reply(patient: Any) -> None:
    talking = patient(goal={"first": {"where": "Lublin"}, "corrects_at": "utter_booking_read_back"})
    assert "Lublin" in talking.talk(()).text
    said = talking.talk([READ_BACK])
    assert (said.act, "Gdańsk" in said.text) == ("correct_where", True)


def test_an_interruption_comes_once(patient: Any) -> None:
    aside = {"after": "utter_ask_booking_city", "act": "ask_arrival", "answer": "utter_ask_arrival"}
    talking = patient(reveal="one_by_one", interrupts=[aside])
    talking.talk(())
    assert talking.talk([ASK_CITY]).act == "ask_arrival"
    answered = [Reply("Dokument tożsamości.", "utter_ask_arrival"), ASK_CITY]
    assert talking.talk(answered).act == "tell_where"


def test_not_understood_is_said_in_other_words_and_given_up(patient: Any) -> None:
    talking = patient()
    texts = [talking.talk(()).text]
    unclear = [Reply("Nie mam pewności.", "utter_not_understood")]
    texts += [talking.talk(unclear).text for _ in range(2)]
    assert len(set(texts)) == 3
    assert talking.talk(unclear) is None
    assert talking.agenda.confused


def test_giving_up_says_no_at_the_end(patient: Any) -> None:
    talking = patient(goal={"gives_up": True})
    talking.talk(())
    assert talking.talk([READ_BACK]).act == "stop"


def test_the_same_trial_says_the_same(patient: Any) -> None:
    assert patient().talk(()) == patient().talk(())
