"""Files through the Chat API: streamed, checked, offered one by one, sent to the portal."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.files.clamd import Clamd
from bot.channels.files.kinds import MAX_BYTES

HERE = Path(__file__).parent


def _load(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


corpus = _load("corpus_for_uploads", HERE / "corpus.py")
fake = _load("fake_assistant_for_uploads", HERE.parent / "fake_assistant.py")


@pytest.fixture
def files() -> Any:
    return fake.PortalFiles()


@pytest.fixture(params=["embedded", "redis"])
async def portal(request: pytest.FixtureRequest, serve: Any, files: Any) -> Any:
    options = {"storage": request.getfixturevalue("redis_url")} if request.param == "redis" else {}
    return await serve(files=files, **options)


async def give(
    patient: Any, content: Any, name: str = "wynik.pdf", once: str | None = None, **query: str
) -> httpx.Response:
    asked = {"client_message_id": once or str(uuid.uuid4()), "name": name} | query
    async with patient.client() as http:
        answer: httpx.Response = await http.post(
            f"/conversations/{patient.conversation}/attachments", params=asked, content=content, timeout=100
        )
    return answer


async def said(patient: Any, count: int) -> list[str]:
    replies = await patient.replies(after=0, count=count)
    return [reply["text"] for reply in replies]


async def _patient(portal: Any) -> Any:
    return await portal.patient(f"p-{uuid.uuid4()}")


async def test_a_file_reaches_the_portal_and_the_conversation_goes_on(portal: Any, files: Any) -> None:
    patient = await _patient(portal)
    answer = await give(patient, corpus.pdf(2), "Wyniki mamy.pdf")
    assert answer.status_code == 202, answer.text
    assert await said(patient, 2) == ["Wysyłam plik.", "file_uploaded A1"]
    (sender, ticket, content), *more = files.sent
    assert (sender, ticket, more) == (portal.assistant.heard[0].sender, "A1", [])
    assert content.startswith(b"%PDF-")
    history = await patient.messages(after=0)
    assert (history[0]["author"], history[0]["text"]) == ("patient", "Plik: Wyniki mamy.pdf")
    assert {m["author"] for m in history} == {"patient", "assistant"}
    stores = portal.app.ctx.front_desk.stores
    assert await stores.files.waiting(patient.conversation, stores_now(portal)) == []


def stores_now(portal: Any) -> Any:
    return portal.app.ctx.front_desk.desk.clock()


async def test_the_assistant_hears_no_name_and_no_content(portal: Any) -> None:
    patient = await _patient(portal)
    await give(patient, corpus.picture(), "PESEL 44051401359.jpg")
    await said(patient, 2)
    heard = portal.assistant.heard[0]
    assert heard.metadata["uploads"] is True
    offered = json.loads(heard.payload.removeprefix("/file_offered"))
    assert set(offered) == {"file", "file_type", "file_size"}
    assert offered["file_type"] == "image/jpeg"
    assert "44051401359" not in str(portal.assistant.heard)


async def test_several_at_once_go_one_after_another(portal: Any, files: Any) -> None:
    patient, batch = await _patient(portal), str(uuid.uuid4())
    answers = await asyncio.gather(
        *(give(patient, corpus.pdf(n + 1), f"strona {n}.pdf", batch=batch) for n in range(4))
    )
    assert [answer.status_code for answer in answers] == [202] * 4
    texts = await said(patient, 8)
    assert texts.count("Wysyłam plik.") == 4
    assert [text for text in texts if text.startswith("file_up")] == [
        f"file_uploaded A{n}" for n in (1, 2, 3, 4)
    ]
    assert len(files.sent) == 4


async def test_one_bad_file_of_several_is_named_and_the_rest_go_on(portal: Any, files: Any) -> None:
    patient, batch = await _patient(portal), str(uuid.uuid4())
    first = await give(patient, corpus.pdf(), "dobry.pdf", batch=batch)
    bad = await give(patient, b"\0\0\0\x18ftypheic" + b"\0" * 99, "IMG_7.HEIC", batch=batch)
    last = await give(patient, corpus.picture(), "zdjecie.jpg", batch=batch)
    assert [first.status_code, bad.status_code, last.status_code] == [202, 415, 202]
    problem = bad.json()
    assert (problem["code"], problem["reason"]) == ("file_refused", "phone_photo")
    texts = await said(patient, 5)
    refusals = [text for text in texts if "IMG_7.HEIC" in text]
    assert refusals == [problem["detail"]]
    assert "zrzut ekranu" in refusals[0]
    assert len(files.sent) == 2


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_file_beyond_the_limit_is_stopped_while_it_arrives(
    portal: Any, files: Any, streamed: bool
) -> None:
    patient = await _patient(portal)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b"%PDF-1.7" + b"x" * 65528

    try:
        answer = await give(patient, endless() if streamed else b"%PDF-" + b"0" * MAX_BYTES, "duzy.pdf")
        assert (answer.status_code, answer.json()["reason"]) == (413, "too_large")
    except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        pass  # the server hung up while we were still writing
    texts = await said(patient, 1)
    assert "duzy.pdf" in texts[0]
    assert "8 MB" in texts[0]
    assert files.sent == []
    assert portal.assistant.heard == []


async def test_the_account_takes_five(portal: Any, files: Any) -> None:
    files.places.used = 4
    patient, batch = await _patient(portal), str(uuid.uuid4())
    async with patient.client() as http:
        path = f"/conversations/{patient.conversation}/attachments"
        places = (await http.get(path)).json()
    assert (places["allowed"], places["used"], places["max"], places["max_size"]) == (True, 4, 5, MAX_BYTES)
    assert (await give(patient, corpus.pdf(), "piaty.pdf", batch=batch)).status_code == 202
    await said(patient, 2)
    refused = await give(patient, corpus.pdf(), "szosty.pdf", batch=batch)
    assert (refused.status_code, refused.json()["reason"]) == (409, "no_room")
    assert len(files.sent) == 1


async def test_who_may_not_add_files_is_told_what_to_do(portal: Any, files: Any) -> None:
    visitor = await portal.patient()
    assert (await give(visitor, corpus.pdf())).json()["reason"] == "login"
    files.places.code = "ACCOUNT_LEVEL_REQUIRED"
    patient = await _patient(portal)
    answer = await give(patient, corpus.pdf())
    assert (answer.status_code, answer.json()["reason"]) == (403, "level")
    assert "potwierdzić tożsamość" in (await said(patient, 1))[0]
    files.places.code, files.down = None, True
    assert (await give(patient, corpus.pdf())).json()["reason"] == "portal_down"
    assert portal.assistant.heard == []


async def test_a_repeat_is_one_file(portal: Any, files: Any) -> None:
    patient, once = await _patient(portal), str(uuid.uuid4())
    first = await give(patient, corpus.pdf(), once=once)
    await said(patient, 2)
    again = await give(patient, corpus.pdf(), once=once)
    assert again.json() == {"seq": first.json()["seq"], "duplicate": True}
    assert len(files.sent) == 1


async def test_a_portal_that_refuses_is_reported(portal: Any, files: Any) -> None:
    files.refuse_with = "ATTACHMENT_TYPE_NOT_ALLOWED"
    patient = await _patient(portal)
    await give(patient, corpus.pdf())
    assert (await said(patient, 2))[1] == "file_failed A1 ATTACHMENT_TYPE_NOT_ALLOWED"


async def test_files_left_behind_make_room_for_new_ones(portal: Any, files: Any) -> None:
    """A batch whose conversation was stopped does not block the next one."""
    files.places.used = 3
    patient, stores, now = await _patient(portal), portal.app.ctx.front_desk.stores, stores_now(portal)
    from datetime import timedelta

    from bot.storage import HeldFile

    for n in range(2):
        old = HeldFile(f"old{n}", "earlier", "a.pdf", "application/pdf", 1, now + timedelta(minutes=9))
        await stores.files.put(patient.conversation, old, b"x", now)
    assert (await give(patient, corpus.pdf())).status_code == 202
    assert (await said(patient, 2))[1] == "file_uploaded A1"


async def test_nobody_gives_files_to_a_foreign_conversation(portal: Any, files: Any) -> None:
    one, other = await _patient(portal), await _patient(portal)
    foreign = type(one)(portal, one.token, other.conversation)
    assert (await give(foreign, corpus.pdf())).status_code == 404
    one.token = None
    assert (await give(one, corpus.pdf())).status_code == 401
    assert files.sent == []


@pytest.mark.parametrize("query", [{"batch": "../x"}, {"once": "x"}, {"batch": "a" * 65}, {"once": "x" * 36}])
async def test_malformed_requests_are_422(portal: Any, query: dict[str, str]) -> None:
    patient = await _patient(portal)
    asked = dict(query)
    once = asked.pop("once", None)
    assert (await give(patient, corpus.pdf(), once=once, **asked)).status_code == 422


async def test_without_a_place_no_files_are_taken(served: Any) -> None:
    patient = await served.patient("p1")
    assert (await give(patient, corpus.pdf())).status_code == 404
    async with patient.client() as http:
        places = (await http.get(f"/conversations/{patient.conversation}/attachments")).json()
    assert places["allowed"] is False


class FakeClamd:
    """Behaves like ClamAV's daemon and checks the protocol."""

    def __init__(self) -> None:
        self.scanned: list[bytes] = []
        self.answer: bytes | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        content = bytearray()
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            assert size <= 1024 * 1024
            content += await reader.readexactly(size)
        self.scanned.append(bytes(content))
        found = b"Eicar-Test-Signature FOUND" if corpus.EICAR in content else b"OK"
        writer.write(self.answer if self.answer is not None else b"stream: " + found + b"\0")
        await writer.drain()
        writer.close()


