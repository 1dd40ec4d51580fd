"""The bill of materials says what the lock files install; the scan for known faults never passes by default."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tools.advisories import ScanError, concerns, findings, main, unwaived
from tools.locked import Package, python_packages, widget_packages
from tools.sbom import bill

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TODAY = NOW.date()
OURS = [Package("PyPI", "sanic-cors", "2.0.1"), Package("npm", "@lit/element", "4.1.0")]


def test_the_bill_lists_every_package_that_is_delivered_and_no_tool_of_tests() -> None:
    document = json.loads(bill())
    named = {(part["name"], part["version"]) for part in document["components"]}
    packages = [*python_packages(), *widget_packages()]
    assert named == {(package.name, package.version) for package in packages}
    names = {name for name, _ in named}
    assert {"rasa", "sanic", "spacy", "lit", "cryptography"} <= names
    assert {"pytest", "vitest", "cyclonedx-python-lib"} & names == set()
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    assert all(part["purl"] for part in document["components"])
    assert all(part["hashes"] for part in document["components"] if part["purl"].startswith("pkg:pypi/"))


def advisory(**fields: Any) -> dict[str, Any]:
    return {
        "id": "X-1",
        "modified": "2026-11-19T00:00:00Z",
        "affected": [{"package": {"ecosystem": "PyPI", "name": "Sanic_Cors"}, "versions": ["2.0.1"]}],
    } | fields


NPM = advisory(
    id="X-2",
    affected=[
        {
            "package": {"ecosystem": "npm", "name": "@lit/element"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "4.0.0"}]}],
        }
    ],
)


def database(folder: Path, *advisories: Any) -> Path:
    for number, one in enumerate(advisories):
        text = one if isinstance(one, str) else json.dumps(one)
        (folder / f"{number}.json").write_text(text, "utf-8")
    return folder


def test_what_is_affected_is_found_whatever_its_spelling(tmp_path: Path) -> None:
    assert findings(database(tmp_path, advisory(), NPM), OURS, NOW) == {("X-1", "sanic-cors")}


def test_what_was_withdrawn_is_not(tmp_path: Path) -> None:
    withdrawn = advisory(withdrawn="2026-11-18T00:00:00Z")
    assert findings(database(tmp_path, withdrawn, NPM), OURS, NOW) == set()


def test_records_in_yaml_are_read_too(tmp_path: Path) -> None:
    text = (
        "id: X-3\nmodified: 2026-11-01T00:00:00Z\naffected:\n- package: {ecosystem: PyPI, name: sanic-cors}\n"
        "  ranges: [{type: ECOSYSTEM, events: [{introduced: '2'}, {last_affected: '2.0.1'}]}]\n"
    )
    (tmp_path / "x.yaml").write_text(text, "utf-8")
    assert findings(database(tmp_path, NPM), OURS, NOW) == {("X-3", "sanic-cors")}


@pytest.mark.parametrize(
    "advisories",
    [
        (),
        (advisory(),),
        (NPM,),
        (advisory(modified="2026-09-01T00:00:00Z"), NPM | {"modified": "2026-09-02T00:00:00Z"}),
        (advisory(), NPM, "{"),
        (advisory(), NPM, "[]"),
        (advisory(), NPM, {"modified": "2026-11-19T00:00:00Z"}),
        (
            advisory(),
            NPM
            | {
                "affected": [
                    NPM["affected"][0] | {"ranges": [{"type": "SEMVER", "events": [{"introduced": "a b"}]}]}
                ]
            },
        ),
    ],
    ids=["empty", "no npm", "no Python", "too old", "broken", "no record", "no name", "no version"],
)
def test_a_scan_that_says_nothing_fails(tmp_path: Path, advisories: tuple[Any, ...]) -> None:
    with pytest.raises(ScanError):
        findings(database(tmp_path, *advisories), OURS, NOW)


def test_no_database_is_no_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nothing")]) == 2
    assert "no advisory database" in capsys.readouterr().err


def test_the_command_finds_a_fault_of_a_package_that_is_really_locked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sanic = next(package for package in python_packages() if package.name == "sanic")
    recent = datetime.now(UTC).isoformat()
    affected = [{"package": {"ecosystem": "PyPI", "name": "sanic"}, "versions": [sanic.version]}]
    database(tmp_path, advisory(modified=recent, affected=affected), NPM)
    assert main([str(tmp_path)]) == 1
    assert "sanic: X-1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("events", "version", "inside"),
    [
        ([{"introduced": "0"}, {"fixed": "2.0"}], "1.9", True),
        ([{"introduced": "0"}, {"fixed": "2.0"}], "2.0", False),
        ([{"introduced": "1.0"}, {"fixed": "2.0"}], "0.9", False),
        ([{"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "2.0"}, {"fixed": "3.0"}], "2.5", True),
        ([{"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "2.0"}, {"fixed": "3.0"}], "1.5", False),
        ([{"introduced": "0"}, {"last_affected": "2.0"}], "2.0", True),
        ([{"introduced": "0"}], "99", True),
        ([{"introduced": "0"}, {"fixed": "3.10.2"}], "3.9", True),
    ],
)
def test_ranges(events: list[dict[str, str]], version: str, inside: bool) -> None:
    assert concerns({"ranges": [{"type": "ECOSYSTEM", "events": events}]}, version) is inside


FOUND = {("X-1", "sanic")}
GOOD = {"id": "X-1", "package": "sanic", "until": TODAY + timedelta(days=30), "reason": "not reached"}


@pytest.mark.parametrize(
    ("waiver", "done"),
    [
        (GOOD, True),
        (GOOD | {"until": TODAY - timedelta(days=1)}, False),
        (GOOD | {"until": TODAY + timedelta(days=91)}, False),
        (GOOD | {"until": "soon"}, False),
        (GOOD | {"reason": ""}, False),
        (GOOD | {"package": "rasa"}, False),
    ],
)
def test_a_waiver_is_dated_short_and_for_something(waiver: dict[str, Any], done: bool) -> None:
    assert (unwaived(FOUND, [waiver], TODAY) == []) is done
    assert unwaived(FOUND, [], date.max) == ["sanic: X-1"]
