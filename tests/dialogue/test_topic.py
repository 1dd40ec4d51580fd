"""One more question about what was answered last."""

from __future__ import annotations

import pytest

from bot.dialogue.state import Conversation, Frame
from bot.dialogue.topic import asked_on
from bot.dialogue.turn import FALLBACK, Turn

TOPIC = "confirm_identity"
LAST = Conversation(topic=f"{TOPIC}/banks")


def turn(
    text: str, intent: str = FALLBACK, confidence: float = 0.3, fact: str = "time", likely: float = 0.1
) -> Turn:
    return Turn(
        text, intent, confidence, ranking=((intent, confidence), (TOPIC, likely)), facts={TOPIC: fact}
    )


def test_an_unsure_question_is_about_the_topic_answered_last() -> None:
    assert asked_on(turn("a ile to trwa?"), LAST) == f"{TOPIC}/time"
    assert asked_on(turn("a dalej?", "show_more", 0.9), LAST) == f"{TOPIC}/time"


@pytest.mark.parametrize(
    ("said", "conversation"),
    [
        (turn("a ile to trwa?"), Conversation()),
        (turn("a ile to trwa?"), Conversation(topic=LAST.topic, stack=[Frame("booking")])),
        (turn("a jakie banki?", fact="banks"), LAST),
        (turn("odwołaj wizytę", "cancel_visit", 0.95), LAST),
        (turn("no a ile", likely=0.01), LAST),
        (turn("chciałbym jeszcze wiedzieć ile mniej więcej trwa czekanie na lekarza"), LAST),
    ],
    ids=[
        "nothing answered",
        "a task is open",
        "just answered",
        "a sure request",
        "no reading",
        "a long message",
    ],
)
def test_anything_else_is_what_it_seems(said: Turn, conversation: Conversation) -> None:
    assert asked_on(said, conversation) is None


def test_the_topic_is_kept_in_the_slot() -> None:
    assert Conversation.from_json(LAST.to_json()).topic == LAST.topic
