"""The real front desk with a scripted assistant and a small portal that issues tokens.

Used by the Python tests and, as a process (`python tests/channels/fake_assistant.py --port N`), by
the widget's browser tests.
"""

from __future__ import annotations

import argparse
import asyncio
import json as jsonlib
import sys
import tempfile
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import jwt  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402
from sanic import Sanic  # noqa: E402
from sanic.request import Request  # noqa: E402
from sanic.response import HTTPResponse, json  # noqa: E402

from bot.channels.admission import Rates  # noqa: E402
from bot.channels.demo import demo_blueprint  # noqa: E402
from bot.channels.desk_settings import DeskSettings  # noqa: E402
from bot.channels.handoff.signed import SignedDesk  # noqa: E402
from bot.channels.identity import PortalTokens  # noqa: E402
from bot.channels.messages import Assistant, Emit, Link, Option, Outgoing  # noqa: E402
from bot.channels.setup import FrontDeskConfig, open_front_desk  # noqa: E402
from bot.channels.web import WebChannel  # noqa: E402
from bot.channels.web_base import WebSettings  # noqa: E402
from bot.channels.web_stream import StreamSettings  # noqa: E402
from bot.storage import Rate  # noqa: E402

DESK_SECRET = b"secret of the desk of people"
ISSUER = "https://portal.example"
AUDIENCE = "assistant"
PATIENT_DESK = DeskSettings(
    turn_timeout=timedelta(seconds=15),
    rates=Rates(*[Rate(1000, timedelta(milliseconds=1))] * 3),
)
"""Limits are tested where they are the subject (test_limits.py)."""
SCRIPT: dict[str, Any] = jsonlib.loads(Path(__file__).with_name("script.json").read_text("utf-8"))


class Portal:
    """Signs tokens like the patient portal does."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.kid = "k1"
        self.fetches = 0

    def jwks(self) -> dict[str, Any]:
        record = jsonlib.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [record | {"kid": self.kid, "alg": "ES256", "use": "sig"}]}

    def claims(self, subject: str, **changes: Any) -> dict[str, Any]:
        now = int(datetime.now(UTC).timestamp())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject,
            "jti": uuid.uuid4().hex,
            "iat": now,
            "exp": now + 900,
            "level": "full",
        }
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def token(self, subject: str, **changes: Any) -> str:
        return jwt.encode(
            self.claims(subject, **changes), self.key, algorithm="ES256", headers={"kid": self.kid}
        )


@dataclass
class Heard:
    """What reached the assistant."""

    sender: str
    text: str | None
    payload: str | None
    metadata: dict[str, Any]


@dataclass
class Places:
    used: int = 1
    most: int = 5
    code: str | None = None


@dataclass
class PortalFiles:
    """The portal's side of files: how many places, and what it was sent."""

    places: Places = field(default_factory=Places)
    sent: list[tuple[str, str, bytes]] = field(default_factory=list)
    refuse_with: str | None = None
    down: bool = False

    async def room(self, sender: str) -> Places:
        if self.down:
            raise RuntimeError("the portal is down")
        return self.places

    async def send(self, sender: str, attachment_id: str, content: bytes) -> str | None:
        if self.down:
            raise RuntimeError("the portal is down")
        if self.refuse_with is None:
            self.sent.append((sender, attachment_id, content))
            self.places.used += 1
        return self.refuse_with


@dataclass
class ScriptedAssistant:
    """Answers from script.json by the first word of the text; echoes what it does not know."""

    heard: list[Heard] = field(default_factory=list)
    running: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    forgotten: list[str] = field(default_factory=list)
    tickets: int = 0
    overlapped: bool = False

    async def handle(
        self, sender: str, text: str | None, payload: str | None, metadata: dict[str, Any], emit: Emit
    ) -> None:
        self.heard.append(Heard(sender, text, payload, metadata))
        self.running[sender] += 1
        self.overlapped |= self.running[sender] > 1
        try:
            await (self._file(payload, emit) if _is_file(payload) else self._answer(text, payload, emit))
        finally:
            self.running[sender] -= 1

    async def _file(self, payload: str | None, emit: Emit) -> None:
        """As the assistant does it: a ticket for each file that is offered, then a word on the outcome."""
        name, _, fields = (payload or "")[1:].partition("{")
        said = jsonlib.loads("{" + fields)
        if name == "file_offered":
            self.tickets += 1
            upload = {"file": said["file"], "attachment_id": f"A{self.tickets}"}
            await emit(Outgoing(text="Wysyłam plik.", upload=upload))
        else:
            await emit(Outgoing(text=f"{name} {said['attachment_id']} {said.get('code', '')}".strip()))

    async def finished(self, sender: str, turn: int) -> bool | None:
        return None

    async def forget(self, sender: str) -> None:
        self.forgotten.append(sender)

    async def _answer(self, text: str | None, payload: str | None, emit: Emit) -> None:
        word = (text or payload or "").split(" ")[0].lower()
        if word == "cisza":
            return
        if word == "wyjątek":
            raise RuntimeError("scripted failure")
        if word in ("wolno", "bardzo-wolno"):
            await asyncio.sleep(4 if word == "wolno" else 60)
        answers = SCRIPT["answers"].get(word) or [{"text": SCRIPT["echo"].format(text or payload)}]
        for answer in answers:
            await emit(_outgoing(answer))


