"""Names put into the case a sentence needs."""

from bot.language.cases import Case
from bot.language.terms import Gender


def inflect(phrase: str, case: Case) -> str:
    """A specialty, service, city or facility in the given case: „dermatologa”, „Bielsku-Białej”."""
    raise NotImplementedError


def person(title: str, first: str, last: str, gender: Gender, case: Case) -> str:
    """A doctor's name in the given case: „dr Anny Zięby”, „dr. Janem Dudkiem”, „dr Ewy Nowak”."""
    raise NotImplementedError


def first_name(name: str, case: Case) -> str:
    """A first name in the given case: „Zosi”, „Kubą”."""
    raise NotImplementedError


def locative_city(name: str) -> str:
    """„w Łodzi”, „we Wrocławiu”, „w Bielsku-Białej”, „na Helu”."""
    raise NotImplementedError
