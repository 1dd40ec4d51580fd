"""Every dialogue file goes as its author said (docs/dialogues.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rehearsal.runner import play
from bot.rehearsal.script import Script, load_all
from bot.rehearsal.stage import Stage

SCRIPTS = load_all(
    [
        folder
        for folder in sorted(Path(__file__).parent.iterdir())
        if folder.is_dir() and folder.name != "__pycache__"
    ]
)


def test_there_are_enough_dialogues() -> None:
    assert len(SCRIPTS) >= 60


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.name for script in SCRIPTS])
async def test_dialogue(stage: Stage, script: Script) -> None:
    outcome = await play(stage, script, f"test-{script.name}")
    assert outcome.passed, "\n".join([script.about, *outcome.transcript, *outcome.problems])
