"""Which booked visit a message means."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.actions.cancellation import wanted
from bot.actions.catalogue import Catalogue
from bot.dialogue.turn import Mention, Turn
from bot.language.times.model import WARSAW
from bot.portal.models import (
    Dependant,
    Level,
    Me,
    Patient,
    Reservation,
    ReservationStatus,
    Service,
    ServiceKind,
    Slot,
    Specialty,
)

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=WARSAW)
CATALOGUE = Catalogue.of(
    [
        Service(
            id="skin",
            name="skin",
            kind=ServiceKind.ONSITE,
            specialty=Specialty(id="dermatolog", name="dermatolog"),
        ),
        Service(
            id="heart-phone",
            name="heart",
            kind=ServiceKind.PHONE,
            specialty=Specialty(id="kardiolog", name="kardiolog"),
        ),
    ],
    [],
    [],
    [],
)
ME = Me(
    patient=Patient(id="me", first_name="Jan"),
    level=Level.FULL,
    dependants=(Dependant(id="z", first_name="Zofia", age=6, relation="daughter"),),
)


def visit(name: str, start: str, service: str = "skin", person: str = "me") -> Reservation:
    begins = datetime.fromisoformat(start).replace(tzinfo=WARSAW)
    kind = CATALOGUE.services[service].kind
    slot = Slot(id=name, start=begins, end=begins + timedelta(minutes=20), service_id=service, kind=kind)
    return Reservation(
        id=name, status=ReservationStatus.BOOKED, slot=slot, patient_id=person, service_id=service
    )


VISITS = [
    visit("tomorrow", "2026-11-24 10:00"),
    visit("thursday", "2026-11-26 16:00", "heart-phone"),
    visit("daughter", "2026-11-27 12:00", person="z"),
]


def named(text: str, kind: str, identifier: str, words: str, *, negated: bool = False) -> Turn:
    at = text.index(words)
    mention = Mention(kind, (identifier,), words, at, at + len(words), negated=negated)
    return Turn(text, "cancel_visit", mentions=(mention,))


def meant(turn: Turn) -> list[str]:
    said = wanted.read(turn, MONDAY, ME.dependants)
    return [found.id for found in wanted.matching(VISITS, said, CATALOGUE, ME)]


@pytest.mark.parametrize(
    ("text", "visits"),
    [
        ("odwołaj tę jutrzejszą", ["tomorrow"]),
        ("nie mogę przyjść w czwartek", ["thursday"]),
        ("odwołaj wizytę Zofii", ["daughter"]),
        ("odwołaj najbliższą wizytę", ["tomorrow"]),
        ("odwołaj tę ostatnią", ["daughter"]),
        ("odwołaj wszystkie", ["tomorrow", "thursday", "daughter"]),
        ("odwołaj wizytę 15 grudnia", []),
        ("zapisałem się wczoraj, odwołaj", ["tomorrow", "thursday", "daughter"]),
    ],
)
def test_words_and_times(text: str, visits: list[str]) -> None:
    assert meant(Turn(text, "cancel_visit")) == visits


def test_the_last_one_booked_is_not_known_from_the_portal() -> None:
    assert wanted.read(Turn("odwołaj ostatnią umówioną wizytę", "cancel_visit"), MONDAY, ()) == {}


def test_a_visit_that_one_does_not_go_to_is_named_all_the_same() -> None:
    text = "nie pójdę do kardiologa"
    assert meant(named(text, "specialty", "kardiolog", "kardiologa", negated=True)) == ["thursday"]


def test_a_phone_consultation_is_no_visit_in_a_facility() -> None:
    assert meant(named("teleporadę", "visit_kind", "phone", "teleporadę")) == ["thursday"]
    assert meant(named("tę w placówce", "visit_kind", "onsite", "placówce")) == ["tomorrow", "daughter"]
