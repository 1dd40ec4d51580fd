"""Facts out of a turn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest

from bot.actions.booking import facts
from bot.actions.booking.told import Told
from bot.actions.catalogue import Catalogue
from bot.dialogue.turn import Turn
from bot.language.times import When

TUESDAY = date(2026, 11, 24)


def read(turn: Turn, catalogue: Catalogue, **known: Any) -> tuple[dict[str, Any], Told]:
    told = facts.read(known, catalogue, turn)
    return known, told


def test_nothing_of_use(said: Callable[..., Turn], catalogue: Catalogue) -> None:
    known, told = read(said("no nie wiem"), catalogue)
    assert known == {}
    assert not told.changed


def test_several_facts_in_one_breath(said: Callable[..., Turn], catalogue: Catalogue) -> None:
    turn = said(
        "dermatolog w Warszawie po 16",
        ("specialty", "dermatolog", "dermatolog"),
        ("city", "warszawa", "Warszawie"),
        when=When(time_from=time(16)),
    )
    known, told = read(turn, catalogue)
    assert (known["specialty"], known["city"]) == ("dermatolog", ["warszawa"])
    assert told.changed == {"service", "city", "when"}


def test_another_specialty_forgets_what_hung_on_the_old_one(
    said: Callable[..., Turn], catalogue: Catalogue
) -> None:
    turn = said("jednak kardiolog", ("specialty", "kardiolog", "kardiolog"))
    known, _ = read(
        turn, catalogue, specialty="dermatolog", service="skin", doctor=["zieba"], referral="r", kind="onsite"
    )
    assert known == {"specialty": "kardiolog", "kind": "onsite"}


def test_the_same_specialty_again_is_an_answer_that_changes_nothing(
    said: Callable[..., Turn], catalogue: Catalogue
) -> None:
    before = {"specialty": "dermatolog", "service": "skin", "kind": "onsite", "doctor": ["zieba"]}
    known, told = read(said("no dermatolog", ("specialty", "dermatolog", "dermatolog")), catalogue, **before)
    assert known == before
    assert told.changed


def test_one_of_the_services_offered_is_chosen(said: Callable[..., Turn], catalogue: Catalogue) -> None:
    turn = said("usg", ("service", ("usg-2", "skin"), "usg"))
    assert read(turn, catalogue)[0] == {"candidates": ["usg-2", "skin"]}
    known, _ = read(turn, catalogue, candidates=["usg-1", "usg-2"])
    assert known == {"service": "usg-2", "kind": "exam"}


def test_not_by_phone_means_on_site(said: Callable[..., Turn], catalogue: Catalogue) -> None:
    turn = said("byle nie przez telefon", not_=[("visit_kind", "phone", "telefon")])
    assert read(turn, catalogue)[0] == {"kind": "onsite"}


def test_a_call_at_once_leaves_the_kind_open(said: Callable[..., Turn], catalogue: Catalogue) -> None:
    turn = said("teraz przez telefon", ("visit_kind", "phone", "telefon"))
    assert read(turn, catalogue, kind="onsite")[0] == {"at_once": True}


def test_an_exam_at_a_specialist_is_a_consultation(said: Callable[..., Turn], catalogue: Catalogue) -> None:
    turn = said(
        "badanie u dermatologa", ("visit_kind", "exam", "badanie"), ("specialty", "dermatolog", "dermatologa")
    )
    assert read(turn, catalogue)[0] == {"specialty": "dermatolog"}


def test_another_town_forgets_the_facility(said: Callable[..., Turn], catalogue: Catalogue) -> None:
    turn = said("w Krakowie", ("city", "krakow", "Krakowie"))
    known, _ = read(turn, catalogue, city=["warszawa"], facility=["mokotow"], district="Mokotów")
    assert known == {"city": ["krakow"], "not_city": []}


def test_a_town_that_is_not_wanted_is_dropped(said: Callable[..., Turn], catalogue: Catalogue) -> None:
    turn = said("nie w Krakowie", not_=[("city", "krakow", "Krakowie")])
    known, _ = read(turn, catalogue, city=["krakow"])
    assert known == {"not_city": ["krakow"]}


def test_a_district_brings_its_town_and_two_their_facilities(
    said: Callable[..., Turn], catalogue: Catalogue
) -> None:
    one = said("Mokotów", ("district", "warszawa/Mokotów", "Mokotów"))
    assert read(one, catalogue)[0] == {"city": ["warszawa"], "district": "Mokotów"}
    two = said(
        "Mokotów albo Ursynów",
        ("district", "warszawa/Mokotów", "Mokotów"),
        ("district", "warszawa/Ursynów", "Ursynów"),
    )
    assert read(two, catalogue)[0] == {"city": ["warszawa"], "facility": ["mokotow", "ursynow"]}


def test_a_facility_brings_its_town(said: Callable[..., Turn], catalogue: Catalogue) -> None:
    known, _ = read(
        said("na Krowodrzy", ("facility", "krowodrza", "Krowodrzy")), catalogue, city=["warszawa"]
    )
    assert (known["city"], known["facility"]) == (["krakow"], ["krowodrza"])


NOWAK = ("doctor", ("nowak-skin", "nowak-heart"), "Nowaka")


def test_a_surname_of_two_is_narrowed_by_the_specialty_and_by_the_town(
    said: Callable[..., Turn], catalogue: Catalogue
) -> None:
    turn = said("do Nowaka", NOWAK)
    assert read(turn, catalogue)[0]["doctor"] == ["nowak-skin", "nowak-heart"]
    assert read(turn, catalogue, specialty="kardiolog")[0]["doctor"] == ["nowak-heart"]
    assert read(turn, catalogue, city=["krakow"])[0]["doctor"] == ["nowak-skin"]


def test_a_doctor_says_what_is_needed(said: Callable[..., Turn], catalogue: Catalogue) -> None:
    known, _ = read(said("do Zięby", ("doctor", "zieba", "Zięby")), catalogue)
    assert known["specialty"] == "dermatolog"


def test_a_doctor_of_another_specialty_is_a_stranger(said: Callable[..., Turn], catalogue: Catalogue) -> None:
    known, told = read(said("do Zięby", ("doctor", "zieba", "Zięby")), catalogue, specialty="kardiolog")
    assert told.strangers == ["zieba"]
    assert "doctor" not in known


def test_a_doctor_does_not_follow_to_a_town_where_they_are_not(
    said: Callable[..., Turn], catalogue: Catalogue
) -> None:
    turn = said("to w Krakowie", ("city", "krakow", "Krakowie"))
    known, told = read(turn, catalogue, specialty="dermatolog", doctor=["zieba"], city=["warszawa"])
    assert told.elsewhere == ["zieba"]
    assert "doctor" not in known


def test_an_unwanted_doctor(said: Callable[..., Turn], catalogue: Catalogue) -> None:
    turn = said("byle nie u Zięby", not_=[("doctor", "zieba", "Zięby")])
    known, told = read(turn, catalogue, doctor=["zieba"])
    assert known == {"not_doctor": ["zieba"]}
    assert told.changed == {"doctor"}


def test_hours_refine_the_day_already_known(said: Callable[..., Turn], catalogue: Catalogue) -> None:
    day = When(date_from=TUESDAY, date_to=TUESDAY)
    known, _ = read(said("po 16", when=When(time_from=time(16))), catalogue, when=day.to_json())
    assert When.from_json(known["when"]) == When(date_from=TUESDAY, date_to=TUESDAY, time_from=time(16))


@pytest.mark.parametrize(("text", "cito"), [("skierowanie na CITO", True), ("cyto", None)])
def test_an_urgent_referral(
    said: Callable[..., Turn], catalogue: Catalogue, text: str, cito: bool | None
) -> None:
    assert read(said(text), catalogue)[0].get("cito") is cito


def test_other_wishes_than_the_visit_that_is_kept(said: Callable[..., Turn], catalogue: Catalogue) -> None:
    known, _ = read(said("po 16", when=When(time_from=time(16))), catalogue, prereservation="p")
    assert known["ordinary"] is True
    assert "prereservation" not in known
