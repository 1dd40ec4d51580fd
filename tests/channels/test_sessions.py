"""Log-in, log-out and expiry, as the patient's device sees them."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any

import httpx
import pytest


@pytest.fixture(params=["embedded", "redis"])
async def portal(request: pytest.FixtureRequest, serve: Any) -> Any:
    options = {"storage": request.getfixturevalue("redis_url")} if request.param == "redis" else {}
    return await serve(**options)


def _fresh() -> str:
    return f"p-{uuid.uuid4()}"


async def _end(patient: Any) -> httpx.Response:
    async with patient.client() as http:
        return await http.delete(f"/conversations/{patient.conversation}/session")


async def _log_in(portal: Any, visitor: Any, sub: str, **body: Any) -> Any:
    """The page the visitor was on now has a token of the portal."""
    patient = type(visitor)(portal, portal.portal.token(sub))
    async with patient.client() as http:
        answer = await http.post("/conversations", json={"visitor_token": visitor.token} | body)
    assert answer.status_code == 200, answer.text
    patient.conversation = answer.json()["conversation"]
    return patient


# --- log-out


async def test_after_log_out_the_token_opens_nothing(portal: Any) -> None:
    patient = await portal.patient(_fresh())
    await patient.ask("sekret")
    sender = portal.assistant.heard[-1].sender
    assert (await _end(patient)).status_code == 204
    async with patient.client() as http:
        path = f"/conversations/{patient.conversation}"
        answers = [
            await http.post("/conversations"),
            await http.get(f"{path}/messages"),
            await http.get(f"{path}/events"),
            await patient.send("jeszcze ja"),
            await _end(patient),
        ]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.json()["code"] for answer in answers} == {"token_revoked"}
    assert await portal.app.ctx.front_desk.stores.sessions.get(sender) is None
    for _ in range(1500):
        if portal.assistant.forgotten == [sender]:
            break
        await asyncio.sleep(0.02)
    assert portal.assistant.forgotten == [sender]
    assert [heard.text for heard in portal.assistant.heard] == ["sekret"]


async def test_log_out_ends_older_tokens_of_the_same_session(portal: Any) -> None:
    """A page that refreshed its token has several; all that were issued before are over."""
    sub, now = _fresh(), int(time.time())
    older = await portal.patient(sub, iat=now - 300, exp=now + 600)
    newer = await portal.patient(sub)
    assert (await _end(newer)).status_code == 204
    assert (await older.send("hej")).json()["code"] == "token_revoked"


async def test_logging_in_again_works_at_once(portal: Any) -> None:
    sub = _fresh()
    patient = await portal.patient(sub)
    await patient.ask("hej")
    await _end(patient)
    again = await portal.patient(sub)
    assert again.conversation == patient.conversation
    assert (await again.ask("znowu"))[-1]["text"] == "Napisano: znowu"


async def test_buttons_of_the_ended_session_do_nothing(portal: Any) -> None:
    sub = _fresh()
    patient = await portal.patient(sub)
    act = (await patient.ask("opcje"))[0]["options"][2]["token"]
    await _end(patient)
    again = await portal.patient(sub)
    seq = (await again.press(act)).json()["seq"]
    assert "nieaktualna" in (await again.replies(after=seq))[0]["text"]
    assert [heard.payload for heard in portal.assistant.heard] == [None]


async def test_log_out_reaches_other_open_devices(portal: Any) -> None:
    sub = _fresh()
    here, there = await portal.patient(sub), await portal.patient(sub)
    async with there.events() as events:
        await _end(here)
        assert (await asyncio.wait_for(anext(events), 5))["event"] == "session_ended"


async def test_one_patients_log_out_leaves_others_alone(portal: Any) -> None:
    one, other = await portal.patient(_fresh()), await portal.patient(_fresh())
    foreign = type(one)(portal, one.token, other.conversation)
    assert (await _end(foreign)).status_code == 404
    await _end(one)
    assert (await other.ask("hej"))[0]["text"] == "Napisano: hej"


async def test_a_visitor_can_end_the_conversation_too(portal: Any) -> None:
    visitor = await portal.patient()
    await visitor.ask("hej")
    assert (await _end(visitor)).status_code == 204
    assert (await visitor.send("hej")).status_code == 401


# --- expiry in the middle of something


async def test_a_fresh_token_goes_on_where_the_old_one_stopped(portal: Any) -> None:
    sub, now = _fresh(), int(time.time())
    patient = await portal.patient(sub, iat=now - 100, exp=now + 1)
    token = (await patient.ask("opcje"))[0]["options"][0]["token"]
    patient.token = portal.portal.token(sub, iat=now - 200, exp=now - 60)
    answer = await patient.press(token)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")
    assert "zalogować" in answer.json()["detail"]
    patient.token = portal.portal.token(sub)
    assert (await patient.open()).status_code == 200
    seq = (await patient.press(token)).json()["seq"]
    assert (await patient.replies(after=seq))[0]["text"] == "Wybrano przyciskiem."


@pytest.mark.parametrize("over", ["expired", "logged out"])
async def test_danger_is_answered_when_the_log_in_is_over_and_nothing_else(portal: Any, over: str) -> None:
    sub, now = _fresh(), int(time.time())
    patient = await portal.patient(sub)
    if over == "expired":
        patient.token = portal.portal.token(sub, iat=now - 200, exp=now - 60)
    else:
        await _end(patient)
    danger = await patient.send("boli mnie w klatce")
    assert danger.status_code == 202
    assert danger.json()["seq"] is None
    assert "112" in danger.json()["replies"][0]["text"]
    assert "options" not in danger.json()["replies"][0]
    assert (await patient.send("tak, rezerwuję")).status_code == 401
    patient.token = patient.token[:-4] + "AAAA"
    assert (await patient.send("boli mnie w klatce")).status_code == 401
    assert portal.assistant.heard == []


# --- from visitor to patient


async def test_log_in_takes_up_what_needed_it(portal: Any) -> None:
    visitor = await portal.patient()
    await visitor.ask("hej")
    await visitor.ask("logowanie do dermatologa w Krakowie")
    patient = await _log_in(portal, visitor, _fresh())
    await patient.replies(after=0, count=3)
    history = await patient.messages(after=0)
    said = [(message["author"], message["text"]) for message in history]
    assert said[:2] == [("patient", "hej"), ("assistant", "Napisano: hej")]
    assert said[2][0] == "assistant"
    assert "Dziękuję za zalogowanie" in said[2][1]
    assert said[3] == ("patient", "logowanie do dermatologa w Krakowie")
    assert [heard.text for heard in portal.assistant.heard][-1] == "logowanie do dermatologa w Krakowie"
    assert portal.assistant.heard[-1].metadata["authenticated"] is True


async def test_the_visitors_token_ends_with_the_log_in(portal: Any) -> None:
    """The next person at the same computer does not read on."""
    visitor = await portal.patient()
    await visitor.ask("hej")
    await _log_in(portal, visitor, _fresh())
    assert (await visitor.send("hej")).json()["code"] == "token_revoked"


async def test_words_are_carried_over_once(portal: Any) -> None:
    visitor, sub = await portal.patient(), _fresh()
    await visitor.ask("logowanie proszę")
    patients = await asyncio.gather(*(_log_in(portal, visitor, sub) for _ in range(5)))
    await patients[0].replies(after=0, count=2)
    await _log_in(portal, visitor, _fresh())
    texts = [message["text"] for message in await patients[0].messages(after=0)]
    assert texts.count("logowanie proszę") == 1
    assert len([heard for heard in portal.assistant.heard if heard.text == "logowanie proszę"]) == 2


async def test_buttons_offered_to_a_visitor_do_not_come_along(portal: Any) -> None:
    visitor = await portal.patient()
    token = (await visitor.ask("opcje"))[0]["options"][0]["token"]
    patient = await _log_in(portal, visitor, _fresh())
    assert all("options" not in message for message in await patient.messages(after=0))
    seq = (await patient.press(token)).json()["seq"]
    assert "nieaktualna" in (await patient.replies(after=seq))[0]["text"]


@pytest.mark.parametrize("kind", ["forged", "patient", "ended", "empty"])
async def test_no_other_token_carries_anything_over(portal: Any, kind: str) -> None:
    visitor, victim = await portal.patient(), await portal.patient(_fresh())
    await visitor.ask("hej")
    await victim.ask("sekret")
    token = {
        "forged": visitor.token[:-4] + "AAAA",
        "patient": victim.token,
        "ended": visitor.token,
        "empty": "",
    }[kind]
    if kind == "ended":
        await _end(visitor)
    patient = await _log_in(portal, visitor, _fresh(), visitor_token=token)
    assert await patient.messages(after=0) == []
    assert (await victim.send("nadal ja")).status_code == 202


async def test_switching_patients_mixes_nothing(portal: Any) -> None:
    one, two = await portal.patient(_fresh()), await portal.patient(_fresh())
    await one.ask("o mnie")
    await two.ask("o dziecku")
    assert [m["text"] for m in await one.messages(after=0)] == ["o mnie", "Napisano: o mnie"]
    assert [m["text"] for m in await two.messages(after=0)] == ["o dziecku", "Napisano: o dziecku"]
    senders = {heard.sender for heard in portal.assistant.heard}
    assert len(senders) == 2
    sessions = [await portal.app.ctx.front_desk.stores.sessions.get(sender) for sender in senders]
    assert len({session.sub for session in sessions}) == 2
