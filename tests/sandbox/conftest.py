"""A sandbox in process and patients logged in to it."""

import itertools
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from bot.sandbox import BASE_URL, Sandbox

Json = dict[str, Any]


class Patient:
    """A patient's client: the calls the assistant would make."""

    _numbers = itertools.count()

    def __init__(self, http: httpx.AsyncClient, patient_id: str) -> None:
        self.http = http
        self.id = patient_id

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.http.get(path, params=params or None)

    async def post(self, path: str, body: Json | None = None, *, key: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": key or f"key-{next(self._numbers):08d}"}
        return (
            await self.http.post(path, json=body, headers=headers)
            if body is not None
            else await self.http.post(path, headers=headers)
        )

    async def slots(self, service: str, **params: Any) -> list[Json]:
        answer = await self.get("/v1/slots", service_id=service, **params)
        assert answer.status_code == 200, answer.text
        items: list[Json] = answer.json()["items"]
        return items

    async def hold(self, slot_id: str, **more: Any) -> httpx.Response:
        return await self.post("/v1/holds", {"slot_id": slot_id, "patient_id": self.id, **more})

    async def hold_first(self, service: str, *, held: Json | None = None, **params: Any) -> httpx.Response:
        return await self.hold((await self.slots(service, **params))[0]["id"], **(held or {}))

    async def confirm(self, hold: Json, **more: Any) -> httpx.Response:
        body = {"hold_id": hold["id"], "valuation_id": hold["valuations"][0]["id"], **more}
        return await self.post("/v1/reservations", body)

    async def book(self, service: str, **params: Any) -> Json:
        """Book the first slot; the visit."""
        held = await self.hold_first(service, **params)
        assert held.status_code == 201, held.text
        booked = await self.confirm(held.json())
        assert booked.status_code == 201, booked.text
        visit: Json = booked.json()
        return visit

    async def cancel(self, visit_id: str, *, key: str | None = None) -> httpx.Response:
        return await self.post(f"/v1/reservations/{visit_id}/cancellation", key=key)


async def exchange(http: httpx.AsyncClient, chat_token: str, **more: str) -> httpx.Response:
    """RFC 8693 exchange of a chat token."""
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": chat_token,
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "audience": "booking",
        **more,
    }
    return await http.post("/oauth/token", data=form)


class World:
    """A sandbox and its patients."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._clients: list[httpx.AsyncClient] = []

    def client(self) -> httpx.AsyncClient:
        http = httpx.AsyncClient(transport=self.sandbox.transport(), base_url=BASE_URL)
        self._clients.append(http)
        return http

    async def login(self, key: str, *, step_up: bool = False) -> Patient:
        http = self.client()
        answer = await exchange(http, self.sandbox.token(key, step_up=step_up))
        assert answer.status_code == 200, answer.text
        http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return Patient(http, f"pat-{key.replace('_', '-')}")

    async def close(self) -> None:
        for http in self._clients:
            await http.aclose()
        self.sandbox.close()


@pytest.fixture
async def make() -> AsyncIterator[Callable[..., World]]:
    """Worlds made by `make(patch=..., now=...)`."""
    worlds: list[World] = []

    def build(**arguments: Any) -> World:
        worlds.append(World(Sandbox(**arguments)))
        return worlds[-1]

    yield build
    for world in worlds:
        await world.close()


@pytest.fixture
def world(make: Callable[..., World]) -> World:
    """The seeded world at its default time."""
    return make()


def code(answer: Any) -> str:
    """Code of a well-formed problem."""
    body = answer.json()
    assert body["detail_pl"]
    assert body["status"] == answer.status_code
    assert answer.headers["content-type"] == "application/problem+json"
    return str(body["code"])


def patient(**fields: Any) -> Json:
    return {"patients": {"newcomer": fields}}


def slot(service: str, at: str, **more: Any) -> Json:
    return {"slots": {"add": [{"service": service, "at": at, **more}]}}
