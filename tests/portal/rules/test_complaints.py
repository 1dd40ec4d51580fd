from __future__ import annotations

import pytest

from bot.portal.records import ReplyChannel
from bot.portal.rules.complaints import check_contact
from bot.portal.rules.outcome import Allowed, Refused


@pytest.mark.parametrize(
    ("channel", "contact", "plain"),
    [
        (ReplyChannel.PHONE, "501 234 567", "501234567"),
        (ReplyChannel.PHONE, "+48 (22) 123-45-67", "+48221234567"),
        (ReplyChannel.EMAIL, " jan.dudek@poczta.example.pl ", "jan.dudek@poczta.example.pl"),
        (ReplyChannel.LETTER, "ul.  Długa 5 m. 3,\n00-238 Warszawa", "ul. Długa 5 m. 3, 00-238 Warszawa"),
    ],
)
def test_r141_the_datum_of_each_form_of_answer(channel: ReplyChannel, contact: str, plain: str) -> None:
    assert check_contact(channel, contact) == Allowed({"contact": plain})


@pytest.mark.parametrize(
    ("channel", "contact"),
    [
        (ReplyChannel.PHONE, "50123456"),
        (ReplyChannel.PHONE, "5012345678"),
        (ReplyChannel.PHONE, "012345678"),
        (ReplyChannel.PHONE, "٥٠١٢٣٤٥٦٧"),
        (ReplyChannel.PHONE, "jan@poczta.pl"),
        (ReplyChannel.EMAIL, "jan@poczta"),
        (ReplyChannel.EMAIL, "jan poczta.pl"),
        (ReplyChannel.EMAIL, "jan@po czta.pl"),
        (ReplyChannel.EMAIL, "a@b." + "c" * 260),
        (ReplyChannel.LETTER, "Warszawa"),
        (ReplyChannel.LETTER, ""),
    ],
)
def test_r141_what_cannot_be_answered_to(channel: ReplyChannel, contact: str) -> None:
    assert check_contact(channel, contact) == Refused("R141", "INVALID_CONTACT", {"channel": str(channel)})
