"""Every route of the Chat API x everybody who is not the owner: the same answer as for what does not exist.

The routes are read from the server's own table, so a new one is in the matrix from its first day.
"""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest

from bot.channels.web import ROUTES

OWNED = [(name, *route) for name, route in ROUTES.items() if "<conversation:str>" in route[1]]
SUBJECTS = {"other patient": 404, "visitor": 404, "no token": 401, "logged out": 401, "forged": 401}
BODIES: dict[str, dict[str, Any]] = {
    "mark_read": {"json": {"seq": 1}},
    "send": {"json": {"client_message_id": str(uuid.UUID(int=5)), "text": "podszywam się"}},
    "upload": {
        "params": {"client_message_id": str(uuid.UUID(int=6)), "name": "a.pdf"},
        "content": b"%PDF-1.7",
    },
}


@pytest.fixture
async def people(serve: Any) -> tuple[Any, dict[str, str | None], Any]:
    import sys

    files = sys.modules["fake_assistant"].PortalFiles()
    served = await serve(files=files)
    owner = await served.patient("owner")
    await owner.ask("sekret")
    await owner.ask("plik")
    gone = await served.patient("gone")
    async with gone.client() as http:
        assert (await http.delete(f"/conversations/{gone.conversation}/session")).status_code == 204
    tokens = {
        "other patient": (await served.patient("other")).token,
        "visitor": (await served.patient()).token,
        "no token": None,
        "logged out": gone.token,
        "forged": owner.token[:-6] + "AAAAAA",
    }
    return served, tokens, owner


async def _call(
    url: str, token: str | None, route: tuple[str, str, str, bool], conversation: str
) -> httpx.Response:
    name, method, path, _ = route
    full = path.replace("<conversation:str>", conversation).replace("<seq:str>", "4")
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(timeout=10) as http:
        if name == "events":
            async with http.stream(method, url + full, headers=headers) as answer:
                if answer.status_code != 200:
                    await answer.aread()
                return answer
        return await http.request(method, url + full, headers=headers, **BODIES.get(name, {}))


@pytest.mark.parametrize("subject", list(SUBJECTS))
async def test_nobody_else_reaches_anything(people: Any, subject: str) -> None:
    served, tokens, owner = people
    heard = len(served.assistant.heard)
    for route in OWNED:
        foreign = await _call(served.url, tokens[subject], route, owner.conversation)
        unknown = await _call(served.url, tokens[subject], route, "c-" + "0" * 40)
        assert foreign.status_code == unknown.status_code == SUBJECTS[subject], (route[0], foreign.text)
        assert foreign.text == unknown.text
        assert "sekret" not in foreign.text
    assert len(served.assistant.heard) == heard
    assert (await owner.send("nadal ja")).status_code == 202


async def test_the_owner_reaches_all_of_it(people: Any) -> None:
    """The matrix would prove nothing if its requests were wrong; the session is ended last."""
    served, _, owner = people
    for route in sorted(OWNED, key=lambda route: route[0] == "end_session"):
        answer = await _call(served.url, owner.token, route, owner.conversation)
        assert answer.status_code not in {401, 403, 404}, (route[0], answer.text)
