"""A small catalogue, a portal that remembers what it was asked, and contexts of a turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.booking.steps import Ctx
from bot.actions.catalogue import Catalogue
from bot.actions.world import World
from bot.dialogue.speaker import Speaker
from bot.dialogue.state import Conversation, Frame
from bot.dialogue.task import TaskContext
from bot.dialogue.texts import Texts
from bot.dialogue.turn import Mention, Turn
from bot.language.times import When
from bot.language.times.model import WARSAW
from bot.portal.models import (
    City,
    Dependant,
    Doctor,
    Facility,
    FacilityType,
    Gender,
    Hold,
    Level,
    Me,
    Page,
    Patient,
    Reservation,
    ReservationStatus,
    Service,
    ServiceKind,
    Slot,
    SlotPage,
    SlotQuery,
    Specialty,
)
from bot.settings import PROJECT

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=WARSAW)
SKIN, HEART = Specialty(id="dermatolog", name="dermatolog"), Specialty(id="kardiolog", name="kardiolog")


@pytest.fixture
def now() -> datetime:
    return MONDAY


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Two Nowaks (skin in Kraków, heart in Warszawa), one Zięba (skin in Warszawa)."""

    def service(name: str, kind: ServiceKind, specialty: Specialty | None = None) -> Service:
        return Service(id=name, name=name, kind=kind, specialty=specialty)

    def facility(name: str, city: str, district: str) -> Facility:
        return Facility(id=name, name=name, type=FacilityType.OWN, city_id=city, district=district)

    def doctor(name: str, last: str, gender: Gender, specialty: Specialty, facility: str) -> Doctor:
        return Doctor(
            id=name,
            first_name="A",
            last_name=last,
            gender=gender,
            specialties=(specialty.id,),
            facility_ids=(facility,),
        )

    return Catalogue.of(
        [
            service("skin", ServiceKind.ONSITE, SKIN),
            service("skin-phone", ServiceKind.PHONE, SKIN),
            service("heart", ServiceKind.ONSITE, HEART),
            service("usg-1", ServiceKind.EXAM),
            service("usg-2", ServiceKind.EXAM),
        ],
        [City(id=c, name=c, own_facilities=True) for c in ("warszawa", "krakow", "gdansk")],
        [
            facility("mokotow", "warszawa", "Mokotów"),
            facility("ursynow", "warszawa", "Ursynów"),
            facility("krowodrza", "krakow", "Krowodrza"),
        ],
        [
            doctor("zieba", "Zięba", Gender.FEMALE, SKIN, "mokotow"),
            doctor("nowak-skin", "Nowak", Gender.MALE, SKIN, "krowodrza"),
            doctor("nowak-heart", "Nowak", Gender.FEMALE, HEART, "ursynow"),
        ],
    )


class FakePortal:
    """Answers what it is told to; an exception in place of an answer is raised."""

    def __init__(self) -> None:
        self.pages: list[SlotPage] = []
        self.booked: list[Reservation] | Exception = []
        self.answer: Reservation | Exception = LookupError("nothing is to be reserved")
        self.queries: list[SlotQuery] = []
        self.reserved: list[tuple[str, str | None]] = []
        self.released: list[str] = []
        self.dependants: tuple[Dependant, ...] = ()

    async def me(self) -> Me:
        return Me(patient=Patient(id="me", first_name="Jan"), level=Level.FULL, dependants=self.dependants)

    async def slots(self, query: SlotQuery) -> SlotPage:
        self.queries.append(query)
        return self.pages.pop(0)

    async def reserve(
        self, hold_id: str, valuation_id: str, replaces: str | None = None, *, key: str
    ) -> Reservation:
        self.reserved.append((hold_id, replaces))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def reservations(self, *_: Any, **__: Any) -> Page[Reservation]:
        if isinstance(self.booked, Exception):
            raise self.booked
        return Page(items=tuple(self.booked))

    async def release(self, hold_id: str) -> None:
        self.released.append(hold_id)


@pytest.fixture
def portal() -> FakePortal:
    return FakePortal()


@pytest.fixture
def make_slot() -> Callable[..., Slot]:
    """A slot of the skin service: `make_slot("2026-11-24 15:30", "zieba")`."""

    def make(start: str, doctor: str | None = "zieba", **more: Any) -> Slot:
        begins = datetime.fromisoformat(start).replace(tzinfo=WARSAW)
        values: dict[str, Any] = {
            "id": f"{start} {doctor}",
            "start": begins,
            "end": begins + timedelta(minutes=20),
            "service_id": "skin",
            "kind": ServiceKind.ONSITE,
            "doctor_id": doctor,
            "facility_id": "mokotow",
            "city_id": "warszawa",
        }
        return Slot(**(values | more))

    return make


@pytest.fixture
def reservation() -> Callable[[Slot], Reservation]:
    def make(slot: Slot) -> Reservation:
        return Reservation(
            id="r1", status=ReservationStatus.BOOKED, slot=slot, patient_id="me", service_id=slot.service_id
        )

    return make


@pytest.fixture
def held() -> Callable[[Slot], Hold]:
    def make(slot: Slot) -> Hold:
        return Hold(id="h1", expires_at=MONDAY + timedelta(minutes=10), slot=slot, patient_id="me")

    return make


@pytest.fixture
def said() -> Callable[..., Turn]:
    """A turn whose mentions are (kind, ids, words of the text); `not_` ones are unwanted."""

    def make(
        text: str,
        *things: tuple[str, str | tuple[str, ...], str],
        not_: Iterable[tuple[str, str | tuple[str, ...], str]] = (),
        when: When | None = None,
        intent: str = "inform",
    ) -> Turn:
        def mention(kind: str, ids: str | tuple[str, ...], words: str) -> Mention:
            start = text.index(words)
            return Mention(kind, (ids,) if isinstance(ids, str) else ids, words, start, start + len(words))

        wanted = [mention(*thing) for thing in things]
        unwanted = [replace(mention(*thing), negated=True) for thing in not_]
        return Turn(text, intent, mentions=(*wanted, *unwanted), when=when)

    return make


@pytest.fixture
def dispatcher() -> CollectingDispatcher:
    """Collects what the contexts of a test say."""
    return CollectingDispatcher()


@pytest.fixture
def make_ctx(
    portal: FakePortal, catalogue: Catalogue, now: datetime, dispatcher: CollectingDispatcher
) -> Callable[..., Ctx]:
    """A context for a turn of a booking with these facts."""
    texts = Texts.load(PROJECT)

    def make(turn: Turn | None = None, **facts: Any) -> Ctx:
        frame = Frame("booking", facts=facts)
        conversation = Conversation(stack=[frame], turns=1)
        speaker = Speaker(dispatcher, texts, conversation)
        world = World("sender", now, "web", portal, catalogue)  # type: ignore[arg-type]
        return TaskContext(turn or Turn("", "inform"), frame, conversation, speaker, world)

    return make
