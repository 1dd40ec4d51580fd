"""Talk to the assistant in the terminal, as any sandbox patient.

Options are numbered: type the number, the label, or anything else. `/koniec` ends.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import datetime
from pathlib import Path

from bot.cli import CommandError, project_model
from bot.language.times.model import WARSAW
from bot.rehearsal.runner import written
from bot.rehearsal.stage import Reply, Session, Stage
from bot.settings import PROJECT

END = "/koniec"


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command."""
    command.add_argument(
        "--patient", default="full", help="key of a sandbox patient; `nobody` is not logged in"
    )
    command.add_argument(
        "--now", type=datetime.fromisoformat, help="the portal's clock; the real one without it"
    )
    command.add_argument("--model", type=Path, help="a trained model; the current one without it")
    command.add_argument("--explain", action="store_true", help="show what was understood")


def execute(options: argparse.Namespace) -> int:
    """Talks until the end of input."""
    stage = Stage(project_model(options.model), PROJECT)
    return asyncio.run(_talk(stage, options))


async def _talk(stage: Stage, options: argparse.Namespace) -> int:
    now = options.now or datetime.now(WARSAW)
    patient = None if options.patient == "nobody" else options.patient
    try:
        session = await stage.open("terminal", now.astimezone(WARSAW), patient, {}, "web")
    except KeyError as error:
        raise CommandError(f"no sandbox patient {options.patient!r}") from error
    replies: list[Reply] = []
    while True:
        line = await asyncio.to_thread(_read)
        if line is None or line.strip() == END:
            return 0
        if not line.strip():
            continue
        replies = await _answer(stage, session, line.strip(), replies)
        if options.explain:
            print(f"      ({await stage.understood(session)})")


async def _answer(stage: Stage, session: Session, line: str, before: list[Reply]) -> list[Reply]:
    payload = _pressed(line, before)
    replies = await stage.turn(session, line, payload)
    number = 0
    for reply in replies:
        print(written(reply)[0])
        for label, _ in reply.buttons:
            number += 1
            print(f"     [{number}] {label}")
    return replies


def _pressed(line: str, replies: list[Reply]) -> str | None:
    payloads = [payload for reply in replies for _, payload in reply.buttons]
    return payloads[int(line) - 1] if line.isdigit() and 0 < int(line) <= len(payloads) else None


def _read() -> str | None:
    if sys.stdin.isatty():
        print("P: ", end="", flush=True)
    line = sys.stdin.readline()
    return line if line else None
