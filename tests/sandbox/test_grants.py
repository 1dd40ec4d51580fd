"""A permission for a linked chat: made from a chat token, good for thirty days, never a step-up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.portal.clock import PortalClock
from bot.portal.grants import ChatGrants
from bot.portal.transport import Wire
from bot.sandbox import BASE_URL, Sandbox


@pytest.fixture
def portal() -> Any:
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


def _grants(portal: Sandbox) -> ChatGrants:
    return ChatGrants(
        Wire(BASE_URL, transport=portal.transport(), clock=PortalClock(portal.engine.clock.now))
    )


async def _results(portal: Sandbox, chat_token: str) -> httpx.Response:
    """What a token opens: results want a fresh proof."""
    async with httpx.AsyncClient(transport=portal.transport(), base_url=BASE_URL) as http:
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": chat_token,
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "audience": "booking",
        }
        answer = await http.post("/oauth/token", data=form)
        assert answer.status_code == 200, answer.text
        headers = {"authorization": f"Bearer {answer.json()['access_token']}"}
        assert (await http.get("/v1/me", headers=headers)).json()["patient"]["id"] == "pat-full"
        return await http.get("/v1/results", headers=headers)


async def test_a_permission_gives_fresh_tokens_of_the_same_patient_without_a_step_up(portal: Sandbox) -> None:
    await portal.reset()
    grants, proved = _grants(portal), portal.token("full", step_up=True)
    assert (await _results(portal, proved)).status_code == 200
    grant = await grants.begin(proved)
    assert grant is not None
    portal.set_clock(advance=timedelta(days=29))
    fresh = await grants.refresh(grant)
    assert fresh is not None
    assert fresh.level == "full"
    assert timedelta(minutes=10) < fresh.expires_at - portal.engine.clock.now() <= timedelta(minutes=16)
    refused = await _results(portal, fresh.value)
    assert (refused.status_code, refused.json()["code"]) == (401, "STEP_UP_REQUIRED")


async def test_it_is_over_after_thirty_days_and_when_it_was_ended(portal: Sandbox) -> None:
    await portal.reset()
    grants = _grants(portal)
    kept, ended = [await grants.begin(portal.token("full")) for _ in range(2)]
    assert kept is not None
    assert ended is not None
    await grants.end(ended)
    await grants.end(ended)
    assert await grants.refresh(ended) is None
    assert await grants.refresh(kept) is not None
    portal.set_clock(advance=timedelta(days=31))
    assert await grants.refresh(kept) is None


async def test_only_a_good_chat_token_begins_one(portal: Sandbox) -> None:
    await portal.reset()
    grants, token = _grants(portal), portal.token("full")
    assert await grants.begin(token[:-4] + "AAAA") is None
    assert await grants.refresh("x" * 43) is None
    portal.set_clock(advance=timedelta(hours=1))
    assert await grants.begin(token) is None
