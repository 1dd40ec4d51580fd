"""The bars of the held-out messages: recall, every class, false alarms."""

import json
from collections import Counter
from pathlib import Path

from bot.safety.detector import detect

HELD_OUT = Path(__file__).parents[2] / "data" / "evaluation" / "safety" / "held_out.jsonl"


def test_bars() -> None:
    rows = [json.loads(line) for line in HELD_OUT.read_text(encoding="utf-8").splitlines()]
    wanted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    harmless = alarms = 0
    for row in rows:
        alarm = detect(row["text"]) is not None
        if row["cls"]:
            wanted[row["cls"]] += 1
            found[row["cls"]] += alarm
        else:
            harmless += 1
            alarms += alarm
    assert found.total() / wanted.total() >= 0.97
    assert min(found[cls] / wanted[cls] for cls in wanted) >= 0.90
    assert alarms / harmless <= 0.02


def test_development_shares_nothing_with_held_out() -> None:
    development = HELD_OUT.parents[2] / "safety" / "development.jsonl"
    one, other = (
        {json.loads(line)["text"].lower() for line in file.read_text(encoding="utf-8").splitlines()}
        for file in (HELD_OUT, development)
    )
    assert not one & other
