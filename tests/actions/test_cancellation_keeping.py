"""Who comes after all, and who does not come: bot/actions/cancellation/keeping.py."""

import pytest

from bot.actions.booking.leaving import lets_go
from bot.actions.cancellation.keeping import keeps, stays_away


@pytest.mark.parametrize(
    "text",
    [
        "Nie, jednak pójdę",
        "jednak przyjdę",
        "nie jednak pojde",
        "a nie, dam radę",
        "nie odwołuj, wpadnę",
        "to niech zostanie",
    ],
)
def test_the_visit_is_kept(text: str) -> None:
    assert keeps(text)
    assert not stays_away(text)


@pytest.mark.parametrize(
    "text", ["nie, nie dam rady przyjść", "nie bardzo dam radę", "jednak nie pójdę", "nie będę mogła być"]
)
def test_nobody_comes(text: str) -> None:
    assert stays_away(text)
    assert not keeps(text)


@pytest.mark.parametrize("text", ["jak przyjdę?", "nie wiem czy przyjdę", "odwołaj", "tak", "nie"])
def test_says_neither(text: str) -> None:
    assert not keeps(text)
    assert not stays_away(text)


@pytest.mark.parametrize("text", ["no trudno", "aha no to trudno, dzięki, pa", "szkoda, to nic"])
def test_lets_it_go(text: str) -> None:
    assert lets_go(text)


@pytest.mark.parametrize("text", ["trudno powiedzieć", "no to może dermatolog, dzięki", "nie"])
def test_goes_on(text: str) -> None:
    assert not lets_go(text)
