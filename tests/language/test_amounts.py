"""Amounts of money in messages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.language.amounts import clauses, find_amounts
from bot.language.money import in_pln


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 200,50 zł", "1200.50"),
        ("3.600 zł", "3600"),
        ("1500zł", "1500"),
        ("tysiąc dwieście złotych", "1200"),
        ("dwa tysiace piecset zl", "2500"),
        ("półtora tysiąca złotych", "1500"),
        ("1,5 tys. zł", "1500"),
        ("trzy stówy", None),
        ("400 złotych i 50 groszy", "400.50"),
        ("sto dwadzieścia pięć złotych", "125"),
    ],
)
def test_a_stated_amount(text: str, value: str | None) -> None:
    found = [amount.value for amount in find_amounts(text)]
    assert found == ([Decimal(value)] if value else [])


@pytest.mark.parametrize(
    ("text", "totals"),
    [
        ("zwrot 1000", [1000]),
        ("trzy stówy", [300]),
        ("dwie faktury po 400", [800]),
        ("4x150", [600]),
        ("trzy wizyty po sto osiemdziesiąt złotych", [540]),
        ("700 i 350", [700, 350]),
        ("neurochirurg za 400 zł, psychiatra za 250", [400, 250]),
        ("90% z 1000", [1000]),
        ("faktura na 1000 zł z 12 listopada 2026", [1000]),
        ("w 2026 roku wydałem 3500", [3500]),
        ("po 3 wizytach", []),
        ("minęły 2 tygodnie", []),
        ("0 zł", []),
    ],
)
def test_a_bare_number_where_a_sum_was_asked_for(text: str, totals: list[int]) -> None:
    assert [amount.total for amount in find_amounts(text, bare=True)] == [Decimal(t) for t in totals]


def test_another_currency_is_told_apart() -> None:
    assert [amount.foreign for amount in find_amounts("90 euro i 200 zł")] == [True, False]


def test_clauses_keep_decimal_commas() -> None:
    assert clauses("dostałem 300,50 zł, a mam fakturę") == ["dostałem 300,50 zł", "", " mam fakturę"]


def test_money_in_words() -> None:
    assert in_pln(Decimal("1200.5")) == "1\u00a0200,50\u00a0zł"
    assert in_pln(Decimal(650)) == "650\u00a0zł"
