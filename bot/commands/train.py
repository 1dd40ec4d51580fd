"""Train the model when data, configuration or code changed.

The result lands in models/. Nothing is done when a model with the same fingerprint is there.
"""

from __future__ import annotations

import argparse

from bot.nlu.training import train


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command."""
    command.add_argument("--force", action="store_true", help="train even when nothing changed")


def execute(options: argparse.Namespace) -> int:
    """Trains and prints where the model is."""
    print(train(force=options.force))
    return 0
