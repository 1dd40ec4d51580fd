"""The trained assistant and the sandbox portal: one booking, through every channel, and a log-out in it."""

from __future__ import annotations

import asyncio
import importlib.util
import re
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from rasa.core.agent import Agent

from bot.actions.file_place import PortalFiles
from bot.actions.reception import PortalReception
from bot.actions.registry import all_actions
from bot.assistant import load_agent
from bot.channels.admission import Rates
from bot.channels.desk_settings import DeskSettings
from bot.channels.rasa_bridge import RasaAssistant
from bot.channels.safety import safety_check
from bot.dialogue.texts import Texts, load_responses
from bot.portal.clock import PortalClock
from bot.portal.retry import Timeouts
from bot.portal.transport import Wire
from bot.sandbox import BASE_URL, Sandbox
from bot.settings import PROJECT
from bot.storage import Rate

PATIENT = Timeouts(60.0, 60.0, 60.0, 60.0, 90.0)
"""A busy machine answers late; time limits are tested where they are the subject."""
FAST = Rates(*[Rate(1000, timedelta(milliseconds=1))] * 3)
NOW = datetime.fromisoformat("2026-11-23T09:00:00+01:00")


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


messengers = _load("test_messengers")
vendors, corpus = messengers.vendors, messengers.corpus
crafted = _load("crafted")


class House:
    """The agent, loaded once; each test gives it a portal of its own."""

    def __init__(self, model: Path) -> None:
        self.reception: PortalReception | None = None
        self.agent: Agent = load_agent(model, all_actions(self, Texts.load(PROJECT)), load_responses(PROJECT))

    async def world(self, sender: str) -> Any:
        assert self.reception is not None
        return await self.reception.world(sender)


@pytest.fixture(scope="module")
def house(model: Path) -> House:
    return House(model)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    portal = Sandbox(now=NOW)
    await portal.reset(now=NOW)
    yield portal
    portal.close()


@pytest.fixture
def open_house(house: House, sandbox: Sandbox, serve: Any, serve_app: Any) -> Callable[..., Awaitable[Any]]:
    """A server whose sessions carry the sandbox's tokens, and the vendors beside it."""

    async def start() -> tuple[Any, Any]:
        vendor = vendors.Vendor()
        vendor.base = await serve_app(vendor.app())
        assistant = RasaAssistant(house.agent.handle_message, house.agent)
        served = await serve(
            assistant=assistant,
            safety=safety_check,
            messengers=lambda http: messengers._adapters(vendor, http),
            desk=DeskSettings(rates=FAST, turn_timeout=timedelta(minutes=2)),
            files=PortalFiles(house),
        )
        stores = served.app.ctx.front_desk.stores

        async def session_of(sender: str) -> Any:
            session = await stores.sessions.get(sender)
            # The front desk's tokens are those of the tests' portal; the sandbox issues its own.
            return None if session is None else _Session(sandbox.token("full"), session.channel)

        clock = PortalClock(sandbox.engine.clock.now)
        wire = Wire(BASE_URL, transport=sandbox.transport(), clock=clock, timeouts=PATIENT)
        house.reception = PortalReception(wire, session_of)
        return served, vendor

    return start


async def _settled(served: Any, patient: Any) -> list[str]:
    """What the assistant said, once nothing is owed any more."""
    for _ in range(1500):
        await asyncio.sleep(0.05)
        if await served.app.ctx.front_desk.stores.outbox.next_work(patient.conversation) is None:
            break
    await asyncio.sleep(0.3)
    return [m["text"] for m in await patient.messages(after=0) if m["author"] == "assistant"]


class _Session:
    def __init__(self, token: str, channel: str) -> None:
        self.token = token
        self.channel = channel


class Web:
    """The Chat API as one more way to talk."""

    def __init__(self, served: Any) -> None:
        self.served = served
        self.patient: Any = None
        self.seq = 0

    async def log_in(self) -> None:
        self.patient = await self.served.patient(f"p-{uuid.uuid4()}")

    async def ask(self, text: str) -> str:
        answer = await self.patient.send(text)
        assert answer.status_code == 202, answer.text
        return await self._answer(answer.json()["seq"])

    async def _answer(self, seq: int) -> str:
        await self.patient.replies(after=seq)
        for _ in range(1500):
            if (
                await self.served.app.ctx.front_desk.stores.outbox.next_work(self.patient.conversation)
                is None
            ):
                break
            await asyncio.sleep(0.02)
        return "\n".join(m["text"] for m in await self.patient.replies(after=seq))


class Messenger:
    """A linked chat of a vendor."""

    def __init__(self, channel: str, served: Any, vendor: Any) -> None:
        self.talk = messengers.Talk(channel, served, vendor, None)

    async def log_in(self) -> None:
        await self.talk.link()

    async def ask(self, text: str) -> str:
        before = len(self.talk.vendor.sent)
        await self.talk.say(text)
        hub = self.talk.served.app.ctx.front_desk.hub
        for _ in range(1500):
            await asyncio.sleep(0.02)
            if len(self.talk.vendor.sent) > before and not hub._background._tasks:
                break
        return "\n".join(self.talk.vendor.texts[before:])


