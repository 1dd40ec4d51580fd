"""Typed answers to tappable options."""

import pytest

from bot.dialogue.options import match_option
from bot.dialogue.state import Option, Prompt
from bot.dialogue.turn import Turn

KINDS = Prompt(1, "kind", [Option("W placówce", {"k": 1}), Option("Przez telefon", {"k": 2})])
EXAMS = Prompt(
    2,
    "service",
    [
        Option("USG jamy brzusznej", {"k": 1}, ["usg brzucha"]),
        Option("USG ciąży", {"k": 2}, ["usg dziecka w brzuchu"]),
        Option("USG tarczycy", {"k": 3}),
    ],
)


def said(prompt: Prompt, text: str, *, by_number: bool = True) -> int | None:
    option = match_option(prompt, Turn(text, "inform"), by_number=by_number)
    return option.act["k"] if option else None


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("w placówce", 1),
        ("W PLACOWCE", 1),
        ("telefon", 2),
        ("przez telefon poproszę", 2),
        ("2", 2),
        ("ta druga", 2),
        ("pierwsza opcja", 1),
    ],
)
def test_labels_numbers_and_ordinals(text: str, chosen: int) -> None:
    assert said(KINDS, text) == chosen


@pytest.mark.parametrize("text", ["a co to?", "w Gdańsku", "nie wiem", "3", ""])
def test_what_names_no_option_chooses_none(text: str) -> None:
    assert said(KINDS, text) is None


@pytest.mark.parametrize(
    ("text", "chosen"), [("brzucha", 1), ("brzusznej", 1), ("ciąża", 2), ("tarczyca", 3)]
)
def test_a_word_of_the_label_in_another_form(text: str, chosen: int) -> None:
    assert said(EXAMS, text) == chosen


def test_a_shared_word_chooses_none() -> None:
    assert said(EXAMS, "usg") is None


def test_numbers_can_be_left_out() -> None:
    assert said(KINDS, "2", by_number=False) is None
