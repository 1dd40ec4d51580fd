"""The corpus written carelessly: without Polish letters, in capitals, in a sentence, with one slip."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.language.text import fold
from bot.language.times import find_times

CORPUS = Path(__file__).with_name("times_corpus.yml")
GROUPS: list[dict[str, Any]] = yaml.load(CORPUS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
_LONG_WORD = re.compile(r"[^\W\d_]{6,}")
_LETTERS = "abcdefghijklmnoprstuwyz"


def _slip(text: str, chance: random.Random) -> str | None:
    """One letter of a long word dropped, swapped or replaced; None without a long word."""
    words = list(_LONG_WORD.finditer(text))
    if not words:
        return None
    word = chance.choice(words)
    at = chance.randrange(word.start() + 1, word.end() - 1)
    return chance.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + chance.choice(_LETTERS) + text[at + 1 :],
        ]
    )


def _results(change: Callable[[str], str | None]) -> Iterator[bool]:
    for group in GROUPS:
        now = datetime.fromisoformat(group["now"]).replace(tzinfo=ZoneInfo("Europe/Warsaw"))
        for text, value, _ in group["say"]:
            changed = change(text)
            if changed is not None:
                found = find_times(changed, now, prefer=group.get("prefer", "future"))
                yield _values(found) == value


def _values(found: list[Any]) -> str:
    return "; ".join(" | ".join([one.value, *(other.value for other in one.alternatives)]) for one in found)


@pytest.mark.parametrize(
    ("name", "change", "bar"),
    [
        ("folded", fold, 0.99),
        ("capitals", str.upper, 0.99),
        ("full stop", lambda text: f"{text}.", 0.99),
        ("sentence", lambda text: f"Dzień dobry, poproszę wizytę {text} dziękuję", 0.985),
    ],
)
def test_writing_changes_nothing(name: str, change: Callable[[str], str], bar: float) -> None:
    results = list(_results(change))
    score = sum(results) / len(results)
    print(f"{name}: {score:.1%} of {len(results)}")
    assert score >= bar


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_slip_is_mostly_seen_through(seed: int) -> None:
    chance = random.Random(seed)
    results = list(_results(lambda text: _slip(text, chance)))
    score = sum(results) / len(results)
    print(f"one slip: {score:.1%} of {len(results)}")
    assert score >= 0.9
