"""Which of the offered readings is meant."""

from __future__ import annotations

import pytest

from bot.dialogue import clarifying
from bot.dialogue.state import Conversation, Frame
from bot.dialogue.turn import Turn

MESSAGE = {"text": "coś z dermatologiem", "entities": [{"entity": "specialty"}], "message_id": "m1"}


def asked(*readings: tuple[str, str]) -> Conversation:
    conversation = Conversation()
    options = [clarifying.reading(intent, None, label) for intent, label in readings]
    clarifying.ask(conversation, MESSAGE, options)
    return conversation


TWO = (("cancel_visit", "Odwołać wizytę"), ("book_visit", "Umówić wizytę"))


@pytest.mark.parametrize(
    ("text", "intent", "meant"),
    [
        ("odwołać", "cancel_visit", "cancel_visit"),
        ("to drugie", "choose_option", "book_visit"),
        ("tak", "affirm", None),
        ("jednak nie, chcę zapytać o wyniki mojej córki", "get_results", None),
    ],
)
def test_one_of_two(text: str, intent: str, meant: str | None) -> None:
    option = clarifying.chosen(Turn(text, intent), asked(*TWO), "m1")
    assert (option.act["intent"] if option else None) == meant


def test_a_yes_means_the_only_one() -> None:
    assert clarifying.chosen(Turn("tak", "affirm"), asked(TWO[0]), "m1") is not None
    assert clarifying.chosen(Turn("nie", "deny"), asked(TWO[0]), "m1") is None


def test_words_count_right_after_the_question_and_a_button_later_too() -> None:
    conversation = asked(TWO[0])
    assert clarifying.chosen(Turn("tak", "affirm"), conversation, "m2") is None
    assert clarifying.chosen(Turn("", "press", key="1.0"), conversation, "m2") is not None


def test_nothing_is_chosen_in_the_middle_of_a_task() -> None:
    conversation = asked(TWO[0])
    conversation.stack.append(Frame("booking"))
    assert clarifying.chosen(Turn("tak", "affirm"), conversation, "m1") is None


def test_the_message_comes_again_as_what_was_meant_with_all_it_said() -> None:
    conversation = Conversation.from_json(asked(*TWO).to_json())
    option = clarifying.chosen(Turn("", "press", key="1.1"), conversation, "")
    assert option is not None
    clarifying.take(conversation, option)
    waiting = Conversation.from_json(conversation.to_json()).waiting
    assert waiting[0].message["intent"]["name"] == "book_visit"
    assert waiting[0].message["entities"] == MESSAGE["entities"]
    assert waiting[0].meant
    assert conversation.clarified is None
