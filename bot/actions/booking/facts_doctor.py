"""With whom, out of a turn: doctors by surname, wanted or not, a woman or a man."""

from __future__ import annotations

from bot.actions.booking import gender
from bot.actions.booking.slots import (
    CANDIDATES,
    CITY,
    DOCTOR,
    DOCTOR_GENDER,
    KIND,
    NOT_DOCTOR,
    SERVICE,
    SPECIALTY,
    doctors_of,
)
from bot.actions.booking.told import Told, ids, union
from bot.dialogue.turn import Turn
from bot.portal.models import ServiceKind


def read(told: Told, turn: Turn) -> None:
    """Who is wanted, who is not, and what they should be."""
    _wanted(told, turn)
    _unwanted(told, turn)
    wished = gender.wished(turn)
    if wished is not None:
        told.facts[DOCTOR_GENDER] = wished.value
        told.changed.add(DOCTOR)


def _wanted(told: Told, turn: Turn) -> None:
    facts = told.facts
    named = turn.said("doctor")
    doctors = [i for i in named[-1].ids if i in told.catalogue.doctors] if named else []
    if not doctors:
        return
    offered = [i for i in doctors if i in doctors_of(facts)]
    if len(offered) == 1:
        doctors = offered
    told.put(DOCTOR, doctors)
    facts[NOT_DOCTOR] = [d for d in facts.get(NOT_DOCTOR, []) if d not in doctors]


def _unwanted(told: Told, turn: Turn) -> None:
    facts = told.facts
    unwanted = _of_specialty(told, ids(turn.unwanted("doctor")))
    if not unwanted:
        return
    facts[NOT_DOCTOR] = union(facts.get(NOT_DOCTOR), unwanted)
    if set(unwanted) & set(doctors_of(facts)):
        facts.pop(DOCTOR)
    told.changed.add(DOCTOR)


def _of_specialty(told: Told, doctors: list[str]) -> list[str]:
    """Those of a surname who see patients in the specialty asked for; all when none is known."""
    specialty, known = told.specialty(), told.catalogue.doctors
    return [d for d in doctors if d in known and specialty in known[d].specialties] or doctors


def narrow(told: Told, *, moved: bool) -> None:
    """A surname shared by several doctors is narrowed by what else is known.

    A doctor who is not there does not follow a patient who `moved` the search to another town.
    """
    facts = told.facts
    doctors = doctors_of(facts)
    if not doctors:
        return
    fitting = _seeing(told, doctors)
    if not fitting:
        told.strangers = doctors
        facts.pop(DOCTOR)
        return
    there = _there(told, fitting)
    if moved and not there:
        told.elsewhere = fitting
        facts.pop(DOCTOR)
        return
    facts[DOCTOR] = there or fitting


def _seeing(told: Told, doctors: list[str]) -> list[str]:
    """Those of the specialty; when none is known, the only one they have in common is what is needed."""
    facts, known = told.facts, told.catalogue.doctors
    specialty = told.specialty()
    if specialty:
        return [d for d in doctors if specialty in known[d].specialties]
    if not facts.get(CANDIDATES) and not facts.get(SERVICE):
        common = set.intersection(*(set(known[d].specialties) for d in doctors))
        if len(common) == 1:
            facts[SPECIALTY] = common.pop()
    return doctors


def _there(told: Told, doctors: list[str]) -> list[str]:
    """Those who see patients in the towns asked for; a call is not tied to one (R22)."""
    cities = set(told.facts.get(CITY) or ())
    if not cities or told.facts.get(KIND) == ServiceKind.PHONE:
        return doctors
    return [d for d in doctors if cities & set(told.catalogue.cities_of_doctors([d]))]
