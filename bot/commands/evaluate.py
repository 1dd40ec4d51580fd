"""Measure how well the trained model understands sentences, or gets done what patients want.

The file has a line of JSON for each message: `text`, `intent`, and where known `now`, `topic`, `style` and
`expect` (what it names). With `--against`, an older report (`--json`) or another model, the exit code is 1
when a measure fell by more than the tolerance.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from bot.cli import CommandError, project_model
from bot.commands import evaluate_tasks
from bot.nlu.evaluation import evaluate_file
from bot.nlu.evaluation_compare import Change, compare, read_report, to_report
from bot.nlu.evaluation_html import page
from bot.settings import PROJECT

_MODEL = ".tar.gz"


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command."""
    default = PROJECT / "data" / "evaluation" / "nlu" / "booking_and_acts.jsonl"
    command.add_argument("what", choices=["nlu", "tasks"], help="what is measured")
    command.add_argument("file", nargs="?", type=Path, default=default, help="JSON lines of text and intent")
    command.add_argument("--model", type=Path, help="a trained model; the current one without it")
    evaluate_tasks.arguments(command.add_argument_group("tasks"))
    command.add_argument("--json", type=Path, help="keep the report in this file")
    command.add_argument("--html", type=Path, help="write a page with plots into this file")
    command.add_argument("--against", type=Path, help="an older report or model: fail where this is worse")
    command.add_argument("--tolerance", type=float, default=1.0, help="points a measure may fall (default 1)")


def execute(options: argparse.Namespace) -> int:
    """Prints the tables; 1 when the model is worse than the one it is compared with."""
    if options.what == "tasks":
        return evaluate_tasks.execute(options)
    try:
        evaluation = evaluate_file(project_model(options.model), options.file)
        report = to_report(evaluation)
        changes = _changes(options, report)
    except (OSError, ValueError) as error:
        raise CommandError(str(error)) from error
    print(evaluation)
    if changes:
        print(f"\n{'against ' + options.against.name:44}{'before':>8}{'now':>8}")
        print("\n".join(map(str, changes)))
    if options.json:
        options.json.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    if options.html:
        options.html.write_text(page(evaluation, changes), encoding="utf-8")
    return int(any(change.worse for change in changes))


def _changes(options: argparse.Namespace, report: dict[str, object]) -> Sequence[Change]:
    if options.against is None:
        return ()
    if options.against.name.endswith(_MODEL):
        before = to_report(evaluate_file(options.against, options.file))
    else:
        before = dict(read_report(options.against))
    return compare(before, report, options.tolerance / 100)
