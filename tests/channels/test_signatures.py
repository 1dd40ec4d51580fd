"""A thousand bad signatures for each door that believes signatures: none opens it, none breaks it (S2)."""

from __future__ import annotations

import hmac
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx
import pytest

from bot.channels.handoff.signed import SignedDesk
from bot.channels.messengers.messenger import Messenger
from bot.channels.messengers.telegram import Telegram
from bot.channels.signing import sign
from bot.portal.events import EventRefused, open_event

SECRET = "a secret that the vendor and we share"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
EVENT = {"id": "e1", "type": "result.ready", "patient_id": "p", "occurred_at": NOW.isoformat(), "data": {}}
BODY = json.dumps(EVENT).encode()
MANY = 1000
Check = Callable[[str, bytes], bool]


HTTP = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(500)))
META = Messenger(HTTP, "token", SECRET, "verify", "page")
TELEGRAM = Telegram(HTTP, "1:token", SECRET, "name")
DESK = SignedDesk(HTTP, "https://desk.example", SECRET.encode())


def _meta(signature: str, body: bytes) -> bool:
    return META.genuine({"x-hub-signature-256": signature}, body)


def _telegram(signature: str, _: bytes) -> bool:
    return TELEGRAM.genuine({"x-telegram-bot-api-secret-token": signature}, BODY)


def _portal(signature: str, body: bytes) -> bool:
    try:
        open_event(signature, body, secret=SECRET.encode(), now=NOW)
    except EventRefused:
        return False
    return True


def _desk(signature: str, body: bytes) -> bool:
    return DESK.genuine({"desk-signature": signature}, {}, body, NOW.timestamp())


SIGNED = sign(SECRET.encode(), BODY, NOW.timestamp())
DOORS: dict[str, tuple[Check, str]] = {
    "meta": (_meta, "sha256=" + hmac.new(SECRET.encode(), BODY, sha256).hexdigest()),
    "telegram": (_telegram, SECRET),
    "portal": (_portal, SIGNED),
    "desk": (_desk, SIGNED),
}


def bad(good: str, rng: random.Random) -> str:
    """A signature that is almost right, of somebody else's secret, of another algorithm, or nonsense."""
    place = rng.randrange(len(good))
    other = rng.choice([letter for letter in "0123456789abcdefxyz=,. " if letter != good[place]])
    stolen = hmac.new(rng.randbytes(16), BODY, rng.choice(["sha1", "sha256", "sha512"])).hexdigest()
    head = good.rpartition("=")[0] + "=" if "=" in good else ""
    return rng.choice(
        [
            good[:place] + other + good[place + 1 :],
            good[:place] + good[place + 1 :],
            good[:place] + other + good[place:],
            good[:place],
            head + stolen,
            stolen,
            "sha1=" + stolen,
            good.replace("sha256", "sha1").replace("v1", "v0") + "!",
            good + "\u0142",
            "".join(chr(rng.randrange(0x20, 0x3000)) for _ in range(rng.randrange(200))),
            f"t={rng.randrange(10**20)},v1={'0' * 64}",
            "",
        ]
    )


@pytest.mark.parametrize("door", sorted(DOORS))
async def test_a_thousand_bad_signatures_open_nothing(door: str) -> None:
    check, good = DOORS[door]
    assert check(good, BODY)
    rng = random.Random(1)
    tried = [one for _ in range(MANY) if (one := bad(good, rng)) != good]
    assert len(tried) > 0.99 * MANY
    assert [one for one in tried if check(one, BODY)] == []


@pytest.mark.parametrize("door", ["meta", "portal", "desk"])
async def test_a_good_signature_is_good_for_its_body_alone(door: str) -> None:
    check, good = DOORS[door]
    rng = random.Random(2)
    for _ in range(MANY):
        place = rng.randrange(len(BODY))
        changed = BODY[:place] + bytes([BODY[place] ^ (1 << rng.randrange(8))]) + BODY[place + 1 :]
        assert not check(good, changed)


@pytest.mark.parametrize("door", ["portal", "desk"])
@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(days=3), -timedelta(minutes=6)])
async def test_an_old_capture_is_good_for_nothing(door: str, age: timedelta) -> None:
    check, _ = DOORS[door]
    assert not check(sign(SECRET.encode(), BODY, (NOW - age).timestamp()), BODY)


def test_bodies_of_the_wrong_shape_are_refused_and_break_nothing() -> None:
    shapes: list[Any] = [
        [],
        None,
        5,
        "x",
        {"id": 1},
        {**EVENT, "occurred_at": "yesterday"},
    ]
    for shape in shapes:
        body = json.dumps(shape).encode()
        assert not _portal(sign(SECRET.encode(), body, NOW.timestamp()), body)
