"""Shared by all tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot import tensorflow_standin

tensorflow_standin.install()

if TYPE_CHECKING:
    from bot.rehearsal.stage import Stage


@pytest.fixture(scope="session")
def stage() -> Stage:
    """The trained assistant (trained now if it is out of date), loaded once for all dialogues and facts."""
    from bot.cli import quieten
    from bot.nlu.training import train
    from bot.rehearsal.stage import Stage
    from bot.settings import PROJECT

    quieten(verbose=False)
    return Stage(train(), PROJECT)
