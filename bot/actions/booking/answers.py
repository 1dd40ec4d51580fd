"""What an answer means where something other than a fact was asked: the offer, the read-back, a refusal."""

from __future__ import annotations

from typing import Any

from bot.actions.booking import (
    choosing,
    confirm,
    fields,
    holds,
    leaving,
    nothing,
    offer,
    rehabilitation,
    watch,
)
from bot.actions.booking.acts import act
from bot.actions.booking.closing import book, select, settle
from bot.actions.booking.next_step import advance, ask_again
from bot.actions.booking.pointing import at_shown_day
from bot.actions.booking.reading import by_the_old_visit, changed, facts_said
from bot.actions.booking.refining import REFINES, refine, too_soon_or_late
from bot.actions.booking.slots import DAY_NAMED, DOCTOR, HOLD, NOT_DOCTOR, SERVICE, UNSURE
from bot.actions.booking.steps import (
    AGAIN,
    CHANGE,
    CONSENT,
    NOTHING,
    OFFER,
    REFUSED,
    Ctx,
    person,
    slot_from_json,
)
from bot.actions.world import World
from bot.dialogue.acts import POLITE, SURE, TELLING
from bot.dialogue.running import stop
from bot.dialogue.task import Task
from bot.dialogue.turn import Turn
from bot.language.consent import explicit_yes, only_yes
from bot.language.cues import cue
from bot.language.questions import asks

_YES = frozenset({"affirm", "affirm_weak"})
_LIKE_YES = frozenset({*_YES, "thanks", "choose_option"})
"""Answers to the read-back that may be meant as a "tak", and are not one."""
_ASKS_HOW_IT_IS = TELLING | {"repeat", "list_visits"}


async def respond(task: Task[World], ctx: Ctx, about: str) -> bool:
    """Handles an answer to a stage of booking. False: it is read as facts."""
    if ctx.turn.intent == "watch_slot" and ctx.facts.get(SERVICE):
        await watch.create(ctx, (await person(ctx)).id)
        if about == NOTHING:  # this was the answer; anything else takes the search up again
            ctx.park()
        return True
    if (
        rehabilitation.asks_left(ctx.turn)
        and await rehabilitation.tell_left(ctx)
        and not facts_said(ctx.turn)
    ):
        await ask_again(ctx)
        return True
    if leaving.left(ctx) or (not facts_said(ctx.turn) and await fields.corrected(ctx, about)):
        return True
    if about in {OFFER, CHANGE, NOTHING}:
        return await _at_list(ctx, about)
    if about == CONSENT:
        return await _at_consent(task, ctx)
    if about == AGAIN:
        return await _at_again(task, ctx)
    return about == REFUSED and await _at_refusal(ctx)


# --- the offer, what to change, nothing free


async def _at_list(ctx: Ctx, about: str) -> bool:
    return (
        (about == OFFER and await _choose(ctx))
        or await _take_alternative(ctx)
        or await _refine_by_words(ctx)
        or (not facts_said(ctx.turn) and await _bare_answer(ctx, about))
    )


async def _choose(ctx: Ctx) -> bool:
    slot = await choosing.choose(ctx)
    if slot is None:
        return False
    ctx.data[DAY_NAMED] = ctx.turn.when is not None and ctx.turn.when.has_day
    await select(ctx, slot)
    return True


async def _take_alternative(ctx: Ctx) -> bool:
    instead = choosing.alternative(ctx, nothing.options(ctx))
    if instead is None:
        return False
    await act(ctx, instead.act)
    return True


async def _bare_answer(ctx: Ctx, about: str) -> bool:
    """ "Nie", "żaden", or a "tak" that leaves open which."""
    intent = ctx.turn.intent
    if intent == "deny" or choosing.none_of_them(ctx.turn):
        offer.ask_what_to_change(ctx, "utter_booking_none_fits")
        return True
    if about == CHANGE and intent in _YES and (move := _offered_move(ctx)) is not None:
        await act(ctx, move)
        return True
    if about == NOTHING and intent in _YES:
        await _at_alternatives(ctx)
        return True
    if about == OFFER and intent in {*_YES, "choose_option"}:
        ctx.speaker.say("utter_booking_which_slot")
        offer.put(ctx)
        return True
    return False


def _offered_move(ctx: Ctx) -> dict[str, Any] | None:
    """What "tak" to "Przełożyć?" does: moves the visit that is booked already (R60), read back first."""
    options = ctx.frame.prompt.options if ctx.frame.prompt else []
    return next((option.act for option in options if option.act.get("do") == "replace"), None)


async def _at_alternatives(ctx: Ctx) -> None:
    """ "Tak" takes the only alternative; with several, or none, it is asked which."""
    slots = [o.act for o in nothing.options(ctx) if o.act.get("do") == "slot"]
    if len(slots) == 1:
        await act(ctx, slots[0])
        return
    if slots:
        ctx.speaker.say("utter_booking_which_slot")
    nothing.put_again(ctx)


