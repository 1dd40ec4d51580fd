"""`make bench`: stock Rasa and ours on the same dialogues, side by side; writes docs/performance.md,
docs/performance.json and docs/sizing.md.

Everything runs on this machine over loopback: an own Redis, the sandbox portal, stock Rasa with its HTTP
action server, one and two processes of ours. Both are up together and measured in turn, several rounds;
figures are medians of rounds. Ratios are what counts: the machine may be busy.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path
from typing import Any

import httpx

from bench import costs, desk, machine, report, stock, talk
from bench.installation import Installation
from bench.machine import PROJECT, Server
from bench.talk import Said, Turn
from tools import sizing

KINDS = ("faq", "answer", "submit")
TURNS_AT = (10, 50, 100, 200, 500)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", type=Path, default=PROJECT / "models" / "assistant.tar.gz")
    parser.add_argument("--stock-python", default=sys.executable, help="a Python with Rasa, and TensorFlow")
    parser.add_argument("--pipeline", choices=sorted(stock.PIPELINES), default="light")
    parser.add_argument("--longest", type=int, default=500, help="turns of the long conversation")
    parser.add_argument("--soak", type=int, default=2000, help="turns of ours after which memory is read")
    parser.add_argument("--starts", type=int, default=3)
    return parser.parse_args()


class Bench(Installation):
    """The servers, stock Rasa among them, and what was measured."""

    def __init__(self, options: argparse.Namespace, folder: Path, stack: ExitStack) -> None:
        super().__init__(options.model, folder, stack)
        self._options = options
        self.result: dict[str, Any] = {"pipeline": options.pipeline, "when": time.strftime("%Y-%m-%d")}

    # --- servers

    def train_stock(self) -> None:
        port = int(self.redis_url.rsplit(":", 1)[1].partition("/")[0])
        self._action_port = machine.free_port()
        if stock.write(self._folder / "stock", self._options.pipeline, port, self._action_port):
            print("stock Rasa: the model of an earlier run, from the same files", flush=True)
            return
        since = time.monotonic()
        command = [self._options.stock_python, "-W", "ignore", "-m", "rasa", "train", "--quiet"]
        process = machine.start(command, self._folder / "stock", self._folder / "train.log")
        if process.wait(timeout=3600) != 0:
            raise RuntimeError(f"stock Rasa did not train: see {self._folder / 'train.log'}")
        self.result["stock_training"] = time.monotonic() - since

    def start_stock(self) -> Server:
        folder = self._folder / "stock"
        port = machine.free_port()
        base = [self._options.stock_python, "-W", "ignore", "-m", "rasa", "run"]
        actions = machine.start(
            [*base, "actions", "--port", str(self._action_port)], folder, self._folder / "actions.log"
        )
        probe = Server("stock actions", f"http://127.0.0.1:{self._action_port}", [actions])
        probe.wait(time.monotonic(), "/health")
        since = time.monotonic()
        main = machine.start(
            [*base, "--port", str(port), "--interface", "127.0.0.1"], folder, self._folder / "stock.log"
        )
        server = Server("stock", f"http://127.0.0.1:{port}", [main])
        server.wait(since)
        server.processes.append(actions)
        return server

    # --- measurements

    async def compare(self, servers: Sequence[Server], portal: str) -> None:
        """Turn types at 1, 8 and 32 conversations, all servers in turn, several rounds."""
        cells: dict[str, list[dict[str, float]]] = {}
        async with httpx.AsyncClient(timeout=60) as http:
            for server in servers:  # warm
                await self._cell(http, server, f"warm-{server.name}", 2, 1)
            for number, patients in enumerate((1, 8, 32)):
                for turn in range(self._options.rounds):
                    for server in servers:
                        await http.post(portal + "/sandbox/reset", json={})
                        name = f"{server.name}-{number}-{turn}"
                        found = await self._cell(http, server, name, patients, 4 if patients == 1 else 1)
                        for kind, figures in found.items():
                            cells.setdefault(f"{server.name}/{patients}/{kind}", []).append(figures)
                        print(f"  {name}: {found['form']}", flush=True)
        self.result["cells"] = {
            cell: {key: statistics.median(figures[key] for figures in rounds) for key in rounds[0]}
            for cell, rounds in cells.items()
        }

    async def _cell(
        self, http: httpx.AsyncClient, server: Server, name: str, patients: int, repeat: int
    ) -> dict[str, dict[str, float]]:
        """FAQ and form apart, so that CPU can be told of each."""
        offer = server.name != "stock"
        found: dict[str, dict[str, float]] = {}
        plans: dict[str, Callable[[int], Iterator[Sequence[Said]]]] = {
            "faq": lambda n: iter([talk.faq(n + i) for i in range(repeat)]),
            "form": lambda n: iter([talk.booking(n + i, offer=offer) for i in range(repeat)]),
        }
        for plan, dialogues in plans.items():
            before = server.cpu()
            turns, seconds = await talk.together(
                self.sender(http, server), f"{name}-{plan}", patients, dialogues
            )
            cpu = (server.cpu() - before) / len(turns) * 1000
            found[plan] = {"rate": len(turns) / seconds, "cpu": cpu, **spread(turns)}
            for kind in KINDS:
                if some := [turn for turn in turns if turn.kind == kind]:
                    found[kind] = {**found.get(kind, {}), **spread(some)}
        return found

    async def growth(self, servers: Sequence[Server]) -> None:
        """CPU of a turn, deep inside one conversation."""
        self.result["growth"] = {}
        async with httpx.AsyncClient(timeout=60) as http:
            for server in servers:
                send = self.sender(http, server)
                marks: dict[int, float] = {}
                texts = (said.text for number in count() for said in talk.faq(number))
                before, last = server.cpu(), 0
                for number, text in enumerate(islice(texts, self._options.longest), start=1):
                    if number in {mark - 9 for mark in TURNS_AT}:
                        before, last = server.cpu(), number
                    await send(f"long-{server.name}", text)
                    if number in TURNS_AT:
                        marks[number] = (server.cpu() - before) / (number - last + 1) * 1000
                self.result["growth"][server.name] = marks
                print(f"  growth {server.name}: {marks}", flush=True)

    async def two_processes(self, one: Server, other: Server) -> None:
        """CPU per message when every turn is served by the other process than the one before."""
        pair = Server("pair", f"{one.address} {other.address}", [*one.processes, *other.processes])
        figures: dict[str, list[float]] = {"one": [], "pair": []}
        async with httpx.AsyncClient(timeout=60) as http:
            await self._cell(http, other, "warm-other", 2, 1)
            for turn in range(self._options.rounds):
                for name, server in (("one", one), ("pair", pair)):
                    found = await self._cell(http, server, f"{name}-two-{turn}", 8, 2)
                    figures[name].append(found["form"]["cpu"])
        self.result["two_processes"] = {name: statistics.median(found) for name, found in figures.items()}

    async def soak(self, server: Server) -> None:
        """Memory after many turns of many conversations."""
        async with httpx.AsyncClient(timeout=60) as http:
            send = self.sender(http, server)
            ready, done, number = server.memory(), 0, 0
            marks = [(0, ready)]
            while done < self._options.soak:
                turns, _ = await talk.together(send, f"soak-{number}", 16, lambda n: iter([talk.faq(n)]))
                done, number = done + len(turns), number + 1
                marks.append((done, server.memory()))
        self.result["memory"] = marks

    def starts(self, portal: str) -> None:
        """Process start to the first answer."""
        found: dict[str, list[tuple[float, float, float]]] = {"stock": [], "ours": []}
        for _ in range(self._options.starts):
            for name, start in (("stock", self.start_stock), ("ours", lambda: self.start_ours(portal))):
                server = start()
                memory = machine.Server(name, "", server.processes[:1]).memory()
                found[name].append((server.ready, server.ready_cpu, memory))
                server.end()
        self.result["starts"] = {
            name: [statistics.median(values) for values in zip(*rows, strict=True)]
            for name, rows in found.items()
        }


def spread(turns: Sequence[Turn]) -> dict[str, float]:
    """p50 and p95 in ms."""
    times = sorted(turn.seconds * 1000 for turn in turns)
    return {"p50": statistics.median(times), "p95": times[min(len(times) - 1, int(len(times) * 0.95))]}


def main() -> int:
    options = arguments()
    folder = PROJECT / ".state" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        bench = Bench(options, folder, stack)
        portal = bench.portal()
        bench.train_stock()
        print("starting", flush=True)
        bench.starts(portal)
        theirs, ours = bench.start_stock(), bench.start_ours(portal)
        stack.callback(theirs.end)
        stack.callback(ours.end)
        print("comparing", flush=True)
        asyncio.run(bench.compare((theirs, ours), portal))
        asyncio.run(bench.growth((theirs, ours)))
        theirs.end()
        other = bench.start_ours(portal)
        stack.callback(other.end)
        asyncio.run(bench.two_processes(ours, other))
        asyncio.run(bench.soak(ours))
        bench.result["costs"] = asyncio.run(costs.measure(bench, ours, portal, options.rounds * 4))
        bench.result["desk"] = asyncio.run(desk.latency(bench.redis_url))
    (folder / "result.json").write_text(json.dumps(bench.result, indent=1), encoding="utf-8")
    report.write(bench.result, PROJECT / "docs")
    costs.write(bench.result["costs"])
    sizing.main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
