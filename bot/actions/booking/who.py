"""For whom: the patient, or somebody the portal lets them book for (R7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.actions.booking.slots import WHO
from bot.dialogue.turn import Mention, Turn
from bot.language.cases import Case
from bot.language.inflection import first_name
from bot.language.lexicon import Lexicon, Term
from bot.language.terms import Mention as Named
from bot.language.text import fold, words
from bot.portal.models import Dependant, Gender, Service

SELF = "self"
_CHILDREN = frozenset({"child", "daughter", "son"})
_GROUPS = (
    _CHILDREN,
    frozenset({"parent", "mother", "father"}),
    frozenset({"spouse", "wife", "husband", "partner"}),
    frozenset({"grandparent", "grandmother", "grandfather"}),
    frozenset({"sibling", "sister", "brother"}),
    frozenset({"grandchild", "granddaughter", "grandson"}),
)
"""Words for the same relation; gender tells them apart."""
_FEMALE = frozenset({"daughter", "mother", "wife", "grandmother", "sister", "granddaughter"})
_MALE = frozenset({"son", "father", "husband", "grandfather", "brother", "grandson"})
ADULT = 18
TELLS = tuple(
    "mow powiedzia pokaza kaza radz poradz doradz polec namow twierdz uwaz pisz pisa suger wspomn znalaz"
    " znajd pomag pomog dzwoni przypomn podpowi zaprop".split()
)
"""Stems of what somebody else says or does in a story: "córka mi pokazała" books nothing for her."""
_LIVES = tuple("mieszka pracuj zawiez podwiez dowiez przywiez odwiez krzycz".split())
"""What people around the patient do: "na Woli, bo tam brat mieszka", "rano mnie syn nie zawiezie"."""
_BY = frozenset("od u przez wedlug".split())
_KEEPS = ("mam", "pilnuj", "odbier", "opiekuj", "odwoz", "odprowadz")
"""Why a time does not suit ("we wtorki mam wnuka"), when the patient tells of themselves."""
_SUITS = frozenset("lepiej lepszy lepsza lepsze wygodniej pasuje odpowiada".split())
_TOO = frozenset("wczesnie pozno daleko dlugo drogo".split())
"""How a time suits ("dla mnie za wcześnie"), not for whom the visit is."""
_OWN = frozenset("ja mnie mi bym".split())


class NotOnAccountError(LookupError):
    """The patient named somebody whom the portal does not list under their account."""


def read_who(facts: dict[str, Any], turn: Turn, dependants: Sequence[Dependant]) -> bool:
    """Puts `who` (or `who_candidates`) into the facts. Raises NotOnAccountError. True when it was said."""
    named = _by_name(turn.text, dependants)
    if named:
        _settle(facts, named)
        return True
    if any(SELF in mention.ids for mention in turn.unwanted("relation")) and not turn.said("relation"):
        facts.pop(WHO, None)  # "to nie dla mnie": asked, for whom then
        facts["who_candidates"] = [ref(i) for i in range(len(dependants))]
        return bool(dependants)
    relations = [mention for mention in turn.said("relation") if not in_passing(turn.text, mention)]
    if not relations:
        return False
    mention = relations[-1]
    if SELF in mention.ids:
        _settle(facts, [SELF])
        return True
    people = fitting(mention, dependants)
    offered = facts.get("who_candidates") or people
    narrowed = [who for who in people if who in offered] or people
    if not narrowed:
        raise NotOnAccountError(mention.text)
    _settle(facts, narrowed)
    return True


def in_passing(text: str, mention: Mention) -> bool:
    """Whether somebody is only part of the story: "sąsiadka mówi", "od córki", "we wtorki mam wnuka"."""
    if SELF in mention.ids:
        after = [word.folded for word in words(fold(text[mention.end :]))]
        return bool(set(after[:1]) & _SUITS) or (after[:1] == ["za"] and bool(set(after[1:2]) & _TOO))
    said = [word.folded for word in words(fold(text))]
    before = [word.folded for word in words(fold(text[: mention.start]))][-1:]
    after = [word.folded for word in words(fold(text[mention.end :]))][:3]
    if set(before) & _BY or any(word.startswith(TELLS) for word in after):
        return True
    if before != ["dla"] and any(word.startswith(_LIVES) for word in after):
        return True
    return bool(_OWN & set(said)) and any(word.startswith(_KEEPS) for word in before)


def ref(index: int) -> str:
    """How a dependant is named in the facts: by place, never by the portal's id."""
    return f"dependant:{index}"


def suits(person_age: int | None, service: Service | None) -> bool:
    """Whether the age fits the service; an unknown age fits."""
    if service is None or service.age is None or person_age is None:
        return True
    low, high = service.age.min, service.age.max
    return (low is None or person_age >= low) and (high is None or person_age <= high)


def _settle(facts: dict[str, Any], who: list[str]) -> None:
    if len(who) == 1:
        facts[WHO] = who[0]
        facts.pop("who_candidates", None)
    else:
        facts.pop(WHO, None)
        facts["who_candidates"] = who


def _by_name(text: str, dependants: Sequence[Dependant]) -> list[str]:
    """Dependants named in the text, in any case ("dla Zosi")."""
    mentions = names(text, dependants)
    return list(mentions[-1].ids) if mentions else []


def names(text: str, dependants: Sequence[Dependant]) -> list[Named]:
    """Where dependants are named, in any case, and wanted."""
    if not dependants:
        return []
    terms = [Term("dependant", ref(i), person.first_name) for i, person in enumerate(dependants)]
    return [m for m in Lexicon.build(terms).find(text) if not m.negated and m.contrast != "not"]


def fitting(mention: Mention, dependants: Sequence[Dependant]) -> list[str]:
    """Dependants whom a word for a relation may mean."""
    return [ref(i) for i, person in enumerate(dependants) if _fits(mention, person)]


def _fits(mention: Mention, person: Dependant) -> bool:
    relations = set(mention.ids)
    if mention.age is not None and person.age is not None and abs(mention.age - person.age) > 1:
        return False
    if person.relation in relations:
        return True
    if relations & _CHILDREN and person.age is not None and person.age < ADULT:
        return _gender_fits(relations, person.gender)
    same = any(person.relation in group and relations & group for group in _GROUPS)
    return same and _gender_fits(relations, person.gender)


def _gender_fits(relations: set[str], gender: Gender) -> bool:
    if relations & _FEMALE:
        return gender != Gender.MALE
    if relations & _MALE:
        return gender != Gender.FEMALE
    return True


def for_whom(name: str) -> str:
    """ "Zosi" for "Zosia": the genitive after "dla"."""
    return first_name(name, Case.GEN)
