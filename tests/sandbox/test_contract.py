"""The document and the sandbox say the same: operations, and answers to well-made and ill-made requests."""

import asyncio
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bot.sandbox import BASE_URL, Sandbox
from bot.sandbox.app import shared_app
from bot.sandbox.contract import operations
from bot.sandbox.files import load_contract, load_yaml
from bot.sandbox.public import PUBLIC
from bot.sandbox.registry import HANDLERS
from tests.sandbox.conftest import exchange

schema = schemathesis.openapi.from_dict(load_contract())
# The token is the harness's; tests of tokens are in test_ownership.
schema.config.generation.update(with_security_parameters=False)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


def test_every_documented_operation_is_served_and_nothing_else() -> None:
    documented = set(operations())
    assert documented == set(HANDLERS) | set(PUBLIC)
    served = {
        (method, "/" + route.path.replace("<", "{").replace(":str>", "}"))
        for route in shared_app().router.routes
        for method in route.methods
        if not route.path.startswith("sandbox/")
    }
    assert served == {(op.method, op.path) for op in operations().values()}


def test_every_code_the_sandbox_may_answer_with_is_documented() -> None:
    text = " ".join(answer["description"] for answer in load_contract()["components"]["responses"].values())
    documented = set(text.replace(",", " ").split())
    only_transport = {"METHOD_NOT_ALLOWED", "INTERNAL_ERROR"}
    assert set(load_yaml("problems.yml")["problems"]) - only_transport == documented


def test_keys_are_required_where_something_is_made() -> None:
    keyed = {op.id for op in operations().values() if op.keyed}
    posts = {op.id for op in operations().values() if op.method == "POST"}
    assert keyed == posts - {"exchangeToken", "extendHold", "beginGrant", "refreshGrant", "endGrant"}


class Caller:
    """Sends generated requests to one sandbox as a patient who may do most things."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.sandbox = Sandbox()
        self.http = httpx.AsyncClient(transport=self.sandbox.transport(), base_url=BASE_URL)
        answer = self.loop.run_until_complete(self._login())
        self.token = answer.json()["access_token"]

    async def _login(self) -> httpx.Response:
        return await exchange(self.http, self.sandbox.token("full", step_up=True))

    def send(self, case: Any) -> httpx.Response:
        arguments = case.as_transport_kwargs(base_url=BASE_URL)
        request = httpx.Request(
            arguments["method"],
            httpx.URL(arguments["url"]).copy_merge_params(_pairs(arguments.get("params"))),
            headers=_headers(arguments.get("headers"), self.token),
            json=arguments.get("json"),
            data=arguments["data"] if isinstance(arguments.get("data"), dict) else None,
            content=arguments["data"] if isinstance(arguments.get("data"), bytes | str) else None,
        )
        return self.loop.run_until_complete(self.http.send(request))

    def close(self) -> None:
        self.loop.run_until_complete(self.http.aclose())
        self.sandbox.close()
        self.loop.close()


def _pairs(params: Any) -> list[tuple[str, str]]:
    pairs = []
    for name, value in (params or {}).items():
        values = value if isinstance(value, list | tuple) else [value]
        pairs += [(name, str(one)) for one in values if one is not None]
    return pairs


def _headers(headers: Any, token: str) -> list[tuple[bytes, bytes]]:
    """Header values as raw bytes: generated ones may hold any Latin-1 letter."""
    given = {name: str(value) for name, value in (headers or {}).items()}
    given["Authorization"] = f"Bearer {token}"
    return [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in given.items()]


@pytest.fixture(scope="module")
def caller() -> Iterator[Caller]:
    made = Caller()
    yield made
    made.close()


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_generated_requests(case: Any, caller: Caller) -> None:
    case.validate_response(caller.send(case), checks=CHECKS)


def test_uuid_keys_are_accepted(caller: Caller) -> None:
    """The document's pattern and the client's UUIDv5 keys fit together."""
    key = str(uuid.uuid5(uuid.NAMESPACE_URL, "conversation/hold/slot"))
    operation = operations()["createHold"]
    parameter = next(p for p in operation.parameters if p.name == "Idempotency-Key")
    assert parameter.validator.is_valid(key)