def _is_file(payload: str | None) -> bool:
    return (payload or "").startswith("/file_")


def _outgoing(answer: dict[str, Any]) -> Outgoing:
    return Outgoing(
        text=answer.get("text", ""),
        options=tuple(Option(**option) for option in answer.get("options", ())),
        card=answer.get("card"),
        links=tuple(Link(**link) for link in answer.get("links", ())),
        meta=answer.get("meta", {}),
    )


def emergency(text: str) -> Outgoing | None:
    """A stand-in for bot/safety: one scripted phrase."""
    return _outgoing(SCRIPT["emergency"]) if SCRIPT["emergency_phrase"] in text.lower() else None


def build_app(
    storage: str,
    port: int,
    assistant: Assistant,
    portal: Portal,
    *,
    widget: Path = ROOT / "widget",
    desk: DeskSettings | None = None,
    stream: StreamSettings | None = None,
    origins: frozenset[str] = frozenset(),
    proxies: int | None = None,
    safety: Any = None,
    **config: Any,
) -> Sanic:
    """The whole app as the server runs it, with the portal's endpoints beside it."""
    base = f"http://127.0.0.1:{port}"
    settings = FrontDeskConfig(
        secret=b"secret of the tests, 32 bytes and more",
        storage=storage,
        safety=safety or emergency,
        portal=PortalTokens(ISSUER, AUDIENCE, f"{base}/test/jwks.json", min_fetch_interval=timedelta(0)),
        desk=desk or PATIENT_DESK,
        **config,
    )
    web = WebSettings(origins, stream or StreamSettings(heartbeat=timedelta(seconds=2)))
    channel = WebChannel(lambda rasa: open_front_desk(settings, assistant), web)
    app = Sanic(f"fake-{uuid.uuid4().hex[:8]}", configure_logging=False)
    app.config.PROXIES_COUNT = proxies
    app.blueprint(channel.blueprint(_nobody), url_prefix=channel.url_prefix())
    app.blueprint(demo_blueprint(base, widget))
    _serve_portal(app, portal)
    return app


async def _nobody(message: Any) -> None:
    raise AssertionError("the scripted assistant answers, not Rasa")


def _serve_portal(app: Sanic, portal: Portal) -> None:
    async def keys(request: Request) -> HTTPResponse:
        portal.fetches += 1
        return json(portal.jwks())

    async def patients(request: Request) -> HTTPResponse:
        return json({"items": SCRIPT["patients"]})

    async def tokens(request: Request) -> HTTPResponse:
        known = {patient["key"] for patient in SCRIPT["patients"]}
        key = (request.json or {}).get("patient")
        if key not in known:
            return json({}, 404)
        return json({"token": portal.token(key)})

    app.add_route(keys, "/test/jwks.json")
    app.add_route(patients, "/sandbox/patients")
    app.add_route(tokens, "/sandbox/tokens", methods=["POST"])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--storage", default=None)
    parser.add_argument("--desk", default=None, help="address of a desk of people")
    options = parser.parse_args()
    storage = options.storage or str(Path(tempfile.mkdtemp()) / "state.db")
    config: dict[str, Any] = {"files": PortalFiles()}
    if options.desk:
        config["people"] = lambda http: ("desk", SignedDesk(http, options.desk, DESK_SECRET))
    app = build_app(storage, options.port, ScriptedAssistant(), Portal(), **config)
    app.run("127.0.0.1", options.port, access_log=False)


if __name__ == "__main__":
    main()
