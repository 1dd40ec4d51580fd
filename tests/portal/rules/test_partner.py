from __future__ import annotations

from typing import Any

import pytest

from bot.portal.models import City, Facility
from bot.portal.rules.outcome import Allowed, NextStep, Refused
from bot.portal.rules.partner import may_book_at, may_book_in


def facility(kind: str) -> Facility:
    return Facility.parse_obj(
        {"id": "f1", "name": "Przychodnia", "type": kind, "city_id": "pl", "phone": "12 345 67 89"}
    )


def test_r67_a_partner_facility_is_phoned() -> None:
    assert may_book_at(facility("partner")) == Refused(
        "R67",
        "PARTNER_NOT_BOOKABLE",
        {"facility_id": "f1", "phone": "12 345 67 89"},
        (NextStep.CALL_FACILITY, NextStep.BOOK_PHONE_CONSULTATION, NextStep.CALL_INFOLINE),
    )


def test_an_own_facility_is_booked() -> None:
    assert may_book_at(facility("own")) == Allowed()


@pytest.mark.parametrize(
    ("own", "kind", "ok"),
    [(True, "onsite", True), (False, "onsite", False), (False, "exam", False), (False, "phone", True)],
)
def test_r73_towns_without_own_facilities(own: bool, kind: str, ok: bool, build: Any) -> None:
    city = City(id="pl", name="Płock", own_facilities=own)
    assert may_book_in(city, build.service(kind)).ok is ok
