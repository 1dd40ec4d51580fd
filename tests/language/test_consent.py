"""An explicit yes, and everything that is not one."""

import pytest

from bot.language.consent import behind_yes, explicit_yes, leaning_yes, only_yes, spoken_no
from bot.language.questions import asks


@pytest.mark.parametrize(
    "text",
    ["tak", "Tak!", "no tak", "tak, poproszę", "potwierdzam", "zgadza się", "jasne", "oczywiście", "ok", "okej", "dobra",
     "rezerwuj", "prosze rezerwowac, tak", "pasuje", "biorę", "👍", "no dobra", "TAK POTWIERDZAM", "zgoda", "tak, może być", "tak, niech tak będzie",
     "no raczej", "a jakże", "no ba", "jak najbardziej", "oczywiście że tak", "ma się rozumieć", "proszę bardzo", "zgadza się, odwołujemy", "tak, jak mówiłam"],
)  # fmt: skip
def test_yes(text: str) -> None:
    assert explicit_yes(text)


@pytest.mark.parametrize(
    "text",
    ["no", "mhm", "nie", "no nie", "nie, dziękuję", "chyba tak", "raczej tak", "może być", "niech będzie", "tak?", "tak, może", "tak, ale o 16",
     "ok, a ile to kosztuje?", "czemu nie", "jutro", "", "nie wiem", "dobrze się zastanowię", "zaraz", "?",
     "dobra, to jaki jest ten numer", "no dobrze, podaj ten numer", "jasne, tylko powiedz mi gdzie to", "pewnie nie", "oczywiście że nie",
     "dobrze, sprawdzę", "dobra, co dalej"],
)  # fmt: skip
def test_not_a_yes(text: str) -> None:
    assert not explicit_yes(text)


@pytest.mark.parametrize(
    ("text", "leans"),
    [("niech będzie", True), ("mhm", True), ("no dobrze, niech będzie", True), ("no", False), ("może", True)],
)
def test_a_leaning_yes(text: str, leans: bool) -> None:
    assert leaning_yes(text) is leans


@pytest.mark.parametrize(
    ("text", "refuses"),
    [("a skąd", True), ("broń Boże", True), ("nie no co ty", True), ("skąd mam wiedzieć", False), ("a skąd?", False), ("nie", False)],
)  # fmt: skip
def test_a_spoken_no(text: str, refuses: bool) -> None:
    assert spoken_no(text) is refuses


@pytest.mark.parametrize(
    ("text", "only"), [("tak, jak najbardziej", True), ("tak, umów mnie na jutro", False)]
)
def test_nothing_but_a_yes(text: str, only: bool) -> None:
    assert only_yes(text) is only


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("no dobrze, podaj ten numer", "podaj ten numer"),
        ("tak i jeszcze receptę poproszę", "receptę poproszę"),
        ("dobra, to jaki jest ten numer", "jaki jest ten numer"),
        ("tak", None),
        ("tak nie może być", None),
        ("dobra pogoda dzisiaj", None),
        ("no i co teraz", None),
    ],
)
def test_what_stands_behind_a_yes(text: str, rest: str | None) -> None:
    bounds = behind_yes(text)
    assert (text[bounds[1] :] if bounds else None) == rest


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
