"""A woman or a man as the doctor."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.actions.booking.gender import wished
from bot.dialogue.turn import Turn
from bot.portal.models import Gender


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("ginekolog, ale kobieta", Gender.FEMALE),
        ("do lekarki proszę", Gender.FEMALE),
        ("nie u faceta", Gender.FEMALE),
        ("wolałbym mężczyznę", Gender.MALE),
        ("byle nie kobieta", Gender.MALE),
        ("żadna kobieta, wolę mężczyznę", Gender.MALE),
    ],
)
def test_wished(said: Callable[..., Turn], text: str, gender: Gender) -> None:
    assert wished(said(text)) == gender


@pytest.mark.parametrize(
    "text",
    ["", "dermatolog", "jestem kobietą w ciąży", "dla kobiety po 50", "jestem mężczyzną", "kobiece sprawy"],
)
def test_who_the_patient_is_says_nothing_of_the_doctor(said: Callable[..., Turn], text: str) -> None:
    assert wished(said(text)) is None


def test_a_doctor_who_is_named_is_wanted_as_they_are(said: Callable[..., Turn]) -> None:
    assert wished(said("do lekarki Zięby", ("doctor", "zieba", "Zięby"))) is None
