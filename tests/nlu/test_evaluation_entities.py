"""Names and times found against those that are named."""

import json
from datetime import date
from typing import Any

from bot.language.times import When
from bot.nlu.evaluation_entities import EntityQuality, Names, measure
from tests.nlu.conftest import world

NAMES = Names(world())


def entity(kind: str, value: str, **more: Any) -> dict[str, Any]:
    return {"entity": kind, "value": value, **more}


def wish(when: When) -> dict[str, Any]:
    return entity("when", json.dumps(when.to_json()))


def only(expected: dict[str, Any], *found: dict[str, Any]) -> dict[str, EntityQuality]:
    return {kind.kind: kind for kind in measure([(expected, found)], NAMES)}


def test_ids_and_names_are_the_same_thing() -> None:
    quality = only(
        {"city": "Gdańsk", "specialty": "okulista"}, entity("city", "gdansk"), entity("specialty", "okulista")
    )
    assert quality["all"].f1 == 1.0


def test_a_doctor_is_any_of_those_with_the_name() -> None:
    found = entity("doctor", "1", candidates=["1", "2"])
    assert only({"doctor_last_name": "Nowak"}, found)["doctor"].right == 1
    assert only({"doctor_last_name": "Maj"}, found)["doctor"] == EntityQuality("doctor", 0, 1, 1)


def test_times_are_right_as_a_whole() -> None:
    tomorrow = When(date_from=date(2026, 11, 24), date_to=date(2026, 11, 24))
    expected = {"when": {"date_from": "2026-11-24", "date_to": "2026-11-24"}}
    assert only(expected, wish(tomorrow), entity("time", "{}"))["when"].right == 1
    assert only({"when": {"date_from": "2026-11-24"}}, wish(tomorrow))["when"] == EntityQuality(
        "when", 0, 1, 1
    )


def test_what_is_not_wanted_is_another_thing() -> None:
    unwanted = entity("city", "lodz", negated=True)
    assert only({"excluded": {"city": "Łódź"}}, unwanted)["not city"].right == 1
    assert only({"city": "Łódź"}, unwanted)["city"].missed == 1


def test_the_sum_of_all_kinds() -> None:
    rows = [
        ({"city": "Łódź", "relation": None}, [entity("city", "lodz"), entity("city", "gdansk")]),
        ({}, []),
    ]
    total = measure(rows, NAMES)[-1]
    assert (total.kind, total.right, total.extra, total.missed) == ("all", 1, 1, 0)
    assert total.f1 == 2 / 3


def test_nothing_to_find_and_nothing_found_is_right() -> None:
    assert measure([({}, [])], NAMES)[-1].f1 == 1.0
