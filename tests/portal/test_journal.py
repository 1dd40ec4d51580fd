"""Every write for a patient is noted before it is made and after; a write that cannot be noted is not made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bot.portal.errors import PortalProblem, PortalUnavailable
from bot.portal.retry import RetryPolicy
from bot.portal.transport import Call, Wire

FILE = Call(
    "POST",
    "/v1/complaints",
    json={"description": "boli mnie brzuch", "contact": "601234567"},
    key="key-12345",
)


class Journal:
    """Keeps notes in a list; fails at the note number `fails_at`."""

    def __init__(self, fails_at: int = -1) -> None:
        self.notes: list[tuple[str, ...]] = []
        self.tried = 0
        self.fails_at = fails_at

    async def begun(self, what: str, key: str | None) -> str:
        self._note("begun", what, key or "")
        return "n1"

    async def ended(self, note: str, outcome: str, detail: str = "") -> None:
        self._note(note, outcome, detail)

    def _note(self, *fields: str) -> None:
        self.tried += 1
        if self.tried - 1 == self.fails_at:
            raise OSError("disk full")
        self.notes.append(fields)


class Portal:
    """Answers every request the same way."""

    def __init__(self, answer: Callable[[], httpx.Response]) -> None:
        self.answer = answer
        self.requests = 0

    def __call__(self, _request: httpx.Request) -> httpx.Response:
        self.requests += 1
        return self.answer()


def problem(status: int, code: str) -> httpx.Response:
    body = {"type": "about:blank", "title": "x", "status": status, "code": code}
    return httpx.Response(status, json=body, headers={"content-type": "application/problem+json"})


def cut() -> httpx.Response:
    raise httpx.ReadError("cut")


def refused_connection() -> httpx.Response:
    raise httpx.ConnectError("nobody there")


async def token() -> str:
    return "token"


async def no_sleep(_: float) -> None:
    """Retries do not wait here."""


async def sent(portal: Portal, journal: Journal, call: Call = FILE, tokens: Any = token) -> Any:
    wire = Wire(
        "http://portal.test",
        transport=httpx.MockTransport(portal),
        sleep=no_sleep,
        retry=RetryPolicy(),
        journal=journal,
    )
    try:
        return await wire.send(call, tokens)
    finally:
        await wire.aclose()


async def test_a_write_that_was_made() -> None:
    journal = Journal()
    await sent(Portal(lambda: httpx.Response(201, json={"id": "S-1"})), journal)
    assert journal.notes == [("begun", "POST /v1/complaints", "key-12345"), ("n1", "done", "S-1")]
    assert "brzuch" not in str(journal.notes)
    assert "601234567" not in str(journal.notes)


@pytest.mark.parametrize(
    ("answer", "raised", "noted"),
    [
        (lambda: problem(409, "SLOT_TAKEN"), PortalProblem, ("n1", "refused", "SLOT_TAKEN")),
        (cut, PortalUnavailable, ("n1", "unknown", "")),
        (refused_connection, PortalUnavailable, ("n1", "unavailable", "")),
        (lambda: httpx.Response(500), PortalUnavailable, ("n1", "unknown", "")),
    ],
    ids=["refused", "answer lost", "not reached", "failed"],
)
async def test_a_write_that_was_not(
    answer: Callable[[], httpx.Response], raised: type[Exception], noted: tuple[str, ...]
) -> None:
    journal = Journal()
    with pytest.raises(raised):
        await sent(Portal(answer), journal)
    assert journal.notes[1:] == [noted]


async def test_without_a_note_nothing_is_written() -> None:
    portal = Portal(lambda: httpx.Response(201, json={"id": "S-1"}))
    with pytest.raises(PortalUnavailable) as refused:
        await sent(portal, Journal(fails_at=0))
    assert portal.requests == 0
    assert not refused.value.maybe_committed


async def test_what_was_written_is_told_although_its_end_cannot_be_noted() -> None:
    answer = await sent(Portal(lambda: httpx.Response(201, json={"id": "S-1"})), Journal(fails_at=1))
    assert answer.body["id"] == "S-1"


async def test_reading_and_the_exchange_of_tokens_are_not_writes() -> None:
    journal = Journal()
    portal = Portal(lambda: httpx.Response(200, json={}))
    await sent(portal, journal, Call("GET", "/v1/reservations"))
    await sent(portal, journal, Call("POST", "/oauth/token", form={}), tokens=None)
    assert journal.notes == []
    assert portal.requests == 2
