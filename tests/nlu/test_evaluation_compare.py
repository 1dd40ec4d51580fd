"""Reports that are kept, compared, and shown as a page."""

import json
from pathlib import Path
from typing import Any
from xml.dom.minidom import parseString

import pytest

from bot.nlu.evaluation import evaluate
from bot.nlu.evaluation_compare import compare, read_report, to_report
from bot.nlu.evaluation_html import page
from bot.nlu.evaluation_rows import Row

ROWS = [
    Row(f"słowo{n}", "affirm" if n % 2 else "deny", groups={"style": "slang"}, expect={}) for n in range(10)
]


class Parser:
    """Is right on the first so many of the messages."""

    def __init__(self, right: int) -> None:
        self._right = {row.text: row.intent for row in ROWS[:right]}

    def parse(self, text: str, now: str | None = None) -> dict[str, Any]:
        ranking = [{"name": self._right.get(text, "<other>"), "confidence": 0.8}]
        return {"intent_ranking": ranking, "entities": []}


def report(right: int) -> dict[str, Any]:
    return to_report(evaluate(Parser(right), ROWS, "words"))


def test_a_report_survives_its_file(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(json.dumps(report(8)), encoding="utf-8")
    assert read_report(file) == report(8)


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}'])
def test_other_files_are_no_reports(tmp_path: Path, content: str) -> None:
    file = tmp_path / "report.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match="no report"):
        read_report(file)


@pytest.mark.parametrize(("before", "after", "worse"), [(8, 8, False), (8, 9, False), (8, 7, True)])
def test_a_model_that_knows_less_is_worse(before: int, after: int, worse: bool) -> None:
    changes = compare(report(before), report(after), tolerance=0.05)
    assert any(change.worse for change in changes) is worse
    as_written = {change.measure: change.worse for change in changes}
    assert as_written["as written: accuracy"] is worse
    assert as_written["as written: wrong_unasked"] is worse  # less is better
    assert as_written["entities: all"] is False


def test_a_small_loss_is_tolerated() -> None:
    assert not any(change.worse for change in compare(report(8), report(7), tolerance=0.2))


def test_the_page_is_well_formed_and_shows_examples() -> None:
    evaluation = evaluate(Parser(6), ROWS, "words & more")
    html = page(evaluation, compare(report(8), report(6), 0.01))
    parseString(html.replace("<!doctype html>\n", "").replace("<meta charset='utf-8'>", ""))
    assert "words &amp; more" in html
    assert "&lt;other&gt;" in html
    assert "słowo7" in html
    assert "class=worse" not in html
    assert "class='worse'" in html
