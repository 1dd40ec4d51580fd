"""Several processes and real Redis behind the proxy of `deploy/`: nothing is lost when one dies or all are replaced.

Needs nginx, so it is part of `make verify`, not of `make test`.
"""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.talk import CITIES, SPECIALTIES

PROCESSES = 3
PATIENTS = 12


def _load(name: str) -> Any:
    """A helper beside this file (pytest imports tests by path)."""
    key = f"cluster_{name}"
    if key not in sys.modules:
        spec = importlib.util.spec_from_file_location(key, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[key] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[key])
    return sys.modules[key]


@pytest.fixture(scope="module")
def cluster(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    started = _load("cluster").Cluster(tmp_path_factory.mktemp("cluster"), model, PROCESSES)
    yield started
    started.end()


def wish(number: int) -> str:
    specialty, city = SPECIALTIES[number % len(SPECIALTIES)], CITIES[number % len(CITIES)]
    return f"Chcę umówić wizytę w przychodni, {specialty}, {city}, w przyszłym tygodniu"


async def book(device: Any, number: int) -> int:
    """Visits the patient was told are booked: one, or none where no term was offered."""
    await device.open()
    replies = await device.ask(wish(number))
    for answer in ("dla mnie", "1"):
        if not _offered(replies):
            replies = await device.ask(answer)
    if not _offered(replies):
        return 0
    await device.ask("1")
    await device.ask("tak")
    return sum((m.get("card") or {}).get("kind") == "file" for m in device.messages)


def _offered(replies: list[dict[str, Any]]) -> bool:
    return any((reply.get("card") or {}).get("kind") == "slots" for reply in replies)


async def under_load(cluster: Any, meanwhile: Callable[[], Awaitable[None]]) -> tuple[int, int, int]:
    """All patients book while something happens: visits told, visits made, tries that were repeated."""
    patients = (await cluster.patients())[:PATIENTS]
    before = {item["id"] for item in (await cluster.state())["reservations"]}
    async with httpx.AsyncClient(timeout=40, limits=httpx.Limits(max_connections=100)) as http:
        devices = [_load("cluster").Device(cluster, name, http) for name in patients]
        talks = asyncio.gather(*(book(device, number) for number, device in enumerate(devices)))
        await asyncio.gather(talks, meanwhile())
        told = sum(talks.result())
    made = [item for item in (await cluster.state())["reservations"] if item["id"] not in before]
    slots = [item["slot"]["id"] for item in made if item["status"] == "booked"]
    assert len(slots) == len(set(slots))
    for device in devices:
        _every_message_is_answered_in_order(device.messages)
    return told, len(made), sum(device.tries for device in devices)


def _every_message_is_answered_in_order(messages: list[dict[str, Any]]) -> None:
    assert [m["seq"] for m in messages] == sorted(m["seq"] for m in messages)
    authors = [m["author"] for m in messages]
    for here, after in zip(authors, [*authors[1:], "nobody"], strict=True):
        assert (here, after) not in {("patient", "patient"), ("patient", "nobody")}, authors


@pytest.mark.timeout(600)
async def test_conversations_move_between_processes(cluster: Any) -> None:
    async def nothing() -> None:
        return

    told, made, _ = await under_load(cluster, nothing)
    assert told == made >= PATIENTS // 3
    async with httpx.AsyncClient() as http:
        metrics = [(await http.get(f"http://127.0.0.1:{port}/metrics")).text for port in cluster.ports]
    assert all('asystent_turns_total{outcome="' in text for text in metrics), "one process did no turn"


@pytest.mark.timeout(600)
async def test_a_process_killed_under_load_loses_nothing(cluster: Any) -> None:
    await _reset(cluster)

    async def kill() -> None:
        await asyncio.sleep(1.5)
        cluster.kill(0)
        await asyncio.sleep(1.0)
        await cluster.restart(0, gently=False)

    told, made, _ = await under_load(cluster, kill)
    assert told == made >= PATIENTS // 3


@pytest.mark.timeout(600)
async def test_a_rolling_restart_loses_nothing(cluster: Any) -> None:
    await _reset(cluster)

    async def roll() -> None:
        for number in range(PROCESSES):
            await cluster.restart(number)

    told, made, _ = await under_load(cluster, roll)
    assert told == made >= PATIENTS // 3


async def _reset(cluster: Any) -> None:
    async with httpx.AsyncClient() as http:
        assert (await http.post(f"{cluster.portal}/sandbox/reset", json={})).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/health/ready", 404),
        ("/metrics", 404),
        ("/", 404),
        ("/webhooks/rest/webhook", 404),
        ("/conversations/x/tracker", 404),
        ("/api/v1/conversations/x/messages", 401),
    ],
)
async def test_the_proxy_lets_through_what_patients_need(cluster: Any, path: str, status: int) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.get(cluster.address + path)
    assert answer.status_code == status
    assert "/" not in answer.headers["server"]  # no version


async def test_a_body_that_is_too_large_stops_at_the_proxy(cluster: Any) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{cluster.address}/api/v1/conversations/x/messages", content=b"x" * 70_000)
    assert answer.status_code == 413
