"""What the portal tells by a signed webhook reaches the patient once, at a decent hour, where they are."""

from __future__ import annotations

import asyncio
import hmac
import importlib.util
import json
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from bot.channels.events.inbox import PortalEvent
from bot.channels.events.wording import told
from bot.channels.quiet import is_quiet
from bot.channels.rasa_bridge import parse_payload
from bot.portal.events import open_event


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


messengers = _load("test_messengers")
SECRET = b"the secret of the portal's events"
NAMES = {("services", "dermatolog"): "dermatolog – wizyta w placówce", ("cities", "krakow"): "Kraków"}


def _read(signature: str, body: bytes, now: datetime) -> PortalEvent:
    # The portal's real reader; the tests' clock of the desk may be at another hour than the machine's.
    event = open_event(signature, body, secret=SECRET, now=datetime.now(UTC))
    return PortalEvent(event.id, event.type.raw, event.patient_id, event.data)


def name_of(kind: str, name: str) -> str:
    return NAMES.get((kind, name), "")


OPTIONS: dict[str, Any] = {"open_event": _read, "name_of": name_of}


@pytest.fixture(params=["embedded", "redis"])
async def portal(request: pytest.FixtureRequest, serve: Any) -> Any:
    options = {"storage": request.getfixturevalue("redis_url")} if request.param == "redis" else {}
    return await serve(**OPTIONS, **options)


def event(kind: str, patient: str, **data: Any) -> dict[str, Any]:
    moment = datetime.now(UTC).isoformat()
    return {
        "id": f"e-{uuid.uuid4()}",
        "type": kind,
        "occurred_at": moment,
        "patient_id": patient,
        "data": data,
    }


def visit(days: float = 4) -> dict[str, Any]:
    start = (datetime.now(UTC) + timedelta(days=days)).replace(hour=8, minute=20, second=0, microsecond=0)
    return {"id": "r1", "service_id": "dermatolog", "slot": {"start": start.isoformat(), "city_id": "krakow"}}


async def post(served: Any, body: dict[str, Any], **headers: str) -> httpx.Response:
    raw = json.dumps(body).encode()
    moment = str(int(time.time()))
    mac = hmac.new(SECRET, moment.encode() + b"." + raw, sha256).hexdigest()
    async with httpx.AsyncClient() as http:
        return await http.post(
            f"{served.url}/portal/events",
            content=raw,
            headers={"portal-signature": f"t={moment},v1={mac}"} | headers,
        )


@pytest.fixture(autouse=True)
def by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Night and day are tested with clocks of their own."""
    monkeypatch.setattr("bot.channels.events.inbox.is_quiet", lambda now: False)


async def test_a_reminder_is_told_once_with_one_tap_for_everything(portal: Any) -> None:
    sub = f"p-{uuid.uuid4()}"
    patient, reminder = await portal.patient(sub), event("visit.reminder", sub, reservation=visit())
    answers = await asyncio.gather(*(post(portal, reminder) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {204}
    (message,) = await patient.replies(after=0)
    assert "Przypominam o wizycie: dermatolog" in message["text"]
    taps = {option["label"]: option["token"] for option in message["options"]}
    assert list(taps) == ["Będę na wizycie", "Przełóż", "Odwołaj"]
    await patient.press(taps["Będę na wizycie"])
    assert "do zobaczenia" in (await patient.replies(after=message["seq"]))[0]["text"]
    assert portal.assistant.heard == []


def tapped(served: Any) -> tuple[str, dict[str, Any]]:
    """Intent and meaning of the last tap that reached the assistant; no words that it might misunderstand."""
    heard = served.assistant.heard[-1]
    assert heard.text is None
    said = parse_payload(heard.payload)
    (entity,) = said["entities"]
    assert (entity["entity"], entity["extractor"]) == ("tap", "button")
    return said["intent"]["name"], entity["value"]


@pytest.mark.parametrize(("place", "intent"), [(1, "reschedule_visit"), (2, "cancel_visit")])
async def test_a_tap_means_that_very_visit_and_works_once(portal: Any, place: int, intent: str) -> None:
    sub = f"p-{uuid.uuid4()}"
    patient = await portal.patient(sub)
    await post(portal, event("visit.reminder", sub, reservation=visit()))
    (message,) = await patient.replies(after=0)
    token = message["options"][place]["token"]
    await patient.press(token)
    (answer,) = await patient.replies(after=message["seq"])
    assert tapped(portal) == (intent, {"visit": "r1"})
    await patient.press(token)
    assert "nieaktualna" in (await patient.replies(after=answer["seq"]))[0]["text"]
    assert len(portal.assistant.heard) == 1


async def test_a_reminder_can_be_answered_hours_later(portal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its buttons are good until the visit begins; those of an answer for half an hour."""
    sub = f"p-{uuid.uuid4()}"
    patient = await portal.patient(sub)
    await post(portal, event("visit.reminder", sub, reservation=visit(days=1.5)))
    (message,) = await patient.replies(after=0)
    (offered,) = await patient.ask("opcje")
    desk = portal.app.ctx.front_desk.desk
    later = datetime.now(UTC) + timedelta(hours=3)
    buttons = desk.stores.buttons
    assert await buttons.find(patient.conversation, message["options"][1]["token"], later)
    assert await buttons.find(patient.conversation, offered["options"][0]["token"], later) is None
    over = datetime.now(UTC) + timedelta(days=3)
    assert await buttons.find(patient.conversation, message["options"][1]["token"], over) is None


