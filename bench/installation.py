"""What is measured, running on this machine: an own Redis, the sandbox portal, processes of ours."""

from __future__ import annotations

import time
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import httpx

from bench import machine, talk
from bench.machine import PROJECT, Server


class Installation:
    """Redis runs from the start; the rest when asked for. All of it ends with `stack`."""

    def __init__(self, model: Path, folder: Path, stack: ExitStack) -> None:
        self._model = model
        self._folder = folder
        self._stack = stack
        redis, self.redis_url = machine.redis(folder)
        stack.callback(redis.terminate)
        self._portal_port = machine.free_port()

    def portal(self) -> str:
        address = f"http://127.0.0.1:{self._portal_port}"
        command = machine.python("-m", "bot.sandbox", "--port", str(self._portal_port))
        command += ["--db", str(self._folder / "portal.sqlite")]
        since = time.monotonic()
        server = Server("portal", address, [machine.start(command, PROJECT, self._folder / "portal.log")])
        self._stack.callback(server.end)
        server.wait(since, "/sandbox/patients")
        return address

    def start_ours(self, portal: str) -> Server:
        port = machine.free_port()
        command = machine.python("-m", "bench.ours", str(port), self.redis_url, portal)
        since = time.monotonic()
        process = machine.start([*command, str(self._model)], PROJECT, self._folder / "ours.log")
        server = Server("ours", f"http://127.0.0.1:{port}", [process])
        server.wait(since)
        return server

    def sender(self, http: httpx.AsyncClient, server: Server) -> talk.Send:
        if server.name == "stock":

            async def send_stock(sender: str, text: str) -> int:
                body = {"sender": sender, "message": text}
                answer = await http.post(f"{server.address}/webhooks/rest/webhook", json=body)
                answer.raise_for_status()
                return len(answer.json())

            return send_stock
        numbers = count()
        addresses = server.address.split()

        async def send(sender: str, text: str) -> int:
            address = addresses[next(numbers) % len(addresses)]  # each turn in another process
            body = {"sender": sender, "message": text}
            answer = await http.post(f"{address}/bench/messages", json=body)
            answer.raise_for_status()
            return len(answer.json()["replies"])

        return send
