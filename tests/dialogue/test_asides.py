"""A short question about the topic at hand is answered with what is known of that topic."""

from __future__ import annotations

import pytest

from bot.dialogue.asides import answers, asides
from bot.dialogue.state import Conversation, Frame
from bot.dialogue.texts import Texts
from bot.dialogue.turn import FALLBACK, Mention, Turn
from bot.language.asides import OTHER, names_of_asides
from bot.settings import PROJECT

IDENTITY = Conversation(stack=[Frame("account", topic="confirm_identity")])
ANSWERED = Conversation(topic="ask_programmes/oncology")


def turn(text: str, intent: str = FALLBACK, confidence: float = 0.3, *mentions: Mention) -> Turn:
    return Turn(text, intent, confidence, mentions=mentions)


def relation(text: str, word: str, who: str) -> Mention:
    return Mention("relation", (who,), word, text.index(word), text.index(word) + len(word))


def test_in_the_middle_of_a_task_it_is_about_the_task() -> None:
    assert asides(turn("a ile to trwa"), IDENTITY) == ("confirm_identity/steps",)


def test_what_its_words_are_near_to_does_not_matter() -> None:
    assert asides(turn("a ile to kosztuje?", "ask_payment", 0.9), ANSWERED) == ("ask_programmes/cost",)


def test_both_questions_are_answered() -> None:
    assert asides(turn("a ile to trwa i czy to kosztuje?"), IDENTITY) == (
        "confirm_identity/steps",
        "confirm_identity/cost",
    )


def test_whether_somebody_else_may() -> None:
    text = "a moja córka ma 16 lat, ona też może?"
    assert asides(turn(text, "other_doctor", 0.65, relation(text, "córka", "daughter")), IDENTITY) == (
        "confirm_identity/others",
    )
    text = "a mama też może?"
    said = turn(text, FALLBACK, 0.3, relation(text, "mama", "mother"))
    assert asides(said, Conversation(topic="ask_prescription")) == ("ask_family_access/adult",)


def test_what_was_answered_on_the_way_comes_before_the_task() -> None:
    conversation = Conversation(topic="ask_programmes", stack=[Frame("account", topic="confirm_identity")])
    assert asides(turn("a ile to kosztuje?"), conversation) == ("ask_programmes/cost",)


def test_a_sure_first_question_is_about_itself() -> None:
    said = turn("ile kosztuje potwierdzenie tożsamości?", "confirm_identity", 0.9)
    assert asides(said, Conversation()) == ("confirm_identity/cost",)


@pytest.mark.parametrize(
    ("said", "conversation"),
    [
        (turn("a ile to trwa"), Conversation()),
        (turn("a ile to trwa"), Conversation(stack=[Frame("booking")])),
        (turn("gotowe", "inform", 0.9), IDENTITY),
        (turn("ile kosztuje rezonans kolana?", "check_coverage", 0.9), IDENTITY),
        (turn("ile to potrwa? nie mogę oddychać", "emergency", 0.9), IDENTITY),
        (Turn("ile to trwa?", "press", key="1.0"), IDENTITY),
    ],
    ids=["no topic", "a booking", "an answer", "another thing", "an alarm", "a button"],
)
def test_anything_else_is_what_it_seems(said: Turn, conversation: Conversation) -> None:
    assert asides(said, conversation) == ()


def test_every_answer_exists_and_every_question_can_be_heard() -> None:
    texts = Texts.load(PROJECT)
    known = (names_of_asides() - {OTHER}) | {"for_child", "for_adult"}
    for topic, told in answers().items():
        assert set(told) <= known, topic
        missing = sorted(reply for reply in told.values() if not texts.has(f"utter_{reply}"))
        assert missing == [], topic


def test_a_request_is_no_question_about_itself() -> None:
    said = turn("jakie dokumenty mam już wgrane?", "list_documents", 0.98)
    assert asides(said, Conversation()) == ()
