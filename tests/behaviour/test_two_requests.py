"""Two requests in one message are both found, in order; one request told at length stays one."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.nlu.parsing import Understanding

CASES = yaml.safe_load(Path(__file__).with_name("two_requests.yml").read_text(encoding="utf-8"))
FOUND = 0.65
"""Of the messages with two requests, so many are found exactly."""
WRONG = 0.1
"""Of them, so many may be taken apart otherwise than they were meant."""
SPLIT = 0.1
"""Of the hard single ones, so many may be taken apart."""
NOW = "2026-11-23T09:00:00+01:00"


def intents(understanding: Understanding, text: str) -> list[str]:
    return [part["intent"]["name"] for part in understanding.parse(text, NOW)["requests"]]


@pytest.fixture(scope="module")
def two(understanding: Understanding) -> list[tuple[dict[str, Any], list[str]]]:
    return [(case, intents(understanding, case["text"])) for case in CASES["two"]]


def test_both_requests_are_found_in_order(two: list[tuple[dict[str, Any], list[str]]]) -> None:
    missed = [f"{case['text']}: {found}" for case, found in two if found != case["intents"]]
    assert len(missed) <= (1 - FOUND) * len(two), "\n".join(missed)


def test_few_are_taken_apart_otherwise(two: list[tuple[dict[str, Any], list[str]]]) -> None:
    wrong = [f"{case['text']}: {found}" for case, found in two if found and found != case["intents"]]
    assert len(wrong) <= WRONG * len(two), "\n".join(wrong)


def test_one_request_at_length_stays_one(understanding: Understanding) -> None:
    split = [case["text"] for case in CASES["single"] if intents(understanding, case["text"])]
    assert len(split) <= SPLIT * len(CASES["single"]), "\n".join(split)
