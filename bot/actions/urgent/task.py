"""The urgent task: telephone first (R111), then duties that fit; one question at most, no booking (R121)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from bot.actions.answer import answer_to
from bot.actions.booking.steps import Ctx
from bot.actions.urgent import wanted
from bot.actions.urgent.wanted import CITY, Wanted
from bot.actions.world import World
from bot.dialogue.slots import SlotSpec
from bot.dialogue.state import Option
from bot.dialogue.task import Task
from bot.dialogue.texts import Texts
from bot.language.inflection import locative_city
from bot.language.speech import join_or, spoken_date, spoken_time
from bot.language.times.model import WARSAW
from bot.portal.rules.urgent import (
    Duty,
    OnDuty,
    Problem,
    Site,
    cities,
    closed_for_the_night,
    is_open,
    next_opening,
    on_duty,
    serves,
    sites,
)

_SITES = "utter_urgent_sites"
_OFFERED = 4
"""Towns as buttons: the first of the documents."""


@dataclass(frozen=True, slots=True)
class _At:
    """A duty at its site."""

    site: Site
    duty: Duty


class UrgentHelp(Task[World]):
    """Where to turn at once. Works for visitors: nothing of the portal is asked."""

    name = "urgent"
    topic = "urgent_help"
    only_asks = True
    goes_on = True
    slots: ClassVar[Mapping[str, SlotSpec]] = {CITY: SlotSpec(CITY)}

    async def take(self, ctx: Ctx) -> bool:
        """Reads town, problem, person and time."""
        towns = ctx.world.catalogue.cities.values() if ctx.world.catalogue else ()
        return wanted.read(ctx.facts, ctx.turn, ctx.world.now, {town.id: town.name for town in towns})

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """A bare "nie" to the question of the town; "to gdzie mam jechać?" after all was said."""
        if about == CITY and ctx.turn.intent == "urgent_help" and not self._tells_more(ctx):
            self._once_more(ctx)
            return True
        if about == CITY and ctx.turn.intent == "deny":
            ctx.end()
            ctx.speaker.say("utter_task_left")
            return True
        return False

    async def advance(self, ctx: Ctx) -> None:
        """Answers; asks for the town when it would say more than the telephone."""
        need = Wanted.of(ctx.facts, ctx.world.now)
        asked = ctx.turn.fact if ctx.turn.intent == "urgent_help" else None
        if asked and not ctx.turn.said("city", "unlisted_city"):
            ctx.speaker.say(answer_to(ctx.turn, ctx.speaker.texts))
            ctx.end()
            return
        if need.cities:
            self._finish(ctx, *_in_town(ctx, need))
        elif need.other_city:
            self._finish(ctx, "utter_urgent_elsewhere", {"rule": "R118"})
        else:
            self._finish(ctx, "utter_urgent_help", {}, question="utter_ask_urgent_city")

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """Nothing of its own."""
        await self.advance(ctx)

    def _tells_more(self, ctx: Ctx) -> bool:
        towns = ctx.world.catalogue.cities.values() if ctx.world.catalogue else ()
        names = {town.id: town.name for town in towns}
        asks_a_fact = ctx.turn.fact is not None and not ctx.facts.get(CITY)
        return asks_a_fact or wanted.read(dict(ctx.facts), ctx.turn, ctx.world.now, names)

    def _once_more(self, ctx: Ctx) -> None:
        """The sites again; where none is open, or none is known, the line says where to go (R112)."""
        need = Wanted.of(ctx.facts, ctx.world.now)
        response, values = _in_town(ctx, need) if need.cities else ("", {})
        if response == _SITES:
            self._finish(ctx, response, values)
        else:
            self._finish(ctx, "utter_urgent_where_now", {"rule": "R112"})

    def _finish(self, ctx: Ctx, response: str, values: Mapping[str, Any], question: str = "") -> None:
        """The answer; alone it may be followed by "a dla dziecka?" or another town."""
        if len(ctx.conversation.stack) > 1:
            ctx.end()
            ctx.speaker.say(response, **values)
            return
        options = [_town(name) for name in cities()[:_OFFERED]] if question else []
        ctx.speaker.ask(CITY, question or response, options, **values)
        ctx.park()


def _town(name: str) -> Option:
    return Option(name, {"do": "fill", "facts": {CITY: [name]}})


def _in_town(ctx: Ctx, need: Wanted) -> tuple[str, dict[str, Any]]:
    """Several towns are those that patients call by one name (Trójmiasto): they have one answer."""
    names = need.cities
    where = join_or([locative_city(name) for name in names])
    here = [_At(site, duty) for site in sites() if site.city in names for duty in site.duties]
    fitting = [each for each in here if serves(each.duty, need.problem, need.child)]
    if not here:
        duty = on_duty(names[0], need.problem or Problem.INTERNIST, need.at)
        return _by_phone(need, duty, where)
    closed = [each for each in fitting if not _open(each.duty, need)]
    if fitting and len(closed) == len(fitting):
        return "utter_urgent_closed", _closed(ctx, closed[0], where)
    if need.problem is None:
        fitting = [each for each in fitting if _open(each.duty, need)] or here
    lines = _lines(fitting or here, ctx.speaker.texts)
    return _SITES, {"where": where, "sites": lines}


def _by_phone(need: Wanted, duty: OnDuty, where: str) -> tuple[str, dict[str, Any]]:
    """R117: designated facilities without an address; dental pain goes to the line (R122)."""
    if need.problem is Problem.DENTAL:
        return "utter_urgent_no_dentist", {"where": where, "rule": "R122"}
    response = (
        "utter_urgent_by_phone_night" if closed_for_the_night(duty, need.at) else "utter_urgent_by_phone"
    )
    return response, {
        "where": where,
        "until": spoken_time(duty.until) if duty.until else "",
        "rule": duty.rule,
    }


def _open(duty: Duty, need: Wanted) -> bool:
    if not need.day_only or duty.opens is None:
        return is_open(duty, need.at)
    start: datetime = datetime.combine(need.at.date(), duty.opens, WARSAW)
    return is_open(duty, start)


def _closed(ctx: Ctx, at: _At, where: str) -> dict[str, Any]:
    """R122: what is closed at that hour, and when it opens next."""
    opening = next_opening(at.duty, ctx.world.now)
    today = ctx.world.now.astimezone(WARSAW).date()
    return {
        "where": where,
        "sites": _lines([at], ctx.speaker.texts),
        "next": spoken_date(opening.date(), today),
        "from": spoken_time(opening.time()),
        "rule": "R122",
    }


def _lines(found: list[_At], texts: Texts) -> str:
    """One line a place and its hours: "- internista, pediatra, całą dobę: Centrum, ul. 1 Sierpnia 8"."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for each in found:
        grouped.setdefault((each.site.id, _hours(each.duty, texts)), []).append(_what(each.duty, texts))
    by_id = {each.site.id: each.site for each in found}
    return "\n".join(
        texts.get(
            "utter_piece_urgent_site",
            what=", ".join(whats),
            hours=hours,
            name=by_id[site].name,
            address=by_id[site].address,
        )
        for (site, hours), whats in grouped.items()
    )


def _what(duty: Duty, texts: Texts) -> str:
    return texts.get(f"utter_piece_duty_{duty.problem.value}_{duty.patients}")


def _hours(duty: Duty, texts: Texts) -> str:
    if duty.opens is None or duty.closes is None:
        return texts.get("utter_piece_duty_always")
    return texts.get(
        "utter_piece_duty_free_days", opens=spoken_time(duty.opens), closes=spoken_time(duty.closes)
    )
