"""What is said of the visit there is, and what of the new term."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.actions.booking.slots import CITY, DOCTOR, KIND, SERVICE, SPECIALTY, WHEN
from bot.actions.catalogue import Catalogue
from bot.actions.rescheduling import target
from bot.dialogue.turn import Turn
from bot.language.times import When
from bot.language.times.model import WARSAW
from bot.portal.models import Reservation, ReservationStatus, Service, ServiceKind, Slot

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=WARSAW)
TUESDAY, FRIDAY = date(2026, 11, 24), date(2026, 11, 27)
CATALOGUE = Catalogue.of([Service(id="skin", name="skin", kind=ServiceKind.ONSITE)], [], [], [])
START = datetime(2026, 11, 24, 10, 0, tzinfo=WARSAW)
VISIT = Reservation(
    id="r",
    status=ReservationStatus.BOOKED,
    slot=Slot(
        id="s",
        start=START,
        end=START + timedelta(minutes=20),
        service_id="skin",
        kind=ServiceKind.ONSITE,
    ),
    patient_id="me",
    service_id="skin",
)


def days(wish: When | None) -> date | None:
    return wish.date_from if wish else None


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("przełóż jutrzejszą wizytę na piątek", TUESDAY, FRIDAY),
        ("mam wizytę we wtorek, ale lepiej w piątek", TUESDAY, FRIDAY),
        ("nie mogę jutro, może w piątek", TUESDAY, FRIDAY),
        ("przełóż na piątek", None, FRIDAY),
        ("przełóż tę jutrzejszą", TUESDAY, None),
    ],
)
def test_the_booked_day_is_the_old_one(text: str, old: date | None, new: date | None) -> None:
    first, second = target.split(Turn(text, "reschedule_visit"), MONDAY, [VISIT], CATALOGUE)
    assert (days(first.when), days(second.when)) == (old, new)


def test_another_town_drops_the_doctor_and_another_kind_the_service() -> None:
    facts = {SERVICE: "skin", SPECIALTY: "d", KIND: "onsite", CITY: ["a"], DOCTOR: ["x"]}
    target.put(facts, {CITY: ["b"]})
    assert facts == {SERVICE: "skin", SPECIALTY: "d", KIND: "onsite", CITY: ["b"]}
    target.put(facts, {KIND: "phone"})
    assert facts == {SPECIALTY: "d", KIND: "phone", CITY: ["b"]}


def test_sooner_and_later_are_seen_from_the_visit() -> None:
    sooner: dict[str, object] = {}
    target.beside(sooner, "da się wcześniej?", START, MONDAY)
    assert When.from_json(sooner[WHEN]).date_to == date(2026, 11, 23)  # type: ignore[arg-type]
    later: dict[str, object] = {}
    target.beside(later, "wolę później", START, MONDAY)
    assert When.from_json(later[WHEN]).date_from == date(2026, 11, 25)  # type: ignore[arg-type]


def test_what_is_said_by_the_visit_is_added_to_what_is_said_outright() -> None:
    facts: dict[str, object] = {WHEN: When(date_from=FRIDAY, date_to=FRIDAY).to_json()}
    target.beside(facts, "na piątek o tej samej godzinie", START, MONDAY)
    wish = When.from_json(facts[WHEN])  # type: ignore[arg-type]
    assert (wish.date_from, wish.date_to) == (FRIDAY, FRIDAY)
    assert wish.has_hours
    week: dict[str, object] = {}
    target.beside(week, "tydzień później", START, MONDAY)
    assert When.from_json(week[WHEN]).date_from == date(2026, 12, 1)  # type: ignore[arg-type]
