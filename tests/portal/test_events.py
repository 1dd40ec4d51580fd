from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from bot.portal.events import EventRefused, EventType, open_event

SECRET = b"shared-secret"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
BODY = json.dumps(
    {
        "id": "e1",
        "type": "visit.reminder",
        "occurred_at": "2026-11-23T09:00:00+01:00",
        "patient_id": "p1",
        "data": {"reservation": {"id": "r1"}},
    }
).encode()


def sign(body: bytes = BODY, at: datetime = NOW, secret: bytes = SECRET) -> str:
    stamp = str(int(at.timestamp()))
    return f"t={stamp},v1={hmac.new(secret, stamp.encode() + b'.' + body, sha256).hexdigest()}"


def test_a_genuine_event_is_opened() -> None:
    event = open_event(sign(), BODY, secret=SECRET, now=NOW)
    assert (event.id, event.type, event.patient_id) == ("e1", EventType.VISIT_REMINDER, "p1")
    assert event.data == {"reservation": {"id": "r1"}}


@pytest.mark.parametrize("seconds", [-300, 300])
def test_the_replay_window_includes_its_ends(seconds: int) -> None:
    assert open_event(sign(at=NOW + timedelta(seconds=seconds)), BODY, secret=SECRET, now=NOW).id == "e1"


@pytest.mark.parametrize("seconds", [-301, 301])
def test_outside_the_replay_window_is_refused(seconds: int) -> None:
    with pytest.raises(EventRefused, match="window"):
        open_event(sign(at=NOW + timedelta(seconds=seconds)), BODY, secret=SECRET, now=NOW)


def test_every_changed_byte_is_noticed() -> None:
    signature = sign()
    for place in range(len(BODY)):
        forged = BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]
        with pytest.raises(EventRefused, match="signature"):
            open_event(signature, forged, secret=SECRET, now=NOW)


def test_the_time_is_signed_too() -> None:
    old = sign(at=NOW - timedelta(hours=1))
    fresh = f"t={int(NOW.timestamp())},{old.split(',')[1]}"
    with pytest.raises(EventRefused, match="wrong signature"):
        open_event(fresh, BODY, secret=SECRET, now=NOW)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "v1=00",
        sign() + " ",
        sign().upper(),
        sign(secret=b"other"),
        sign().replace("t=", "t=-"),
        "t=٣,v1=" + "0" * 64,
    ],
)
def test_other_signatures_are_refused(signature: str) -> None:
    with pytest.raises(EventRefused):
        open_event(signature, BODY, secret=SECRET, now=NOW)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000])
def test_a_signed_body_that_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(EventRefused, match="not an event"):
        open_event(sign(body), body, secret=SECRET, now=NOW)


def test_an_event_of_a_new_type_is_unknown() -> None:
    body = BODY.replace(b"visit.reminder", b"visit.moved")
    event = open_event(sign(body), body, secret=SECRET, now=NOW)
    assert event.type == EventType.UNKNOWN
    assert event.type.raw == "visit.moved"
