"""What a message tells of a complaint: the way of answering, substance, fields named."""

from __future__ import annotations

import pytest

from bot.actions.complaint.read_back import named_field
from bot.actions.complaint.reading import substance
from bot.actions.complaint.reply import named_channel
from bot.actions.complaint.slots import SLOTS
from bot.dialogue.hearing import told_freely
from bot.dialogue.state import Prompt
from bot.dialogue.turn import Turn


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("listem proszę", "letter"),
        ("wolałabym na papierze", "letter"),
        ("mejlem", "email"),
        ("niech ktoś zadzwoni", "phone"),
        ("nie listem, tylko mailem", "email"),
        ("mailem, nie listem", "email"),
        ("list albo mail", None),
        ("wszystko jedno", None),
    ],
)
def test_way_of_answering(text: str, channel: str | None) -> None:
    assert named_channel(text) == channel


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("reklamacja", False),
        ("Dzień dobry, chciałabym złożyć skargę na lekarza", False),
        ("skarga na recepcję w przychodni", False),
        ("lekarz spóźnił się godzinę i nawet nie przeprosił", True),
        ("brudna toaleta, kurz na parapecie i zużyte rękawiczki na podłodze", True),
    ],
)
def test_substance(text: str, told: bool) -> None:
    assert substance(text) == told


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("zmień opis", "description"),
        ("popraw adres", "contact"),
        ("inny sposób odpowiedzi", "channel"),
        ("dzień jest zły", "day"),
        ("hm", None),
    ],
)
def test_field_by_name(text: str, field: str | None) -> None:
    assert named_field(text) == field


def asked(slot: str) -> Prompt:
    spec = SLOTS[slot]
    return Prompt(1, slot, [], free_text=spec.free_text, text_of=list(spec.text_of))


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Ten cham mnie wyzwał przy wszystkich i trzasnął drzwiami", "insult"),
        ("odwołali mi wizytę godzinę przed i nikt nie zadzwonił", "visit_cancelled_by_clinic"),
        ("zapłaciłam 300 zł, a lekarz w ogóle mnie nie zbadał", "ask_payment"),
        ("nie dostałam wyników od miesiąca, chociaż dzwoniłam cztery razy", "get_results"),
    ],
)
def test_a_story_is_the_answer_whatever_it_looks_like(text: str, intent: str) -> None:
    assert told_freely(Turn(text, intent, 0.9), asked("description"))


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("umów mnie do okulisty w Łodzi", "book_visit"),
        ("zapisałam się na jutro do okulisty i chcę to odwołać", "cancel_visit"),
        ("ile się czeka na odpowiedź?", "ask_complaint_channels"),
        ("nie mogę oddychać", "emergency"),
    ],
)
def test_a_request_is_no_story(text: str, intent: str) -> None:
    assert not told_freely(Turn(text, intent, 0.95), asked("description"))


@pytest.mark.parametrize("text", ["zenek77@onet.pl", "600-100-200", "Polna 3, 05-800 Pruszków"])
def test_a_contact_is_the_answer_whatever_it_looks_like(text: str) -> None:
    assert told_freely(Turn(text, "out_of_scope", 0.9), asked("contact"))