async def _refine_by_words(ctx: Ctx) -> bool:
    """ "Wcześniej", "inny lekarz", "pokaż więcej"; with facts of its own it is a new wish instead."""
    wanted = _wanted_instead(ctx.turn)
    if wanted is None or facts_said(ctx.turn) or by_the_old_visit(ctx) is not None:
        return False
    if wanted == "other_doctor" and ctx.turn.intent == "no_preference":  # any doctor will do
        for name in (DOCTOR, NOT_DOCTOR):
            ctx.facts.pop(name, None)
        await changed(ctx)
        await advance(ctx)
    else:
        await refine(ctx, wanted)
    return True


def _wanted_instead(turn: Turn) -> str | None:
    """Which other slots are asked for; the words count where the intent is not sure."""
    wanted = REFINES.get(turn.intent)
    if (complained := too_soon_or_late(turn.text)) is not None:
        return complained
    if wanted is not None and turn.confidence >= SURE:
        return wanted
    said = [m.ids[0] for m in turn.said("refine")]
    if said and turn.intent not in {"affirm", "deny"}:
        return said[0]
    return "more" if wanted is None and turn.intent == "skip" else wanted


# --- the read-back


async def _at_consent(task: Task[World], ctx: Ctx) -> bool:
    turn = ctx.turn
    if holds.asked_about(turn) and not holds.expired(ctx):
        holds.tell_until(ctx)
        await ask_again(ctx)
        return True
    if await _choose_instead(ctx) or await _refine_by_words(ctx):
        return True
    if _refuses(turn):
        await holds.release(ctx)
        offer.ask_what_to_change(ctx)
        return True
    if _agrees(turn) and _nothing_new(ctx):
        await book(ctx)
        return True
    if turn.intent == "goodbye":
        await stop(task, ctx)
        ctx.speaker.say("utter_goodbye")
        return True
    if turn.intent in _LIKE_YES and not facts_said(turn):
        await ask_again(ctx, missed=True)
        return True
    if ctx.data.get(DAY_NAMED):
        ctx.turn = choosing.same_day(turn, slot_from_json(ctx.data[HOLD]["slot"]))
    return False


async def _choose_instead(ctx: Ctx) -> bool:
    other = await choosing.choose_instead(ctx)
    if other is None:
        return False
    await select(ctx, other)
    return True


def _refuses(turn: Turn) -> bool:
    """A bare "nie", unless it is unsure and may be a question ("nie ma czegoś wcześniej?")."""
    sure = turn.confidence >= SURE or not asks(turn.text)
    return turn.intent == "deny" and sure and not facts_said(turn)


def _agrees(turn: Turn) -> bool:
    """An explicit "tak", tapped or in words; "ok, dzięki" may thank for an answer, "tak, dziękuję" cannot."""
    if turn.intent not in {"affirm", "affirm_weak", *POLITE} and not only_yes(turn.text):
        return False
    if turn.intent != "affirm" and not (cue("plain_yes").heard(turn.text) or _strongly(turn)):
        return False
    return not turn.text or turn.pressed or explicit_yes(turn.text)


def _strongly(turn: Turn) -> bool:
    """ "Jak najbardziej", "a jakże": no thank-you is said like that."""
    return turn.intent not in POLITE and only_yes(turn.text)


def _nothing_new(ctx: Ctx) -> bool:
    """Whether the "tak" comes without anything that differs from what was read back."""
    slot = slot_from_json(ctx.data[HOLD]["slot"])
    turn = at_shown_day(ctx.turn, [slot])
    if turn.unwanted("doctor", "city", "facility", "service", "specialty"):
        return False
    if turn.when is not None and not turn.when.allows(slot.start):
        return False
    same = {"doctor": slot.doctor_id, "city": slot.city_id, "facility": slot.facility_id}
    return all(m.kind not in same or same[m.kind] is None or same[m.kind] in m.ids for m in turn.mentions)


# --- once more, and after a refusal


async def _at_again(task: Task[World], ctx: Ctx) -> bool:
    asks_how = ctx.turn.intent in _ASKS_HOW_IT_IS and not facts_said(ctx.turn)
    if ctx.data.get(UNSURE) and asks_how:  # "i co, zapisało się?": looking books nothing
        await settle(ctx, await confirm.look(ctx))
    elif ctx.turn.intent in _YES:
        await (book(ctx) if ctx.data.get(HOLD) else advance(ctx))
    elif ctx.turn.intent == "deny":
        await stop(task, ctx)
    else:
        return False
    return True


async def _at_refusal(ctx: Ctx) -> bool:
    """ "Tak" takes the first way out that was offered, "nie" leaves it at that."""
    prompt = ctx.frame.prompt
    if facts_said(ctx.turn):  # "no tak, to pediatra": neither the way out nor the end
        return False
    first = prompt.options[0].act if prompt is not None and prompt.options else {}
    leaves = first.get("intent") == "cancel_task"  # "ok" to "jest jeszcze za wcześnie"
    if ctx.turn.intent == "deny" or (leaves and ctx.turn.intent in _YES):
        ctx.end()
        ctx.speaker.say("utter_task_left")
        return True
    if not first:
        return False
    if ctx.turn.intent in _YES or (ctx.turn.intent == "book_visit" and first.get("do") == "search"):
        await act(ctx, first)
        return True
    return False
