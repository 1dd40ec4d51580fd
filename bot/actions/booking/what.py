"""Which service: from a specialty, a kind of visit and the account to one service that can be booked."""

from __future__ import annotations

from bot.actions.booking.slots import (
    AT_ONCE,
    CANDIDATES,
    CITY,
    DISTRICT,
    FACILITY,
    KIND,
    SERVICE,
    SPECIALTY,
    doctors_of,
)
from bot.actions.booking.steps import Ctx, named
from bot.actions.catalogue import Catalogue
from bot.dialogue.state import Option
from bot.language.text import folded_words
from bot.portal.models import Service, ServiceKind

BOOKABLE = (ServiceKind.ONSITE, ServiceKind.PHONE)
_STEM = 5
"""Letters two words have to share to be the same word in another form."""
QUICK = 5
"""How many services are offered as buttons."""


def subject_known(ctx: Ctx) -> bool:
    """Whether the patient has said what they need at all."""
    facts = ctx.facts
    return bool(facts.get(SERVICE) or facts.get(SPECIALTY) or facts.get(CANDIDATES))


def settle(ctx: Ctx) -> Service | None:
    """The service, once nothing is left to ask; puts it into the facts."""
    facts, catalogue = ctx.facts, ctx.world.signed_in()[1]
    if facts.get(SERVICE):
        service = catalogue.services.get(facts[SERVICE])
        if service is not None and not _other_kind(service, facts.get(KIND)):
            return service
        if service is not None and service.specialty is not None:
            facts[SPECIALTY] = service.specialty.id
        facts.pop(SERVICE)
    specialty = facts.get(SPECIALTY)
    if not specialty:
        return None
    kind = facts.get(KIND) or _only_kind(ctx, catalogue, specialty)
    service = catalogue.consultation(specialty, kind) if kind else None
    if service is not None:
        facts[SERVICE], facts[KIND] = service.id, service.kind.value
    return service


def _other_kind(service: Service, kind: str | None) -> bool:
    return kind in {"phone", "onsite", "online"} and service.specialty is not None and service.kind != kind


def kinds(catalogue: Catalogue, specialty: str) -> list[str]:
    """Kinds of consultation of a specialty that can be reserved."""
    services = catalogue.consultations(specialty)
    return [kind.value for kind in BOOKABLE if any(s.kind == kind and s.bookable for s in services)]


def _only_kind(ctx: Ctx, catalogue: Catalogue, specialty: str) -> str | None:
    """The kind that follows from what is known: the only one, or on site when a place was named."""
    possible = kinds(catalogue, specialty)
    if ctx.facts.get(AT_ONCE) and "phone" in possible:
        return None if catalogue.consultation(specialty, "online") else "phone"
    if len(possible) == 1:
        return possible[0]
    if "onsite" in possible and any(ctx.facts.get(place) for place in (CITY, DISTRICT, FACILITY)):
        return "onsite"
    doctors = doctors_of(ctx.facts)
    if doctors and "onsite" in possible:
        if not any(catalogue.doctors[d].phone_consultations for d in doctors):
            return "onsite"
        if not any(catalogue.doctors[d].facility_ids for d in doctors):
            return "phone"
    return None


def choose_by_words(ctx: Ctx) -> bool:
    """Settles the service by a word that only one candidate has ("wstępne, zaczynam nową pracę")."""
    catalogue = ctx.world.signed_in()[1]
    stems = {
        i: {word[:_STEM] for name in (s.name, *s.aliases) for word in folded_words(name)}
        for i in ctx.facts.get(CANDIDATES) or ()
        if (s := catalogue.services.get(i)) is not None
    }
    text = ctx.turn.text
    for mention in ctx.turn.said("relation", "city", "district", "doctor"):
        text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    said = {word[:_STEM] for word in folded_words(text) if len(word) >= _STEM}
    meant = [i for i, own in stems.items() if said & own.difference(*(s for j, s in stems.items() if j != i))]
    if len(meant) != 1:
        return False
    ctx.facts[SERVICE], ctx.facts[KIND] = meant[0], catalogue.services[meant[0]].kind.value
    ctx.facts.pop(CANDIDATES)
    return True


def quick_options(ctx: Ctx) -> list[Option]:
    """The specialties most patients come for, and a blood test, as buttons from the dictionary."""
    catalogue = ctx.world.signed_in()[1]
    return [named(catalogue.specialty_names[s], {SPECIALTY: s}) for s in catalogue.common_specialties(QUICK)]


def candidate_options(ctx: Ctx) -> list[Option]:
    """The services that the patient's word may mean."""
    catalogue = ctx.world.signed_in()[1]
    return [
        named(
            catalogue.services[i].name,
            {SERVICE: i, KIND: catalogue.services[i].kind.value, CANDIDATES: None},
            *catalogue.services[i].aliases,
        )
        for i in ctx.facts.get(CANDIDATES) or ()
        if i in catalogue.services
    ]
