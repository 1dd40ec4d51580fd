"""Section P: two similar e-mail addresses and one phone line, each for something else."""

from __future__ import annotations

from enum import StrEnum

from bot.portal.rules.contacts import Contact, contact


class PregnancyNeed(StrEnum):
    CANNOT_BOOK = "cannot_book"
    MEDICAL_QUESTION = "medical_question"
    TELECONSULTATION = "teleconsultation"
    WHERE_TESTS = "where_tests"


_CONTACTS = {
    PregnancyNeed.CANNOT_BOOK: ("C4",),
    PregnancyNeed.MEDICAL_QUESTION: ("C5", "C3"),
    PregnancyNeed.TELECONSULTATION: ("C3",),
    PregnancyNeed.WHERE_TESTS: ("C3", "C4"),
}

#: R130: what the e-mail to C4 must say, in this order.
EMAIL_FIELDS = ("full_name", "phone", "facility", "town", "visit_kind")


def contacts_for(need: PregnancyNeed) -> tuple[Contact, ...]:
    """R130, R132-R134 [S0 S3]: whom to write to or call; urgent signs go first (R135, ``urgent``)."""
    return tuple(contact(contact_id) for contact_id in _CONTACTS[need])
