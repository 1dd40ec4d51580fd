"""Which vaccinations the portal lists (R38)."""

from bot.actions.catalogue import Catalogue
from bot.actions.vaccination import listed
from bot.dialogue.turn import Mention, Turn
from bot.portal.models import Service, ServiceKind


def service(service_id: str, name: str, *, bookable: bool = True) -> Service:
    return Service(id=service_id, name=name, kind=ServiceKind.EXAM, bookable=bookable)


FLU, TICKS = service("flu", "szczepienie przeciw grypie"), service("ticks", "Szczepienie przeciw kleszczom")
OTHERS = [service("blood", "morfologia"), service("hpv", "szczepienie HPV", bookable=False)]


def asked(*ids: str) -> Turn:
    mentions = tuple(Mention("service", (each,), "x", 0, 1) for each in ids)
    return Turn("czy są szczepienia?", "ask_vaccination", 0.9, mentions=mentions)


def test_the_one_that_was_named_else_all_that_can_be_booked() -> None:
    catalogue = Catalogue.of([FLU, TICKS, *OTHERS], [], [], [])
    assert listed(asked("flu"), catalogue) == [FLU]
    assert {each.id for each in listed(asked(), catalogue)} == {"flu", "ticks"}
    assert {each.id for each in listed(asked("blood"), catalogue)} == {"flu", "ticks"}


def test_a_dictionary_without_any_has_no_answer() -> None:
    assert listed(asked(), Catalogue.of(OTHERS, [], [], [])) == []
