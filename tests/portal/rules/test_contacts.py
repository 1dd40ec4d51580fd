from __future__ import annotations

import pytest

from bot.portal.rules.contacts import CONTACTS, contact
from bot.portal.rules.pregnancy import EMAIL_FIELDS, PregnancyNeed, contacts_for


def test_the_registry_is_c1_to_c14() -> None:
    assert list(CONTACTS) == [f"C{number}" for number in range(1, 15)]


@pytest.mark.parametrize(
    ("contact_id", "value", "href"),
    [
        ("C1", "22 33 22 888", "tel:+48223322888"),
        ("C2", "22 322 99 99", "tel:+48223229999"),
        ("C3", "22 338 16 14", "tel:+48223381614"),
        ("C4", "opiekawciazysiec@luxmed.pl", "mailto:opiekawciazysiec@luxmed.pl"),
        ("C5", "opiekawciazy@luxmed.pl", "mailto:opiekawciazy@luxmed.pl"),
        ("C6", "opinie@luxmed.pl", "mailto:opinie@luxmed.pl"),
        ("C7", "portalpacjenta.luxmed.pl", "https://portalpacjenta.luxmed.pl"),
        ("C11", "NIE", None),
        ("C12", "hr", None),
        ("C13", "112", "tel:112"),
        ("C14", "116 123", "tel:116123"),
    ],
)
def test_values_and_links(contact_id: str, value: str, href: str | None) -> None:
    assert (contact(contact_id).value, contact(contact_id).href) == (value, href)


def test_further_numbers_of_a17() -> None:
    assert contact("C13").also == ("999",)
    assert contact("C14").also == ("116 111", "800 70 2222")


def test_sample_data_of_the_documents_is_no_contact() -> None:
    everything = " ".join(value for each in CONTACTS.values() for value in (each.value, *each.also))
    assert "111 222 111" not in everything
    assert "annakowalska" not in everything


def test_an_unknown_contact_cannot_be_uttered() -> None:
    with pytest.raises(KeyError):
        contact("C15")


@pytest.mark.parametrize(
    ("need", "ids"),
    [
        (PregnancyNeed.CANNOT_BOOK, ["C4"]),
        (PregnancyNeed.MEDICAL_QUESTION, ["C5", "C3"]),
        (PregnancyNeed.TELECONSULTATION, ["C3"]),
        (PregnancyNeed.WHERE_TESTS, ["C3", "C4"]),
    ],
)
def test_r130_r134_the_two_addresses_are_not_confused(need: PregnancyNeed, ids: list[str]) -> None:
    assert [each.id for each in contacts_for(need)] == ids


def test_r130_five_things_in_the_email() -> None:
    assert EMAIL_FIELDS == ("full_name", "phone", "facility", "town", "visit_kind")
