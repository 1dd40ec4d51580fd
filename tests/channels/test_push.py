"""A phone rings when a message waits and nobody has the chat open; the push says nothing of health."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.channels.push.bell import BellSettings
from bot.channels.push.service import PushService, push_service
from bot.channels.signing import sign


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


events = _load("test_events")
SECRET = b"secret of the push service"
FIELDS = {"id", "type", "device", "collapse_key", "title", "text", "count", "expires_at"}
NEVER = BellSettings(*[timedelta(days=1)] * 4)
"""Only a test rings: nothing depends on how fast the machine is."""
AT_ONCE = BellSettings(
    grace=timedelta(0), rest=timedelta(0), watched=timedelta(days=1), sweep=timedelta(days=1)
)


@dataclass
class FakePush:
    """The operator's push service: proves every request and keeps each id once."""

    taken: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    trouble: list[int] = field(default_factory=list)
    asked: int = 0
    url: str = ""
    served: Any = None

    def app(self) -> Sanic:
        app = Sanic(f"push-{uuid.uuid4().hex[:8]}", configure_logging=False)
        app.add_route(self.take, "/push", methods=["POST"])
        return app

    def expect(self, good: bool, what: str) -> None:
        if not good:
            self.wrong.append(what)

    async def take(self, request: Request) -> HTTPResponse:
        self.asked += 1
        signature = request.headers.get("push-signature", "")
        moment = float(signature.partition("t=")[2].partition(",")[0] or 0)
        self.expect(sign(SECRET, request.body, moment) == signature, "signature")
        self.expect(abs(time.time() - moment) < 300, "age")
        push = request.json
        self.expect(set(push) == FIELDS, f"fields {sorted(push)}")
        self.expect(push["type"] == "message.waiting", "type")
        self.expect(datetime.fromisoformat(push["expires_at"]).tzinfo is not None, "expires_at")
        if self.trouble:
            return empty(self.trouble.pop(0))
        self.expect(push["id"] not in {known["id"] for known in self.taken}, "told twice")
        self.taken.append(push)
        return empty(202)


@pytest.fixture(params=["embedded", "redis"])
async def phone(request: pytest.FixtureRequest, serve: Any, serve_app: Any) -> FakePush:
    service = FakePush()
    service.url = await serve_app(service.app()) + "/push"
    options = {"storage": request.getfixturevalue("redis_url")} if request.param == "redis" else {}
    service.served = await serve(
        push=lambda http: PushService(http, service.url, SECRET), bell=AT_ONCE, **events.OPTIONS, **options
    )
    return service


