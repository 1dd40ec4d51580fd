"""An explicit yes, and everything that is not one."""

import pytest

from bot.language.consent import explicit_yes
from bot.language.questions import asks


@pytest.mark.parametrize(
    "text",
    ["tak", "Tak!", "no tak", "tak, poproszę", "potwierdzam", "zgadza się", "jasne", "oczywiście", "ok", "okej", "dobra",
     "rezerwuj", "prosze rezerwowac, tak", "pasuje", "biorę", "👍", "no dobra", "TAK POTWIERDZAM", "zgoda", "tak, może być", "tak, niech tak będzie"],
)  # fmt: skip
def test_yes(text: str) -> None:
    assert explicit_yes(text)


@pytest.mark.parametrize(
    "text",
    ["no", "mhm", "nie", "no nie", "nie, dziękuję", "chyba tak", "raczej tak", "może być", "niech będzie", "tak?", "tak, może", "tak, ale o 16",
     "ok, a ile to kosztuje?", "czemu nie", "jutro", "", "nie wiem", "dobrze się zastanowię", "zaraz", "?"],
)  # fmt: skip
def test_not_a_yes(text: str) -> None:
    assert not explicit_yes(text)


@pytest.mark.parametrize(
    "text",
    [
        "jak działa rehabilitacja",
        "co to jest pre-rezerwacja",
        "kiedy można potwierdzić",
    ],
)
def test_questions(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "rehabilitacja",
        "chcę umówić kontrolę",
        "potrzebuję zabiegów rehabilitacyjnych",
        "medycyna pracy w Poznaniu",
        "wizyta kontrolna, ta co doktor kazał, zaklep mi ją",
        "zabukuj badania, te co mam na skierowaniu",
    ],
)
def test_wishes(text: str) -> None:
    assert not asks(text)
