"""The table of `make verify`: what is called met was played, whole and without a failure."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.settings import PROJECT
from tools.verify import Case, Row, arguments, problems, read_cases, read_rows, table, verdict

ROW = Row("R5", "portal fails", "0 of 2,000", "{FAULTED} bookings", ["faults/test_portal.py::test_a"])
RAN = Case("faults/test_portal.py", "test_a", "passed")


def _row(**changed: Any) -> Row:
    return replace(ROW, **{"settings": {"FAULTED": [40, 2000]}, **changed})


FULL = {"FAULTED": "2000"}


def test_every_row_names_tests_that_there_are_or_says_why_not() -> None:
    rows, also = read_rows()
    for row in rows:
        assert bool(row.tests) != bool(row.not_played), row.id
        assert bool(row.tests) == bool(row.played), row.id
        row.played.format(**{name: usual for name, (usual, _) in row.settings.items()})
        for test in row.tests:
            file, _, name = test.partition("::")
            tree = ast.parse((PROJECT / "tests" / file).read_text(encoding="utf-8"))
            names = {
                node.name
                for node in ast.walk(tree)
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            }
            assert name in names if name else any(one.startswith("test_") for one in names), test
    assert all((PROJECT / "tests" / folder).is_dir() for folder in also)


def test_no_promise_is_left_out() -> None:
    rows, _ = read_rows()
    wanted = {f"R{n}" for n in range(1, 15)} | {f"S{n}" for n in range(1, 9)} | {f"C{n}" for n in range(1, 6)}
    assert {row.id for row in rows} == wanted | {"Q1"}


def test_settings_are_those_that_the_tests_read() -> None:
    rows, _ = read_rows()
    for row in rows:
        text = "".join((PROJECT / "tests" / t.partition("::")[0]).read_text("utf-8") for t in row.tests)
        for name, (usual, _) in row.settings.items():
            assert f'environ.get("{name}", "{usual}")' in text, (row.id, name)


@pytest.mark.parametrize(
    ("row", "cases", "environment", "met"),
    [
        (_row(), [RAN], FULL, "yes"),
        (_row(), [RAN], {}, "partly"),
        (_row(lacks="four processes"), [RAN], FULL, "partly"),
        (_row(), [RAN, Case(RAN.file, "test_a", "failed", "boom")], FULL, "no"),
        (_row(), [Case(RAN.file, "test_b", "passed")], FULL, "no"),
        (_row(), [Case(RAN.file, "test_a", "skipped", "no nginx")], FULL, "not played"),
        (_row(), [RAN, Case(RAN.file, "test_a", "skipped", "no nginx")], FULL, "partly"),
        (_row(tests=[], played="", not_played="needs Chromium"), [RAN], FULL, "not played"),
    ],
)
def test_what_is_met(row: Row, cases: list[Case], environment: dict[str, str], met: str) -> None:
    assert verdict(row, cases, environment).met == met


def test_a_smaller_setting_is_said() -> None:
    small = verdict(_row(), [RAN], {"FAULTED": "200"})
    assert (small.figure, small.remark) == ("200 bookings", "FAULTED 200 of 2,000")
    assert "| R5 | portal fails | 0 of 2,000 | 200 bookings | partly | FAULTED 200 of 2,000 |" in table(
        [small]
    )
    assert "yes: 0, partly: 1, no: 0, not played: 0" in table([small])


def test_a_report_is_read(tmp_path: Path) -> None:
    report = tmp_path / "verify.xml"
    report.write_text(
        '<testsuites><testsuite name="pytest">'
        '<testcase classname="tests.faults.test_portal" name="test_a[one-two]" time="1"/>'
        '<testcase classname="tests.channels.files.test_x.TestIt" name="test_b"><failure message="boom&#10;x"/></testcase>'
        '<testcase classname="tests.cluster.test_cluster" name="test_c"><skipped message="no nginx"/></testcase>'
        '<testcase classname="tests.cluster.test_cluster" name="test_d"><error message="setup"/></testcase>'
        "</testsuite></testsuites>"
    )
    assert read_cases(report) == [
        RAN,
        Case("channels/files/test_x.py", "test_b", "failed", "boom"),
        Case("cluster/test_cluster.py", "test_c", "skipped", "no nginx"),
        Case("cluster/test_cluster.py", "test_d", "failed", "setup"),
    ]
    assert next(problems(read_cases(report))) == "FAILED tests/channels/files/test_x.py::test_b: boom"


def test_every_test_is_asked_for_once() -> None:
    assert arguments([ROW, _row(tests=["safety/test_a.py"])], ["faults"]) == [
        "tests/faults",
        "tests/safety/test_a.py",
    ]
