"""The whole complaint once more, and the question for a "tak"; what can be changed, by name."""

from __future__ import annotations

from datetime import date

from bot.actions.booking.steps import CONSENT, Ctx, say_intent
from bot.actions.complaint import reply, visits
from bot.actions.complaint.slots import CHANGE, CHANNEL, CONTACT, DAY, DESCRIPTION, FACILITY, VISIT
from bot.dialogue.state import Option
from bot.dialogue.task import ANY
from bot.language.cues import cue, synonyms
from bot.language.spoken import spoken_date
from bot.portal.clock import local_date

_NAMES = {
    DESCRIPTION: "names_story",
    VISIT: "names_visit",
    FACILITY: "names_place",
    DAY: "names_time",
    CONTACT: "names_datum",
    CHANNEL: "names_reply",
}
"""Fields, and the words that name them."""


async def ask_consent(ctx: Ctx) -> None:
    """Reads everything back. Only a "tak" to this question files it."""
    ctx.speaker.ask(
        CONSENT,
        "utter_complaint_read_back",
        [
            ctx.option("send_it", {"do": "confirm", "look": "act"}, *synonyms("send_it")),
            ctx.option("change_something", {"do": "change"}, *synonyms("change_something")),
            say_intent(ctx, "do_not_send", "cancel_task"),
        ],
        story=ctx.facts[DESCRIPTION],
        concerns=await concerns(ctx),
        reply=reply.in_words(ctx),
    )


async def concerns(ctx: Ctx) -> str:
    """The visit, or the facility and the day, each on a line of its own; empty when none is known."""
    texts = ctx.speaker.texts
    portal, catalogue = ctx.world.signed_in()
    lines = []
    chosen = ctx.facts.get(VISIT, ANY)
    if chosen != ANY:
        known = {visit.id: visit for visit in await visits.recent(ctx)}
        visit = known.get(chosen) or await portal.reservation(chosen)
        lines.append(texts.get("utter_piece_complaint_visit", visit=visits.in_words(ctx, visit)))
    else:
        facility = catalogue.facilities.get(ctx.facts.get(FACILITY) or "")
        if facility is not None:
            lines.append(texts.get("utter_piece_complaint_facility", facility=facility.name))
        if ctx.facts.get(DAY, ANY) != ANY:
            day = spoken_date(date.fromisoformat(ctx.facts[DAY]), local_date(ctx.world.now))
            lines.append(texts.get("utter_piece_complaint_day", day=day))
    return "".join(f"{line}\n" for line in lines)


def ask_change(ctx: Ctx, response: str) -> None:
    """What is to be changed."""
    options = [_field(ctx, name) for name in _fields(ctx)]
    options.append(say_intent(ctx, "do_not_send", "cancel_task"))
    ctx.speaker.ask(CHANGE, response, options)


def _fields(ctx: Ctx) -> list[str]:
    fields = [DESCRIPTION, VISIT]
    if ctx.facts.get(VISIT, ANY) == ANY:
        fields += [FACILITY, DAY]
    return [*fields, CHANNEL, CONTACT]


def _field(ctx: Ctx, name: str) -> Option:
    return ctx.option(f"change_{name}", {"do": "clear", "slot": name})


def named_field(text: str) -> str | None:
    """The field a message names to be changed ("zmień adres"); None unless it is one."""
    heard = [field for field, name in _NAMES.items() if cue(name).heard(text)]
    if CONTACT in heard:  # "adres" may be a place, "adres odpowiedzi" is no way of answering
        return CONTACT
    return heard[0] if len(heard) == 1 else None
