"""The behavioural matrix: capability by type, each with the share that has to pass (cases.yml)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from bot.language.consent import explicit_yes
from bot.nlu.dictionaries import holder
from bot.nlu.evaluation_entities import Names
from bot.nlu.parsing import Understanding
from bot.safety.detector import detect
from tests.behaviour.generators import GENERATORS

CASES = yaml.safe_load(Path(__file__).with_name("cases.yml").read_text(encoding="utf-8"))
NOW = CASES["now"].isoformat() if hasattr(CASES["now"], "isoformat") else str(CASES["now"])


class Case(NamedTuple):
    """One text and what has to be understood."""

    text: str
    wanted: Mapping[str, Any]


class Cell(NamedTuple):
    """One capability of one type."""

    name: str
    least: float
    cases: list[Case]


def cells() -> Iterator[Cell]:
    """Every cell of the matrix."""
    for kind in ("MFT", "DIR"):
        for capability, cell in CASES[kind].items():
            cases = [Case(case["text"], case) for case in cell.get("cases", ())]
            for sentence in cell.get("sentences", ()):
                cases += [
                    Case(f"{seed['text']}. {sentence}", {"alarm": True}) for seed in CASES["INV"]["seeds"]
                ]
            yield Cell(f"{kind} {capability}", cell["least"], cases)
    for how, spoil in GENERATORS.items():
        cases = [Case(text, seed) for seed in CASES["INV"]["seeds"] for text in spoil(seed["text"])]
        yield Cell(f"INV {how}", CASES["INV"]["least"][how], cases)
    yield Cell("INV inflection", CASES["INV"]["inflection"]["least"], list(_inflected()))


def _inflected() -> Iterator[Case]:
    for pattern in CASES["INV"]["inflection"]["patterns"]:
        for key, forms in pattern["forms"].items():
            for text in pattern["texts"]:
                yield from (Case(text.format(form), {"names": {pattern["kind"]: key}}) for form in forms)


CELLS = list(cells())


def problems(parsed: Mapping[str, Any], case: Case, names: Names) -> Iterator[str]:
    """What was not understood as it should."""
    wanted = case.wanted
    intent = parsed["intent"]["name"]
    if "intent" in wanted and intent not in _each(wanted["intent"]):
        yield f"intent {intent}"
    if intent in wanted.get("not", ()):
        yield f"intent {intent}"
    for kind, value in (wanted.get("names") or {}).items():
        if not _named(parsed, kind, value, names):
            yield f"no {kind} {value}"
    for kind, value in (wanted.get("without") or {}).items():
        if _named(parsed, kind, value, names):
            yield f"{kind} {value}"
    when = next((json.loads(e["value"]) for e in parsed["entities"] if e["entity"] == "when"), {})
    for part, value in (wanted.get("when") or {}).items():
        if when.get(part) != value:
            yield f"{part} is {when.get(part)}"
    if "yes" in wanted and explicit_yes(case.text) is not wanted["yes"]:
        yield "taken for a yes" if not wanted["yes"] else "not taken for a yes"
    if "safety" in wanted and detect(case.text) is not None:
        yield "an alarm"
    if "alarm" in wanted and detect(case.text) is None:
        yield "no alarm"


def _named(parsed: Mapping[str, Any], kind: str, value: str, names: Names) -> bool:
    spelled = names.of(kind, value)
    return any(
        spelled & names.of(kind, str(key))
        for entity in parsed["entities"]
        if entity["entity"] == kind and not entity["negated"] and entity["contrast"] != "not"
        for key in entity["candidates"]
    )


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="session")
def outcomes(understanding: Understanding) -> dict[str, list[str]]:
    """Failing examples of each cell; the whole matrix is printed with `-s`."""
    names = Names(holder().current())
    failed: dict[str, list[str]] = {}
    print()
    for cell in CELLS:
        lines = []
        for case in cell.cases:
            wrong = list(problems(understanding.parse(case.text, NOW), case, names))
            if wrong:
                lines.append(f"{case.text!r}: {', '.join(wrong)}")
        failed[cell.name] = lines
        passed = 1 - len(lines) / len(cell.cases)
        print(f"{cell.name:34}{len(cell.cases):>6}{100 * passed:>8.1f}  least {100 * cell.least:.0f}")
        print("".join(f"    {line}\n" for line in lines[:5]), end="")
    return failed


@pytest.mark.parametrize("cell", CELLS, ids=[cell.name for cell in CELLS])
def test_cell(outcomes: dict[str, list[str]], cell: Cell) -> None:
    failed = outcomes[cell.name]
    assert len(failed) <= (1 - cell.least) * len(cell.cases) + 1e-9, "\n".join(failed)
