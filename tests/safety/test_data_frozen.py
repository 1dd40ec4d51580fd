"""The held-out messages stay as they were before the detector was first measured on them."""

import hashlib
import json
from collections import Counter
from pathlib import Path

HELD_OUT = Path(__file__).parents[2] / "data" / "evaluation" / "safety" / "held_out.jsonl"
SECOND = HELD_OUT.with_name("held_out_2.jsonl")
SECOND_SHA256 = "a21262fcb506b7a89831624115df580a667b2c8c022d05a8a525eb1fc90de448"
THIRD = HELD_OUT.with_name("held_out_3.jsonl")
THIRD_SHA256 = "b4e3825ab1f420c59d6a9099d4e6bdd618d2a2c19edcf07acc8a732bfea91343"
FOURTH = HELD_OUT.with_name("held_out_4.jsonl")
FOURTH_SHA256 = "deca8ea888766400fcf228fa7c30ba11335a43cea77d05fb116879d110e58a83"
SHA256 = "6d8cc9ec02cb61bd0d6032c377a55f4d957ac93e5bd34c37e12f5b20777fb0bc"


def test_held_out_is_unchanged() -> None:
    assert hashlib.sha256(HELD_OUT.read_bytes()).hexdigest() == SHA256
    assert hashlib.sha256(SECOND.read_bytes()).hexdigest() == SECOND_SHA256
    assert hashlib.sha256(THIRD.read_bytes()).hexdigest() == THIRD_SHA256
    assert hashlib.sha256(FOURTH.read_bytes()).hexdigest() == FOURTH_SHA256


def test_held_out_has_its_sizes() -> None:
    rows = [json.loads(line) for line in HELD_OUT.read_text(encoding="utf-8").splitlines()]
    kinds = Counter(row["kind"] for row in rows)
    assert kinds["red_flag"] == 352
    assert sum(count for kind, count in kinds.items() if kind.startswith("hard_")) == 420
    assert len(rows) - kinds["red_flag"] == 1050
    assert len({row["text"] for row in rows}) == len(rows)
