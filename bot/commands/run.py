"""Start everything: train if needed, the sandbox portal, the assistant; print the address.

With ASYSTENT_PORTAL_URL the assistant talks to that portal and no sandbox is started.
"""

from __future__ import annotations

import argparse
import json
import logging
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from bot import lean_imports
from bot.cli import CommandError, project_model
from bot.nlu.training import is_current
from bot.operations import memory
from bot.operations.logs import configure
from bot.settings import PROJECT, Settings, from_environment

A_DAY = 24 * 60 * 60.0
WAIT = 60.0
"""Seconds the sandbox portal is given to start."""


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command."""
    command.add_argument("--model", type=Path, help="a trained model; the current one without it")
    command.add_argument("--port", type=int, help="port of the assistant (ASYSTENT_PORT, 5005)")


def execute(options: argparse.Namespace) -> int:
    """Runs until interrupted."""
    settings = from_environment()
    configure(logging.WARNING, secrets=settings.secrets)
    model = current_model(options.model or settings.model)
    port = free_port(settings.host, options.port or settings.port)
    sandbox: subprocess.Popen[bytes] | None = None
    portal_url = settings.portal_url
    try:
        if portal_url is None:
            sandbox, portal_url = start_sandbox(settings)
        serve(settings, model, portal_url, port, sandbox is not None)
    finally:
        if sandbox is not None:
            sandbox.terminate()
            sandbox.wait(timeout=10)
    return 0


def current_model(named: Path | None) -> Path:
    """The model to serve.

    One that is out of date is trained in a process of its own: that needs libraries and memory that serving
    does not.
    """
    if named is None and not is_current():
        command = [sys.executable, "-m", "bot", "train"]
        if subprocess.run(command, cwd=PROJECT, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            raise CommandError("there is no model to serve: training failed")
    return project_model(named)


def start_sandbox(settings: Settings) -> tuple[subprocess.Popen[bytes], str]:
    """The sandbox portal beside the assistant; its address once it answers."""
    settings.state.mkdir(parents=True, exist_ok=True)
    port = free_port(settings.host, settings.sandbox_port)
    database = settings.state / "sandbox.sqlite"
    command = [sys.executable, "-m", "bot.sandbox", "--port", str(port), "--db", str(database)]
    if database.exists() and time.time() - database.stat().st_mtime > A_DAY:
        command.append("--reset")  # its visits are "in three hours" or "tomorrow": old ones are of no use
    process = subprocess.Popen(command, cwd=settings.project)
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CommandError(f"the sandbox portal ended with code {process.returncode}")
        if fetch(f"{address}/sandbox/patients") is not None:
            return process, address
        time.sleep(0.1)
    process.terminate()
    raise CommandError(f"the sandbox portal did not answer within {WAIT:.0f} s")


def serve(settings: Settings, model: Path, portal_url: str, port: int, demo: bool) -> None:
    """Runs the assistant until it is stopped."""
    lean_imports.install()
    memory.few_arenas()
    from bot.server import build_app  # Rasa and the model: only once everything else is ready

    app = build_app(settings, model, portal_url, demo=demo)
    memory.settle()
    patients = (fetch(f"{portal_url}/sandbox/patients") or {}) if demo else {}

    async def announce(_app: Any, _loop: Any) -> None:
        print(greeting(settings.host, port, patients.get("items") or []), flush=True)

    app.register_listener(announce, "after_server_start")
    app.run(host=settings.host, port=port, access_log=False)


def greeting(host: str, port: int, patients: list[dict[str, Any]]) -> str:
    """The address, and whom one can be there."""
    lines = ["", f"  Asystent Portalu Pacjenta: http://{host}:{port}/", ""]
    if patients:
        lines.append("  Sandbox patients one can be on that page:")
        lines += [f"    {p.get('key', ''):18} {p.get('shows', '')}" for p in patients]
    return "\n".join([*lines, "", "  Ctrl+C stops everything.", ""])


def fetch(address: str) -> dict[str, Any] | None:
    """A JSON answer of the sandbox, None while it does not answer."""
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            body: dict[str, Any] = json.load(answer)
            return body
    except (urllib.error.URLError, OSError, ValueError):
        return None


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next free one."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise CommandError(f"no free port from {wanted} on")
