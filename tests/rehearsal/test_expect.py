"""The checks of dialogues find what is wrong."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.actions.catalogue import Catalogue
from bot.rehearsal.expect import check_portal, check_turn
from bot.rehearsal.runner import find_button
from bot.rehearsal.script import Script, ScriptError, Step, load
from bot.rehearsal.stage import Reply

EMPTY = Catalogue({}, {}, {}, {})
SLOT = {"start": "2026-11-24T15:30:00+01:00", "kind": "phone", "service_id": "x"}
DAY, FULL = date(2026, 11, 25), date(2026, 11, 26)
CALENDAR = {
    "kind": "date",
    "calendar": {"min": "2026-11-24", "max": "2026-11-30", "excluded": [FULL.isoformat()]},
}
STATE: dict[str, Any] = {"reservations": [], "holds": [], "watches": []}


def script(**changes: Any) -> Script:
    return Script(path=Path("tests/dialogues/kind/name.yml"), about="x", steps=(), **changes)


def problems(step: Step, *replies: Reply, **changes: Any) -> list[str]:
    return list(check_turn(step, replies, script(**changes), EMPTY))


def test_a_good_turn_has_no_problems() -> None:
    assert problems(Step(user="a", says=("utter_x",)), Reply("Dzień dobry", "utter_x")) == []


def test_a_calendar_is_looked_for_in_the_whole_turn() -> None:
    step = Step(user="a", calendar={"min": date(2026, 11, 24), "free": [DAY], "full": [FULL]})
    assert problems(step, Reply("a", "o", card=CALENDAR), Reply("b", "p")) == []


@pytest.mark.parametrize(
    ("step", "replies", "changes"),
    [
        (Step(user="a"), (), {}),
        (Step(user="a", says=("utter_y",)), (Reply("b", "utter_x"),), {}),
        (Step(user="a", unsaid=("utter_x",)), (Reply("b", "utter_x"),), {}),
        (Step(user="a"), (Reply("b", "utter_x"),), {"never": ("utter_x",)}),
        (Step(user="a"), (Reply("b", "utter_internal_error"),), {}),
        (Step(user="a"), (Reply("Termin: {when}", "utter_x"),), {}),
        (Step(user="a", options=("Tak",)), (Reply("b", "utter_x", (("Nie", "/x"),)),), {}),
        (Step(user="a", facts={"doctor": "Nowak"}), (Reply("b", "utter_x", values={"doctor": "Kowal"}),), {}),
        (
            Step(user="a", offer={"from": "16:00"}),
            (Reply("b", "o", values={"facts": {"slots": [SLOT]}}),),
            {},
        ),
        (
            Step(user="a", offer={"kind": "onsite"}),
            (Reply("b", "o", values={"facts": {"slots": [SLOT]}}),),
            {},
        ),
        (Step(user="a", offer={}), (Reply("b", "o", values={"facts": {"slots": [SLOT] * 6}}),), {}),
        (Step(user="a", offer={}), (Reply("b", "o"),), {}),
        (Step(user="a", calendar={}), (Reply("b", "o"),), {}),
        (Step(user="a", calendar={"min": DAY}), (Reply("b", "o", card=CALENDAR),), {}),
        (Step(user="a", calendar={"full": [DAY]}), (Reply("b", "o", card=CALENDAR),), {}),
        (Step(user="a", calendar={"free": [FULL]}), (Reply("b", "o", card=CALENDAR),), {}),
        (Step(user="a", calendar={"free": [date(2026, 12, 1)]}), (Reply("b", "o", card=CALENDAR),), {}),
    ],
)
def test_each_fault_of_a_turn_is_found(
    step: Step, replies: tuple[Reply, ...], changes: dict[str, Any]
) -> None:
    assert len(problems(step, *replies, **changes)) >= 1


def portal(after: dict[str, Any], *replies: Reply, **wanted: Any) -> list[str]:
    return list(check_portal(script(portal=wanted), STATE, {**STATE, **after}, [], replies, EMPTY))


def test_a_booking_that_was_told_and_made_is_right() -> None:
    made = {"reservations": [{"id": "1", "status": "booked", "slot": SLOT}]}
    assert portal(made, Reply("x", "utter_booked_phone"), booked=[{"at": "15:30"}]) == []


def test_faults_of_the_portals_state_are_found() -> None:
    made = {"reservations": [{"id": "1", "status": "booked", "slot": SLOT}]}
    assert portal(made)  # booked, not told, not expected
    assert portal({}, Reply("x", "utter_booked_phone"))  # told, not booked
    assert portal(made, Reply("x", "utter_booked_phone"), booked=[{"at": "15:45"}])
    assert portal({"holds": [{}]})
    assert portal({"watches": [{}]})
    assert portal({}, watches=1)


def test_buttons_are_found_by_label_part_and_number() -> None:
    said = [Reply("a", "x", (("Tak", "/old"),)), Reply("b", "y", (("Tak, rezerwuję", "/p1"), ("Nie", "/p2")))]
    assert find_button("Tak, rezerwuję", said) == ("Tak, rezerwuję", "/p1")
    assert find_button("rezerw", said) == ("Tak, rezerwuję", "/p1")
    assert find_button("2", said) == ("Nie", "/p2")
    assert find_button("Tak", said, old=True) == ("Tak", "/old")
    assert find_button("Może", said) is None


@pytest.mark.parametrize(
    "text",
    ["", "about: x", "about: x\nturns: [{say: a}]", "about: x\nturns: [{user: a, press: b}]", "about: x\nturn: []", "a: [",
     "about: x\nturns: [a]\nspeaker: b"],
)  # fmt: skip
def test_a_malformed_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScriptError):
        load(path)