async def test_a_cancelled_visit_comes_with_terms(portal: Any) -> None:
    sub = f"p-{uuid.uuid4()}"
    patient = await portal.patient(sub)
    slots = [visit(days)["slot"] for days in (5, 6, 7, 8)]
    await post(portal, event("visit.cancelled_by_clinic", sub, reservation=visit(), slots=slots))
    (message,) = await patient.replies(after=0)
    assert "musiała odwołać wizytę" in message["text"]
    assert len(message["options"]) == 4
    assert "Kraków" in message["options"][0]["label"]
    await patient.press(message["options"][0]["token"])
    await patient.replies(after=message["seq"])
    intent, about = tapped(portal)
    assert (intent, about["visit"]) == ("book_visit", "r1")
    assert about["slot"] == {name: slots[0][name] for name in ("start", "city_id")}


async def test_results_and_prescriptions_are_only_announced(portal: Any) -> None:
    sub = f"p-{uuid.uuid4()}"
    patient = await portal.patient(sub)
    await post(portal, event("result.ready", sub, result_id="x", name="Borelioza"))
    await post(portal, event("prescription.ready", sub, prescription_id="x", medicine="Lek"))
    texts = [reply["text"] for reply in await patient.replies(after=0, count=2)]
    assert "Borelioza" not in str(texts)
    assert "nowy wynik" in texts[0]
    assert "nowa recepta" in texts[1]


@pytest.mark.parametrize("signature", ["", "t=1,v1=" + "0" * 64, "t=now,v1=" + "0" * 64, "x" * 5000])
async def test_what_the_portal_did_not_sign_is_refused(portal: Any, signature: str) -> None:
    sub = f"p-{uuid.uuid4()}"
    patient = await portal.patient(sub)
    headers = {"portal-signature": signature.replace("now", str(int(time.time())))}
    assert (
        await post(portal, event("visit.reminder", sub, reservation=visit()), **headers)
    ).status_code == 401
    assert await patient.messages(after=0) == []


async def test_an_old_capture_is_refused(portal: Any) -> None:
    raw = json.dumps(event("result.ready", "p1")).encode()
    moment = str(int(time.time()) - 301)
    mac = hmac.new(SECRET, moment.encode() + b"." + raw, sha256).hexdigest()
    async with httpx.AsyncClient() as http:
        headers = {"portal-signature": f"t={moment},v1={mac}"}
        answer = await http.post(f"{portal.url}/portal/events", content=raw, headers=headers)
    assert answer.status_code == 401


