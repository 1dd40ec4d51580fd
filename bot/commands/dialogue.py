"""Play whole dialogues against the assistant and a sandbox portal, and check what came of them."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path

from bot.cli import CommandError, project_model
from bot.rehearsal.runner import AT_ONCE, Outcome, play_all
from bot.rehearsal.script import ScriptError, load_all
from bot.rehearsal.stage import Stage
from bot.settings import PROJECT


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command."""
    default = [PROJECT / "tests" / "dialogues"]
    command.add_argument("paths", nargs="*", type=Path, default=default, help="files or folders of dialogues")
    command.add_argument("--model", type=Path, help="a trained model; the current one without it")
    command.add_argument("--transcripts", action="store_true", help="print every conversation")
    command.add_argument("--at-once", type=int, default=AT_ONCE, help="dialogues played at the same time")
    command.add_argument("--json", action="store_true", help="one JSON object a dialogue")


def execute(options: argparse.Namespace) -> int:
    """0 when all dialogues went as they should."""
    try:
        scripts = load_all(options.paths)
    except ScriptError as error:
        raise CommandError(str(error)) from error
    if not scripts:
        raise CommandError("no dialogues there")
    stage = Stage(project_model(options.model), PROJECT)
    started = time.perf_counter()
    outcomes = asyncio.run(play_all(stage, scripts, options.at_once))
    report(outcomes, transcripts=options.transcripts, as_json=options.json)
    failed = sum(not outcome.passed for outcome in outcomes)
    print(f"{len(outcomes) - failed} passed, {failed} failed ({time.perf_counter() - started:.1f} s)")
    return 1 if failed else 0


def report(outcomes: Sequence[Outcome], *, transcripts: bool, as_json: bool) -> None:
    """Transcripts of what failed, or of everything."""
    for outcome in outcomes:
        if as_json:
            data = {
                "dialogue": outcome.script.name,
                "passed": outcome.passed,
                "problems": outcome.problems,
                "transcript": outcome.transcript,
            }
            print(json.dumps(data, ensure_ascii=False))
        elif transcripts or not outcome.passed:
            print(f"=== {outcome.script.name}: {'ok' if outcome.passed else 'FAILED'}")
            print("\n".join([*outcome.transcript, *(f"!! {problem}" for problem in outcome.problems)]), "\n")
