"""Document and client in step: every operation has a method, every request and model fits the document."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, get_args, get_origin
from urllib.parse import parse_qsl

import httpx
import jsonschema
import pytest
import yaml

from bot.portal import events, models, records
from bot.portal.client import PortalClient
from bot.portal.errors import NotFoundProblem
from bot.portal.grants import ChatGrants
from bot.portal.models import FacilityType, PartOfDay, Pool, SlotQuery
from bot.portal.records import OpinionSubject, ReplyChannel, WatchRequest
from bot.portal.schema import OpenEnum, Record
from bot.portal.tokens import PatientTokens, TokenExchange
from bot.portal.transport import RefreshableTokens, Wire

KEY = "key-12345"
DAY = date(2026, 12, 1)

#: How the client is asked for each operation of the document, with every option it has.
CALLS: dict[str, Callable[[PortalClient], Awaitable[Any]]] = {
    "getMe": lambda portal: portal.me(),
    "listCities": lambda portal: portal.cities(),
    "listServices": lambda portal: portal.services(),
    "listFacilities": lambda portal: portal.facilities(),
    "listDoctors": lambda portal: portal.doctors(),
    "listLanguages": lambda portal: portal.languages(),
    "listSlots": lambda portal: portal.slots(
        SlotQuery(
            "s1",
            city_ids=("c1", "c2"),
            facility_ids=("f1",),
            doctor_ids=("d1",),
            exclude_doctor_ids=("d2",),
            start=DAY,
            end=DAY,
            weekdays=(1, 7),
            part_of_day=PartOfDay.MORNING,
            language="uk",
            referral_id="ref1",
            patient_id="p1",
            pool=Pool.PREFERENTIAL,
            cursor="abc",
            limit=50,
        )
    ),
    "createHold": lambda portal: portal.hold("slot1", "p1", "ref1", "r1", key=KEY),
    "getHold": lambda portal: portal.get_hold("h1"),
    "releaseHold": lambda portal: portal.release("h1"),
    "extendHold": lambda portal: portal.extend("h1"),
    "listReservations": lambda portal: portal.reservations("booked", DAY, DAY, "abc", "p1"),
    "createReservation": lambda portal: portal.reserve("h1", "v1", "r1", key=KEY),
    "getReservation": lambda portal: portal.reservation("r1"),
    "cancelReservation": lambda portal: portal.cancel("r1", key=KEY),
    "listPrereservations": lambda portal: portal.prereservations("p1"),
    "holdPrereservation": lambda portal: portal.hold_prereservation("pre1", key=KEY),
    "listReferrals": lambda portal: portal.referrals("p1"),
    "getCoverage": lambda portal: portal.coverage("s1", "p1"),
    "findFacilities": lambda portal: portal.find_facilities(FacilityType.PARTNER, "c1", "abc", 10),
    "listAttachments": lambda portal: portal.attachments(),
    "createUploadTicket": lambda portal: portal.announce_attachment(
        "wynik.pdf", "application/pdf", 8_388_608, "opis", "r1", key=KEY
    ),
    "deleteAttachment": lambda portal: portal.delete_attachment("a1"),
    "uploadAttachment": lambda portal: portal.upload("a1", b"%PDF-"),
    "listResults": lambda portal: portal.results("p1", "abc"),
    "listPrescriptions": lambda portal: portal.prescriptions("p1", "abc"),
    "renewPrescription": lambda portal: portal.renew_prescription("rx1", key=KEY),
    "listRecommendations": lambda portal: portal.recommendations("p1", "abc"),
    "listQuestions": lambda portal: portal.questions("abc"),
    "askDoctor": lambda portal: portal.ask_doctor("r1", "pytanie", key=KEY),
    "estimateReimbursement": lambda portal: portal.estimate_reimbursement(Decimal("12.5"), DAY),
    "getOnlineQueue": lambda portal: portal.online_queue("sp1"),
    "listWatches": lambda portal: portal.watches(),
    "createWatch": lambda portal: portal.create_watch(
        WatchRequest("s1", DAY, "p1", ("c1",), ("f1",), ("d1",), DAY, DAY, PartOfDay.EVENING, 24), key=KEY
    ),
    "deleteWatch": lambda portal: portal.delete_watch("w1"),
    "listComplaints": lambda portal: portal.complaints("abc"),
    "fileComplaint": lambda portal: portal.file_complaint(
        "opis", ReplyChannel.EMAIL, "jan@poczta.example.pl", "r1", facility_id="f1", happened_on=DAY, key=KEY
    ),
    "sendOpinion": lambda portal: portal.send_opinion(OpinionSubject.SERVICE, "tekst", 5, "r1", key=KEY),
}
#: Asked without a patient, before there is a client.
TOKEN_CALLS: dict[str, Callable[[TokenExchange], Awaitable[Any]]] = {
    "exchangeToken": lambda exchange: exchange.exchange("chat"),
    "beginGrant": lambda exchange: ChatGrants(exchange._wire).begin("chat"),
    "refreshGrant": lambda exchange: ChatGrants(exchange._wire).refresh("grant"),
    "endGrant": lambda exchange: ChatGrants(exchange._wire).end("grant"),
    "getJwks": lambda exchange: exchange.signing_keys(),
}


@cache
def document() -> dict[str, Any]:
    text = files("bot.portal").joinpath("openapi.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def resolve(node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        target: Any = document()
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and operation; parameters of the path included."""
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            if method in ("get", "post", "put", "delete", "patch"):
                parameters = [
                    resolve(each) for each in [*item.get("parameters", []), *operation.get("parameters", [])]
                ]
                yield method.upper(), path, {**operation, "parameters": parameters}