async def test_without_its_secret_there_are_no_events(served: Any) -> None:
    assert (await post(served, event("result.ready", "p1"))).status_code == 404


async def test_at_night_it_waits_for_the_morning(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.events.inbox.is_quiet", lambda now: True)
    served, sub = await serve(**OPTIONS), f"p-{uuid.uuid4()}"
    patient = await served.patient(sub)
    reminder = event("visit.reminder", sub, reservation=visit())
    assert (await post(served, reminder)).status_code == 204
    assert await patient.messages(after=0) == []
    near = event("visit.cancelled_by_clinic", sub, reservation=visit(), slots=[])
    near["data"]["reservation"]["slot"]["start"] = (datetime.now(UTC) + timedelta(hours=5)).isoformat()
    await post(served, near)
    assert "odwołać" in (await patient.replies(after=0))[0]["text"]
    monkeypatch.setattr("bot.channels.events.inbox.is_quiet", lambda now: False)
    assert await served.app.ctx.front_desk.events.tell(reminder["id"])
    assert "Przypominam" in (await patient.replies(after=0, count=2))[1]["text"]
    await served.app.ctx.front_desk.events.tell(reminder["id"])
    assert len(await patient.messages(after=0)) == 2


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-11-20T06:29:00+00:00", True),
        ("2026-11-20T06:30:00+00:00", False),
        ("2026-11-20T20:29:00+00:00", False),
        ("2026-11-20T20:30:00+00:00", True),
        ("2026-07-01T05:30:00+00:00", False),
        ("2026-10-25T00:30:00+00:00", True),
    ],
)
def test_night_is_night_in_poland(moment: str, quiet: bool) -> None:
    assert is_quiet(datetime.fromisoformat(moment)) is quiet


def test_what_is_over_is_not_told() -> None:
    now = datetime.now(UTC)
    assert told("visit.reminder", {"reservation": visit(-1)}, now, name_of) is None
    past = {"watch": {"service_id": "dermatolog"}, "slots": [visit(-1)["slot"]]}
    assert told("watch.slot_found", past, now, name_of) is None
    for data in ({}, {"reservation": {}}, {"reservation": {"slot": {"start": "jutro"}}}):
        assert told("visit.reminder", data, now, name_of) is None
    assert told("something.new", {}, now, name_of) is None


async def test_a_free_slot_is_told_in_the_linked_chat(serve: Any, serve_app: Any) -> None:
    vendor = messengers.vendors.Vendor()
    vendor.base = await serve_app(vendor.app())
    served = await serve(messengers=lambda http: messengers._adapters(vendor, http), **OPTIONS)
    talk, sub = messengers.Talk("telegram", served, vendor, None), f"p-{uuid.uuid4()}"
    patient, link = await talk.link(sub)
    slots = [visit(3)["slot"], visit(5)["slot"]]
    watch = {"id": "w", "service_id": "dermatolog", "min_notice_hours": 24, "patient_id": "secret-id"}
    slots.insert(0, visit(days=0.9)["slot"])
    slots[0]["start"] = (datetime.now(UTC) + timedelta(hours=20)).isoformat()
    found = event("watch.slot_found", sub, watch=watch, slots=slots)
    assert (await post(served, found)).status_code == 204
    await talk.until("Zwolniły się terminy, na które czekamy: dermatolog")
    assert len(vendor.buttons()) == 3, "what is too soon for the patient is not offered"
    assert await patient.messages(after=0) == []
    await talk.press(vendor.buttons()[0][1])
    for _ in range(1500):
        if served.assistant.heard:
            break
        await asyncio.sleep(0.02)
    intent, about = tapped(served)
    assert (intent, about["watch"], about["slot"]["start"]) == ("book_visit", "w", slots[1]["start"])
    assert "secret-id" not in str(served.assistant.heard)
    async with patient.client() as http:
        await http.delete(f"/links/{link}")
    await post(served, event("result.ready", sub, result_id="x"))
    assert "nowy wynik" in (await patient.replies(after=0))[0]["text"]
    assert not any("nowy wynik" in text for text in vendor.texts)
