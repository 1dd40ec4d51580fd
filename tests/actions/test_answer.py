"""Which reply a plain question gets."""

import pytest

from bot.actions.answer import Answer, answer_to
from bot.channels.rasa_bridge import parse_payload
from bot.dialogue.texts import Texts
from bot.dialogue.turn import Turn

TEXTS = Texts({"utter_ask_x": "ogólnie", "utter_ask_x/price": "dokładnie"})


@pytest.mark.parametrize(
    ("fact", "reply"),
    [
        ({"name": "price", "confidence": 0.8}, "utter_ask_x/price"),
        ({"name": "price", "confidence": 0.1}, "utter_ask_x"),
        ({"name": "unwritten", "confidence": 0.9}, "utter_ask_x"),
        ({"name": None, "confidence": 0.9}, "utter_ask_x"),
        (None, "utter_ask_x"),
    ],
)
def test_the_fact_is_answered_only_when_it_is_sure_and_written(fact: object, reply: str) -> None:
    turn = Turn.from_message({"intent": {"name": "ask_x", "confidence": 0.9}, "fact": fact})
    assert answer_to(turn, TEXTS) == reply


@pytest.mark.parametrize(
    ("payload", "reply"),
    [
        ("/ask_x/price", "utter_ask_x/price"),
        ("/ask_x", "utter_ask_x"),
        ('/ask_x{"fact": "price"}', "utter_ask_x/price"),
    ],
)
def test_buttons_ask_as_well(payload: str, reply: str) -> None:
    assert answer_to(Turn.from_message(parse_payload(payload)), TEXTS) == reply


def test_its_name_is_the_one_of_the_rules() -> None:
    assert Answer(TEXTS).name() == "action_answer"
