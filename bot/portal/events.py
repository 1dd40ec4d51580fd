"""Events the portal sends to the assistant: signature, age, contents.

Answering each ``id`` once is for whoever keeps state; the front desk does.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from pydantic import Field, ValidationError

from bot.portal.clock import elapsed
from bot.portal.schema import OpenEnum, Record

_SIGNATURE = re.compile(r"t=(?P<t>[0-9]{1,12}),v1=(?P<v1>[0-9a-f]{64})", re.ASCII)


class EventType(OpenEnum):
    VISIT_REMINDER = "visit.reminder"
    VISIT_CANCELLED = "visit.cancelled_by_clinic"
    WATCH_SLOT_FOUND = "watch.slot_found"
    RESULT_READY = "result.ready"
    PRESCRIPTION_READY = "prescription.ready"
    UNKNOWN = "unknown"


class Event(Record):
    """Something happened to a patient; ``patient_id`` is the account, as ``sub`` of the chat token."""

    id: str
    type: EventType
    occurred_at: datetime
    patient_id: str
    data: Mapping[str, Any] = Field(default_factory=dict)


class EventRefused(ValueError):  # noqa: N818 - says what happened to the event
    """Not from the portal, too old, from the future, or not an event."""


def open_event(
    signature: str,
    body: bytes,
    *,
    secret: bytes,
    now: datetime,
    tolerance: timedelta = timedelta(minutes=5),
) -> Event:
    """The event in ``body`` when ``signature`` (the ``Portal-Signature`` header) proves it fresh and genuine.

    Raises ``EventRefused`` before anything of the body is looked at.
    """
    match = _SIGNATURE.fullmatch(signature)
    if match is None:
        raise EventRefused("unreadable signature")
    expected = hmac.new(secret, match["t"].encode() + b"." + body, sha256).hexdigest()
    if not hmac.compare_digest(expected, match["v1"]):
        raise EventRefused("wrong signature")
    try:
        sent_at = datetime.fromtimestamp(int(match["t"]), UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise EventRefused("unreadable time") from error
    if abs(elapsed(sent_at, now)) > tolerance:
        raise EventRefused("outside the replay window")
    try:
        return Event.parse_obj(json.loads(body))
    except (ValidationError, ValueError, RecursionError) as error:
        raise EventRefused("not an event") from error
