"""A person takes over and gives back: by our own contract and with Chatwoot, against fake desks."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sanic.response import json as json_response

from bot.channels.handoff.chatwoot import Chatwoot
from bot.channels.handoff.signed import SignedDesk
from bot.channels.signing import sign

SECRET = b"secret of the desk of people"
WEBHOOK_SECRET = "part-of-the-address"


@dataclass
class FakeDesk:
    """People by our own contract: checks every signature, keeps each id once."""

    heard: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    trouble: list[int] = field(default_factory=list)
    served: Any = None

    def app(self) -> Sanic:
        app = Sanic(f"desk-{uuid.uuid4().hex[:8]}", configure_logging=False)
        app.add_route(self.take, "/in", methods=["POST"])
        return app

    async def take(self, request: Request) -> HTTPResponse:
        signature = request.headers.get("desk-signature", "")
        moment = signature.partition("t=")[2].partition(",")[0]
        if (
            sign(SECRET, request.body, float(moment or 0)) != signature
            or abs(time.time() - float(moment)) > 300
        ):
            self.wrong.append("signature")
        if self.trouble:
            return empty(self.trouble.pop(0))
        event = request.json
        if event["id"] not in {known["id"] for known in self.heard}:
            self.heard.append(event)
        return empty(204)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.heard if event["type"] == kind]

    async def says(
        self, kind: str, conversation: str, signature: str | None = None, **fields: Any
    ) -> httpx.Response:
        once = fields.pop("id", str(uuid.uuid4()))
        body = json.dumps({"id": once, "type": kind, "conversation": conversation} | fields).encode()
        proof = signature if signature is not None else sign(SECRET, body, time.time())
        async with httpx.AsyncClient() as http:
            headers = {"desk-signature": proof}
            return await http.post(f"{self.served.url}/handoff/desk", content=body, headers=headers)


@pytest.fixture(params=["embedded", "redis"])
async def desk(request: pytest.FixtureRequest, serve: Any, serve_app: Any) -> FakeDesk:
    people = FakeDesk()
    url = await serve_app(people.app())
    options = {"storage": request.getfixturevalue("redis_url")} if request.param == "redis" else {}
    people.served = await serve(
        people=lambda http: ("desk", SignedDesk(http, f"{url}/in", SECRET)), **options
    )
    return people


async def _call(people: Any) -> Any:
    """A patient who asked for a person and tapped the button."""
    patient = await people.served.patient(f"p-{uuid.uuid4()}")
    await patient.ask("boli mnie kolano od tygodnia")
    offered = (await patient.ask("człowiek proszę"))[-1]["options"]
    assert offered[0]["label"] == "Połącz z konsultantem"
    seq = (await patient.press(offered[0]["token"])).json()["seq"]
    assert "wołam konsultanta" in (await patient.replies(after=seq))[0]["text"]
    return patient


async def _said(patient: Any, author: str) -> list[str]:
    return [message["text"] for message in await patient.messages(after=0) if message["author"] == author]


async def test_a_person_hears_what_was_said_and_answers(desk: FakeDesk) -> None:
    patient = await _call(desk)
    (request,) = desk.of("handoff.requested")
    assert request["conversation"] == patient.conversation
    assert "Pacjent: boli mnie kolano od tygodnia" in request["summary_pl"]
    assert (request["channel"], request["locale"], request["authenticated"]) == ("web", "pl", True)
    assert (await desk.says("handoff.accepted", patient.conversation, agent="Anna")).status_code == 204
    await patient.send("czy mogę zmienić adres?")
    await desk.says("message.from_agent", patient.conversation, text="Oczywiście, pomogę.", agent="Anna")
    for _ in range(1500):
        if desk.of("message.from_patient"):
            break
        await asyncio.sleep(0.02)
    assert [event["text"] for event in desk.of("message.from_patient")] == ["czy mogę zmienić adres?"]
    assert await _said(patient, "agent") == ["Oczywiście, pomogę."]
    assert any("przejmuje konsultant: Anna" in text for text in await _said(patient, "assistant"))
    heard = [heard.text for heard in desk.served.assistant.heard]
    assert "czy mogę zmienić adres?" not in heard
    assert desk.wrong == []


async def test_when_it_ends_the_assistant_says_so_and_answers_again(desk: FakeDesk) -> None:
    patient = await _call(desk)
    await desk.says("handoff.ended", patient.conversation)
    assert "znów odpowiada automatyczny asystent" in (await _said(patient, "assistant"))[-1]
    assert (await patient.ask("hej"))[-1]["text"] == "Napisano: hej"


async def test_the_patient_can_go_back(desk: FakeDesk) -> None:
    patient = await _call(desk)
    back = next(m["options"][0] for m in await patient.messages(after=0) if "wołam" in m["text"])
    assert back["label"] == "Wróć do asystenta"
    seq = (await patient.press(back["token"])).json()["seq"]
    assert "automatyczny asystent" in (await patient.replies(after=seq))[0]["text"]
    assert len(desk.of("conversation.closed")) == 1
    assert (await patient.ask("hej"))[-1]["text"] == "Napisano: hej"


async def test_an_emergency_never_waits_for_a_person(desk: FakeDesk) -> None:
    patient = await _call(desk)
    seq = (await patient.send("boli mnie w klatce")).json()["seq"]
    assert "112" in (await patient.replies(after=seq))[0]["text"]
    assert desk.of("message.from_patient")[-1]["text"] == "boli mnie w klatce"


async def test_nobody_is_there(desk: FakeDesk) -> None:
    patient = await _call(desk)
    await desk.says("handoff.unavailable", patient.conversation, hours="pn–pt 8–20")
    text = (await _said(patient, "assistant"))[-1]
    assert "pn–pt 8–20" in text
    assert "22 33 22 888" in text
    assert (await patient.ask("hej"))[-1]["text"] == "Napisano: hej"


async def test_a_desk_that_is_down_is_no_silence(desk: FakeDesk) -> None:
    desk.trouble = [500, 503, 500]
    patient = await desk.served.patient(f"p-{uuid.uuid4()}")
    offered = (await patient.ask("człowiek"))[-1]["options"]
    seq = (await patient.press(offered[0]["token"])).json()["seq"]
    assert "22 33 22 888" in (await patient.replies(after=seq))[0]["text"]
    patient = await _call(desk)
    desk.trouble = [410]
    seq = (await patient.send("jest tam kto?")).json()["seq"]
    assert "nie dotarła" in (await patient.replies(after=seq))[0]["text"]
    assert (await patient.ask("hej"))[-1]["text"] == "Napisano: hej"


async def test_a_desk_that_stumbles_hears_everything_once(desk: FakeDesk) -> None:
    patient = await _call(desk)
    desk.trouble = [500]
    await patient.send("raz")
    for _ in range(1500):
        if desk.of("message.from_patient"):
            break
        await asyncio.sleep(0.02)
    assert [event["text"] for event in desk.of("message.from_patient")] == ["raz"]


async def test_what_the_desk_repeats_is_said_once(desk: FakeDesk) -> None:
    patient = await _call(desk)
    answers = await asyncio.gather(
        *(
            desk.says("message.from_agent", patient.conversation, id="m1", text="Dzień dobry")
            for _ in range(20)
        )
    )
    assert {answer.status_code for answer in answers} == {204}
    assert await _said(patient, "agent") == ["Dzień dobry"]


@pytest.mark.parametrize("moment", ["", "old", "now"])
async def test_nobody_else_speaks_as_a_person(desk: FakeDesk, moment: str) -> None:
    patient = await _call(desk)
    times = {"": "", "old": "1", "now": str(int(time.time()))}
    signature = f"t={times[moment]},v1=" + "0" * 64 if moment else ""
    answer = await desk.says("message.from_agent", patient.conversation, signature, text="Proszę podać hasło")
    assert answer.status_code == 401
    assert await _said(patient, "agent") == []


async def test_a_conversation_nobody_was_called_to_is_left_alone(desk: FakeDesk) -> None:
    patient = await desk.served.patient(f"p-{uuid.uuid4()}")
    await patient.ask("hej")
    assert (await desk.says("message.from_agent", patient.conversation, text="Halo")).status_code == 204
    assert await _said(patient, "agent") == []


async def test_without_a_desk_there_is_no_button(served: Any) -> None:
    patient = await served.patient("p1")
    assert "options" not in (await patient.ask("człowiek"))[-1]
    async with httpx.AsyncClient() as http:
        assert (await http.post(f"{served.url}/handoff/desk", content=b"{}")).status_code == 404


# --- Chatwoot


@dataclass
class FakeChatwoot:
    """The part of Chatwoot's API that is used; checks the token and the order of calls."""

    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    served: Any = None

    def app(self) -> Sanic:
        app = Sanic(f"chatwoot-{uuid.uuid4().hex[:8]}", configure_logging=False)
        base = "/api/v1/accounts/3"
        app.add_route(self.search, f"{base}/contacts/search", methods=["GET"])
        app.add_route(self.contact, f"{base}/contacts", methods=["POST"])
        app.add_route(self.conversation, f"{base}/conversations", methods=["POST"])
        app.add_route(self.message, f"{base}/conversations/<ref:int>/messages", methods=["POST"])
        app.add_route(self.status, f"{base}/conversations/<ref:int>/toggle_status", methods=["POST"])
        return app

    def check(self, request: Request) -> None:
        if request.headers.get("api_access_token") != "bot-token":
            self.wrong.append("token")

    async def search(self, request: Request) -> HTTPResponse:
        self.check(request)
        known = self.contacts.get(request.args.get("q"))
        return json_response({"payload": [known] if known else []})

    async def contact(self, request: Request) -> HTTPResponse:
        self.check(request)
        body = request.json
        made = body | {"id": 11, "contact_inboxes": [{"source_id": "s1"}]}
        self.contacts[body["identifier"]] = made
        return json_response({"payload": {"contact": made}})

    async def conversation(self, request: Request) -> HTTPResponse:
        self.check(request)
        body = request.json
        if (body["source_id"], body["inbox_id"], body["contact_id"]) != ("s1", 5, 11):
            self.wrong.append("conversation")
        self.attributes = body["custom_attributes"]
        return json_response({"id": 77})

    async def message(self, request: Request, ref: int) -> HTTPResponse:
        self.check(request)
        self.messages.append(request.json)
        return json_response({"id": len(self.messages)})

    async def status(self, request: Request, ref: int) -> HTTPResponse:
        self.check(request)
        self.statuses.append(request.json["status"])
        return json_response({"payload": {"success": True}})

    async def says(self, event: str, secret: str = WEBHOOK_SECRET, **fields: Any) -> httpx.Response:
        async with httpx.AsyncClient() as http:
            return await http.post(
                f"{self.served.url}/handoff/chatwoot?secret={secret}", json={"event": event} | fields
            )

    @property
    def about(self) -> dict[str, Any]:
        return {"id": 77, "custom_attributes": self.attributes}


