"""What puts a thing off, and what is only a moment or a wish about time."""

import pytest

from bot.language.putting_off import only_later, puts_off


@pytest.mark.parametrize(
    "text",
    ["dobra, dokończę to później, dzięki", "Innym razem.", "kiedy indziej", "oddzwonie", "jeszcze się zastanowię", "musze to przemyslec",
     "nie teraz", "wgram jutro z domu", "wrócę do tego", "odezwę się", "pogadam z mężem i dam znać", "muszę najpierw zapytać żony",
     "nie mam teraz czasu", "dziś nie mam do tego głowy", "zapiszę się przy okazji"],
)  # fmt: skip
def test_put_off(text: str) -> None:
    assert puts_off(text)


@pytest.mark.parametrize(
    "text",
    ["", "coś później", "jutro", "później, po 16", "chwila, zastanowię się", "daj mi się zastanowić", "a później coś jest?",
     "powiedzieli że oddzwonią później", "umów mnie jutro", "jutro nie dam rady", "dam radę jutro", "zapisz mnie na jutro",
     "potem jeszcze recepta", "kiedy mogę oddzwonić?", "umów do okulisty, o resztę zadzwonię jutro"],
)  # fmt: skip
def test_not_put_off(text: str) -> None:
    assert not puts_off(text)


@pytest.mark.parametrize(
    ("text", "alone"),
    [("później", True), ("to może potem", True), ("coś później", False), ("później po 16", False)],
)
def test_a_bare_later(text: str, alone: bool) -> None:
    assert only_later(text) is alone
