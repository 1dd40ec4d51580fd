"""Coverage in words: amounts, and where a package is shown."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.actions.coverage.replies import amount
from bot.actions.coverage.where import where
from bot.actions.world import World
from bot.dialogue.texts import Texts
from bot.settings import PROJECT

TEXTS = Texts.load(PROJECT)


@pytest.mark.parametrize(
    ("value", "said"), [("180", "180"), ("180.00", "180"), ("49.5", "49,50"), ("1234.05", "1234,05")]
)
def test_an_amount_is_said_as_in_polish(value: str, said: str) -> None:
    assert amount(Decimal(value)) == said


@pytest.mark.parametrize(
    ("channel", "path"), [("app", "dolny pasek"), ("web", "ikona osoby"), ("messenger", "ikona osoby")]
)
def test_the_path_is_the_one_of_the_channel(channel: str, path: str) -> None:
    world = World("sender", datetime(2026, 11, 23, 9, tzinfo=UTC), channel, None, None)
    assert path in where(world, TEXTS)