def validate(instance: Any, schema: Mapping[str, Any]) -> None:
    resolver = jsonschema.RefResolver.from_schema(document())
    jsonschema.Draft202012Validator(schema, resolver=resolver).validate(instance)


def operation_of(request: httpx.Request) -> dict[str, Any]:
    found = [
        operation
        for method, path, operation in operations()
        if request.method == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), request.url.path)
    ]
    assert len(found) == 1, f"{request.method} {request.url.path}: {len(found)} operations fit"
    return found[0]


class Recorder:
    """Refuses every request, after keeping it."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(404, json={"code": "NOT_FOUND", "detail_pl": "x"})


async def request_of(operation_id: str) -> httpx.Request:
    async def token() -> str:
        return "t"

    recorder = Recorder()
    transport = httpx.MockTransport(recorder)
    if operation_id in CALLS:
        answer = CALLS[operation_id](PortalClient("http://portal.test", transport=transport, tokens=token))
    else:
        answer = TOKEN_CALLS[operation_id](TokenExchange(Wire("http://portal.test", transport=transport)))
    with pytest.raises(NotFoundProblem):
        await answer
    assert len(recorder.requests) == 1
    return recorder.requests[0]


def test_every_operation_has_a_method_and_no_method_is_off_the_document() -> None:
    assert {operation["operationId"] for _, _, operation in operations()} == {*CALLS, *TOKEN_CALLS}


@pytest.mark.parametrize("operation_id", [*CALLS, *TOKEN_CALLS])
async def test_the_request_fits_the_document(operation_id: str) -> None:
    request = await request_of(operation_id)
    operation = operation_of(request)
    assert operation["operationId"] == operation_id
    _check_query(request, operation)
    _check_headers(request, operation)
    _check_body(request, operation)


def _check_query(request: httpx.Request, operation: Mapping[str, Any]) -> None:
    known = {each["name"]: each for each in operation["parameters"] if each["in"] == "query"}
    sent: dict[str, list[str]] = {}
    for name, value in parse_qsl(request.url.query.decode(), keep_blank_values=True):
        sent.setdefault(name, []).append(value)
    # The calls above use every option: what the document offers and the client cannot send shows here.
    optional = {"limit"} if "limit" in known else set()
    assert set(sent) <= set(known)
    assert set(known) - set(sent) <= optional
    for name, values in sent.items():
        schema = resolve(known[name]["schema"])
        if schema.get("type") == "array":
            numeric = resolve(schema["items"]).get("type") == "integer"
            validate([int(value) if numeric else value for value in values], schema)
        else:
            assert len(values) == 1
            validate(int(values[0]) if schema.get("type") == "integer" else values[0], schema)


def _check_headers(request: httpx.Request, operation: Mapping[str, Any]) -> None:
    documented = {each["name"].lower() for each in operation["parameters"] if each["in"] == "header"}
    assert ("idempotency-key" in request.headers) is ("idempotency-key" in documented)
    assert ("authorization" in request.headers) is (operation.get("security") != [])


def _check_body(request: httpx.Request, operation: Mapping[str, Any]) -> None:
    if "requestBody" not in operation:
        assert request.content == b""
        return
    content = operation["requestBody"]["content"]
    content_type = request.headers["content-type"]
    assert content_type in content
    schema = content[content_type]["schema"]
    if content_type == "application/json":
        body = json.loads(request.content)
        validate(body, schema)
        assert set(body) == set(resolve(schema)["properties"])
    elif content_type == "application/x-www-form-urlencoded":
        form = dict(parse_qsl(request.content.decode()))
        validate(form, schema)
        assert set(form) <= set(resolve(schema)["properties"])


# --- models

#: Schema of the document for each model whose name differs.
SCHEMA_NAMES = {
    "PreReservation": "Prereservation",
    "Window": "DateRange",
    "Price": "Money",
    "Estimate": "ReimbursementEstimate",
    "Reservation": "ReservationData",
}
#: Parts of a larger schema, reached through their parent.
INLINE = {
    "Patient": ("Me", "patient"),
    "Limits": ("Me", "limits"),
    "Package": ("Me", "packages"),
    "ReservationLimit": ("Me", "limits", "reservations"),
    "AttachmentLimit": ("Me", "limits", "attachments"),
    "Hours": ("Service", "hours"),
    "AgeRange": ("Service", "age"),
    "Day": ("SlotPage", "days"),
    "Related": ("Hold", "related"),
    "Conflict": ("Hold", "conflicts"),
    "CoverageLimit": ("Coverage", "limit"),
}
MODELS = {
    model.__name__: model
    for module in (models, records, events)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, Record) and model is not Record
}


def flat(node: Mapping[str, Any]) -> dict[str, Any]:
    """Properties and required names of a schema, ``allOf`` and ``oneOf [x, null]`` taken apart."""
    node = resolve(node)
    merged: dict[str, Any] = {"properties": {}, "required": set()}
    for part in [
        *node.get("allOf", []),
        *node.get("oneOf", []),
        *([node["items"]] if "items" in node else []),
    ]:
        inner = flat(part)
        merged["properties"] |= inner["properties"]
        merged["required"] |= inner["required"]
    merged["properties"] |= node.get("properties", {})
    merged["required"] |= set(node.get("required", ()))
    return merged


def schema_of(model: type[Record]) -> dict[str, Any]:
    schemas = document()["components"]["schemas"]
    if model.__name__ not in INLINE:
        return flat(schemas[SCHEMA_NAMES.get(model.__name__, model.__name__)])
    root, *steps = INLINE[model.__name__]
    schema = flat(schemas[root])
    for step in steps:
        schema = flat(schema["properties"][step])
    return schema


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_a_model_asks_for_nothing_the_document_does_not_promise(model: type[Record]) -> None:
    wire = {field: name for name, field in model.wire_names.items()}
    schema = schema_of(model)
    flattened = {"searched_from": "searched", "searched_to": "searched"}
    names = {name: wire.get(name, flattened.get(name, name)) for name in model.__fields__}
    required = {names[name] for name, field in model.__fields__.items() if field.required}
    assert required <= schema["required"]
    # Names of people beside the first come only where the document has them.
    extra = {"last_name"} if model is models.Dependant else set()
    assert set(names.values()) - extra <= set(schema["properties"])


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_a_model_loses_nothing_of_the_document(model: type[Record]) -> None:
    envelope = {"server_time", "next_cursor", "items", "searched"} - set(model.__fields__)
    known = {*model.__fields__, *model.wire_names}
    assert set(schema_of(model)["properties"]) - known <= envelope


def enums_of(model: type[Record]) -> Iterator[tuple[str, type[OpenEnum]]]:
    for name, field in model.__fields__.items():
        kind = field.type_
        if get_origin(kind) is not None:
            kind = next(iter(get_args(kind)), kind)
        if isinstance(kind, type) and issubclass(kind, OpenEnum):
            yield name, kind


ENUM_FIELDS = [(model, name, kind) for model in MODELS.values() for name, kind in enums_of(model)]


@pytest.mark.parametrize(
    ("model", "name", "kind"), ENUM_FIELDS, ids=[f"{m.__name__}.{name}" for m, name, _ in ENUM_FIELDS]
)
def test_closed_lists_are_those_of_the_document(model: type[Record], name: str, kind: type[OpenEnum]) -> None:
    wire = {field: wire_name for wire_name, field in model.wire_names.items()}
    schema = resolve(schema_of(model)["properties"][wire.get(name, name)])
    schema = resolve(schema.get("items", schema))
    known = {member.value for member in kind} - {"unknown"}
    if "const" in schema:
        assert schema["const"] in known
    else:
        assert known == {value for value in schema["enum"] if value is not None}


def test_patient_tokens_are_a_token_source_that_can_be_refreshed() -> None:
    assert issubclass(PatientTokens, RefreshableTokens)
