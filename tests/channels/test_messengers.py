"""Telegram, Messenger and WhatsApp against servers that behave like theirs."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import random
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import jwt
import pytest

from bot.channels.messengers import messenger, telegram, whatsapp
from bot.channels.messengers.layout import bubbles
from bot.channels.messengers.messenger import Messenger
from bot.channels.messengers.telegram import Telegram
from bot.channels.messengers.whatsapp import WhatsApp
from bot.channels.texts import health
from bot.dialogue.texts import replies_of
from bot.settings import PROJECT


def _load(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


HERE = Path(__file__).parent
vendors = _load("vendors", HERE / "vendors.py")
corpus = _load("corpus_for_messengers", HERE / "files" / "corpus.py")
CHANNELS = ("telegram", "messenger", "whatsapp")
AT_ONCE = {"per_chat": timedelta(0), "overall": timedelta(0)}


class Talk:
    """A person writing to the assistant through a vendor."""

    def __init__(self, channel: str, served: Any, vendor: Any, files: Any) -> None:
        self.channel = channel
        self.served = served
        self.vendor = vendor
        self.files = files
        self.person = vendors.Writer(channel, str(random.randrange(10**5, 10**9)))

    async def post(self, update: dict[str, Any], **headers: str) -> httpx.Response:
        body = json.dumps(update).encode()
        async with httpx.AsyncClient(timeout=10) as http:
            return await http.post(
                f"{self.served.url}/webhooks/{self.channel}",
                content=body,
                headers=self.person.proof(body) | headers,
            )

    async def say(self, text: str) -> None:
        assert (await self.post(self.person.says(text))).status_code == 200

    async def press(self, token: str) -> None:
        assert (await self.post(self.person.presses(token))).status_code == 200

    async def until(self, text: str, count: int = 1) -> list[str]:
        for _ in range(1000):
            if sum(text in sent for sent in self.vendor.texts) >= count:
                return list(self.vendor.texts)
            await asyncio.sleep(0.02)
        raise AssertionError(f"{text!r} was not sent: {self.vendor.texts}")

    async def link(self, sub: str | None = None) -> Any:
        """From the portal's page to a confirmed link."""
        patient = await self.served.patient(sub or f"p-{uuid.uuid4()}")
        async with patient.client() as http:
            begun = (await http.post("/links", json={"channel": self.channel})).json()
            token = begun["address"].rpartition("=")[2]
            await self.say(f"/start {token}" if self.channel == "telegram" else token)
            await self.until("6 cyfr")
            seen = (await http.get(f"/links/{begun['id']}")).json()
            assert seen["state"] == "opened"
            await self.say(seen["code"])
            await self.until("jest połączony")
            assert (await http.get(f"/links/{begun['id']}")).json()["state"] == "linked"
        return patient, begun["id"]


