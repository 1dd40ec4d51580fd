"""E-mail addresses, phone numbers and postal addresses."""

from __future__ import annotations

import pytest

from bot.language.contact import address_span, find_address, find_email, find_phone, has_contact, spoken_phone
from bot.language.text import fold


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("mój mail to jan.kowalski@wp.pl", "jan.kowalski@wp.pl"),
        ("jan kropka nowak małpa poczta kropka onet kropka pl", "jan.nowak@poczta.onet.pl"),
        ("ania malpa onet kropka pl", "ania@onet.pl"),
        ("ola @ gmail,com", "ola@gmail.com"),
        ("na maila", None),
        ("ola@", None),
    ],
)
def test_email(text: str, email: str | None) -> None:
    assert find_email(text) == email


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("tel. 601 234 567", "601234567"),
        ("+48 601-234-567", "601234567"),
        ("0048601234567", "601234567"),
        ("proszę dzwonić na 22 123 45 67 po 17", "221234567"),
        ("601 23 45", None),
        ("6012345678901", None),
    ],
)
def test_phone(text: str, phone: str | None) -> None:
    assert find_phone(text) == phone


@pytest.mark.parametrize(
    ("text", "address", "missing"),
    [
        ("proszę wysłać na ul. Lipową 5, 00950 Warszawa", "ul. Lipową 5, 00-950 Warszawa", None),
        ("05 800 Pruszków, Polna 3", "05-800 Pruszków, Polna 3", None),
        ("adres to Wola Duża 14, 21-500 Biała Podlaska", "Wola Duża 14, 21-500 Biała Podlaska", None),
        ("Kwiatowa 12", "Kwiatowa 12", "postcode"),
        ("00-950", "00-950", "house"),
        ("Kwiatowa 12, 00-950", "Kwiatowa 12, 00-950", None),
    ],
)
def test_address(text: str, address: str, missing: str | None) -> None:
    found = find_address(text)
    assert found is not None
    assert (found.text, found.missing) == (address, missing)


_STORY = "skarga: lekarz spóźnił się 50 minut 3 listopada i nie przeprosił, "


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            _STORY + "proszę o odpowiedź listem na ul. Lipowa 5/3, 20-001 Lublin",
            "ul. Lipowa 5/3, 20-001 Lublin",
        ),
        (_STORY + "odpowiedź listem na adres Polna 3 m. 4, 05-800 Pruszków", "Polna 3 m. 4, 05-800 Pruszków"),
        (_STORY + "odpiszcie listownie: lipowa 5 20001 lublin, czekam", "lipowa 5 20-001 lublin"),
        (
            "Odpowiedź proszę na os. Złotej Jesieni 7/2, 21-500 Biała Podlaska. " + _STORY,
            "os. Złotej Jesieni 7/2, 21-500 Biała Podlaska",
        ),
        (_STORY + "mój adres 00-950 Warszawa, Polna 3", "00-950 Warszawa, Polna 3"),
    ],
)
def test_an_address_inside_a_story(text: str, address: str) -> None:
    found = find_address(text)
    assert found is not None
    assert (found.text, found.missing) == (address, None)
    span = address_span(text)
    assert span is not None
    assert fold(text[span[0] : span[1]])[:5] == fold(address.removeprefix("ul. ").removeprefix("os. "))[
        :5
    ] or (text[span[0] :].startswith(("ul", "os")))


def test_a_story_is_no_address() -> None:
    assert find_address(_STORY + "odpowiedź proszę przysłać listem na mój adres") is None
    assert address_span(_STORY) is None


def test_no_address() -> None:
    assert find_address("mieszkam w Radomiu") is None


def test_what_carries_a_contact() -> None:
    assert has_contact("00-950 Warszawa")
    assert not has_contact("czekałam 40 minut i zapłaciłam 200 zł")
    assert spoken_phone("601234567") == "601 234 567"
