"""Builders of portal facts: every test names only what its rule looks at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.portal.clock import WARSAW
from bot.portal.models import (
    Dependant,
    Hold,
    Level,
    Me,
    PreReservation,
    Referral,
    Reservation,
    Service,
    Slot,
)

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 9:00 in Warsaw, a Monday


class Build:
    """Valid objects of the contract, any field replaceable."""

    now = NOW

    def me(self, level: str = "basic", **fields: Any) -> Me:
        reservations = {"max": 10 if level == Level.BASIC else None, "used": 0, "can_reserve": True}
        reservations.update(fields.pop("reservations", {}))
        attachments = {"max": 5, "used": fields.pop("files", 0)}
        patient = {
            "id": "p1",
            "first_name": "Ewa",
            "last_name": "Dudek",
            "birth_date": fields.pop("birth_date", date(1985, 5, 17)),
        }
        return Me.parse_obj(
            {
                "patient": patient,
                "level": level,
                "limits": {"reservations": reservations, "attachments": attachments},
                **fields,
            }
        )

    def child(self, birth_date: date, preferential: bool | None = None) -> Dependant:
        return Dependant(id="d1", first_name="Staś", birth_date=birth_date, preferential=preferential)

    def service(self, kind: str = "onsite", **fields: Any) -> Service:
        return Service.parse_obj({"id": "s1", "name": "Dermatolog", "kind": kind, **fields})

    def slot(self, start: datetime = NOW + timedelta(days=3), **fields: Any) -> Slot:
        base = {"id": "slot1", "start": start, "end": start + timedelta(minutes=20), "service_id": "s1"}
        return Slot.parse_obj({**base, "kind": "onsite", **fields})

    def reservation(self, start: datetime = NOW + timedelta(days=3), **fields: Any) -> Reservation:
        kind = fields.pop("kind", "onsite")
        base = {
            "id": "r1",
            "status": "booked",
            "slot": self.slot(start, kind=kind),
            "patient_id": "p1",
            "service_id": "s1",
            "booked_by": "portal",
            "facility_type": "own",
        }
        return Reservation.parse_obj({**base, **fields})

    def hold(self, expires_at: datetime = NOW + timedelta(minutes=10), **fields: Any) -> Hold:
        base = {"id": "h1", "expires_at": expires_at, "slot": self.slot(), "patient_id": "p1"}
        return Hold.parse_obj({**base, **fields})

    def referral(self, **fields: Any) -> Referral:
        base = {
            "id": "ref1",
            "kind": "specialist",
            "service_ids": ["s1"],
            "issuer": "luxmed",
            "remaining": 1,
            "total": 1,
            "urgent": False,
            "expires": None,
            "issued_on": date(2026, 11, 1),
            "patient_id": "p1",
        }
        return Referral.parse_obj({**base, **fields})

    def prereservation(self, suggested: date, **fields: Any) -> PreReservation:
        base = {"id": "pre1", "service_id": "s1", "doctor_id": "doc1", "patient_id": "p1"}
        return PreReservation.parse_obj({**base, "suggested_date": suggested, **fields})


@pytest.fixture
def build() -> Build:
    return Build()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def warsaw() -> Callable[..., datetime]:
    """A moment by the clock on a wall in Poland."""

    def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, fold: int = 0) -> datetime:
        return datetime(year, month, day, hour, minute, tzinfo=WARSAW, fold=fold)

    return at
