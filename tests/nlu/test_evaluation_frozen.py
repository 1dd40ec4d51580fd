"""The messages that understanding is measured on are those that were there before it was measured."""

import hashlib
import json
import re
from collections import Counter

import pytest

from bot.settings import PROJECT

FOLDER = PROJECT / "data" / "evaluation" / "nlu"
FROZEN = dict(reversed(line.split()) for line in (FOLDER / "FROZEN.sha256").read_text("utf-8").splitlines())
LEAST = 25
"""Messages an intent is measured on."""


def test_every_file_is_frozen() -> None:
    assert sorted(FROZEN) == sorted(file.name for file in FOLDER.glob("*.jsonl"))


@pytest.mark.parametrize("name", sorted(FROZEN))
def test_nothing_changed_since(name: str) -> None:
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == FROZEN[name]


def test_every_intent_is_measured_on_enough_messages() -> None:
    data = (PROJECT / "data" / "nlu").glob("*.yml")
    intents = {
        name for file in data for name in re.findall(r"^- intent: (\w+)", file.read_text("utf-8"), re.M)
    }
    measured = Counter(
        json.loads(line)["intent"]
        for name in FROZEN
        for line in (FOLDER / name).read_text("utf-8").splitlines()
    )
    assert {name: measured[name] for name in intents if measured[name] < LEAST} == {}
    assert set(measured) <= intents
