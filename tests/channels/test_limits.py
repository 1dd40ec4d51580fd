"""More messages than a person writes: the rest waits, is told so once, and an emergency never waits."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.channels.admission import Rates
from bot.channels.desk_settings import DeskSettings
from bot.storage import Rate

TIGHT = DeskSettings(
    rates=Rates(
        sender=Rate(3, timedelta(minutes=5)),
        address=Rate(5, timedelta(minutes=5)),
        visitor=Rate(4, timedelta(minutes=5)),
    )
)


@pytest.fixture(params=["embedded", "redis"])
async def tight(request: pytest.FixtureRequest, serve: Any) -> Any:
    """A server behind one proxy, with small limits."""
    options: dict[str, Any] = {"desk": TIGHT, "proxies": 1}
    if request.param == "redis":
        options["storage"] = request.getfixturevalue("redis_url")
    return await serve(**options)


def _fresh() -> str:
    return f"p-{uuid.uuid4()}"


async def test_a_flood_is_told_once_and_loses_nothing_taken(tight: Any) -> None:
    patient = await tight.patient(_fresh())
    answers = [await patient.send(f"nr {number}") for number in range(12)]
    assert [answer.status_code for answer in answers] == [202] * 3 + [429] * 9
    problem = answers[-1].json()
    assert problem["code"] == "too_many_messages"
    assert 200 < problem["retry_after"] <= 300
    assert answers[-1].headers["retry-after"] == str(problem["retry_after"])
    await patient.replies(after=0, count=4)
    said = [message["text"] for message in await patient.messages() if message["author"] == "assistant"]
    assert sum("Nie nadążam" in text for text in said) == 1
    assert {f"Napisano: nr {number}" for number in range(3)} <= set(said)


async def test_a_repeat_of_a_taken_message_is_answered_the_same(tight: Any) -> None:
    patient = await tight.patient(_fresh())
    ids = [str(uuid.uuid4()) for _ in range(3)]
    taken = [(await patient.send("hej", one)).json()["seq"] for one in ids]
    again = [await patient.send("hej", one) for one in ids]
    assert [answer.status_code for answer in again] == [202] * 3
    assert [answer.json() for answer in again] == [{"seq": seq, "duplicate": True} for seq in taken]


async def test_a_hundred_copies_at_once_are_one_message(serve: Any) -> None:
    served = await serve(desk=DeskSettings())
    patient, one = await served.patient(_fresh()), str(uuid.uuid4())
    answers = await asyncio.gather(*(patient.send("hej", one) for _ in range(100)))
    assert {answer.status_code for answer in answers} == {202}
    assert {answer.json()["seq"] for answer in answers} == {1}
    assert len(served.assistant.heard) == 1


async def test_an_emergency_is_never_limited(tight: Any) -> None:
    patient = await tight.patient(_fresh())
    for number in range(6):
        await patient.send(f"nr {number}")
    for _ in range(5):
        answer = await patient.send("mama boli mnie w klatce i nie mogę oddychać")
        assert answer.status_code == 202
        replies = await patient.replies(after=answer.json()["seq"])
        assert "112" in replies[0]["text"]


async def test_one_address_with_many_patients(tight: Any) -> None:
    address = f"203.0.113.{uuid.uuid4().int % 250 + 1}"
    patients = [await tight.patient(_fresh()) for _ in range(4)]
    statuses = []
    for patient in patients:
        patient.forwarded = address
        statuses += [(await patient.send(f"nr {number}")).status_code for number in range(2)]
    assert statuses == [202] * 5 + [429] * 3
    patients[-1].forwarded = "198.51.100.7"
    assert (await patients[-1].send("z domu")).status_code == 202


async def test_one_ipv6_network_is_one_address(tight: Any) -> None:
    network = f"2001:db8:{uuid.uuid4().int % 0xFFFF:x}:1"
    statuses = []
    for number in range(6):
        patient = await tight.patient(_fresh())
        patient.forwarded = f"{network}::{number + 1}"
        statuses.append((await patient.send("hej")).status_code)
    assert statuses == [202] * 5 + [429]


async def test_anonymous_conversations_from_one_address_are_limited(tight: Any) -> None:
    address = f"192.0.2.{uuid.uuid4().int % 250 + 1}"
    async with httpx.AsyncClient(base_url=f"{tight.url}/api/v1", verify=False) as http:
        answers = [await http.post("/conversations", headers={"x-forwarded-for": address}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [201] * 4 + [429] * 2
        assert answers[-1].json()["code"] == "too_many_visitors"
        assert "112" in answers[-1].json()["detail"]
        token = {"authorization": f"Bearer {tight.portal.token(_fresh())}", "x-forwarded-for": address}
        assert (await http.post("/conversations", headers=token)).status_code == 200


async def test_a_forwarded_address_is_not_believed_without_a_proxy(serve: Any) -> None:
    """Nobody escapes, or fills another's bucket, by writing a header."""
    served = await serve(desk=TIGHT)
    statuses = []
    for _ in range(8):
        patient = await served.patient(_fresh())
        patient.forwarded = "203.0.113.9"
        statuses.append((await patient.send("hej")).status_code)
    assert set(statuses) == {202}


async def test_a_flooder_does_not_slow_others_down(serve: Any) -> None:
    served = await serve(desk=DeskSettings())
    flooder, other = await served.patient("flooder"), await served.patient("other")

    async def flood() -> list[int]:
        answers = await asyncio.gather(*(flooder.send(f"nr {number}") for number in range(100)))
        return [answer.status_code for answer in answers]

    flooding = asyncio.create_task(flood())
    assert (await other.ask("hej"))[0]["text"] == "Napisano: hej"
    # Not behind a hundred: no more turns of the flooder than one burst can have run before.
    assert sum("nr " in str(heard.text) for heard in served.assistant.heard) <= 12
    statuses = await flooding
    assert 10 <= statuses.count(202) <= 12
    assert statuses.count(429) == 100 - statuses.count(202)
