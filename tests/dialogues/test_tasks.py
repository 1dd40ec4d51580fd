"""The task suite itself: what is asked for is possible, doing nothing is not enough, the same seed is the same talk."""

from __future__ import annotations

import pytest

from bot.dialogue.texts import Texts
from bot.rehearsal.stage import Stage
from bot.rehearsal.tasks.assistants import Fixed, Trained
from bot.rehearsal.tasks.gold import replay_all
from bot.rehearsal.tasks.lint import lint
from bot.rehearsal.tasks.play import Suite
from bot.rehearsal.tasks.task import load_all
from bot.rehearsal.tasks.wordings import Wordings
from bot.settings import PROJECT

FOLDER = PROJECT / "data" / "evaluation" / "tasks"
TASKS = load_all(FOLDER)


@pytest.fixture(scope="module")
def wordings() -> Wordings:
    return Wordings.read(FOLDER / "wordings")


async def test_the_gold_of_every_task_gets_its_reward(stage: Stage, wordings: Wordings) -> None:
    assert await replay_all(stage, wordings, TASKS) == {}


async def test_saying_nothing_of_use_passes_hardly_any(stage: Stage, wordings: Wordings) -> None:
    mute = Fixed("utter_nothing_open", Texts.load(PROJECT).get("utter_nothing_open"))
    trials = await Suite(stage, wordings, mute).play_all(TASKS, 1)
    idle = {trial.task.name for trial in trials if trial.passed}
    assert len(idle) < 0.1 * len(TASKS)
    assert [fault for task in TASKS for fault in lint(task, wordings, (), task.name in idle)] == []


async def test_the_same_seed_is_the_same_conversation(stage: Stage, wordings: Wordings) -> None:
    suite = Suite(stage, wordings, Trained(stage))
    some = [task for task in TASKS if task.area in {"failures", "digressions"}][:4]
    first, second = [await suite.play_all(some, 2) for _ in range(2)]
    assert [trial.transcript() for trial in first] == [trial.transcript() for trial in second]
    assert not any(trial.error for trial in first)
