"""Several requests in one message: when it is taken apart, and in which order."""

from typing import Any

import pytest

from bot.dialogue.requests import in_order, intent_of, takes_apart
from bot.dialogue.state import CONSENT, Conversation, Frame, Option, Waiting
from bot.dialogue.turn import Turn

STARTS = {
    "book_visit": "booking",
    "watch_slot": "booking",
    "cancel_visit": "cancellation",
    "reschedule_visit": "rescheduling",
    "ask_payment": "coverage",
}


def part(intent: str, text: str = "", **entities: str) -> dict[str, Any]:
    """One part of a message."""
    return {
        "text": text or f"czy {intent}",
        "intent": {"name": intent, "confidence": 0.9},
        "entities": [{"entity": kind, "value": value} for kind, value in entities.items()],
    }


def message(*parts: dict[str, Any], intent: str = "book_visit") -> Turn:
    return Turn("...", intent, 0.9, requests=tuple(parts))


def open_task(about: str = "city", options: tuple[Option, ...] = ()) -> Conversation:
    conversation = Conversation([Frame("booking")])
    conversation.open(about, list(options))
    return conversation


@pytest.mark.parametrize(
    ("parts", "apart"),
    [
        ([part("cancel_visit"), part("book_visit")], True),
        ([part("ask_payment"), part("ask_referral")], True),
        ([part("book_visit"), part("watch_slot")], False),
        ([part("cancel_visit"), part("reschedule_visit")], False),
        ([part("cancel_visit", service="a"), part("reschedule_visit", service="b")], True),
        ([part("inform"), part("ask_payment")], False),
        ([], False),
    ],
)
def test_what_is_taken_apart_with_nothing_open(parts: list[dict[str, Any]], apart: bool) -> None:
    assert takes_apart(message(*parts), Conversation(), STARTS) is apart


def test_an_answer_beside_a_question_only_where_an_answer_is_awaited() -> None:
    turn = message(part("inform"), part("ask_payment"))
    assert takes_apart(turn, open_task(), STARTS)
    assert not takes_apart(turn, open_task(CONSENT), STARTS)
    assert not takes_apart(message(part("inform"), part("book_visit", "umów")), open_task(), STARTS)


def test_an_emergency_is_never_one_of_two_things() -> None:
    parts = part("cancel_visit"), part("book_visit")
    assert not takes_apart(message(*parts, intent="emergency"), Conversation(), STARTS)


def test_an_option_that_was_named_is_an_answer() -> None:
    conversation = open_task(options=(Option("Odwołaj i umów", {"do": "x"}),))
    turn = Turn("odwołaj i umów", "cancel_visit", requests=(part("cancel_visit"), part("book_visit")))
    assert not takes_apart(turn, conversation, STARTS)


def test_questions_come_first_then_answers_then_tasks() -> None:
    conversation = open_task()
    turn = message(part("book_visit", "umów"), part("ask_payment"), part("inform"))
    waiting = in_order(turn, conversation)
    assert [intent_of(one.message) for one in waiting] == ["ask_payment", "inform", "book_visit"]
    assert [one.depth for one in waiting] == [1, 1, 0]


def test_a_question_that_names_nothing_is_about_the_same_thing() -> None:
    turn = message(part("book_visit", "umów USG", service="usg"), part("ask_payment"))
    question = in_order(turn, Conversation())[0].message
    assert question["entities"] == [{"entity": "service", "value": "usg"}]
    own = message(part("book_visit", "umów USG", service="usg"), part("ask_payment", service="rtg"))
    assert in_order(own, Conversation())[0].message["entities"] == [{"entity": "service", "value": "rtg"}]


def test_what_waits_is_due_when_what_came_before_is_over() -> None:
    conversation = Conversation([Frame("cancellation")], waiting=[Waiting(part("book_visit"), 0)])
    assert not conversation.due
    conversation.stack.clear()
    assert conversation.due
    assert Conversation.from_json(conversation.to_json()).waiting == conversation.waiting


@pytest.mark.parametrize(
    ("text", "rest", "about", "waiting"),
    [
        (
            "tak, i jeszcze receptę",
            part("renew_prescription", "receptę"),
            CONSENT,
            ["affirm", "renew_prescription"],
        ),
        ("tak, a do kiedy odwołam", part("ask_referral", "do kiedy odwołam"), CONSENT, ["ask_referral"]),
        ("tak, ale receptę też", part("renew_prescription", "receptę też"), CONSENT, ["renew_prescription"]),
        ("no dobrze, podaj numer", part("ask_contact", "podaj numer"), "city", ["ask_contact"]),
    ],
)
def test_a_leading_yes_counts_only_before_a_wish_and_where_it_was_asked_for(
    text: str, rest: dict[str, Any], about: str, waiting: list[str]
) -> None:
    turn = Turn(text, "affirm", 0.9, requests=(part("affirm", "tak"), rest))
    conversation = open_task(about)
    starts = {**STARTS, "renew_prescription": "prescription"}
    assert takes_apart(turn, conversation, starts)
    assert [intent_of(one.message) for one in in_order(turn, conversation)] == waiting


def test_what_belongs_to_the_open_task_stays_with_the_yes() -> None:
    turn = Turn(
        "tak, umów mnie", "affirm", 0.9, requests=(part("affirm", "tak"), part("book_visit", "umów mnie"))
    )
    assert not takes_apart(turn, open_task(CONSENT), STARTS)
