from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from bot.portal.models import (
    Hours,
    Level,
    Me,
    Reservation,
    ServiceKind,
    Slot,
    SlotPage,
    Window,
)

SLOT = {
    "id": "slot1",
    "start": "2026-11-23T09:00:00+01:00",
    "end": "2026-11-23T09:20:00+01:00",
    "service_id": "s1",
    "kind": "phone",
    "doctor_id": None,
    "facility_id": None,
    "city_id": None,
    "preferential": False,
}


def test_unknown_fields_are_ignored() -> None:
    assert Slot.parse_obj({**SLOT, "room": "12b"}) == Slot.parse_obj(SLOT)


def test_an_unknown_kind_is_unknown_and_keeps_its_raw_value() -> None:
    kind = Slot.parse_obj({**SLOT, "kind": "hologram"}).kind
    assert kind == ServiceKind.UNKNOWN
    assert kind == "unknown"
    assert kind.raw == "hologram"
    assert kind != ServiceKind.PHONE


def test_a_known_kind_is_its_member() -> None:
    kind = Slot.parse_obj(SLOT).kind
    assert kind is ServiceKind.PHONE
    assert kind.raw == "phone"


def test_unknown_values_hash_and_compare_as_unknown() -> None:
    assert {ServiceKind("hologram"), ServiceKind("x-ray")} == {ServiceKind.UNKNOWN}


def test_an_enum_of_another_type_is_refused() -> None:
    with pytest.raises(ValidationError):
        Slot.parse_obj({**SLOT, "kind": 7})


def test_an_unknown_level_is_not_full() -> None:
    me = Me.parse_obj({"patient": {"id": "p", "first_name": "Ewa"}, "level": "gold"})
    assert me.level != Level.FULL
    assert me.level.raw == "gold"


@pytest.mark.parametrize("field", ["start", "end"])
def test_a_time_without_an_offset_is_refused(field: str) -> None:
    with pytest.raises(ValidationError, match="offset"):
        Slot.parse_obj({**SLOT, field: "2026-11-23T09:00:00"})


def test_times_keep_the_offset_of_the_portal() -> None:
    start = Slot.parse_obj(SLOT).start
    assert start == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert start.tzinfo == timezone(timedelta(hours=1))


def test_records_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        Slot.parse_obj(SLOT).id = "other"


def test_a_missing_required_field_is_refused() -> None:
    with pytest.raises(ValidationError):
        Slot.parse_obj({name: value for name, value in SLOT.items() if name != "service_id"})


def test_searched_range_is_flattened() -> None:
    page = SlotPage.parse_obj(
        {
            "items": [SLOT],
            "searched": {"from": "2026-11-23", "to": "2027-01-22"},
            "days": [{"date": "2026-11-23", "status": "free"}, {"date": "2027-01-22", "status": "soon"}],
            "next_cursor": None,
        }
    )
    assert (page.searched_from, page.searched_to) == (date(2026, 11, 23), date(2027, 1, 22))
    assert [day.status for day in page.days] == ["free", "unknown"]
    assert page.items[0].id == "slot1"


def test_a_slot_page_without_a_searched_range_is_refused() -> None:
    with pytest.raises(ValidationError):
        SlotPage.parse_obj({"items": [], "days": [], "next_cursor": None})


def test_from_and_to_become_start_and_end() -> None:
    window = Window.parse_obj({"from": "2025-03-30", "to": "2025-06-23"})
    assert window == Window(start=date(2025, 3, 30), end=date(2025, 6, 23))
    assert Hours.parse_obj({"days": [1], "from": "07:00", "to": "24:00"}).end == "24:00"


def test_actions_of_a_reservation_may_be_new_or_missing() -> None:
    raw = {
        "id": "r1",
        "status": "booked",
        "slot": SLOT,
        "patient_id": "p1",
        "service_id": "s1",
        "actions": {
            "cancel": {"allowed": True, "until": "2026-11-23T03:00:00+01:00"},
            "fly": {"allowed": False},
        },
        "cancelled_by": None,
    }
    reservation = Reservation.parse_obj(raw)
    assert reservation.actions["cancel"].allowed
    assert "attach" not in reservation.actions
    assert Reservation.parse_obj(json.loads(reservation.json())) == reservation
