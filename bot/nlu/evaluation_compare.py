"""Two evaluations of the same file side by side, and where the newer one is worse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from bot.nlu.evaluation import Evaluation

Report = Mapping[str, Any]
"""An evaluation as plain JSON."""
_LESS_IS_BETTER = frozenset({"wrong_unasked", "calibration_error"})
_MEASURES = ("accuracy", "top3", "macro_f1", "wrong_unasked")


class Change(NamedTuple):
    """One measure in both reports (shares, 0-1), and whether it fell by more than is allowed."""

    measure: str
    before: float
    after: float
    worse: bool

    def __str__(self) -> str:
        mark = "  worse" if self.worse else ""
        return f"{self.measure:44}{100 * self.before:>8.1f}{100 * self.after:>8.1f}{mark}"


def to_report(evaluation: Evaluation) -> dict[str, Any]:
    """An evaluation as plain JSON, to be kept and compared with."""
    report: dict[str, Any] = json.loads(json.dumps(asdict(evaluation)))
    report["reliability"] = [bin_._asdict() for bin_ in evaluation.reliability]
    report["entities"] = [{**asdict(kind), "f1": kind.f1} for kind in evaluation.entities]
    return report


def read_report(file: Path) -> Report:
    """Read a report that was kept. Raises ValueError when the file is none."""
    try:
        report = json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{file} is no report") from error
    if not isinstance(report, dict) or not {"by_writing", "entities"} <= report.keys():
        raise ValueError(f"{file} is no report")
    return report


def compare(before: Report, after: Report, tolerance: float) -> list[Change]:
    """Measures that both reports have; worse means by more than `tolerance` (a share: 0.01 is a point)."""
    old, new = _measures(before), _measures(after)
    return [_change(name, old[name], new[name], tolerance) for name in old if name in new]


def _measures(report: Report) -> dict[str, float]:
    shares = {
        f"{writing}: {measure}": float(quality[measure])
        for writing, quality in report["by_writing"].items()
        for measure in _MEASURES
    }
    return shares | {f"entities: {kind['kind']}": float(kind["f1"]) for kind in report["entities"][-1:]}


def _change(name: str, before: float, after: float, tolerance: float) -> Change:
    loss = after - before if name.rpartition(": ")[2] in _LESS_IS_BETTER else before - after
    return Change(name, before, after, loss > tolerance)
