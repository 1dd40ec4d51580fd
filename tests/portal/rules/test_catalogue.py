"""No rule of the portal is uncovered: tests, words and dialogues of each (docs/rules.md, tools/rule_table.py)."""

from __future__ import annotations

import re
from functools import cache

import yaml

from tools.rule_table import CATALOGUE, DECIDED, SHOWN, TABLE, Project

HISTORIC = ("tylko po teleporadzie", "wywiad medyczny", "kwarantann", "swiadomi")


@cache
def project() -> Project:
    return Project()


def test_every_rule_is_in_the_catalogue() -> None:
    ids = list(yaml.safe_load(CATALOGUE.read_text(encoding="utf-8")))
    assert ids == [f"R{number}" for number in range(1, 153)]
    assert list(yaml.safe_load(SHOWN.read_text(encoding="utf-8"))) == ids


def test_no_rule_is_uncovered() -> None:
    assert list(project().problems()) == []


def test_every_decision_has_its_setting_and_its_test() -> None:
    assert list(yaml.safe_load(DECIDED.read_text(encoding="utf-8"))) == [f"A{n}" for n in range(1, 24)]
    assert list(project().undecided()) == []


def test_past_rules_are_never_said_as_current() -> None:
    said = {name: text for name, text in project().responses.items() if any(old in text for old in HISTORIC)}
    assert {name for name, text in said.items() if "2020" not in text} == set()


def test_the_table_names_every_rule() -> None:
    rows = re.findall(r"^\| (R\d+) \|", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [f"R{number}" for number in range(1, 153)]
