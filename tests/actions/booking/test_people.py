"""Several people in one breath."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.actions.booking import people
from bot.actions.booking.steps import Ctx
from bot.actions.catalogue import Catalogue
from bot.dialogue.turn import Turn
from bot.portal.models import Dependant, Gender

ZOSIA = Dependant(id="z", first_name="Zofia", age=6, gender=Gender.FEMALE, relation="daughter")
ANTEK = Dependant(id="a", first_name="Antoni", age=9, gender=Gender.MALE, relation="son")


def test_me_and_my_daughter(said: Callable[..., Turn]) -> None:
    turn = said("zapisz mnie i córkę", ("relation", "daughter", "córkę"))
    assert people.several(turn, (ZOSIA, ANTEK)) == ["self", "dependant:0"]


def test_both_children(said: Callable[..., Turn]) -> None:
    turn = said("dla obojga dzieci", ("relation", "child", "dzieci"))
    assert people.several(turn, (ZOSIA, ANTEK)) == ["dependant:0", "dependant:1"]
    assert people.several(turn, (ZOSIA,)) == []


def test_by_name_in_the_order_said(said: Callable[..., Turn]) -> None:
    assert people.several(said("Antoniego oraz Zofię"), (ZOSIA, ANTEK)) == ["dependant:1", "dependant:0"]


def test_one_person_or_a_choice_is_not_several(said: Callable[..., Turn]) -> None:
    assert people.several(said("dla córki", ("relation", "daughter", "córki")), (ZOSIA, ANTEK)) == []
    turn = said("dla córki albo syna", ("relation", "daughter", "córki"), ("relation", "son", "syna"))
    assert people.several(turn, (ZOSIA, ANTEK)) == []


async def test_the_first_is_booked_now_the_other_is_queued(make_ctx: Callable[..., Ctx], portal: Any) -> None:
    portal.dependants = (ZOSIA, ANTEK)
    ctx = make_ctx(specialty="dermatolog", city=["warszawa"], referral="mine", who_candidates=["x"])
    await people.one_by_one(ctx, ["dependant:1", "self"])
    queued, first = ctx.conversation.stack
    assert first is ctx.frame
    assert first.facts["who"] == "dependant:1"
    assert queued.facts == {"specialty": "dermatolog", "city": ["warszawa"], "who": "self"}
    queued.facts["city"].append("krakow")
    assert first.facts["city"] == ["warszawa"], "each has wishes of their own"


def test_a_childs_doctor_that_is_not_listed_is_the_one_for_all_ages(
    said: Callable[..., Turn], catalogue: Catalogue
) -> None:
    turn = said("dermatolog dziecięcy", ("unlisted", "dermatolog dziecięcy", "dermatolog dziecięcy"))
    kinds = {mention.kind: mention.ids for mention in people.for_children(turn, catalogue).mentions}
    assert kinds == {"specialty": ("dermatolog",), "relation": ("child",)}


def test_what_is_not_listed_at_all_stays_so(said: Callable[..., Turn], catalogue: Catalogue) -> None:
    turn = said("wróżka dziecięca", ("unlisted", "wróżka dziecięca", "wróżka dziecięca"))
    assert people.for_children(turn, catalogue) == turn
