"""Reading what Rasa understood."""

import json

import pytest

from bot.dialogue.turn import Turn
from bot.language.times import When


def test_mentions_time_and_ranking_are_read() -> None:
    when = When(time_from=None)
    message = {
        "text": "nie u Kowalskiego",
        "intent": {"name": "correct", "confidence": 0.7},
        "intent_ranking": [{"name": "correct", "confidence": 0.7}],
        "entities": [
            {
                "entity": "doctor",
                "value": "d1",
                "candidates": ["d1", "d2"],
                "start": 6,
                "end": 17,
                "negated": True,
            },
            {"entity": "time", "value": "{}", "start": 0, "end": 1},
            {"entity": "when", "value": json.dumps(when.to_json())},
        ],
    }
    turn = Turn.from_message(message)
    assert turn.said("doctor") == []
    assert turn.unwanted("doctor")[0].ids == ("d1", "d2")
    assert turn.when == when


def test_an_empty_message_is_a_fallback() -> None:
    turn = Turn.from_message({})
    assert (turn.intent, turn.text, turn.mentions, turn.when) == ("nlu_fallback", "", (), None)


def test_the_best_intent_behind_a_fallback() -> None:
    ranking = [{"name": "nlu_fallback", "confidence": 0.4}, {"name": "book_visit", "confidence": 0.35}]
    turn = Turn.from_message({"intent": {"name": "nlu_fallback"}, "intent_ranking": ranking})
    assert turn.best_intent() == "book_visit"


def test_a_sure_fact_of_the_intent_is_read() -> None:
    fact = {"name": "banks", "confidence": 0.9}
    assert Turn.from_message({"intent": {"name": "confirm_identity"}, "fact": fact}).fact == "banks"


def test_an_unsure_or_general_question_has_no_fact() -> None:
    for fact in ({"name": "banks", "confidence": 0.2}, {"name": None, "confidence": 0.9}, None):
        assert Turn.from_message({"intent": {"name": "confirm_identity"}, "fact": fact}).fact is None


def test_a_button_names_a_fact() -> None:
    message = {"intent": {"name": "confirm_identity"}, "entities": [{"entity": "fact", "value": "banks"}]}
    turn = Turn.from_message(message)
    assert (turn.fact, turn.mentions) == ("banks", ())


@pytest.mark.parametrize("payload", ['/press{"key":"3.1"}', "/ask_contact", '/file_offered{"file": "f1"}'])
def test_a_payload_has_no_words(payload: str) -> None:
    assert Turn.from_message({"text": payload, "intent": {"name": "x", "confidence": 1.0}}).text == ""