@pytest.fixture(params=["tcp", "socket"])
async def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[FakeClamd, str]]:
    daemon = FakeClamd()
    if request.param == "tcp":
        server = await asyncio.start_server(daemon.serve, "127.0.0.1", 0)
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    else:
        address = str(tmp_path / "clamd.sock")
        server = await asyncio.start_unix_server(daemon.serve, address)
    async with server:
        yield daemon, address


async def test_every_file_is_scanned_as_it_came(serve: Any, files: Any, clamd: Any) -> None:
    daemon, address = clamd
    served = await serve(files=files, clamd=address)
    patient = await served.patient("p1")
    good = corpus.picture()
    assert (await give(patient, good, "a.jpg")).status_code == 202
    bad = await give(patient, good + corpus.EICAR, "b.jpg")
    assert (bad.status_code, bad.json()["reason"]) == (422, "infected")
    assert daemon.scanned == [good, good + corpus.EICAR]
    await said(patient, 3)
    assert len(files.sent) == 1


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK but not\0"])
async def test_without_a_clear_answer_nothing_is_clean(
    serve: Any, files: Any, clamd: Any, answer: bytes
) -> None:
    daemon, address = clamd
    daemon.answer = answer
    served = await serve(files=files, clamd=address)
    patient = await served.patient("p1")
    refused = await give(patient, corpus.picture(), "a.jpg")
    assert (refused.status_code, refused.json()["reason"]) == (503, "scanner_down")
    assert files.sent == []


async def test_a_scanner_that_is_not_there_lets_nothing_in(serve: Any, files: Any) -> None:
    served = await serve(files=files, clamd="127.0.0.1:1")
    patient = await served.patient("p1")
    assert (await give(patient, corpus.picture(), "a.jpg")).json()["reason"] == "scanner_down"


async def test_a_large_file_is_scanned_whole(clamd: Any) -> None:
    daemon, address = clamd
    content = b"\xff" * MAX_BYTES
    assert await Clamd(address).clean(content)
    assert daemon.scanned == [content]
