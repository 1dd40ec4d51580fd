"""What the patient needs, out of a turn: a kind of visit, a specialty, a service or several of them."""

from __future__ import annotations

from bot.actions.booking.slots import AT_ONCE, CANDIDATES, DOCTOR, KIND, SERVICE, SPECIALTY, forget
from bot.actions.booking.told import Told
from bot.dialogue.turn import Mention, Turn
from bot.language.cues import cue
from bot.portal.models import ServiceKind

MAX_CANDIDATES = 8
"""More services than this behind one word are not a choice: the patient is asked in words."""
CONSULTATION_KINDS = frozenset({"phone", "onsite", "online"})


def read(told: Told, turn: Turn) -> None:
    """The kind first: a specialty keeps it."""
    _kind(told, turn)
    services = _services_named(turn)
    specialties = turn.said("specialty")
    if services:
        _services(told, [i for i in services[-1].ids if i in told.catalogue.services])
    elif specialties:
        _specialty(told, specialties[-1])


def _kind(told: Told, turn: Turn) -> None:
    kind = _kind_said(turn)
    if kind is None:
        return
    if kind == "exam" and turn.has("specialty") and not turn.has("service"):
        return  # "badanie u okulisty" is a consultation
    if kind == "phone" and cue("at_once").heard(turn.text):
        told.facts.pop(KIND, None)
        told.facts[AT_ONCE] = True
        told.changed.add(KIND)
        return
    told.facts.pop(AT_ONCE, None)
    told.put(KIND, kind)
    if kind not in CONSULTATION_KINDS and not _services_named(turn):
        _services(told, [s.id for s in told.catalogue.of_kind(kind) if s.bookable])


def _kind_said(turn: Turn) -> str | None:
    """The kind asked for; "nie przez telefon" asks for the other one."""
    kinds = [m.ids[0] for m in turn.said("visit_kind")]
    if kinds:
        return kinds[-1]
    excluded = {m.ids[0] for m in turn.unwanted("visit_kind")}
    if excluded & {"phone", "online"}:
        return "onsite"
    return "phone" if "onsite" in excluded else None


def _services_named(turn: Turn) -> list[Mention]:
    """Services said by a name of their own: "medycyna pracy" is the kind, whatever is an alias of it."""
    kinds = {(m.start, m.end) for m in turn.said("visit_kind") if m.ids[0] == ServiceKind.OCCUPATIONAL}
    return [m for m in turn.said("service") if (m.start, m.end) not in kinds]


def _specialty(told: Told, mention: Mention) -> None:
    facts = told.facts
    known = [i for i in mention.ids if i in told.catalogue.specialty_names]
    if not known:
        return
    told.changed.add(SERVICE)
    if facts.get(SPECIALTY) == known[0]:
        return
    kind = facts.get(KIND)
    first = not any(facts.get(name) for name in (SERVICE, SPECIALTY, CANDIDATES))
    doctors = facts.get(DOCTOR)
    forget(facts, SERVICE)
    if kind in CONSULTATION_KINDS or kind == ServiceKind.CONTROL:
        facts[KIND] = kind
    if first and doctors:
        facts[DOCTOR] = doctors  # named before the specialty was: still wanted
    facts[SPECIALTY] = known[0]


def _services(told: Told, ids: list[str]) -> None:
    """One service is the answer; several are narrowed by those already offered, or offered."""
    offered = told.facts.get(CANDIDATES) or []
    both = [i for i in ids if i in offered]
    if len(ids) == 1:
        _service(told, ids[0])
    elif len(both) == 1:
        _service(told, both[0])
    elif ids:
        kind = told.facts.get(KIND)
        forget(told.facts, SERVICE)
        if kind:
            told.facts[KIND] = kind
        told.facts[CANDIDATES] = ids[:MAX_CANDIDATES]
        told.changed.add(SERVICE)


def _service(told: Told, service: str) -> None:
    told.changed.add(SERVICE)
    if told.facts.get(SERVICE) == service:
        return
    kind = told.facts.get(KIND)
    forget(told.facts, SERVICE)
    told.facts[SERVICE] = service
    told.facts[KIND] = str(told.catalogue.services[service].kind.value) or kind