@pytest.mark.parametrize("channel", ["web", "telegram", "messenger", "whatsapp"])
async def test_the_same_booking_through_every_channel(
    open_house: Any, sandbox: Sandbox, channel: str
) -> None:
    served, vendor = await open_house()
    talk = Web(served) if channel == "web" else Messenger(channel, served, vendor)
    await talk.log_in()
    before = {visit["id"] for visit in (await sandbox.state())["reservations"]}
    said = await talk.ask("chciałabym się umówić do okulisty w placówce w Krakowie")
    for _ in range(4):
        if re.search(r"\b\d{1,2}[:.]\d{2}\b", said):
            break
        said = await talk.ask("obojętnie")
    assert "okulist" in said.lower()
    read_back = await talk.ask("ten drugi poproszę")
    assert len((await sandbox.state())["holds"]) == 1
    assert {visit["id"] for visit in (await sandbox.state())["reservations"]} == before
    assert re.search(r"potwierdz|umówić|zgadza|rezerw", read_back, re.IGNORECASE)
    done = await talk.ask("tak")
    after = [visit for visit in (await sandbox.state())["reservations"] if visit["id"] not in before]
    assert len(after) == 1, (read_back, done)
    assert after[0]["account"] == "pat-full"
    assert "umówiono" in done.lower()
    assert vendor.wrong == []


async def test_a_visitor_is_told_to_log_in_and_then_goes_on(open_house: Any) -> None:
    served, _ = await open_house()
    visitor = Web(served)
    visitor.patient = await served.patient()
    said = await visitor.ask("chcę się umówić do okulisty w Krakowie")
    assert "zalogować się" in said
    patient = type(visitor.patient)(served, served.portal.token(f"p-{uuid.uuid4()}"))
    async with patient.client() as http:
        opened = await http.post("/conversations", json={"visitor_token": visitor.patient.token})
    patient.conversation = opened.json()["conversation"]
    for _ in range(1500):
        texts = [m["text"] for m in await patient.messages(after=0) if m["author"] == "assistant"]
        if len(texts) > 1:
            break
        await asyncio.sleep(0.02)
    assert "Dziękuję za zalogowanie" in texts[0]
    assert "okulist" in " ".join(texts[1:]).lower()


async def test_a_log_in_that_ends_before_the_yes_goes_on_with_the_next(
    open_house: Any, sandbox: Sandbox
) -> None:
    """The very same request, sent again with a fresh token, books; once, however often it is sent."""
    served, _ = await open_house()
    talk, sub, now = Web(served), f"p-{uuid.uuid4()}", int(time.time())
    talk.patient = await served.patient(sub)
    before = {visit["id"] for visit in (await sandbox.state())["reservations"]}
    await talk.ask("chciałabym się umówić do okulisty w placówce w Krakowie")
    assert "Czy rezerwuję?" in await talk.ask("ten drugi poproszę")
    yes = {"client_message_id": str(uuid.uuid4()), "text": "tak"}
    talk.patient.token = served.portal.token(sub, iat=now - 900, exp=now - 60)
    refused = await talk.patient.post(yes)
    assert (refused.status_code, refused.json()["code"]) == (401, "token_expired")
    assert len((await sandbox.state())["holds"]) == 1
    talk.patient = await served.patient(sub)
    taken = [(await talk.patient.post(yes)).json() for _ in range(3)]
    assert [answer["duplicate"] for answer in taken] == [False, True, True]
    assert "umówiono" in (await talk._answer(taken[0]["seq"])).lower()
    after = [visit for visit in (await sandbox.state())["reservations"] if visit["id"] not in before]
    assert len(after) == 1


async def test_log_out_forgets_what_was_being_arranged(
    open_house: Any, sandbox: Sandbox, house: House
) -> None:
    served, _ = await open_house()
    talk, sub = Web(served), f"p-{uuid.uuid4()}"
    talk.patient = await served.patient(sub)
    await talk.ask("chciałabym się umówić do okulisty w placówce w Krakowie")
    async with talk.patient.client() as http:
        assert (await http.delete(f"/conversations/{talk.patient.conversation}/session")).status_code == 204
    await asyncio.sleep(0.2)
    talk.patient = await served.patient(sub)
    said = await talk.ask("tak, ten pierwszy")
    assert (await sandbox.state())["holds"] == []
    assert said


async def test_a_file_goes_from_the_chat_to_the_visit(open_house: Any, sandbox: Sandbox) -> None:
    """Given before anything was said about it: the assistant asks what it needs, then sends it."""
    served, _ = await open_house()
    talk = Web(served)
    await talk.log_in()
    before = {file["id"] for file in (await sandbox.state())["attachments"]}
    async with talk.patient.client() as http:
        query = {"client_message_id": str(uuid.uuid4()), "name": "morfologia.pdf"}
        path = f"/conversations/{talk.patient.conversation}/attachments"
        given = await http.post(path, params=query, content=corpus.pdf(2), timeout=30)
    assert given.status_code == 202, given.text
    said = await _settled(served, talk.patient)
    for words in ("pierwsza", "wyniki morfologii z listopada"):
        if {file["id"] for file in (await sandbox.state())["attachments"]} != before:
            break
        await talk.ask(words)
        said = await _settled(served, talk.patient)
    stored = [f for f in (await sandbox.state())["attachments"] if f["id"] not in before]
    assert [file["status"] for file in stored] == ["stored"], said
    assert stored[0]["content_type"] == "application/pdf"
    assert "morfologia.pdf" not in str(stored)
    assert not any(
        "Przepraszam, coś mi się nie udało" in text for text in await _settled(served, talk.patient)
    )


async def test_crafted_commands_change_nothing_at_the_portal(open_house: Any, sandbox: Sandbox) -> None:
    served, _ = await open_house()
    talk = Web(served)
    await talk.log_in()
    before = await sandbox.state()
    for number, text in enumerate(crafted.texts(120)):
        if number % 20 == 0:
            await talk.log_in()
        answer = await talk.patient.send(text)
        assert answer.status_code == 202
    await _settled(served, talk.patient)
    after = await sandbox.state()
    for name in (
        "reservations",
        "attachments",
        "complaints",
        "opinions",
        "watches",
        "questions",
        "prescriptions",
    ):
        assert after[name] == before[name], name
