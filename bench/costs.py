"""What one message and one conversation of ours cost: docs/performance.json, which tools/sizing.py reads.

`make bench` writes it; `python -m bench.costs` measures it alone, in about a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import redis

from bench import talk
from bench.installation import Installation
from bench.machine import PROJECT, Server
from bench.talk import Said

FILE = PROJECT / "docs" / "performance.json"
AT_ONCE = 8
A_DAY = 86_400
PLANS: dict[str, Callable[[int], Sequence[Said]]] = {
    "faq": talk.faq,
    "booking": lambda number: talk.booking(number, offer=True),
}


async def measure(place: Installation, server: Server, portal: str, rounds: int) -> dict[str, Any]:
    """CPU ms, Redis bytes and commands of every kind of conversation, `rounds` times eight of each."""
    kinds: dict[str, Any] = {}
    async with httpx.AsyncClient(timeout=60) as http:
        for kind, plan in PLANS.items():
            await converse(http, place, server, portal, f"warm-{kind}", plan)
            kept_before = kept(place.redis_url)
            commands_before, spent = commands(place.redis_url), server.cpu()
            messages = 0
            for number in range(rounds):
                messages += await converse(http, place, server, portal, f"{kind}-{number}", plan)
            cpu, done = server.cpu() - spent, commands(place.redis_url) - commands_before
            conversations = rounds * AT_ONCE
            kinds[kind] = {
                "cpu_ms_per_message": round(cpu / messages * 1000, 2),
                "messages_per_conversation": round(messages / conversations, 2),
                "redis_bytes_per_conversation": round((kept(place.redis_url) - kept_before) / conversations),
                "redis_commands_per_message": round(done / messages, 1),
            }
    return {
        "when": time.strftime("%Y-%m-%d"),
        "conversations": rounds * AT_ONCE,
        "start_seconds": round(server.ready, 1),
        "memory_mb": round(server.memory()),
        "kinds": kinds,
    }


async def converse(
    http: httpx.AsyncClient,
    place: Installation,
    server: Server,
    portal: str,
    name: str,
    plan: Callable[[int], Sequence[Said]],
) -> int:
    """Eight patients at once, each one conversation, then they leave; how many messages they wrote."""
    await http.post(portal + "/sandbox/reset", json={})
    turns, _ = await talk.together(place.sender(http, server), name, AT_ONCE, lambda n: iter([plan(n)]))
    senders = [f"{name}-{number}" for number in range(AT_ONCE)]
    await http.post(server.address + "/bench/leave", json={"senders": senders})
    return len(turns)


def kept(url: str) -> int:
    """Bytes in Redis that stay for more than a day: not buttons, locks and limits, which live for minutes."""
    with redis.Redis.from_url(url) as client:
        keys = [key for key in client.scan_iter(count=1000) if not 0 <= client.ttl(key) <= A_DAY]
        return sum(client.memory_usage(key, samples=0) or 0 for key in keys)


def commands(url: str) -> int:
    """Commands that Redis has done."""
    with redis.Redis.from_url(url) as client:
        return int(client.info("stats")["total_commands_processed"])


def write(costs: dict[str, Any]) -> None:
    FILE.write_text(json.dumps(costs, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.costs", description=__doc__)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--model", type=Path, default=PROJECT / "models" / "assistant.tar.gz")
    options = parser.parse_args()
    folder = PROJECT / ".state" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        place = Installation(options.model, folder, stack)
        portal = place.portal()
        server = place.start_ours(portal)
        stack.callback(server.end)
        costs = asyncio.run(measure(place, server, portal, options.rounds))
    write(costs)
    print(json.dumps(costs, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
