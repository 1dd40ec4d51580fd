"""Which messages ask for several things, with a reader that knows what each clause means."""

import pytest

from bot.nlu.intent_model import Reading
from bot.nlu.requests import requests_in

KNOWN = {
    "odwołaj wizytę": "cancel_visit",
    "odwołaj okulistę": "cancel_visit",
    "umów dermatologa": "book_visit",
    "ile to kosztuje?": "ask_payment",
    "w piątek": "inform",
    "dziękuję": "thanks",
    "dzień dobry": "greet",
    "zachorowałam": "inform",
}


def requests(text: str, whole: str = "book_visit", sure: float = 0.9, confidence: float = 0.5) -> list[str]:
    """Intents found; a stretch that is no clause means what its first known clause does."""

    def read(start: int, end: int) -> Reading:
        stretch = text[start:end].lower()
        found = [intent for clause, intent in KNOWN.items() if clause in stretch]
        asked = [intent for intent in found if intent not in {"thanks", "greet", "inform"}]
        return Reading((asked or found or ["chitchat"])[0], sure)

    return [part.reading.intent for part in requests_in(text, Reading(whole, confidence), read)]


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("Odwołaj wizytę i umów dermatologa", ["cancel_visit", "book_visit"]),
        ("Dzień dobry. Odwołaj wizytę. Umów dermatologa. Dziękuję.", ["cancel_visit", "book_visit"]),
        ("umów dermatologa, ile to kosztuje?", ["book_visit", "ask_payment"]),
        ("w piątek, a ile to kosztuje?", ["inform", "ask_payment"]),
        ("no dobrze, odwołaj okulistę", ["affirm", "cancel_visit"]),
        ("tak, bo zachorowałam", []),
        ("Zachorowałam. Odwołaj wizytę.", []),
        ("Odwołaj wizytę i odwołaj okulistę", []),
        ("umów dermatologa", []),
        ("", []),
    ],
)
def test_requests_of_a_message(text: str, intents: list[str]) -> None:
    assert requests(text) == intents


def test_parts_that_are_not_sure_are_left_together() -> None:
    assert requests("Odwołaj wizytę i umów dermatologa", sure=0.4) == []


def test_a_message_that_is_clearly_something_else_is_left_whole() -> None:
    assert requests("Odwołaj wizytę i umów dermatologa", whole="human", confidence=0.95) == []
    assert requests("Odwołaj wizytę i umów dermatologa", whole="cancel_visit", confidence=0.95) != []


def test_a_long_story_is_left_whole() -> None:
    assert requests("Odwołaj wizytę. Umów dermatologa. Dziękuję. Dziękuję. Dziękuję. Dziękuję.") == []


def test_parts_point_into_the_message() -> None:
    text = "Dzień dobry, odwołaj wizytę i umów dermatologa"
    parts = requests_in(
        text,
        Reading("cancel_visit", 0.5),
        lambda a, b: Reading("cancel_visit" if "odw" in text[a:b] else "book_visit", 0.9),
    )
    assert [text[part.start : part.end] for part in parts] == [
        "Dzień dobry, odwołaj wizytę",
        "umów dermatologa",
    ]
