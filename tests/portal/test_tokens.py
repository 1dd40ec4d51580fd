from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from bot.portal.clock import PortalClock
from bot.portal.errors import AuthProblem, PortalUnavailable, RequestProblem
from bot.portal.tokens import AccessToken, PatientTokens, TokenExchange
from bot.portal.transport import Wire

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class Issuer:
    """Issues t1, t2, ... for ten minutes each."""

    def __init__(self) -> None:
        self.now = START
        self.forms: list[dict[str, list[str]]] = []
        self.failures: list[httpx.Response | Exception] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.forms.append(parse_qs(request.content.decode()))
        if self.failures:
            failure = self.failures.pop(0)
            if isinstance(failure, Exception):
                raise failure
            return failure
        await asyncio.sleep(0)
        body = {
            "access_token": f"t{len(self.forms)}",
            "token_type": "Bearer",
            "expires_in": 600,
            "server_time": self.now.isoformat(),
        }
        return httpx.Response(200, json=body)

    def exchange(self) -> TokenExchange:
        async def no_pause(seconds: float) -> None:
            return None

        return TokenExchange(
            Wire(
                "http://portal.test",
                transport=httpx.MockTransport(self),
                clock=PortalClock(lambda: self.now),
                sleep=no_pause,
            )
        )


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


async def test_the_chat_token_is_exchanged_for_the_booking_audience(issuer: Issuer) -> None:
    assert await PatientTokens(issuer.exchange(), "chat")() == "t1"
    assert issuer.forms == [
        {
            "grant_type": ["urn:ietf:params:oauth:grant-type:token-exchange"],
            "subject_token": ["chat"],
            "subject_token_type": ["urn:ietf:params:oauth:token-type:jwt"],
            "audience": ["booking"],
        }
    ]


@pytest.mark.parametrize(("after", "token"), [(569, "t1"), (570, "t2"), (900, "t2")])
async def test_a_token_is_kept_until_shortly_before_it_runs_out(
    issuer: Issuer, after: int, token: str
) -> None:
    tokens = PatientTokens(issuer.exchange(), "chat", margin=timedelta(seconds=30))
    await tokens()
    issuer.now += timedelta(seconds=after)
    assert await tokens() == token


async def test_concurrent_calls_share_one_exchange(issuer: Issuer) -> None:
    tokens = PatientTokens(issuer.exchange(), "chat")
    assert await asyncio.gather(*[tokens() for _ in range(20)]) == ["t1"] * 20
    assert len(issuer.forms) == 1


async def test_an_invalidated_token_is_exchanged_again(issuer: Issuer) -> None:
    tokens = PatientTokens(issuer.exchange(), "chat")
    tokens.invalidate(await tokens())
    assert await tokens() == "t2"


async def test_a_late_complaint_about_an_old_token_does_not_drop_the_new_one(issuer: Issuer) -> None:
    tokens = PatientTokens(issuer.exchange(), "chat")
    old = await tokens()
    tokens.invalidate(old)
    await tokens()
    tokens.invalidate(old)
    assert await tokens() == "t2"
    assert len(issuer.forms) == 2


async def test_a_newer_chat_token_is_used_for_the_next_exchange(issuer: Issuer) -> None:
    tokens = PatientTokens(issuer.exchange(), "chat")
    tokens.replace_chat_token("newer")
    await tokens()
    assert issuer.forms[0]["subject_token"] == ["newer"]


async def test_what_was_had_for_an_older_chat_token_is_given_up(issuer: Issuer) -> None:
    """The newer one may say that identity was proved again; the older one may have said it."""
    tokens = PatientTokens(issuer.exchange(), "chat")
    assert await tokens() == "t1"
    tokens.replace_chat_token("proved")
    assert [await tokens(), await tokens()] == ["t2", "t2"]
    assert [form["subject_token"] for form in issuer.forms] == [["chat"], ["proved"]]


def refusal(status: int, code: str) -> httpx.Response:
    return httpx.Response(
        status,
        json={"code": code, "status": status, "detail_pl": "x", "params": {}, "remedies": []},
        headers={"content-type": "application/problem+json"},
    )


async def test_a_stale_chat_token_means_the_session_is_over(issuer: Issuer) -> None:
    issuer.failures = [refusal(400, "INVALID_GRANT")]
    with pytest.raises(AuthProblem) as caught:
        await PatientTokens(issuer.exchange(), "chat")()
    assert caught.value.code == "TOKEN_EXPIRED"
    assert not caught.value.step_up


async def test_a_wrong_request_is_not_told_as_an_expired_session(issuer: Issuer) -> None:
    issuer.failures = [refusal(400, "INVALID_REQUEST")]
    with pytest.raises(RequestProblem):
        await PatientTokens(issuer.exchange(), "chat")()


async def test_a_failed_exchange_commits_nothing_and_is_not_remembered(issuer: Issuer) -> None:
    issuer.failures = [httpx.ReadTimeout("slow")]
    tokens = PatientTokens(issuer.exchange(), "chat")
    with pytest.raises(PortalUnavailable) as caught:
        await tokens()
    assert not caught.value.maybe_committed
    assert await tokens() == "t2"


@pytest.mark.parametrize(
    "body",
    [
        {"expires_in": 600},
        {"access_token": "", "expires_in": 600},
        {"access_token": "t", "expires_in": "600"},
        {"access_token": 5, "expires_in": 600},
        {"access_token": "t"},
    ],
)
async def test_a_malformed_token_answer_is_no_token(issuer: Issuer, body: dict[str, Any]) -> None:
    issuer.failures = [httpx.Response(200, json=body)]
    with pytest.raises(PortalUnavailable):
        await PatientTokens(issuer.exchange(), "chat")()


def test_a_token_does_not_show_in_representations() -> None:
    assert "secret" not in repr(AccessToken("secret", START))
