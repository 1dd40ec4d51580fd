from __future__ import annotations

from pathlib import Path

import pytest

import bot.portal.rules
from bot.portal.rules.outcome import Allowed, Refused, Warned, strictest


def test_the_first_refusal_then_the_first_warning_then_all_facts() -> None:
    warned, refused = Warned("R43"), Refused("R42", "X")
    assert strictest(warned, Refused("R1", "Y"), refused) == Refused("R1", "Y")
    assert strictest(Allowed(), warned, Warned("R82")) == warned
    assert strictest(Allowed({"a": 1}), Allowed({"b": 2})) == Allowed({"a": 1, "b": 2})
    assert strictest() == Allowed()


def test_warnings_allow_and_refusals_do_not() -> None:
    assert (Allowed().ok, Warned("R43").ok, Refused("R42", "X").ok) == (True, True, False)


MODULES = sorted(Path(bot.portal.rules.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=[path.stem for path in MODULES])
def test_rules_contain_no_polish_text(module: Path) -> None:
    assert not set(module.read_text(encoding="utf-8").lower()) & set("ąćęłńóśźż")
