"""Several visits wanted in one conversation: booked one by one, in the order they were asked for."""

from __future__ import annotations

from dataclasses import replace

from bot.actions.booking import each, facts, story, what
from bot.actions.booking.slots import CITY, NOT_ON_ACCOUNT, SERVICE, SPECIALTY, WHEN, when_of
from bot.actions.booking.steps import Ctx
from bot.actions.booking.who import NotOnAccountError, read_who
from bot.dialogue.state import Frame
from bot.dialogue.turn import Mention, Turn
from bot.language.cues import cue
from bot.language.speech import join_and
from bot.language.times import When


def second_request(ctx: Ctx) -> bool:
    """ "Jeszcze do okulisty" while a visit is being booked: queued, done next."""
    turn = ctx.turn
    if turn.intent != "book_visit" or not what.subject_known(ctx) or not turn.has("service", "specialty"):
        return False
    if not cue("one_more").heard(turn.text) or _the_same(ctx):
        return False
    things = story.listed(turn)
    _enqueue(ctx, [_only(turn, thing, things) for thing in things] or [turn])
    ctx.speaker.say("utter_booking_queued")
    return True


def _the_same(ctx: Ctx) -> bool:
    """ "Jeszcze raz: pulmonolog w Gdańsku" says the open request again."""
    open_ones = {ctx.facts.get(SERVICE), ctx.facts.get(SPECIALTY)}
    said = ctx.turn.said("service", "specialty")
    return not ctx.turn.has("relation") and all(open_ones & set(mention.ids) for mention in said)


def in_turn(ctx: Ctx) -> Turn:
    """The turn for the visit to book now; what was asked for in the same breath is queued behind it."""
    things = story.listed(ctx.turn)
    if not things or what.subject_known(ctx):
        return ctx.turn
    _enqueue(ctx, [_only(ctx.turn, thing, things) for thing in things[1:]])
    first, *rest = (_name(ctx, thing) for thing in things)
    ctx.speaker.say("utter_booking_several", first=first, rest=join_and(rest))
    return _only(ctx.turn, things[0], things)


async def for_each(ctx: Ctx) -> Turn | None:
    """ "Okulista dla Hani i dermatolog dla mnie": the first now, the others behind it, with their people."""
    if what.subject_known(ctx) or not each.several_things(ctx.turn):
        return None
    dependants = await ctx.world.dependants()
    turns = each.parted(ctx.turn, dependants)
    if not turns:
        return None
    for frame, turn in zip(_enqueue(ctx, turns[1:]), turns[1:], strict=True):
        try:
            read_who(frame.facts, turn, dependants)
        except NotOnAccountError:
            frame.data[NOT_ON_ACCOUNT] = True
    first, *rest = (_name(ctx, turn.said("service", "specialty")[0]) for turn in turns)
    ctx.speaker.say("utter_booking_several", first=first, rest=join_and(rest))
    return turns[0]


def carry(ctx: Ctx) -> None:
    """What is queued is looked for in the same town and at the same hours, unless others were named."""
    city, wish = ctx.facts.get(CITY), when_of(ctx.facts)
    for frame in ctx.conversation.stack:
        if frame is ctx.frame or frame.task != ctx.frame.task:
            continue
        if city:
            frame.facts.setdefault(CITY, list(city))
        if wish.time_from or wish.time_to:
            hours = When(time_from=wish.time_from, time_to=wish.time_to)
            frame.facts.setdefault(WHEN, hours.to_json())


def _enqueue(ctx: Ctx, turns: list[Turn]) -> list[Frame]:
    catalogue = ctx.world.signed_in()[1]
    frames = [Frame(ctx.frame.task) for _ in turns]
    for queued, turn in zip(frames, turns, strict=True):
        facts.read(queued.facts, catalogue, turn)
        ctx.conversation.stack.insert(0, queued)
    return frames


def _only(turn: Turn, thing: Mention, things: list[Mention]) -> Turn:
    return replace(turn, mentions=tuple(m for m in turn.mentions if m is thing or m not in things))


def _name(ctx: Ctx, thing: Mention) -> str:
    catalogue = ctx.world.signed_in()[1]
    service = catalogue.services.get(thing.ids[0])
    return service.name if service else catalogue.specialty_names.get(thing.ids[0], thing.text)
