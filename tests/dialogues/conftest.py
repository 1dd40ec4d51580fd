"""The stage is loaded once for all dialogues."""

from __future__ import annotations

import pytest

from bot.cli import quieten
from bot.nlu.training import train
from bot.rehearsal.stage import Stage
from bot.settings import PROJECT


@pytest.fixture(scope="session")
def stage() -> Stage:
    """The trained assistant (trained now if it is out of date)."""
    quieten(verbose=False)
    return Stage(train(), PROJECT)
