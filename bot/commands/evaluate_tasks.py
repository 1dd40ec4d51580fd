"""`python -m bot evaluate tasks`: the whole suite, baselines beside it, and the bar."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from bot.cli import CommandError, project_model
from bot.dialogue.texts import Texts
from bot.rehearsal.stage import Stage
from bot.rehearsal.tasks import report
from bot.rehearsal.tasks.assistants import Fixed, Trained
from bot.rehearsal.tasks.gold import replay_all
from bot.rehearsal.tasks.lint import by_class, lint
from bot.rehearsal.tasks.play import Suite, Trial
from bot.rehearsal.tasks.task import Task, load_all
from bot.rehearsal.tasks.wordings import SETS, Wordings
from bot.settings import PROJECT

FOLDER = Path("data") / "evaluation" / "tasks"
BAR = {1: 0.95, 4: 0.90}
IDLE_BAR = 0.10
NOTHING, HANDOFF = "utter_nothing_open", "utter_human"
"""What the baselines always say."""


def arguments(group: argparse._ArgumentGroup) -> None:
    """Options of `evaluate tasks`."""
    group.add_argument("--task", default="", help="only tasks whose name (area/id) has this in it")
    group.add_argument("--split", choices=["dev", "held_out"], default="", help="only this part")
    group.add_argument("--trials", type=int, default=SETS, help="trials of each task, each in other words")
    group.add_argument("--transcripts", action="store_true", help="print every conversation")
    group.add_argument("--no-baselines", action="store_true", help="leave out gold replay and the mute ones")


def execute(options: argparse.Namespace) -> int:
    """Prints the report; 0 when the bar is met (of a part: when everything passes)."""
    started = time.perf_counter()
    folder = PROJECT / FOLDER
    tasks = [
        task for task in load_all(folder) if options.task in task.name and options.split in {"", task.split}
    ]
    if not tasks:
        raise CommandError("no tasks there")
    wordings = Wordings.read(folder / "wordings")
    stage = Stage(project_model(options.model), PROJECT)
    good = asyncio.run(_run(stage, wordings, tasks, options))
    print(f"{time.perf_counter() - started:.0f} s")
    return 0 if good else 1


async def _run(stage: Stage, wordings: Wordings, tasks: Sequence[Task], options: argparse.Namespace) -> bool:
    played = await Suite(stage, wordings, Trained(stage)).play_all(tasks, options.trials)
    print("\n".join(report.failures(played, transcripts=options.transcripts)))
    print("\n".join(report.table(played, options.trials)))
    sound = options.no_baselines or await _baselines(stage, wordings, tasks)
    return sound and _good(played, options.trials, whole=not options.task)


async def _baselines(stage: Stage, wordings: Wordings, tasks: Sequence[Task]) -> bool:
    """Gold must always pass, doing nothing hardly ever; faults of tasks by class."""
    texts = Texts.load(PROJECT)
    gold = await replay_all(stage, wordings, tasks)
    idle = await Suite(stage, wordings, Fixed(NOTHING, texts.get(NOTHING))).play_all(tasks, 1)
    handoff = await Suite(stage, wordings, Fixed(HANDOFF, texts.get(HANDOFF))).play_all(tasks, 1)
    mute = {trial.task.name for trial in idle if trial.passed}
    faults = {t.name: list(lint(t, wordings, gold.get(t.name, ()), t.name in mute)) for t in tasks}
    for kind, problems in by_class(faults).items():
        print(f"tasks at fault, {kind}:")
        print("\n".join(f"  {problem}" for problem in problems))
    share = {
        name: sum(t.passed for t in each) / len(each)
        for name, each in (("nothing", idle), ("handoff", handoff))
    }
    print(
        f"baselines: gold replay {1 - len(gold) / len(tasks):.3f}, "
        f"doing nothing {share['nothing']:.3f}, always a person {share['handoff']:.3f}"
    )
    return not any(faults.values()) and share["nothing"] < IDLE_BAR


def _good(played: Sequence[Trial], trials: int, *, whole: bool) -> bool:
    if not whole:
        return all(trial.passed for trial in played)
    tasks = report.by_task(played)
    met = all(report.score(tasks, k) >= bar for k, bar in BAR.items() if k <= trials)
    return met and not any(trial.error or trial.verdict.safety for trial in played)
