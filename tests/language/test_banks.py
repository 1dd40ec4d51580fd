"""Banks as patients write them."""

import pytest

from bot.language.banks import banks_in
from bot.language.data import load
from bot.portal.rules.accounts import identity_banks


@pytest.mark.parametrize(
    ("text", "banks"),
    [
        ("czy w mBanku mogę potwierdzić", ["mBank"]),
        ("mam konto w PKO BP", ["PKO BP"]),
        ("pekao sa", ["Pekao"]),
        ("z bankiem spoldzielczym na wsi", ["Banki Spółdzielcze i BPS"]),
        ("BS w Brodnicy", ["Bank Spółdzielczy w Brodnicy"]),
        ("Millenium albo Santandera", ["Millennium", "Santander"]),
        ("tylko Revoluta", ["Revolut"]),
        ("boś bank", ["BOŚ Bank"]),
        ("nie mam żadnego konta", []),
        ("bo się boję", []),
    ],
)
def test_banks_are_found_in_any_form(text: str, banks: list[str]) -> None:
    assert banks_in(text) == banks


def test_every_bank_of_the_rule_can_be_heard() -> None:
    assert set(identity_banks()) <= set(load("banks"))
