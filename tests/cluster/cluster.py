"""An installation as it is deployed, on one machine: processes of the assistant, Redis, the proxy's real files."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench import machine
from bench.machine import PROJECT, Server

PATIENCE = 60.0
"""Seconds a device goes on trying, and waits for an answer."""
RETRIED = frozenset({429, 500, 502, 503, 504})
MAIN = """
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections 1024; }}
http {{
    include {deploy}/limits.conf;
    access_log {folder}/access.log asystent;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    upstream assistant {{
        zone assistant 64k;
        least_conn;
        {servers}
        keepalive 64;
    }}
    server {{ listen 127.0.0.1:{port}; include {deploy}/routes.conf; }}
}}
"""


class Cluster:
    """Started piece by piece; `end` stops all of it."""

    def __init__(self, folder: Path, model: Path, processes: int) -> None:
        self._folder, self._model = folder, model
        self._redis, redis_url = machine.redis(folder)
        self._portal_port = machine.free_port()
        self.portal = f"http://127.0.0.1:{self._portal_port}"
        self._environment = {
            "ASYSTENT_REDIS_URL": redis_url,
            "ASYSTENT_SECRET": "cluster" * 6,
            "ASYSTENT_PORTAL_URL": self.portal,
            "ASYSTENT_STATE": str(folder / "state"),
            "ASYSTENT_PROXIES": "1",
        }
        command = machine.python("-m", "bot.sandbox", "--port", str(self._portal_port))
        command += ["--db", str(folder / "portal.sqlite")]
        self._ledger = Server("portal", self.portal, [machine.start(command, PROJECT, folder / "portal.log")])
        self._ledger.wait(time.monotonic(), "/sandbox/patients")
        self.ports = [machine.free_port() for _ in range(processes)]
        self.assistants = [self.start(port) for port in self.ports]
        for server in self.assistants:
            server.wait(time.monotonic(), "/health/ready")
        self.address, self._proxy = self._start_proxy()

    def start(self, port: int) -> Server:
        """One process of the assistant; returns at once."""
        command = machine.python("-m", "bot", "run", "--port", str(port), "--model", str(self._model))
        process = machine.start(command, PROJECT, self._folder / f"assistant-{port}.log", **self._environment)
        return Server(f"assistant {port}", f"http://127.0.0.1:{port}", [process])

    def kill(self, number: int) -> None:
        """Out of memory, or a machine that is gone: no warning."""
        self.assistants[number].processes[0].kill()
        self.assistants[number].processes[0].wait()

    async def restart(self, number: int, *, gently: bool = True) -> None:
        """The orchestrator's way: SIGTERM, wait, start the next, wait until it is ready."""
        process = self.assistants[number].processes[0]
        if gently:
            process.terminate()
        await asyncio.to_thread(process.wait, 60)
        self.assistants[number] = self.start(self.ports[number])
        await asyncio.to_thread(self.assistants[number].wait, time.monotonic(), "/health/ready")

    def _start_proxy(self) -> tuple[str, Server]:
        program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if program is None:
            raise RuntimeError("nginx is needed for this trial: apt-get install nginx")
        port = machine.free_port()
        servers = "\n".join(f"server 127.0.0.1:{own} max_fails=1 fail_timeout=2s;" for own in self.ports)
        config = self._folder / "nginx.conf"
        text = MAIN.format(
            folder=self._folder, deploy=PROJECT / "deploy" / "nginx", servers=servers, port=port
        )
        config.write_text(text, encoding="utf-8")
        command = [program, "-c", str(config), "-p", str(self._folder), "-g", "daemon off;"]
        server = Server(
            "proxy",
            f"http://127.0.0.1:{port}",
            [machine.start(command, self._folder, self._folder / "proxy.log")],
        )
        server.wait(time.monotonic())
        return server.address, server

    def end(self) -> None:
        for server in (self._proxy, *self.assistants, self._ledger):
            server.end()
        self._redis.terminate()

    async def state(self) -> dict[str, Any]:
        """The portal's ledger."""
        async with httpx.AsyncClient() as http:
            found: dict[str, Any] = (await http.get(f"{self.portal}/sandbox/state")).json()
            return found

    async def patients(self) -> list[str]:
        """Sandbox patients who may book."""
        async with httpx.AsyncClient() as http:
            items = (await http.get(f"{self.portal}/sandbox/patients")).json()["items"]
        return [item["key"] for item in items if item["key"] != "no_account"]


@dataclass
class Device:
    """A patient's device by the rules of docs/chat-api.md: the same message again until it is taken."""

    cluster: Cluster
    patient: str
    http: httpx.AsyncClient
    conversation: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    tries: int = 0
    since: int = 0
    """Number of the last message of earlier talks."""
    _token: str = ""

    async def open(self) -> None:
        answer = await self.http.post(f"{self.cluster.portal}/sandbox/tokens", json={"patient": self.patient})
        self._token = answer.json()["token"]
        opened = await self._call("POST", "/conversations", {})
        self.conversation = str(opened["conversation"])
        self.since = int(opened["cursor"])

    async def ask(self, text: str) -> list[dict[str, Any]]:
        """Says it, and returns what was answered."""
        body = {"client_message_id": str(uuid.uuid4()), "text": text}
        path = f"/conversations/{self.conversation}/messages"
        seq = int((await self._call("POST", path, body))["seq"])
        end = time.monotonic() + PATIENCE
        before = -1
        while time.monotonic() < end:
            self.messages = (await self._call("GET", f"{path}?after={self.since}&limit=100", None))[
                "messages"
            ]
            found = [m for m in self.messages if m["author"] == "assistant" and m["seq"] > seq]
            if found and len(found) == before:
                return found
            before = len(found)
            await asyncio.sleep(0.15)
        raise AssertionError(f"{self.patient}: no answer to {text!r} (message {seq})")

    async def _call(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        end, last = time.monotonic() + PATIENCE, ""
        while time.monotonic() < end:
            self.tries += 1
            try:
                answer = await self.http.request(
                    method,
                    f"{self.cluster.address}/api/v1{path}",
                    json=body,
                    headers={"authorization": f"Bearer {self._token}"},
                )
            except httpx.HTTPError as error:
                last = type(error).__name__
            else:
                if answer.status_code < 400:
                    found: dict[str, Any] = answer.json()
                    return found
                last = f"{answer.status_code} {answer.text[:200]}"
                assert answer.status_code in RETRIED, last
            await asyncio.sleep(0.3)
        raise AssertionError(f"{self.patient}: {method} {path} was not taken: {last}")
