"""The measures, on a parser whose answers are known."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.nlu.evaluation import AS_WRITTEN, FALLBACK, evaluate
from bot.nlu.evaluation_rows import Row, read_rows

ANSWERS = {
    "tak": [("affirm", 0.9), ("deny", 0.1)],
    "nie": [("deny", 0.8), ("affirm", 0.2)],
    "no": [(FALLBACK, 0.4), ("deny", 0.35), ("affirm", 0.33)],
    "cofnij": [("cancel_task", 0.7), ("go_back", 0.3)],
}
ROWS = [
    Row("tak", "affirm", groups={"topic": "acts"}),
    Row("nie", "deny", groups={"topic": "acts"}),
    Row("no", "affirm"),
    Row("cofnij", "go_back", groups={"topic": "course"}),
]


class FixedParser:
    """Knows four messages; anything else is not understood."""

    def parse(self, text: str, now: str | None = None) -> dict[str, Any]:
        ranking = ANSWERS.get(text, [(FALLBACK, 0.4)])
        return {"intent_ranking": [{"name": name, "confidence": value} for name, value in ranking]}


def test_shares_of_right_asked_and_wrong() -> None:
    quality = evaluate(FixedParser(), ROWS, "test").by_writing[AS_WRITTEN]
    assert quality.messages == 4
    assert quality.accuracy == 0.5
    assert quality.top3 == 1.0
    assert quality.asked == 0.25
    assert quality.wrong_unasked == 0.25  # „cofnij” only: the bot asks about „no”
    assert quality.calibration_error == pytest.approx((0.1 + 0.2 + 0.35 + 0.7) / 4)


def test_every_intent_is_measured_worst_first() -> None:
    measured = {item.intent: item for item in evaluate(FixedParser(), ROWS, "test").intents}
    assert (measured["affirm"].precision, measured["affirm"].recall) == (1.0, 0.5)
    assert (measured["deny"].precision, measured["deny"].recall) == (0.5, 1.0)
    assert next(iter(measured)) == "go_back"


def test_confusions_and_intents_never_found() -> None:
    evaluation = evaluate(FixedParser(), ROWS, "test")
    pairs = {(item.intent, item.taken_for): item.examples for item in evaluation.confusions}
    assert pairs == {("affirm", "deny"): ("no",), ("go_back", "cancel_task"): ("cofnij",)}
    assert evaluation.unknown_intents == ("go_back",)


def test_groups_have_their_own_numbers() -> None:
    groups = evaluate(FixedParser(), ROWS, "test").by_group
    assert {name: quality.accuracy for name, quality in groups.items()} == {
        "topic: acts": 1.0,
        "topic: course": 0.0,
    }


def test_perturbed_messages_are_other_messages() -> None:
    by_writing = evaluate(FixedParser(), ROWS, "test").by_writing
    assert by_writing["one typo"].accuracy == 0.5  # „tak”, „nie” are too short to be spoilt
    assert by_writing["one typo"].asked == 0.5  # „cofnij” is not known any more


def test_the_report_names_numbers_and_examples() -> None:
    report = str(evaluate(FixedParser(), ROWS, "booking"))
    assert report.startswith("booking")
    assert "go_back -> cancel_task" in report
    assert "    50.0   100.0" in report


def test_rows_keep_what_is_known_of_them(tmp_path: Path) -> None:
    file = tmp_path / "held_out.jsonl"
    line = {"text": "tak", "intent": "affirm", "now": "2026-11-23T09:00:00+01:00", "style": "slang", "id": 5}
    file.write_text(json.dumps(line) + "\n\n", encoding="utf-8")
    assert read_rows(file) == [Row("tak", "affirm", "2026-11-23T09:00:00+01:00", {"style": "slang"})]


@pytest.mark.parametrize("content", ["", '{"text": "tak"}\n', '["tak", "affirm"]\n'])
def test_other_files_are_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "held_out.jsonl"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match="held_out"):
        read_rows(file)
