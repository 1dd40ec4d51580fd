"""Mounted by Rasa itself, as `rasa run --credentials` does it."""

from __future__ import annotations

import asyncio
import sys
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from rasa.core.channels.channel import UserMessage, register
from rasa.shared.exceptions import RasaException
from sanic import Sanic

from bot.channels.messages import Outgoing
from bot.channels.setup import FrontDeskConfig
from bot.channels.web import WebChannel

CREDENTIALS = {
    "secret": "a secret of at least thirty-two bytes",
    "safety": "test_mounting_safety:detect",
    "turn_timeout": 5,
    "allowed_origins": ["https://portal.example"],
}


@pytest.fixture(autouse=True)
def detector(monkeypatch: pytest.MonkeyPatch) -> None:
    def detect(text: str) -> Outgoing | None:
        return Outgoing(text="112") if "zawał" in text else None

    monkeypatch.setitem(sys.modules, "test_mounting_safety", SimpleNamespace(detect=detect))


class Agent:
    """What Rasa's channels call: `app.ctx.agent.handle_message`."""

    async def handle_message(self, message: UserMessage) -> None:
        reply = {
            "text": f"intent {message.parse_data['intent']['name']}" if message.parse_data else message.text
        }
        if message.text == "pytanie":
            reply = {"text": "Tak?", "buttons": [{"title": "Tak", "payload": "/affirm"}]}
        await message.output_channel.send_response(message.sender_id, reply)


async def test_rasa_mounts_the_channel_from_credentials(tmp_path: Path, serve_app: Any) -> None:
    channel = WebChannel.from_credentials(CREDENTIALS | {"storage": str(tmp_path / "state.db")})
    app = Sanic(f"rasa-{uuid.uuid4().hex[:8]}", configure_logging=False)
    app.ctx.agent = Agent()
    register([channel], app, route="/webhooks/")
    url = await serve_app(app)
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", verify=False) as http:
        opened = (await http.post("/conversations")).json()
        http.headers["authorization"] = f"Bearer {opened['visitor_token']}"
        path = f"/conversations/{opened['conversation']}/messages"

        async def ask(**content: str) -> dict[str, Any]:
            taken = await http.post(path, json={"client_message_id": str(uuid.uuid4()), **content})
            for _ in range(1000):
                found = (await http.get(path, params={"after": taken.json()["seq"]})).json()["messages"]
                if found:
                    return dict(found[0])
                await asyncio.sleep(0.02)
            raise AssertionError("no answer")

        assert (await ask(text="hej"))["text"] == "hej"
        question = await ask(text="pytanie")
        assert (await ask(button=question["options"][0]["token"]))["text"] == "intent affirm"
        assert (await ask(text="chyba zawał"))["text"] == "112"


def test_settings_that_are_missing_are_named() -> None:
    with pytest.raises(RasaException):
        WebChannel.from_credentials(None)
    for name in ("secret", "storage", "safety"):
        settings = {key: value for key, value in (CREDENTIALS | {"storage": "x"}).items() if key != name}
        with pytest.raises(KeyError, match=name):
            FrontDeskConfig.parse(settings)
