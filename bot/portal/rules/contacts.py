"""Section 1: the only contacts the assistant may utter. Wording around them is in the responses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ContactKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    WEB = "web"
    SMS = "sms"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Contact:
    """``value`` as it is read; ``also`` are further numbers of the same kind of help."""

    id: str
    kind: ContactKind
    value: str
    also: tuple[str, ...] = ()

    @property
    def href(self) -> str | None:
        """A link that calls, writes or opens; None when there is nothing to open."""
        if self.kind is ContactKind.PHONE:
            return "tel:" + telephone(self.value)
        if self.kind is ContactKind.EMAIL:
            return f"mailto:{self.value}"
        return f"https://{self.value}" if self.kind is ContactKind.WEB else None


def telephone(number: str) -> str:
    """A number to dial: short ones as they are, Polish ones with +48."""
    digits = number.replace(" ", "")
    return digits if len(digits) < 9 else f"+48{digits}"


_RECORDS_GUIDE = (
    "luxmed.pl/dla-pacjentow/otaczamy-opieka/udostepnianie-dokumentacji-lekarzowi-zobacz-jak-to-zrobic.html"
)

#: C11 is the text of a reply to the reminder; C12 has no address of its own.
CONTACTS = {
    each.id: each
    for each in (
        Contact("C1", ContactKind.PHONE, "22 33 22 888"),
        Contact("C2", ContactKind.PHONE, "22 322 99 99"),
        Contact("C3", ContactKind.PHONE, "22 338 16 14"),
        Contact("C4", ContactKind.EMAIL, "opiekawciazysiec@luxmed.pl"),
        Contact("C5", ContactKind.EMAIL, "opiekawciazy@luxmed.pl"),
        Contact("C6", ContactKind.EMAIL, "opinie@luxmed.pl"),
        Contact("C7", ContactKind.WEB, "portalpacjenta.luxmed.pl"),
        Contact("C8", ContactKind.WEB, "www.luxmed.pl/lp/zalozportalpacjenta/"),
        Contact("C9", ContactKind.WEB, "www.luxmed.pl"),
        Contact("C10", ContactKind.WEB, _RECORDS_GUIDE),
        Contact("C11", ContactKind.SMS, "NIE"),
        Contact("C12", ContactKind.PERSON, "hr"),
        Contact("C13", ContactKind.PHONE, "112", ("999",)),
        Contact("C14", ContactKind.PHONE, "116 123", ("116 111", "800 70 2222")),
    )
}


def contact(contact_id: str) -> Contact:
    """A contact of the registry; ``KeyError`` for anything else."""
    return CONTACTS[contact_id]
