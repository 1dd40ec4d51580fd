"""For whom: only when it is open, with the people whose age fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.actions.booking.questions import ask, question
from bot.actions.booking.slots import SERVICE, SPECIALTY, WHO, WHO_CANDIDATES, who_index
from bot.actions.booking.steps import Ctx, fill, named, say_intent
from bot.actions.booking.who import SELF, ref, suits
from bot.dialogue.state import Option
from bot.language.cases import Case
from bot.language.cues import synonyms
from bot.language.inflection import first_name
from bot.language.speech import counted
from bot.language.times.model import WARSAW
from bot.portal.models import Dependant, Service


async def ask_who(ctx: Ctx, response: str | None = None) -> bool:
    """For whom (R7): only when the portal lists dependants and age does not settle it. True when asked.

    `response` is the question, booking's own without it.
    """
    dependants = await ctx.world.dependants()
    if not dependants:
        ctx.facts[WHO] = SELF
        return False
    me = await ctx.world.me()
    service = _age_service(ctx)
    own_age = _age(me.patient.birth_date, ctx)
    people = [SELF] if suits(own_age, service) else []
    people += [ref(i) for i, person in enumerate(dependants) if suits(person.age, service)]
    offered = ctx.facts.get(WHO_CANDIDATES) or people
    people = [who for who in people if who in offered] or people
    if len(people) == 1:
        ctx.facts[WHO] = people[0]
        return False
    ages = {who: age for who in people if (age := _age_of(who, dependants)) is not None}
    options = [_person(ctx, who, dependants, ages) for who in people]
    ask(ctx, WHO, response or question(ctx, WHO), options)
    return True


async def ask_who_else(ctx: Ctx, response: str = "utter_booking_not_on_account") -> None:
    """Somebody was named whom the account does not have: nothing is searched until it is clear for whom."""
    dependants = await ctx.world.dependants()
    options = [_person(ctx, who, dependants, {}) for who in (SELF, *map(ref, range(len(dependants))))]
    options.append(say_intent(ctx, "stop_task", "cancel_task"))
    ask(ctx, WHO, response, options)


def _age(birth: date | None, ctx: Ctx) -> int | None:
    if birth is None:
        return None
    today = ctx.world.now.astimezone(WARSAW).date()
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def _age_service(ctx: Ctx) -> Service | None:
    """The service whose ages are known already, if any."""
    catalogue = ctx.world.signed_in()[1]
    if ctx.facts.get(SERVICE):
        return catalogue.services.get(ctx.facts[SERVICE])
    services = catalogue.consultations(ctx.facts.get(SPECIALTY) or "")
    return services[0] if services else None


def _age_of(who: str, dependants: Sequence[Dependant]) -> int | None:
    index = who_index({WHO: who})
    return None if index is None else dependants[index].age


def _by_age(who: str, ages: Mapping[str, int]) -> tuple[str, ...]:
    """ "Starsza", "młodszy": how the elder and the younger of two are told apart."""
    if len(ages) != 2 or len(set(ages.values())) != 2 or who not in ages:
        return ()
    return synonyms("elder" if ages[who] == max(ages.values()) else "younger")


def _person(ctx: Ctx, who: str, dependants: Sequence[Dependant], ages: Mapping[str, int]) -> Option:
    index = who_index({WHO: who})
    if index is None:
        return fill(ctx, "for_self", {WHO: SELF}, *synonyms("for_self"))
    person = dependants[index]
    name = first_name(person.first_name, Case.GEN)
    age = counted(person.age, "rok") if person.age is not None else ""
    label = ctx.speaker.texts.label("for_person", name=name, age=age) if age else name
    return named(label, {WHO: who}, person.first_name, name, *_by_age(who, ages))
