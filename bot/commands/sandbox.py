"""Start the sandbox portal alone, as a server."""

from __future__ import annotations

import argparse
import subprocess
import sys


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command; the rest goes to `python -m bot.sandbox`."""
    command.add_argument("--port", type=int, default=5056)
    command.add_argument("--db", default=":memory:", help="SQLite file; in memory without it")


def execute(options: argparse.Namespace) -> int:
    """Runs until interrupted."""
    return subprocess.call(
        [sys.executable, "-m", "bot.sandbox", "--port", str(options.port), "--db", options.db]
    )