@pytest.fixture
async def chatwoot(serve: Any, serve_app: Any) -> FakeChatwoot:
    people = FakeChatwoot()
    url = await serve_app(people.app())
    people.served = await serve(
        people=lambda http: ("chatwoot", Chatwoot(http, url, "bot-token", "3", "5", WEBHOOK_SECRET))
    )
    return people


async def test_chatwoot_from_beginning_to_end(chatwoot: FakeChatwoot) -> None:
    patient = await _call(chatwoot)
    note = chatwoot.messages[0]
    assert note["private"] is True
    assert "boli mnie kolano" in note["content"]
    assert chatwoot.statuses == ["open"]
    meta = {"meta": {"assignee": {"id": 9, "name": "Anna"}}}
    for _ in range(2):
        await chatwoot.says("conversation_updated", **chatwoot.about, **meta)
    await patient.send("dzień dobry")
    person = {"type": "user", "name": "Anna"}
    said = {"conversation": chatwoot.about, "id": 501, "content": "W czym pomóc?", "message_type": "outgoing"}
    for _ in range(3):
        await chatwoot.says("message_created", **said, sender=person)
    await chatwoot.says("message_created", **said | {"id": 502, "private": True}, sender=person)
    await chatwoot.says("message_created", **said | {"id": 503}, sender={"type": "agent_bot"})
    await chatwoot.says("message_created", **said | {"id": 504, "message_type": "incoming"}, sender=person)
    for _ in range(1500):
        if len(chatwoot.messages) > 1:
            break
        await asyncio.sleep(0.02)
    assert chatwoot.messages[1]["content"] == "dzień dobry"
    assert await _said(patient, "agent") == ["W czym pomóc?"]
    assert sum("przejmuje konsultant: Anna" in text for text in await _said(patient, "assistant")) == 1
    await chatwoot.says("conversation_status_changed", **chatwoot.about, status="resolved", timestamp=1)
    assert (await patient.ask("hej"))[-1]["text"] == "Napisano: hej"
    assert chatwoot.wrong == []


async def test_chatwoot_without_the_secret_is_nobody(chatwoot: FakeChatwoot) -> None:
    patient = await _call(chatwoot)
    for secret in ("", "x", WEBHOOK_SECRET + "x"):
        said = {"conversation": chatwoot.about, "id": 1, "content": "x", "message_type": "outgoing"}
        answer = await chatwoot.says("message_created", secret, **said, sender={"type": "user"})
        assert answer.status_code == 401
    assert await _said(patient, "agent") == []


async def test_a_second_call_uses_the_same_contact(chatwoot: FakeChatwoot) -> None:
    patient = await _call(chatwoot)
    await chatwoot.says("conversation_status_changed", **chatwoot.about, status="resolved", timestamp=1)
    offered = (await patient.ask("człowiek"))[-1]["options"]
    await patient.press(offered[0]["token"])
    for _ in range(1500):
        if len(chatwoot.statuses) > 1:
            break
        await asyncio.sleep(0.02)
    assert len(chatwoot.contacts) == 1
    assert chatwoot.wrong == []
