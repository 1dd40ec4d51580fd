"""A copy of one patient's data has everything; after erasing a search of the whole store finds nothing of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.messages import Visitor
from bot.channels.messengers.chats import Chats
from bot.channels.messengers.linking import Link, Linking
from bot.channels.push.devices import Devices
from bot.channels.sessions import BEFORE_LOGIN
from bot.channels.traces import own
from bot.commands.erase import erase
from bot.commands.export import export
from bot.commands.stored import audit_of, gatekeeper_of, sealer_of, stores_of
from bot.settings import Settings
from bot.storage import Button, PatientSession, Stores
from bot.storage.protocols import Work
from bot.storage.tracker_store import ConversationStore, open_log

NOW = datetime.now(UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(params=["sqlite", "redis"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = None
    if request.param == "redis":
        url = str(request.getfixturevalue("redis_url")).removesuffix("/0") + "/5"  # all of it is looked at
        redis.Redis.from_url(url).flushdb()
    return Settings(state=tmp_path, storage=url, secret=f"{tmp_path.name}-secret-of-an-installation")


async def live(settings: Settings, patient: str) -> list[str]:
    """Leaves traces of a patient in every store; answers the ids they are under."""
    mine = own(gatekeeper_of(settings), patient)
    web = Visitor(mine.senders[0], mine.conversations[0], "web", authenticated=True)
    async with stores_of(settings) as stores:
        await said(stores, web.conversation, f"boli mnie, mówi {patient}")
        await stores.buttons.issue(Button(web.conversation, 1, "/x", "X", False, LATER), NOW)
        session = PatientSession(patient, f"token-of-{patient}", "full", "web", LATER)
        await stores.sessions.put(web.sender, session)
        device = await Devices(stores).register(web.conversation, "ios", f"push-{patient}", NOW)
        due = {"kind": "visit", "patient_id": patient, "data": {"doctor": "Nowak"}}
        await stores.records.put("due-event", f"event-{patient}", due, timedelta(days=1))
        visitor = Visitor(f"web-visitor-{patient}", f"c-visitor-{patient}", "web")
        await said(stores, visitor.conversation, f"jeszcze niezalogowany {patient}")
        before = {"visitors": [{"sender": visitor.sender, "conversation": visitor.conversation}]}
        await stores.records.put(BEFORE_LOGIN, web.conversation, before, timedelta(days=30))
        chat = await linked_chat(settings, stores, web.sender, patient)
    log = ConversationStore(log=open_log(settings.conversations_place), sealer=sealer_of(settings))
    tracker = DialogueStateTracker(web.sender, [])
    tracker.update(UserUttered(f"ból głowy, mówi {patient}"))
    await log.save(tracker)
    await log.close()
    others = [visitor.conversation, device.id, f"event-{patient}", f"link-{patient}"]
    return [web.sender, web.conversation, *chat, *others]


async def said(stores: Stores, conversation: str, text: str) -> None:
    await stores.outbox.append(
        conversation, "patient", {"text": text, "work": {"sender": "s"}}, NOW, once="1", work=Work.WAITING
    )


async def linked_chat(settings: Settings, stores: Stores, owner: str, patient: str) -> list[str]:
    """A chat in Telegram with the patient's account behind it."""
    chats = Chats(stores, gatekeeper_of(settings))
    chat, _ = await chats.of("telegram", f"chat-of-{patient}")
    await chats.keep(chat)
    link = Link(
        f"link-{patient}", owner, "telegram", state="opened", conversation=chat.conversation, code="123456"
    )
    await stores.records.put("link", link.id, asdict(link), timedelta(days=1))
    grant = {"grant": f"token-of-{patient}", "sub": patient}
    await stores.records.put("link-grant", link.id, grant, timedelta(days=1))
    await chats.change(chat.conversation, pending=link.id)
    opened = await chats.find(chat.conversation)
    assert opened is not None
    assert await Linking(stores, chats, lambda: NOW).confirm(opened, "123456") == "linked"
    await said(stores, chat.conversation, f"z komunikatora {patient}")
    return [chat.conversation]


def whole(settings: Settings) -> bytes:
    """Every byte of the stores; the audit is looked at on its own."""
    if settings.storage is None:
        return b"".join(file.read_bytes() for file in settings.state.iterdir() if "audit" not in file.name)
    client = redis.Redis.from_url(settings.storage)
    keys = [key for key in client.scan_iter() if not key.endswith(b":audit")]
    return b"".join(key + (client.dump(key) or b"") for key in keys)


async def test_nothing_is_left_of_one_and_all_of_the_other(settings: Settings) -> None:
    gone, stays = await live(settings, "anna"), await live(settings, "jan")
    assert all(name.encode() in whole(settings) for name in gone)
    receipt: dict[str, Any] = await erase(settings, "anna")
    assert receipt["records"] >= 12
    assert receipt["left"] == 0
    dump = whole(settings)
    assert [name for name in [*gone, "anna"] if name.encode() in dump] == []
    assert [name for name in stays if name.encode() not in dump] == []
    assert (await erase(settings, "anna"))["records"] == 0


async def test_what_was_erased_cannot_be_exported_and_both_are_in_the_audit(settings: Settings) -> None:
    await live(settings, "ewa")
    await erase(settings, "ewa")
    copy = await export(settings, "ewa")
    assert [copy[part] for part in ("messages", "sessions", "records", "assistant_log")] == [[], [], [], []]
    assert [entry["what"] for entry in copy["audit"]] == ["erase"]
    async with audit_of(settings) as audit:
        _, wrong = await audit.verify()
        text = "".join([link.text async for link in audit.links()])
    assert wrong == []
    names = own(gatekeeper_of(settings), "ewa").names
    assert [name for name in ["ewa", *names] if name in text] == []


async def test_a_copy_has_everything_of_one_and_nothing_of_the_other(settings: Settings) -> None:
    for patient in ("olga", "piotr"):
        await live(settings, patient)
    copy = await export(settings, "olga")
    assert [message["content"]["text"] for message in copy["messages"]] == [
        "boli mnie, mówi olga",
        "z komunikatora olga",
        "jeszcze niezalogowany olga",
    ]
    assert [session["channel"] for session in copy["sessions"]] == ["web"]
    assert copy["assistant_log"][0]["events"][0]["text"] == "ból głowy, mówi olga"
    assert {record["kind"] for record in copy["records"]} == {"link", "link-grant", "device", "due-event"}
    text = json.dumps(copy, ensure_ascii=False)
    assert "piotr" not in text
    assert "token-of-olga" not in text
    assert "work" not in text


async def test_nothing_of_a_patient_is_readable_in_the_stores(settings: Settings) -> None:
    await live(settings, "zofia")
    dump = whole(settings)
    for text in ("boli mnie", "ból głowy", "z komunikatora", "token-of-", "push-zofia", "chat-of-", "Nowak"):
        assert text.encode() not in dump