@pytest.fixture(autouse=True)
def by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Night is where the test says so."""
    for module in ("events.inbox", "push.bell"):
        monkeypatch.setattr(f"bot.channels.{module}.is_quiet", lambda now: False)


async def _register(patient: Any, token: str = "", platform: str = "android") -> Any:
    async with patient.client() as http:
        body = {"platform": platform, "push_token": token or f"token-{uuid.uuid4()}"}
        return await http.post("/devices", json=body)


async def _patient(service: FakePush, sub: str = "") -> Any:
    patient = await service.served.patient(sub or f"p-{uuid.uuid4()}")
    assert (await _register(patient)).status_code == 201
    return patient


async def _ring(service: FakePush, patient: Any) -> None:
    await service.served.app.ctx.front_desk.bell.ring(patient.conversation)


async def _until(service: FakePush, count: int) -> list[dict[str, Any]]:
    for _ in range(1500):
        if len(service.taken) >= count:
            return service.taken
        await asyncio.sleep(0.02)
    raise AssertionError(f"{len(service.taken)} of {count} pushes, {service.wrong}")


# --- what a push is


async def test_a_message_that_waits_wakes_the_phone_and_says_nothing_of_it(phone: FakePush) -> None:
    patient = await _patient(phone)
    await patient.ask("mam wynik boreliozy")
    (push,) = await _until(phone, 1)
    assert push["device"]["platform"] == "android"
    assert push["collapse_key"] == patient.conversation
    assert (push["title"], push["text"]) == ("Portal Pacjenta", "W czacie czeka nowa wiadomość.")
    assert "borelioz" not in json.dumps(push, ensure_ascii=False)
    assert phone.wrong == []


async def test_a_portal_event_wakes_every_device_once(phone: FakePush) -> None:
    sub = f"p-{uuid.uuid4()}"
    patient = await _patient(phone, sub)
    await _register(patient, platform="ios")
    reminder = events.event("visit.reminder", sub, reservation=events.visit())
    for _ in range(5):
        await events.post(phone.served, reminder)
    pushes = await _until(phone, 2)
    assert {push["device"]["platform"] for push in pushes} == {"android", "ios"}
    await _ring(phone, patient)
    assert len(phone.taken) == 2
    assert "dermatolog" not in json.dumps(pushes)


async def test_several_messages_are_one_push(serve: Any, serve_app: Any) -> None:
    service = FakePush()
    service.url = await serve_app(service.app()) + "/push"
    settings = BellSettings(timedelta(0), timedelta(days=1), timedelta(days=1), timedelta(days=1))
    service.served = await serve(push=lambda http: PushService(http, service.url, SECRET), bell=settings)
    patient = await _patient(service)
    desk = service.served.app.ctx.front_desk
    await desk.stores.records.put("push-rang", patient.conversation, {}, timedelta(days=1))
    for word in ("raz", "dwa", "trzy"):
        await patient.ask(word)
    await desk.bell.ring(patient.conversation)
    assert service.taken == []
    await desk.stores.records.take("push-rang", patient.conversation)
    await desk.bell.ring(patient.conversation)
    assert [push["count"] for push in service.taken] == [3]
    assert service.taken[0]["text"] == "Nowe wiadomości w czacie: 3."


# --- when it does not ring


async def test_an_open_chat_is_not_rung(phone: FakePush) -> None:
    patient = await _patient(phone)
    async with patient.events() as stream:
        await patient.ask("hej")
        await anext(stream)
        await _ring(phone, patient)
        assert phone.asked == 0
    for _ in range(1500):
        await _ring(phone, patient)
        if phone.taken:
            break
        await asyncio.sleep(0.02)
    assert len(phone.taken) == 1, "the chat was closed and nobody had said that it was read"


async def test_what_was_read_is_not_rung(serve: Any, serve_app: Any) -> None:
    service = FakePush()
    service.url = await serve_app(service.app()) + "/push"
    service.served = await serve(push=lambda http: PushService(http, service.url, SECRET), bell=NEVER)
    patient = await _patient(service)
    seq = (await patient.ask("hej"))[-1]["seq"]
    async with patient.client() as http:
        answer = await http.post(f"/conversations/{patient.conversation}/read", json={"seq": seq})
    assert answer.json() == {"read": seq}
    service.served.app.ctx.front_desk.bell.settings = AT_ONCE
    await _ring(service, patient)
    assert service.asked == 0


async def test_at_night_only_what_answers_the_patient(
    phone: FakePush, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.push.bell.is_quiet", lambda now: True)
    sub = f"p-{uuid.uuid4()}"
    patient = await _patient(phone, sub)
    await events.post(phone.served, events.event("result.ready", sub, result_id="x"))
    await patient.replies(after=0)
    await _ring(phone, patient)
    assert phone.asked == 0
    await patient.ask("jestem jeszcze")
    await _until(phone, 1)


async def test_in_the_morning_what_waited_is_told(phone: FakePush, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.push.bell.is_quiet", lambda now: True)
    sub = f"p-{uuid.uuid4()}"
    patient = await _patient(phone, sub)
    await events.post(phone.served, events.event("result.ready", sub, result_id="x"))
    await patient.replies(after=0)
    monkeypatch.setattr("bot.channels.push.bell.is_quiet", lambda now: False)
    await _ring(phone, patient)
    assert len(phone.taken) == 1


# --- a push service that fails


async def test_a_service_that_is_down_is_asked_again_with_the_same_id(phone: FakePush) -> None:
    phone.trouble = [503, 429, 500]
    patient = await _patient(phone)
    await patient.ask("hej")
    for _ in range(1500):
        await _ring(phone, patient)
        if phone.taken:
            break
        await asyncio.sleep(0.02)
    assert len(phone.taken) == 1
    assert phone.wrong == []


@pytest.mark.parametrize("status", [404, 410])
async def test_a_phone_that_is_gone_is_forgotten(phone: FakePush, status: int) -> None:
    phone.trouble = [status]
    patient = await _patient(phone)
    await patient.ask("hej")
    devices = phone.served.app.ctx.front_desk.bell.devices
    for _ in range(1500):
        if not await devices.of(patient.conversation):
            break
        await asyncio.sleep(0.02)
    assert await devices.of(patient.conversation) == []


async def test_what_waited_survives_a_restart(serve: Any, serve_app: Any) -> None:
    service = FakePush()
    service.url = await serve_app(service.app()) + "/push"
    service.served = await serve(push=lambda http: PushService(http, service.url, SECRET), bell=NEVER)
    patient = await _patient(service)
    await patient.ask("hej")
    await service.served.stop()
    service.served.options["bell"] = BellSettings(
        timedelta(0), timedelta(0), timedelta(days=1), sweep=timedelta(milliseconds=50)
    )
    await service.served.start()
    await _until(service, 1)


def test_a_service_without_a_secret_does_not_start() -> None:
    assert push_service({}, None) is None  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        push_service({"push_url": "https://push.example"}, None)  # type: ignore[arg-type]


# --- devices


async def test_a_phone_that_changed_hands_rings_for_its_owner_only(phone: FakePush) -> None:
    one, two, token = await _patient(phone), await _patient(phone), f"shared-{uuid.uuid4()}"
    first, again = await _register(one, token), await _register(one, token)
    second = await _register(two, token)
    assert first.json()["id"] == again.json()["id"] == second.json()["id"]
    await one.ask("hej")
    (push,) = await _until(phone, 1)
    assert push["device"]["token"] != token
    async with one.client() as http:
        assert (await http.delete(f"/devices/{second.json()['id']}")).status_code == 404
    async with two.client() as http:
        assert (await http.delete(f"/devices/{second.json()['id']}")).status_code == 204
        assert (await http.delete(f"/devices/{second.json()['id']}")).status_code == 404


async def test_log_out_ends_all_devices(phone: FakePush) -> None:
    patient = await _patient(phone)
    devices = phone.served.app.ctx.front_desk.bell.devices
    assert len(await devices.of(patient.conversation)) == 1
    async with patient.client() as http:
        assert (await http.delete(f"/conversations/{patient.conversation}/session")).status_code == 204
        assert (await http.post("/devices", json={})).json()["code"] == "token_revoked"
    assert await devices.of(patient.conversation) == []


async def test_no_more_than_ten_devices_of_one_patient(phone: FakePush) -> None:
    patient = await phone.served.patient(f"p-{uuid.uuid4()}")
    ids = [(await _register(patient)).json()["id"] for _ in range(12)]
    kept = await phone.served.app.ctx.front_desk.bell.devices.of(patient.conversation)
    assert [device.id for device in kept] == ids[2:]


@pytest.mark.parametrize(
    "body",
    [{}, {"platform": "windows", "push_token": "x"}, {"platform": "ios"}, {"platform": "ios", "push_token": ""},
     {"platform": "ios", "push_token": "a b"}, {"platform": "ios", "push_token": "x" * 4097},
     {"platform": ["ios"], "push_token": "x"}, {"platform": "ios", "push_token": 5}],
)  # fmt: skip
async def test_what_is_no_device_is_refused(phone: FakePush, body: dict[str, Any]) -> None:
    patient = await phone.served.patient(f"p-{uuid.uuid4()}")
    async with patient.client() as http:
        assert (await http.post("/devices", json=body)).json()["code"] == "unknown_field"


async def test_visitors_have_no_devices(phone: FakePush) -> None:
    visitor = await phone.served.patient()
    assert (await _register(visitor)).json()["code"] == "login_required"
    async with visitor.client() as http:
        assert (await http.delete("/devices/d-1")).status_code == 403


async def test_without_a_push_service_there_are_no_devices(served: Any) -> None:
    patient = await served.patient("p1")
    assert (await _register(patient)).status_code == 404


# --- what was read


async def test_other_devices_hear_what_was_read(phone: FakePush) -> None:
    here = await phone.served.patient(f"p-{uuid.uuid4()}")
    there = type(here)(phone.served, here.token)
    await there.open()
    assert there.opened["read"] == 0
    seq = (await here.ask("hej"))[-1]["seq"]
    async with there.events(last=seq) as stream, here.client() as http:
        path = f"/conversations/{here.conversation}/read"
        assert (await http.post(path, json={"seq": seq + 50})).json() == {"read": seq}
        assert (await http.post(path, json={"seq": 1})).json() == {"read": seq}
        assert await asyncio.wait_for(anext(stream), 10) == {"event": "read", "data": {"seq": seq}}
    await there.open()
    assert there.opened["read"] == seq


@pytest.mark.parametrize("seq", [None, "1", -1, True, 1.5, 10**15, []])
async def test_a_mark_is_a_number(phone: FakePush, seq: Any) -> None:
    patient = await phone.served.patient(f"p-{uuid.uuid4()}")
    async with patient.client() as http:
        answer = await http.post(f"/conversations/{patient.conversation}/read", json={"seq": seq})
    assert answer.status_code == 422
