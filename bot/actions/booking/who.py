"""For whom: the patient, or somebody the portal lets them book for (R7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.actions.booking.slots import WHO, WHO_CANDIDATES
from bot.dialogue.turn import Mention, Turn
from bot.language.cues import cue
from bot.language.lexicon import Lexicon, Term
from bot.language.terms import Mention as Named
from bot.language.text import folded_words
from bot.language.vocabulary import other_names
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
        facts[WHO_CANDIDATES] = [ref(i) for i in range(len(dependants))]
        return bool(dependants)
    relations = [mention for mention in turn.said("relation") if not in_passing(turn.text, mention)]
    if not relations:
        return False
    mention = relations[-1]
    if SELF in mention.ids:
        _settle(facts, [SELF])
        return True
    people = fitting(mention, dependants)
    offered = facts.get(WHO_CANDIDATES) or people
    narrowed = [who for who in people if who in offered] or people
    if not narrowed:
        raise NotOnAccountError(mention.text)
    _settle(facts, narrowed)
    return True


def in_passing(text: str, mention: Mention) -> bool:
    """Whether somebody is only part of the story: "sąsiadka mówi", "od córki", "we wtorki mam wnuka"."""
    if SELF in mention.ids:
        after = folded_words(text[mention.end :])
        too = cue("before_too").among(after[:1]) and cue("too").among(after[1:2])
        return too or cue("suits").among(after[:1])
    if _spoken_to(text, mention):
        return True
    said = folded_words(text)
    before = folded_words(text[: mention.start])[-1:]
    after = folded_words(text[mention.end :])[:3]
    if cue("by_somebody").among(before) or cue("tells").among(after):
        return True
    if not cue("before_whom").among(before) and cue("lives").among(after):
        return True
    if cue("speaks_of_self").among(said) and cue("looks_after").among(before):
        return True
    return _keeps_busy(text, mention)


def _keeps_busy(text: str, mention: Mention) -> bool:
    """ "Po południu, bo rano mam wnuki": whom somebody looks after, unless they are told to be ill."""
    before, around = folded_words(text[: mention.start]), folded_words(text)
    because = next((at for at, word in enumerate(before) if cue("because").matches(word)), None)
    if because is None or cue("is_ill").among(around):
        return False
    return cue("looks_after").among(before[because:])


def _spoken_to(text: str, mention: Mention) -> bool:
    """ "Córka mówi: tato, ty musisz iść": the words of a story, with a vocative in them."""
    name = folded_words(mention.text)
    before, after = folded_words(text[: mention.start]), folded_words(text[mention.end :])
    if cue("spoken_to").among(name):
        return True
    if not cue("maybe_spoken_to").among(name):
        return False
    told = cue("tells").among(before[-2:])
    return told or (bool(before) and cue("said_to_somebody").among(after[:1]))


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
        facts.pop(WHO_CANDIDATES, None)
    else:
        facts.pop(WHO, None)
        facts[WHO_CANDIDATES] = who


def _by_name(text: str, dependants: Sequence[Dependant]) -> list[str]:
    """Dependants named in the text, in any case ("dla Zosi")."""
    mentions = names(text, dependants)
    return list(mentions[-1].ids) if mentions else []


def names(text: str, dependants: Sequence[Dependant]) -> list[Named]:
    """Where dependants are named, in any case, and wanted."""
    if not dependants:
        return []
    terms = [
        Term("dependant", ref(i), person.first_name, other_names(person.first_name))
        for i, person in enumerate(dependants)
    ]
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
