"""Terms: what always stands (visit kinds, relations, ...) and what the portal's dictionaries list."""

from collections.abc import Iterable, Mapping

from bot.language.terms import Term

Record = Mapping[str, object] | object
"""A mapping or a dataclass with the field names of the booking API."""


def standing_terms() -> list[Term]:
    """Kinds of visit, relations, refinements: words that no portal dictionary lists."""
    raise NotImplementedError


def dictionary_terms(
    services: Iterable[Record] = (),
    cities: Iterable[Record] = (),
    facilities: Iterable[Record] = (),
    doctors: Iterable[Record] = (),
    dependants: Iterable[Record] = (),
) -> list[Term]:
    """Kinds service, specialty, city, district (id „city/name”), facility, doctor, dependant."""
    raise NotImplementedError
