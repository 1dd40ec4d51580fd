"""What is said after an alarm is heard as spoken in it, until a tap, a sure request or word that there was none."""

from __future__ import annotations

import pytest

from bot.dialogue.aftermath import after_alarm
from bot.dialogue.state import CONSENT, Conversation, Frame, Prompt
from bot.dialogue.turn import FALLBACK, PRESS, Mention, Turn


def turn(text: str, intent: str, confidence: float = 0.9, alarm: str = "somatic", **more: object) -> Turn:
    return Turn(text, intent, confidence, metadata={"alarm": alarm}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "intent", "confidence"),
    [
        ("co mam robić", "help", 0.9),
        ("dzwonię", "ask_contact", 0.7),
        ("karetka już jedzie", FALLBACK, 0.3),
        ("boję się", "chitchat", 0.8),
        ("wszyscy śpią", "inform", 0.9),
        ("no ale mogę poczekać do środy?", "show_earlier", 0.44),
    ],
)
def test_distress_is_answered_with_the_numbers(said: str, intent: str, confidence: float) -> None:
    assert after_alarm(turn(said, intent, confidence), Conversation()) == "utter_after_alarm"
    assert (
        after_alarm(turn(said, intent, confidence, alarm="crisis_child"), Conversation())
        == "utter_after_crisis"
    )


@pytest.mark.parametrize(
    "said",
    [
        turn("umów mnie do kardiologa", "book_visit"),
        turn("rezygnuję", "cancel_task"),
        turn("to było dawno", "deny"),
        turn("wróćmy", "resume"),
        turn("", PRESS, key="1.0"),
        turn("co mam robić", "help", alarm=""),
        turn("dermatolog", "inform", mentions=(Mention("specialty", ("dermatolog",), "dermatolog", 0, 10),)),
    ],
)
def test_a_request_of_its_own_is_heard_as_such(said: Turn) -> None:
    assert after_alarm(said, Conversation()) is None


@pytest.mark.parametrize("since", [False, True])
def test_a_yes_to_a_read_back_counts_once_something_was_said_since(since: bool) -> None:
    conversation = Conversation(stack=[Frame("booking", prompt=Prompt(1, CONSENT))])
    said = Turn("tak", "affirm", 1.0, metadata={"alarm": "somatic", "alarm_since": since})
    assert (after_alarm(said, conversation) is None) == since
