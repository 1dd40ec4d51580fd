"""Look up what is delivered in a local copy of an advisory database (OSV format, JSON or YAML files).

Nothing is fetched. What cannot be looked up is a failure and never a pass: no database, one without an
ecosystem we use, one that is too old, a record or a version that cannot be read.

A finding can be waived for at most 90 days in `requirements/waivers.yml`: a list of `id`, `package`, `until`
(a date) and `reason`. A waiver that is over, too long, without a reason or for nothing is a failure as well.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from packaging.version import InvalidVersion, Version

from tools.locked import ROOT, Package, normal, python_packages, widget_packages

MOST_AGE = timedelta(days=30)
LONGEST_WAIVER = timedelta(days=90)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Record = Mapping[str, Any]


class ScanError(RuntimeError):
    """The scan says nothing: why."""


def records(database: Path) -> Iterator[Record]:
    """Every advisory of the folder. Raises ScanError for a file that is none."""
    if not database.is_dir():
        raise ScanError(f"there is no advisory database at {database}")
    for path in sorted(database.rglob("*")):
        if path.suffix not in {".json", ".yaml", ".yml"} or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
            record = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=_LOADER)
            if not isinstance(record, dict) or not isinstance(record["id"], str):
                raise TypeError("not an advisory")
            record["modified"] = _moment(record["modified"])
        except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError) as error:
            raise ScanError(f"{path.name} cannot be read: {error}") from error
        yield record


def _moment(value: object) -> datetime:
    found = (
        value if isinstance(value, datetime) else datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    )
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def findings(database: Path, packages: Sequence[Package], now: datetime) -> set[tuple[str, str]]:
    """Advisory and package, for every package that is affected. Raises ScanError."""
    wanted = {(package.ecosystem, package.name): package for package in packages}
    seen: set[str] = set()
    newest: datetime | None = None
    found: set[tuple[str, str]] = set()
    for record in records(database):
        newest = max(newest or record["modified"], record["modified"])
        for affected in record.get("affected") or ():
            about = affected.get("package") or {}
            ecosystem = str(about.get("ecosystem", "")).partition(":")[0]
            seen.add(ecosystem)
            name = str(about.get("name", ""))
            package = wanted.get((ecosystem, normal(name) if ecosystem == "PyPI" else name))
            if package is not None and not record.get("withdrawn") and concerns(affected, package.version):
                found.add((record["id"], package.name))
    missing = {package.ecosystem for package in packages} - seen
    if missing:
        raise ScanError(f"the database has no advisory for {', '.join(sorted(missing))}")
    if newest is None or now - newest > MOST_AGE:
        raise ScanError(f"the newest advisory is of {newest:%Y-%m-%d}: renew the database")
    return found


def concerns(affected: Record, version: str) -> bool:
    """Whether this version is among the affected. Raises ScanError for a version that cannot be compared."""
    if version in (affected.get("versions") or ()):
        return True
    ranges = [one for one in affected.get("ranges") or () if one.get("type") in {"ECOSYSTEM", "SEMVER"}]
    if not ranges:
        return not affected.get("versions")  # neither says which: all are
    return any(_within(one.get("events") or (), version) for one in ranges)


def _within(events: Iterable[Record], version: str) -> bool:
    ours, inside = _version(version), False
    points = [(_version(text), kind) for event in events for kind, text in event.items() if kind != "limit"]
    for point, kind in sorted(points):
        if kind == "introduced" and ours >= point:
            inside = True
        elif (kind == "fixed" and ours >= point) or (kind == "last_affected" and ours > point):
            inside = False
    return inside


def _version(text: object) -> Version:
    try:
        return Version(str(text))
    except InvalidVersion as error:
        raise ScanError(f"version {text!r} cannot be compared") from error


def unwaived(found: set[tuple[str, str]], waivers: Sequence[Record], today: date) -> list[str]:
    """What has to be done, in words; empty when every finding is waived as it should be."""
    wrong: list[str] = []
    waived: set[tuple[str, str]] = set()
    for waiver in waivers:
        key, until = (str(waiver.get("id")), str(waiver.get("package"))), waiver.get("until")
        if not isinstance(until, date) or not waiver.get("reason"):
            wrong.append(f"waiver {key}: needs a date (until) and a reason")
        elif until < today or until - today > LONGEST_WAIVER:
            wrong.append(f"waiver {key}: {until} is over or more than {LONGEST_WAIVER.days} days away")
        elif key not in found:
            wrong.append(f"waiver {key}: nothing to waive, take it out")
        else:
            waived.add(key)
    return wrong + [f"{package}: {advisory}" for advisory, package in sorted(found - waived)]


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """0: nothing known; 1: findings; 2: the scan says nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    options = parser.parse_args(arguments)
    now = datetime.now(UTC)
    try:
        packages = [*python_packages(root), *widget_packages(root)]
        found = findings(options.database, packages, now)
    except ScanError as error:
        print(f"advisories: {error}", file=sys.stderr)
        return 2
    path = root / "requirements" / "waivers.yml"
    waivers = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER) if path.exists() else None
    wrong = unwaived(found, waivers or (), now.date())
    for line in wrong:
        print(line)
    print(f"advisories: {len(packages)} packages, {len(found)} findings, {len(wrong)} to be done")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
