"""`python -m bot.sandbox`: over a real socket, with a file that outlives the process."""

import asyncio
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.sandbox.conftest import Patient, exchange


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(db: Path) -> AsyncIterator[httpx.AsyncClient]:
    port = free_port()
    process: Process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", "--port", str(port), "--db", str(db),
        "--now", "2026-11-23T09:00:00+01:00", "--frozen", stdout=DEVNULL, stderr=DEVNULL,
    )  # fmt: skip
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as http:
            for _ in range(200):
                try:
                    await http.get("/.well-known/jwks.json")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
            yield http
    finally:
        process.terminate()
        await process.wait()


async def login(http: httpx.AsyncClient, key: str) -> Patient:
    token = (await http.post("/sandbox/tokens", json={"patient": key})).json()["token"]
    answer = await exchange(http, token)
    http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return Patient(http, f"pat-{key.replace('_', '-')}")


async def test_booking_faults_and_restart(tmp_path: Path) -> None:
    db = tmp_path / "portal.db"
    async with serving(db) as http:
        full = await login(http, "full")
        visit = await full.book("okulista-onsite", city_id="krakow", **{"from": "2026-11-30"})
        for kind in ("drop_response", "timeout"):
            await http.post("/sandbox/faults", json={"faults": [{"kind": kind, "path": "/v1/me"}]})
            with pytest.raises(httpx.TransportError):
                await full.get("/v1/me")
            assert (await full.get("/v1/me")).status_code == 200
        announced = {"file_name": "a.pdf", "content_type": "application/pdf", "size": 9, "description": ""}
        ticket = (await full.post("/v1/attachments", announced)).json()
        large = await http.put(ticket["upload_url"], content=b"%PDF-" + bytes(ticket["max_size"] - 4))
        assert (large.status_code, large.json()["code"]) == (413, "ATTACHMENT_TOO_LARGE")
    async with serving(db) as http:
        again = await (await login(http, "full")).get(f"/v1/reservations/{visit['id']}")
        assert again.json()["status"] == "booked"
