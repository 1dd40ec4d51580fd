"""The understanding of the trained assistant, without its dialogue."""

import pytest

from bot.nlu.parsing import Understanding
from bot.nlu.training import train


@pytest.fixture(scope="session")
def understanding() -> Understanding:
    """Trained now if it is out of date, loaded once."""
    return Understanding(train())
