"""Measure how well the trained model understands sentences it has not seen."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.cli import project_model
from bot.nlu.evaluation import evaluate_file
from bot.settings import PROJECT


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command."""
    default = PROJECT / "data" / "evaluation" / "nlu" / "booking_and_acts.jsonl"
    command.add_argument("what", choices=["nlu"], help="what is measured")
    command.add_argument("file", nargs="?", type=Path, default=default, help="JSON lines of text and intent")
    command.add_argument("--model", type=Path, help="a trained model; the current one without it")


def execute(options: argparse.Namespace) -> int:
    """Prints the tables."""
    print(evaluate_file(project_model(options.model), options.file))
    return 0
