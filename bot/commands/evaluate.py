"""Measure how well the trained model understands sentences, or gets done what patients want."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.cli import project_model
from bot.commands import evaluate_tasks
from bot.nlu.evaluation import evaluate_file
from bot.settings import PROJECT


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command."""
    default = PROJECT / "data" / "evaluation" / "nlu" / "booking_and_acts.jsonl"
    command.add_argument("what", choices=["nlu", "tasks"], help="what is measured")
    command.add_argument("file", nargs="?", type=Path, default=default, help="JSON lines of text and intent")
    command.add_argument("--model", type=Path, help="a trained model; the current one without it")
    evaluate_tasks.arguments(command.add_argument_group("tasks"))


def execute(options: argparse.Namespace) -> int:
    """Prints the tables."""
    if options.what == "tasks":
        return evaluate_tasks.execute(options)
    print(evaluate_file(project_model(options.model), options.file))
    return 0
