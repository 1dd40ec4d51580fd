"""Requests no good client sends: always a problem document, never a 500."""

from typing import Any

import pytest

from tests.sandbox.conftest import World

_GOOD = {"description": "Opóźnienie", "reply": {"channel": "email", "contact": "ktos@example.org"}}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b"\xff\xfe",
        b'{"description": "\\ud800", "reply": {"channel": "email", "contact": "a@b"}}',
        b'{"description": NaN, "reply": {"channel": "email", "contact": "a@b"}}',
        b"[" * 100_000,
        b'{"description": ' + b"9" * 5000 + b"}",
    ],
)
async def test_body(world: World, raw: bytes) -> None:
    full = await world.login("full")
    headers = {"Idempotency-Key": "hostile-key", "Content-Type": "application/json"}
    answer = await full.http.post("/v1/complaints", content=raw, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_content_type(world: World, kind: str) -> None:
    full = await world.login("full")
    headers = {"Idempotency-Key": "hostile-key", "Content-Type": kind}
    answer = await full.http.post("/v1/complaints", content=b"{}", headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("key", ["short", "x" * 256, "z polskimi literami żółć".encode(), "a b c d e f"])
async def test_idempotency_key(world: World, key: Any) -> None:
    full = await world.login("full")
    answer = await full.http.post("/v1/complaints", json=_GOOD, headers={"Idempotency-Key": key})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/", "/v1/me/", "/v1/holds/../me", "/v1/reservations/%00", "/v2/me"]
)
async def test_paths(world: World, path: str) -> None:
    full = await world.login("full")
    answer = await full.http.get(path)
    assert answer.status_code in (200, 404)
    if answer.status_code == 404:
        assert answer.json()["code"] == "NOT_FOUND"


async def test_wrong_method_says_which_are_right(world: World) -> None:
    full = await world.login("full")
    answer = await full.http.patch("/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert "GET" in answer.headers["Allow"]


async def test_query_parameter_twice(world: World) -> None:
    full = await world.login("full")
    answer = await full.http.get("/v1/slots?service_id=tsh&service_id=crp")
    assert answer.status_code == 400


async def test_failure_on_our_side_is_a_problem_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    full = await world.login("full")

    async def broken(*arguments: Any) -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(world.sandbox.engine.store, "transact", broken)
    answer = await full.get("/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_ERROR")
    assert "fire" not in answer.text
