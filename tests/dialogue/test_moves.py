"""To cancel or to move."""

from __future__ import annotations

import pytest

from bot.dialogue.moves import settled


@pytest.mark.parametrize(
    ("text", "heard", "meant"),
    [
        ("nie chce odwolac tylko przelozyc dermatologa", "cancel_visit", "reschedule_visit"),
        ("nie odwołuj jej, przesuń na piątek", "cancel_visit", "reschedule_visit"),
        ("chcę przełożyć, a nie odwołać", "correct", "reschedule_visit"),
        ("nie, nie odwołuj, przełóż ją na przyszły tydzień", "correct", "reschedule_visit"),
        ("nie odwoluj przeloz na jutro", "cancel_visit", "reschedule_visit"),
        ("nie przekładać... nie przesuwaj, tylko odwołaj", "reschedule_visit", "cancel_visit"),
        ("odwołaj wizytę", "cancel_visit", "cancel_visit"),
        ("nie odwołuj", "deny", "deny"),
        ("odwołaj albo przełóż, wszystko mi jedno", "reschedule_visit", "reschedule_visit"),
        ("nie odwołuj i nie przekładaj, nie przesuwaj", "cancel_task", "cancel_task"),
        ("czy mogę nie odwoływać, tylko przesunąć?", "ask_cancellation_rules", "ask_cancellation_rules"),
    ],
)
def test_the_one_that_is_not_refused_is_meant(text: str, heard: str, meant: str) -> None:
    assert settled(text, heard) == meant
