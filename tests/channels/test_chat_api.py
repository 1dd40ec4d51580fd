"""The Chat API over real HTTP: conversation, events, replay, duplicates, order, buttons, files."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import httpx

from bot.channels.desk_settings import DeskSettings
from bot.channels.web_stream import StreamSettings


async def test_a_patient_asks_and_is_answered(served: Any) -> None:
    patient = await served.patient("p1")
    assert patient.opened["authenticated"] is True
    assert "automatycznym asystentem" in patient.opened["notice"]
    replies = await patient.ask("Dzień dobry")
    assert [reply["text"] for reply in replies] == ["Napisano: Dzień dobry"]
    history = await patient.messages()
    assert [(m["seq"], m["author"], m["text"]) for m in history] == [
        (1, "patient", "Dzień dobry"),
        (2, "assistant", "Napisano: Dzień dobry"),
    ]


async def test_the_assistant_hears_only_what_the_server_knows(served: Any) -> None:
    patient = await served.patient("p1", level="basic")
    body = {
        "client_message_id": str(uuid.uuid4()),
        "text": "hej",
        "sender": "somebody-else",
        "metadata": {"authenticated": True, "patient": "p2"},
        "input_channel": "admin",
    }
    seq = (await patient.post(body)).json()["seq"]
    await patient.replies(after=seq)
    heard = served.assistant.heard[0]
    assert heard.sender.startswith("web-")
    assert "p1" not in heard.sender
    assert heard.metadata.pop("now").endswith(("+01:00", "+02:00"))
    assert heard.metadata == {
        "channel": "web",
        "authenticated": True,
        "level": "basic",
        "uploads": False,
        "message_id": body["client_message_id"],
        "turn": 1,
    }


async def test_actions_find_the_token_in_the_session_and_nowhere_else(served: Any) -> None:
    patient = await served.patient("p1")
    await patient.ask("hej")
    heard = served.assistant.heard[0]
    session = await served.app.ctx.front_desk.stores.sessions.get(heard.sender)
    assert (session.sub, session.token, session.level) == ("p1", patient.token, "full")
    assert patient.token not in repr(heard.metadata)
    assert patient.token not in repr(session)
    visitor = await served.patient()
    await visitor.ask("hej")
    assert await served.app.ctx.front_desk.stores.sessions.get(served.assistant.heard[1].sender) is None


async def test_events_come_live_with_typing_and_are_replayed_after_the_cursor(served: Any) -> None:
    patient = await served.patient("p1")
    async with patient.events() as events:
        await patient.send("dwie")
        seen = [await anext(events) for _ in range(5)]
    assert [event["event"] for event in seen] == ["message", "typing", "message", "message", "typing"]
    assert [event["id"] for event in seen if "id" in event] == ["1", "2", "3"]
    assert seen[1]["data"] == {"on": True}
    assert seen[4]["data"] == {"on": False}
    async with patient.events(last=2) as events:
        replayed = await anext(events)
    assert (replayed["id"], replayed["data"]["text"]) == ("3", "Druga część.")


async def test_unknown_cursor_resets_the_device(served: Any) -> None:
    patient = await served.patient("p1")
    await patient.ask("hej")
    async with patient.events(last=99) as events:
        assert (await anext(events))["event"] == "reset"
        assert (await anext(events))["id"] == "1"


async def test_stream_ends_in_time_and_with_the_token(serve: Any) -> None:
    short = StreamSettings(heartbeat=timedelta(seconds=0.2), longest=timedelta(seconds=0.6))
    served = await serve(stream=short)
    patient = await served.patient("p1")
    async with patient.events() as events:
        assert [event async for event in events] == []
    async with served_events_of_expiring(served) as events:
        assert [event["event"] async for event in events] == ["token_expired"]


def served_events_of_expiring(served: Any) -> Any:
    """Events of a patient whose token ran out within the leeway: usable, but not for a stream."""
    import time
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def run() -> Any:
        patient = await served.patient("p2", exp=int(time.time()) - 5)
        async with patient.events() as events:
            yield events

    return run()


async def test_a_hundred_copies_in_parallel_are_one_turn(served: Any) -> None:
    patient = await served.patient("p1")
    client_id = str(uuid.uuid4())
    answers = await asyncio.gather(*(patient.send("raz", client_id) for _ in range(100)))
    assert {answer.status_code for answer in answers} == {202}
    assert {answer.json()["seq"] for answer in answers} == {1}
    assert sum(not answer.json()["duplicate"] for answer in answers) == 1
    await patient.replies(after=1)
    assert len(served.assistant.heard) == 1
    assert [m["seq"] for m in await patient.messages()] == [1, 2]


async def test_messages_of_one_sender_are_answered_in_order_one_at_a_time(served: Any) -> None:
    patients = [await served.patient(f"p{n}") for n in range(4)]
    for number in range(12):
        await asyncio.gather(*(patient.send(f"nr {number}") for patient in patients))
    for patient in patients:
        replies = await patient.replies(after=0, count=12)
        assert [reply["text"] for reply in replies] == [f"Napisano: nr {number}" for number in range(12)]
    assert not served.assistant.overlapped


async def test_one_slow_patient_does_not_hold_up_another(served: Any) -> None:
    slow, quick = await served.patient("slow"), await served.patient("quick")
    await slow.send("bardzo-wolno")
    async with asyncio.timeout(10):  # less than a turn may take
        await quick.ask("hej")
    assert all(message["author"] == "patient" for message in await slow.messages(after=0))


async def test_a_button_reaches_the_assistant_as_payload_and_works_once_where_it_acts(served: Any) -> None:
    patient = await served.patient("p1")
    question = (await patient.ask("opcje"))[0]
    assert "payload" not in str(question)
    act = next(option for option in question["options"] if option["kind"] == "act")
    answers = await asyncio.gather(*(patient.press(act["token"]) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    replies = await patient.replies(after=question["seq"], count=5)
    presses = [heard for heard in served.assistant.heard if heard.payload]
    assert [(press.text, press.payload) for press in presses] == [(None, '/press{"key": "1-3"}')]
    assert presses[0].metadata["button_turn"] == 1
    assert sum("nieaktualna" in reply["text"] for reply in replies) == 4
    shown = [m["text"] for m in await patient.messages() if m["author"] == "patient"]
    assert "Tak, umawiam" in shown


async def test_a_plain_button_may_be_pressed_again(served: Any) -> None:
    patient = await served.patient("p1")
    question = (await patient.ask("terminy"))[0]
    token = question["card"]["items"][0]["token"]
    for _ in range(2):
        seq = (await patient.press(token)).json()["seq"]
        await patient.replies(after=seq)
    assert [heard.payload for heard in served.assistant.heard[1:]] == ['/press{"key": "2-1"}'] * 2


async def test_a_button_of_another_conversation_or_invented_does_nothing(served: Any) -> None:
    victim, thief = await served.patient("p1"), await served.patient("p2")
    token = (await victim.ask("opcje"))[0]["options"][0]["token"]
    for stolen in (token, "A" * 24, token[:-1] + "_"):
        seq = (await thief.press(stolen)).json()["seq"]
        assert "nieaktualna" in (await thief.replies(after=seq))[0]["text"]
    assert all(heard.payload is None for heard in served.assistant.heard)


async def test_a_file_is_fetched_by_its_owner_only(served: Any) -> None:
    owner, other = await served.patient("p1"), await served.patient("p2")
    card = (await owner.ask("plik"))[0]["card"]
    assert "content" not in card
    async with owner.client() as http:
        file = await http.get(served.url + card["href"])
    assert file.text.startswith("BEGIN:VCALENDAR")
    assert file.headers["content-type"] == "text/calendar; charset=utf-8"
    assert file.headers["content-disposition"] == "attachment"
    async with other.client() as http:
        assert (await http.get(served.url + card["href"])).status_code == 404
        path = f"/conversations/{other.conversation}/files/"
        for seq in ("1", "0", "99", "x", "-1", "9" * 30):
            assert (await http.get(path + seq)).status_code in (404, 422)


async def test_silence_failure_and_delay_end_in_an_apology(serve: Any) -> None:
    served = await serve(desk=DeskSettings(turn_timeout=timedelta(seconds=0.3)))
    patient = await served.patient("p1")
    for text in ("cisza", "wyjątek", "bardzo-wolno"):
        reply = (await patient.ask(text))[0]
        assert "Infolinię" in reply["text"]
        assert reply["links"] == [
            {"label": "Zadzwoń na Infolinię: 22 33 22 888", "href": "tel:+48223322888", "kind": "tel"}
        ]
    assert (await patient.ask("hej"))[0]["text"] == "Napisano: hej"


async def test_links_outside_the_allow_list_are_dropped(served: Any) -> None:
    patient = await served.patient("p1")
    links = (await patient.ask("linki"))[0]["links"]
    assert [link["kind"] for link in links] == ["https", "tel", "mailto"]


async def test_emergency_overtakes_a_running_turn(served: Any) -> None:
    patient = await served.patient()
    await patient.send("bardzo-wolno")
    async with asyncio.timeout(10):  # less than a turn may take
        replies = await patient.ask("Boli mnie w klatce od rana")
    assert "112" in replies[0]["text"]
    assert all("klatce" not in str(heard.text) for heard in served.assistant.heard)


async def test_emergency_is_answered_even_without_storage(serve: Any) -> None:
    served = await serve(storage="redis://127.0.0.1:1/0")
    for patient in (await served.patient(), await served.patient("p1")):
        answer = await patient.send("boli mnie w klatce")
        assert answer.status_code == 202
        assert answer.json()["seq"] is None
        assert "112" in answer.json()["replies"][0]["text"]
        refused = await patient.send("hej")
        assert refused.status_code == 503
        assert (refused.json()["code"], refused.json()["retry_after"]) == ("unavailable", 5)


async def test_conversation_survives_a_restart(served: Any) -> None:
    patient = await served.patient("p1")
    await patient.ask("przed")
    await served.stop()
    await served.start()
    assert [m["text"] for m in await patient.messages()] == ["przed", "Napisano: przed"]
    assert (await patient.ask("po"))[0]["text"] == "Napisano: po"
    async with patient.events(last=2) as events:
        assert (await anext(events))["data"]["text"] == "po"


async def test_history_is_paged(served: Any) -> None:
    patient = await served.patient("p1")
    for number in range(4):
        await patient.ask(str(number))
    assert [m["seq"] for m in await patient.messages(after=2, limit=3)] == [3, 4, 5]
    assert [m["seq"] for m in await patient.messages(limit=2)] == [7, 8]


async def test_only_allowed_origins_get_cors_headers(serve: Any) -> None:
    served = await serve(origins=frozenset({"https://portal.example"}))
    async with httpx.AsyncClient(base_url=served.url) as http:
        for origin, allowed in (("https://portal.example", True), ("https://evil.example", False)):
            for method in ("OPTIONS", "POST"):
                answer = await http.request(method, "/api/v1/conversations", headers={"origin": origin})
                assert ("access-control-allow-origin" in answer.headers) is allowed
                assert "access-control-allow-credentials" not in answer.headers


async def test_demo_page_gives_tokens_of_sandbox_patients_only(served: Any) -> None:
    async with httpx.AsyncClient(base_url=served.url) as http:
        page = await http.get("/")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "strona demonstracyjna" in page.text
        assert {p["key"] for p in (await http.get("/demo/patients")).json()["items"]} >= {"full", "parent"}
        token = (await http.post("/demo/token", json={"patient": "full"})).json()["token"]
        opened = await http.post("/api/v1/conversations", headers={"authorization": f"Bearer {token}"})
        assert opened.json()["authenticated"] is True
        assert (await http.post("/demo/token", json={"patient": "nobody"})).status_code == 404
        assert (await http.post("/demo/token", json={"patient": ["full"]})).status_code == 422
