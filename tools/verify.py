"""`make verify`: what the project promises about failures, attacks and load, and whether it holds: a table.

Rows, promises and tests are in tests/verify.yml. pytest runs them once; its output goes to .state/verify.log,
its results are read from .state/verify.xml. 0 when every row that was played holds.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import yaml

PROJECT = Path(__file__).resolve().parent.parent
ROWS = PROJECT / "tests" / "verify.yml"
STATE = PROJECT / ".state"
MOST_FAILURES = 20
"""Failures that are listed below the table; all are in the log."""


@dataclass(frozen=True, slots=True)
class Row:
    """A promise. `settings`: name to (what it is when nobody sets it, what the promise asks)."""

    id: str
    what: str
    promise: str
    played: str = ""
    tests: Sequence[str] = ()
    settings: Mapping[str, Sequence[int]] = field(default_factory=dict)
    lacks: str = ""
    not_played: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A test that ran: `file` below tests/, `name` without parameters; passed, failed or skipped."""

    file: str
    name: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`met`: yes, partly (it holds, at a smaller size or not all of it), no, not played."""

    row: Row
    met: str
    figure: str
    remark: str = ""


def read_rows(path: Path = ROWS) -> tuple[list[Row], list[str]]:
    """All rows in their order, and the folders that run beside them."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Row(id=name, **row) for name, row in content["rows"].items()], list(content["also"])


def read_cases(report: Path) -> list[Case]:
    """pytest's JUnit XML. An error outside a test's own code counts as failed."""
    return [_case(element) for element in ElementTree.parse(report).iter("testcase")]


def _case(element: ElementTree.Element) -> Case:
    # `tests.faults.test_x`, or with a class behind: the file is what ends with a module named test_*.
    parts = element.get("classname", "").split(".")
    module = next((n for n, part in enumerate(parts) if part.startswith("test_")), len(parts) - 1)
    file = "/".join(parts[1 : module + 1]) + ".py"
    outcome, reason = "passed", ""
    for child in element:
        if child.tag in {"failure", "error"}:
            outcome, reason = "failed", child.get("message", "")
        elif child.tag == "skipped" and outcome == "passed":
            outcome, reason = "skipped", child.get("message", "")
    return Case(file, element.get("name", "").partition("[")[0], outcome, reason.partition("\n")[0])


def verdict(row: Row, cases: Sequence[Case], environment: Mapping[str, str]) -> Verdict:
    """What the results say about one row. A test that is named and did not run is a failure."""
    if not row.tests:
        return Verdict(row, "not played", "", row.not_played)
    numbers = {name: int(environment.get(name, usual)) for name, (usual, _) in row.settings.items()}
    figure = row.played.format(**numbers)
    found = [(test, _of(test, cases)) for test in row.tests]
    if missing := [test for test, some in found if not some]:
        return Verdict(row, "no", figure, f"did not run: {', '.join(missing)}")
    ran = [case for _, some in found for case in some]
    if failed := [case for case in ran if case.outcome == "failed"]:
        return Verdict(row, "no", figure, f"{len(failed)} of {len(ran)} tests failed")
    if skipped := [case for case in ran if case.outcome == "skipped"]:
        whole = len(skipped) == len(ran)
        return Verdict(row, "not played" if whole else "partly", figure, skipped[0].reason)
    smaller = [
        f"{name} {numbers[name]:,} of {wanted:,}"
        for name, (_, wanted) in row.settings.items()
        if numbers[name] < wanted
    ]
    remark = "; ".join([*smaller, *([f"without {row.lacks}"] if row.lacks else [])])
    return Verdict(row, "partly" if remark else "yes", figure, remark)


def _of(test: str, cases: Sequence[Case]) -> list[Case]:
    file, _, name = test.partition("::")
    return [case for case in cases if case.file == file and name in {"", case.name}]


def table(verdicts: Sequence[Verdict]) -> str:
    """Markdown, for a terminal and for a page alike."""
    lines = ["| row | what | promise | played | met | remark |", "|---|---|---|---|---|---|"]
    for one in verdicts:
        cells = (one.row.id, one.row.what, one.row.promise, one.figure, one.met, one.remark)
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    counts = {met: sum(one.met == met for one in verdicts) for met in ("yes", "partly", "no", "not played")}
    return "\n".join([*lines, "", ", ".join(f"{met}: {number}" for met, number in counts.items())])


def arguments(rows: Sequence[Row], also: Sequence[str]) -> list[str]:
    """What pytest is asked to run: the folders, and tests of rows that are in none of them."""
    named = {test for row in rows for test in row.tests}
    return [f"tests/{name}" for name in [*also, *sorted(t for t in named if t.split("/")[0] not in also)]]


def problems(cases: Sequence[Case]) -> Iterator[str]:
    """Every failure in a line."""
    for case in cases:
        if case.outcome == "failed":
            yield f"FAILED tests/{case.file}::{case.name}: {case.reason}"


def main(options: Sequence[str] = ()) -> int:
    """Runs pytest, prints the table. `options` go to pytest."""
    rows, also = read_rows()
    STATE.mkdir(exist_ok=True)
    report, log = STATE / "verify.xml", STATE / "verify.log"
    report.unlink(missing_ok=True)
    command: list[Any] = [sys.executable, "-m", "pytest", "-p", "no:warnings", f"--junitxml={report}"]
    print(
        f"make verify: playing {len(rows)} rows, several minutes; {log.relative_to(PROJECT)} grows",
        flush=True,
    )
    with log.open("w", encoding="utf-8") as out:
        code = subprocess.run(
            [*command, *options, *arguments(rows, also)], cwd=PROJECT, stdout=out, stderr=out, check=False
        ).returncode
    if not report.exists():
        print(f"pytest gave no report (it ended with {code}): see {log.relative_to(PROJECT)}")
        return 1
    cases = read_cases(report)
    verdicts = [verdict(row, cases, os.environ) for row in rows]
    print(table(verdicts))
    failures = list(problems(cases))
    print("\n".join(failures[:MOST_FAILURES]))
    print(f"{len(cases)} tests, {len(failures)} failed")
    return int(code != 0 or any(one.met == "no" for one in verdicts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
