"""The understanding of the trained assistant, without its dialogue."""

from pathlib import Path

import pytest

from bot.nlu.parsing import Understanding


@pytest.fixture(scope="session")
def understanding(model: Path) -> Understanding:
    """Loaded once."""
    return Understanding(model)
