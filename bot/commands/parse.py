"""Understand texts: JSON lines in, JSON lines out, with the trained model and no server.

In: `{"text": "...", "now"?: "2026-11-23T09:00:00+01:00"}` or a bare JSON string, or plain text, a line each.
Out: text, intent with confidence, the fact inside the intent (null where it has none), ranking, entities with
normalised values, and `safety`: null or the class of red flag or crisis.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bot.cli import CommandError, project_model
from bot.nlu.parsing import parse_lines
from bot.safety.detector import detect


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command."""
    command.add_argument("file", nargs="?", type=Path, help="file of lines; standard input without it")
    command.add_argument("--model", type=Path, help="a trained model; the current one without it")


def execute(options: argparse.Namespace) -> int:
    """Parses every line, in order."""
    model = project_model(options.model)
    if options.file is not None and not options.file.exists():
        raise CommandError(f"there is no file {options.file}")
    stream = options.file.open(encoding="utf-8") if options.file else sys.stdin
    with stream:
        for result in parse_lines(model, stream):
            finding = detect(result["text"])
            result["safety"] = finding.cls.value if finding else None
            print(json.dumps(result, ensure_ascii=False), flush=True)
    return 0