def _adapters(vendor: Any, http: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    token, secret, verify = vendors.TOKEN, vendors.SECRET, vendors.VERIFY
    host = (vendor.base.removeprefix("http://"),)
    return {
        "telegram": Telegram(
            http, token, secret, "lux_bot", vendor.base, replace(telegram.CAPABILITY, **AT_ONCE | changes)
        ),
        "messenger": Messenger(
            http, token, secret, verify, "lux", vendor.base, host, replace(messenger.CAPABILITY, **AT_ONCE | changes)
        ),
        "whatsapp": WhatsApp(
            http, token, secret, verify, vendors.NUMBER, "48111222333", vendor.base, host,
            replace(whatsapp.CAPABILITY, **AT_ONCE | changes),
        ),
    }  # fmt: skip


@pytest.fixture
def talk_on(serve: Any, serve_app: Any) -> Callable[..., Any]:
    async def start(
        channel: str, files: Any = None, changes: dict[str, Any] | None = None, **options: Any
    ) -> Talk:
        vendor = vendors.Vendor()
        vendor.base = await serve_app(vendor.app())
        served = await serve(
            messengers=lambda http: _adapters(vendor, http, **(changes or {})), files=files, **options
        )
        return Talk(channel, served, vendor, files)

    return start


@pytest.fixture(params=CHANNELS)
async def talk(request: pytest.FixtureRequest, talk_on: Any) -> Any:
    talk = await talk_on(request.param)
    yield talk
    assert talk.vendor.wrong == []


# --- talking


async def test_the_notice_comes_first_then_the_answer(talk: Any) -> None:
    await talk.say("dzień dobry")
    texts = await talk.until("Napisano: dzień dobry")
    assert "automatycznym asystentem" in texts[0]
    await talk.say("znowu")
    texts = await talk.until("Napisano: znowu")
    assert sum("automatycznym asystentem" in text for text in texts) == 1
    assert talk.vendor.signs


async def test_a_tap_is_the_button_that_was_offered(talk: Any) -> None:
    await talk.say("opcje")
    await talk.until("Jaka ma to być wizyta?")
    offered = talk.vendor.buttons()
    if offered:
        await talk.press(offered[0][1])
    else:
        await talk.say("1")
    await talk.until("Wybrano przyciskiem.")
    assert talk.served.assistant.heard[-1].payload is not None


@pytest.mark.parametrize(
    "words", ["2", "drugi", "ten drugi", "nr 2", "Konsultacja Telefoniczna", "konsultacja telefoniczna"]
)
async def test_numbered_options_understand_numbers_and_names(talk_on: Any, words: str) -> None:
    talk = await talk_on("telegram", changes={"buttons": 2})
    await talk.say("opcje")
    texts = await talk.until("Proszę odpisać numer.")
    assert "2. Konsultacja Telefoniczna" in texts[-1]
    assert talk.vendor.buttons() == []
    await talk.say(words)
    await talk.until("Wybrano przyciskiem.")
    assert talk.served.assistant.heard[-1].payload == '/press{"key": "1-2"}'


async def test_a_remark_after_the_question_leaves_its_numbers_good(talk_on: Any) -> None:
    talk = await talk_on("telegram", changes={"buttons": 2})
    await talk.say("dopisek")
    await talk.until("na Infolinii")
    await talk.say("drugi")
    await talk.until("Wybrano przyciskiem.")
    assert talk.served.assistant.heard[-1].payload == '/press{"key": "6-2"}'


async def test_a_sentence_is_no_number(talk_on: Any) -> None:
    talk = await talk_on("telegram", changes={"buttons": 2})
    await talk.say("opcje")
    await talk.until("Proszę odpisać numer.")
    await talk.say("za 2 dni mam urlop, czy można później")
    await talk.until("Napisano: za 2 dni")


async def test_an_emergency_is_answered_at_once(talk: Any) -> None:
    await talk.say("boli mnie w klatce")
    assert any("112" in text for text in await talk.until("zagrożenie życia"))
    assert talk.served.assistant.heard == []


async def test_commands_typed_in_a_chat_are_only_text(talk: Any) -> None:
    for text in ("/cancel_visit{}", "/restart", "\u200b/affirm", "／affirm"):
        await talk.say(text)
    await talk.until("Napisano: affirm", 2)
    assert {heard.payload for heard in talk.served.assistant.heard} == {None}


async def test_a_foreign_button_does_nothing(talk: Any) -> None:
    await talk.press("A" * 24)
    await talk.until("nieaktualna")
    assert talk.served.assistant.heard == []


# --- the webhook


async def test_every_message_of_a_batch_is_answered_once(talk: Any) -> None:
    if talk.channel == "telegram":
        pytest.skip("Telegram sends one update at a time")
    batch = talk.person.batch(talk.person.says("raz"), talk.person.says("dwa"), talk.person.says("trzy"))
    for _ in range(3):
        assert (await talk.post(batch)).status_code == 200
    texts = await talk.until("Napisano: trzy")
    assert [t for t in texts if t.startswith("Napisano")] == [
        "Napisano: raz",
        "Napisano: dwa",
        "Napisano: trzy",
    ]


async def test_the_same_update_a_hundred_times_is_one_turn(talk: Any) -> None:
    update = talk.person.says("raz")
    answers = await asyncio.gather(*(talk.post(update) for _ in range(100)))
    assert {answer.status_code for answer in answers} == {200}
    await talk.until("Napisano: raz")
    await asyncio.sleep(0.3)
    assert len(talk.served.assistant.heard) == 1
    assert sum("Napisano" in text for text in talk.vendor.texts) == 1


async def test_what_the_vendor_did_not_sign_is_refused(talk: Any) -> None:
    update = talk.person.says("podszywam się")
    body = json.dumps(update).encode()
    good = talk.person.proof(body)
    name, value = next(iter(good.items()))
    chance = random.Random(7)
    forged: list[dict[str, str]] = [
        {},
        {name: ""},
        {name: "sha256="},
        {name: value + "0"},
        {name: value.upper()},
    ]
    forged += [{"x-hub-signature": "sha1=" + "0" * 40}, {name: "md5=" + "0" * 32}, {name: "ż".encode().hex()}]
    for _ in range(300):
        place = chance.randrange(len(value))
        changed = value[:place] + chance.choice("0123456789abcdefXYZ=") + value[place + 1 :]
        if changed != value:
            forged.append({name: changed})
    async with httpx.AsyncClient(timeout=10) as http:
        path = f"{talk.served.url}/webhooks/{talk.channel}"
        answers = [await http.post(path, content=body, headers=headers) for headers in forged]
        altered = body.replace(b"podszywam", b"podmieniam")
        if talk.channel != "telegram":
            answers.append(await http.post(path, content=altered, headers=good))
    assert {answer.status_code for answer in answers} == {401}
    assert talk.served.assistant.heard == []


async def test_shapes_nobody_sends_are_no_error(talk: Any) -> None:
    shapes: list[Any] = [
        None, [], "x", 5, {}, {"object": "page"}, {"object": "page", "entry": [{"messaging": [{}]}]},
        {"object": "page", "entry": [5]}, {"update_id": "x"}, {"update_id": 1, "message": {"chat": {"id": 1}}},
        {"object": "whatsapp_business_account", "entry": [{"changes": [{"value": {}}]}]},
        {"update_id": 2, "message": {"chat": {"id": 5, "type": "group"}, "text": "x"}},
        {"object": "page", "entry": [{"messaging": [{"sender": {"id": "1"}, "message": {"is_echo": True, "mid": "e"}}]}]},
    ]  # fmt: skip
    for shape in shapes:
        assert (await talk.post(shape)).status_code == 200
    await talk.say("hej")
    await talk.until("Napisano: hej")
    assert len(talk.served.assistant.heard) == 1


async def test_the_address_is_checked_as_meta_does_it(talk: Any) -> None:
    async with httpx.AsyncClient() as http:
        path = f"{talk.served.url}/webhooks/{talk.channel}"
        query = {"hub.mode": "subscribe", "hub.verify_token": vendors.VERIFY, "hub.challenge": "1158201444"}
        good, bad = (
            await http.get(path, params=query),
            await http.get(path, params=query | {"hub.verify_token": "x"}),
        )
        assert (await http.post(f"{talk.served.url}/webhooks/icq", content=b"{}")).status_code == 404
    assert bad.status_code == 403
    assert (good.status_code, good.text) == ((403, "") if talk.channel == "telegram" else (200, "1158201444"))


# --- the vendor's limits


async def test_long_text_is_split_at_sentences(talk: Any) -> None:
    adapter = _adapters(talk.vendor, httpx.AsyncClient())[talk.channel]
    body = {"text": " ".join(f"To jest zdanie numer {n}." for n in range(400))}
    parts = bubbles(body, adapter.capability)
    assert len(parts) > 1
    assert all(len(part.text) <= adapter.capability.text for part in parts)
    assert all(part.text.endswith(".") for part in parts)
    assert " ".join(part.text for part in parts) == body["text"]


async def test_a_vendor_that_slows_us_down_is_obeyed(talk: Any) -> None:
    talk.vendor.trouble = [(429, {"parameters": {"retry_after": 1}}), (500, {})]
    await talk.say("raz")
    await talk.say("dwa")
    texts = await talk.until("Napisano: dwa")
    assert [t for t in texts if t.startswith("Napisano")] == ["Napisano: raz", "Napisano: dwa"]


async def test_what_the_vendor_refuses_for_good_does_not_block_the_rest(talk: Any) -> None:
    talk.vendor.trouble = [(400, {"error": {"message": "no"}})]
    await talk.say("raz")
    await talk.until("Napisano: raz")


async def test_one_message_a_second_for_a_chat(talk_on: Any) -> None:
    talk = await talk_on("telegram", changes={"per_chat": timedelta(seconds=0.5)})
    for word in ("raz", "dwa"):
        await talk.say(word)
    await talk.until("Napisano: dwa")
    gaps = [b - a for a, b in zip(talk.vendor.times, talk.vendor.times[1:], strict=False)]
    assert min(gaps) > 0.45


async def test_start_does_not_need_the_vendor(serve: Any) -> None:
    vendor = vendors.Vendor()
    vendor.base = "http://127.0.0.1:1"
    served = await serve(messengers=lambda http: _adapters(vendor, http))
    assert (await served.patient("p1")).conversation


# --- linking


async def test_a_linked_chat_is_the_patient(talk: Any) -> None:
    patient, link = await talk.link()
    await talk.say("hej")
    await talk.until("Napisano: hej")
    heard = talk.served.assistant.heard[-1]
    assert heard.metadata["authenticated"] is True
    session = await talk.served.app.ctx.front_desk.stores.sessions.get(heard.sender)
    assert session.token == patient.token
    assert session.channel == talk.channel
    await talk.say("Odłącz")
    await talk.until("nie jest już połączony")
    await talk.say("jeszcze ja")
    await talk.until("Napisano: jeszcze ja")
    assert talk.served.assistant.heard[-1].metadata["authenticated"] is False
    async with patient.client() as http:
        assert (await http.get(f"/links/{link}")).status_code == 404


async def test_the_portal_can_unlink_too(talk: Any) -> None:
    patient, link = await talk.link()
    async with patient.client() as http:
        assert (await http.delete(f"/links/{link}")).status_code == 204
    await talk.until("nie jest już połączony")
    await talk.say("hej")
    await talk.until("Napisano: hej")
    assert talk.served.assistant.heard[-1].metadata["authenticated"] is False


async def test_a_forwarded_link_binds_nobody(talk: Any) -> None:
    """Whoever opens it does not see the digits; three guesses end it."""
    patient = await talk.served.patient(f"p-{uuid.uuid4()}")
    async with patient.client() as http:
        begun = (await http.post("/links", json={"channel": talk.channel})).json()
        token = begun["address"].rpartition("=")[2]
        await talk.say(token)
        await talk.until("6 cyfr")
        code = (await http.get(f"/links/{begun['id']}")).json()["code"]
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        await talk.say(wrong)
        await talk.say(wrong)
        await talk.until("To nie te cyfry", 2)
        await talk.say(wrong)
        await talk.until("nic nie zostało połączone")
        await talk.say(code)
        await talk.until(f"Napisano: {code}")
        assert (await http.get(f"/links/{begun['id']}")).status_code == 404
    assert talk.served.assistant.heard[-1].metadata["authenticated"] is False


async def test_a_token_opens_one_chat_once(talk: Any) -> None:
    patient = await talk.served.patient(f"p-{uuid.uuid4()}")
    async with patient.client() as http:
        token = (
            (await http.post("/links", json={"channel": talk.channel})).json()["address"].rpartition("=")[2]
        )
    await talk.say(token)
    await talk.until("6 cyfr")
    thief = Talk(talk.channel, talk.served, talk.vendor, None)
    await thief.say(token)
    await thief.until("link jest już nieważny")


async def test_links_belong_to_their_patient(talk: Any) -> None:
    _, link = await talk.link()
    other, visitor = await talk.served.patient(f"p-{uuid.uuid4()}"), await talk.served.patient()
    for person, status in ((other, 404), (visitor, 403)):
        async with person.client() as http:
            assert (await http.get(f"/links/{link}")).status_code == status
            assert (await http.delete(f"/links/{link}")).status_code == status
    async with visitor.client() as http:
        assert (await http.post("/links", json={"channel": talk.channel})).status_code == 403
    async with other.client() as http:
        assert (await http.post("/links", json={"channel": "icq"})).status_code == 422


async def test_when_the_session_is_over_the_portal_renews_it(talk: Any) -> None:
    patient, link = await talk.link()
    stores = talk.served.app.ctx.front_desk.stores
    await talk.say("hej")
    await talk.until("Napisano: hej")
    await stores.sessions.end(talk.served.assistant.heard[-1].sender)
    await talk.say("a teraz")
    texts = await talk.until("Napisano: a teraz")
    assert any("odnowić" in text for text in texts)
    assert talk.served.assistant.heard[-1].metadata["authenticated"] is False
    async with patient.client() as http:
        await http.get(f"/links/{link}")
    await talk.say("już")
    await talk.until("Napisano: już")
    assert talk.served.assistant.heard[-1].metadata["authenticated"] is True


@dataclass
class Grants:
    """The portal's permissions: what it gave, was asked for, and what it answers."""

    given: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    refreshed: int = 0
    over: bool = False
    down: bool = False

    async def begin(self, chat_token: str) -> str | None:
        self.given.append(chat_token)
        return "grant-1"

    async def refresh(self, grant: str) -> Any:
        assert grant == "grant-1"
        if self.down:
            raise RuntimeError("the portal is down")
        self.refreshed += 1
        until = datetime.now(UTC) + timedelta(minutes=15)
        fresh = SimpleNamespace(value=f"fresh-{self.refreshed}", level="full", expires_at=until)
        return None if self.over else fresh

    async def end(self, grant: str) -> None:
        self.ended.append(grant)


async def _granted(talk_on: Any, channel: str, **options: Any) -> tuple[Any, Grants, Any, str]:
    """A linked chat whose patient's own token has expired."""
    grants = Grants()
    talk = await talk_on(channel, grants=grants, **options)
    patient, link = await talk.link()
    assert grants.given == [patient.token]
    await talk.say("hej")
    await talk.until("Napisano: hej")
    stores = talk.served.app.ctx.front_desk.stores
    await stores.sessions.end(talk.served.assistant.heard[-1].sender)
    return talk, grants, patient, link


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_linked_chat_goes_on_for_weeks(talk_on: Any, channel: str) -> None:
    talk, grants, _, _ = await _granted(talk_on, channel)
    for word in ("jutro", "pojutrze"):
        await talk.say(word)
        texts = await talk.until(f"Napisano: {word}")
    assert not any("odnowić" in text for text in texts)
    heard = talk.served.assistant.heard[-1]
    assert heard.metadata["authenticated"] is True
    session = await talk.served.app.ctx.front_desk.stores.sessions.get(heard.sender)
    assert (session.token, grants.refreshed) == ("fresh-1", 1)


async def test_a_session_about_to_end_is_renewed_before_the_turn(talk_on: Any) -> None:
    talk, grants, _, _ = await _granted(talk_on, "telegram")
    await talk.say("raz")
    await talk.until("Napisano: raz")
    sessions, sender = talk.served.app.ctx.front_desk.stores.sessions, talk.served.assistant.heard[-1].sender
    soon = replace(await sessions.get(sender), expires_at=datetime.now(UTC) + timedelta(seconds=30))
    await sessions.end(sender)
    await sessions.put(sender, soon)
    await talk.say("dwa")
    await talk.until("Napisano: dwa")
    assert grants.refreshed == 2


async def test_a_permission_ended_in_the_portal_ends_the_link(talk_on: Any) -> None:
    talk, grants, patient, link = await _granted(talk_on, "telegram")
    grants.over = True
    await talk.say("a teraz")
    texts = await talk.until("Napisano: a teraz")
    assert sum("się skończyło" in text for text in texts) == 1
    assert talk.served.assistant.heard[-1].metadata["authenticated"] is False
    await talk.say("i jeszcze")
    await talk.until("Napisano: i jeszcze")
    assert sum("się skończyło" in text for text in talk.vendor.texts) == 1
    async with patient.client() as http:
        assert (await http.get(f"/links/{link}")).status_code == 404


async def test_a_portal_that_is_down_ends_no_link(talk_on: Any) -> None:
    talk, grants, _, _ = await _granted(talk_on, "telegram")
    grants.down = True
    await talk.say("a teraz")
    await talk.until("Napisano: a teraz")
    assert talk.served.assistant.heard[-1].metadata["authenticated"] is False
    grants.down = False
    await talk.say("już działa")
    await talk.until("Napisano: już działa")
    assert talk.served.assistant.heard[-1].metadata["authenticated"] is True


async def test_unlinking_gives_the_permission_back(talk_on: Any) -> None:
    talk, grants, _, _ = await _granted(talk_on, "telegram")
    await talk.say("odłącz")
    await talk.until("nie jest już połączony")
    assert grants.ended == ["grant-1"]
    await talk.say("jestem tu")
    await talk.until("Napisano: jestem tu")
    assert talk.served.assistant.heard[-1].metadata["authenticated"] is False
    assert grants.refreshed == 0


async def test_a_fresh_proof_in_the_portal_reaches_the_chat_and_passes(talk_on: Any) -> None:
    """Step-up: the portal's page looks at the link with the token of that proof; a renewed one has none."""
    talk, _, patient, link = await _granted(talk_on, "telegram")
    sub = jwt.decode(patient.token, options={"verify_signature": False})["sub"]
    proved = talk.served.portal.token(sub, acr="step-up")
    other = type(patient)(talk.served, proved)
    async with other.client() as http:
        assert (await http.get(f"/links/{link}")).status_code == 200
    await talk.say("wyniki")
    await talk.until("Napisano: wyniki")
    sessions, sender = talk.served.app.ctx.front_desk.stores.sessions, talk.served.assistant.heard[-1].sender
    assert (await sessions.get(sender)).token == proved
    await sessions.end(sender)
    await talk.say("później")
    await talk.until("Napisano: później")
    assert (await sessions.get(sender)).token == "fresh-1"


# --- files and health


@pytest.mark.parametrize("channel", ["telegram", "messenger"])
async def test_a_file_given_in_a_chat_reaches_the_portal(talk_on: Any, channel: str) -> None:
    fake = sys.modules["fake_assistant"]
    files = fake.PortalFiles()
    talk = await talk_on(channel, files=files)
    await talk.link()
    talk.vendor.files = {"abc": corpus.pdf(2), "zly": b"MZ" + b"\0" * 500}
    ref = "{}" if channel == "telegram" else talk.vendor.base + "/cdn/{}"
    await talk.post(talk.person.gives(ref.format("zly"), "zly.pdf"))
    await talk.until("„zly.pdf”" if channel == "telegram" else "nie został przyjęty")
    await talk.post(talk.person.gives(ref.format("abc"), "wynik.pdf"))
    await talk.until("file_uploaded")
    assert len(files.sent) == 1
    assert talk.vendor.wrong == []


async def test_a_file_from_a_foreign_host_is_not_fetched(talk_on: Any) -> None:
    fake = sys.modules["fake_assistant"]
    files = fake.PortalFiles()
    talk = await talk_on("messenger", files=files)
    await talk.link()
    for address in (
        "http://127.0.0.1:9/x.pdf",
        "file:///etc/passwd",
        "http://169.254.169.254/latest",
        "https://fbcdn.net.evil.example/a",
    ):
        await talk.post(talk.person.gives(address, "x"))
    await talk.until("Przesyłanie pliku", 4)
    assert files.sent == []


async def test_whatsapp_takes_no_files_until_lawyers_signed(talk_on: Any) -> None:
    fake = sys.modules["fake_assistant"]
    talk = await talk_on("whatsapp", files=fake.PortalFiles())
    await talk.link()
    await talk.post(talk.person.gives("abc", "wynik.pdf"))
    await talk.until("tutaj nie mogę odbierać plików")
    assert talk.vendor.wrong == []


async def test_health_stays_out_of_whatsapp() -> None:
    body = {"text": "Morfologia jest gotowa.", "health": True}
    assert "Morfologia" not in bubbles(body, whatsapp.CAPABILITY)[0].text
    assert "portalpacjenta.luxmed.pl" in bubbles(body, whatsapp.CAPABILITY)[0].text
    assert bubbles(body, whatsapp.SIGNED_OFF)[0].text == "Morfologia jest gotowa."
    assert bubbles(body, telegram.CAPABILITY)[0].text == "Morfologia jest gotowa."


@pytest.mark.parametrize(("channel", "shown"), [("whatsapp", False), ("telegram", True)])
async def test_a_reply_declared_as_health_is_said_where_it_may_be(
    talk_on: Any, channel: str, shown: bool
) -> None:
    talk = await talk_on(channel, health=frozenset({"utter_login_required"}))
    await talk.say("logowanie")
    texts = await talk.until("zalogowa" if shown else "dane o zdrowiu")
    assert any("dane o zdrowiu" in text for text in texts) is not shown
    await talk.say("hej")
    await talk.until("Napisano: hej")


def test_what_tells_of_a_patients_health_is_declared_by_topic() -> None:
    told = replies_of(PROJECT, health()["topics"])
    assert {"utter_results", "utter_results_waiting", "utter_refused_R102"} <= told
    assert set(health()["shown"]) <= told, "a name that is not there shows nothing"
    assert "utter_get_results" not in told, "how results are seen is said to anybody"
    assert not any(name.startswith(("utter_booking", "utter_cancellation", "utter_safety")) for name in told)
    with pytest.raises(FileNotFoundError):
        replies_of(PROJECT, ["no_such_topic"])


async def test_after_a_day_of_silence_meta_wants_the_patient_to_begin(talk_on: Any) -> None:
    talk = await talk_on("messenger", changes={"window": timedelta(hours=24)})
    await talk.say("hej")
    await talk.until("Napisano: hej")
    hub = talk.served.app.ctx.front_desk.hub
    (conversation,) = await hub.chats.all()
    await hub.chats.change(conversation, heard=time.time() - timedelta(hours=25).total_seconds())
    await hub._say(await hub.chats.find(conversation), "Przypomnienie")
    await hub.delivery.deliver(conversation)
    assert not any("Przypomnienie" in text for text in talk.vendor.texts)
    await talk.say("jestem")
    await talk.until("Przypomnienie")


async def test_the_same_in_redis_with_two_processes(talk_on: Any, redis_url: str) -> None:
    talk = await talk_on("telegram", storage=redis_url)
    await talk.link()
    updates = [talk.person.says(f"nr {n}") for n in range(5)]
    for update in updates:
        await asyncio.gather(*(talk.post(update) for _ in range(4)))
    texts = await talk.until("Napisano: nr 4")
    assert [t for t in texts if t.startswith("Napisano")] == [f"Napisano: nr {n}" for n in range(5)]
