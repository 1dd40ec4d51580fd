"""The offer: what was found, five slots at most, and the question what to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.actions.booking import gates, refusals, search
from bot.actions.booking.nothing import say_nothing_free
from bot.actions.booking.slots import (
    DOCTOR_GENDER,
    FACILITY,
    FAILED,
    FITTED,
    NEARBY,
    OFFERED,
    ONLY_THIS,
    WHEN,
    WINDOW,
    when_of,
)
from bot.actions.booking.spread import spread
from bot.actions.booking.steps import (
    CHANGE,
    OFFER,
    Ctx,
    days_ahead,
    describer,
    free_days,
    person,
    say_intent,
    slot_from_json,
    slot_to_json,
)
from bot.actions.day_card import day_card
from bot.dialogue.speaker import press_payload
from bot.dialogue.state import Option
from bot.portal.clock import local_date
from bot.portal.errors import RuleProblem
from bot.portal.models import Slot


async def show(ctx: Ctx) -> None:
    """Searches and offers; the search that found nothing says so and offers what is near."""
    portal, catalogue = ctx.world.signed_in()
    patient_id, preferential = (await person(ctx)).id, await gates.preferential(ctx)
    window = ctx.data.get(WINDOW)
    wanted = search.build(ctx.facts, catalogue, ctx.world.now, patient_id, window)
    try:
        found = await search.run(portal, wanted, preferential=preferential)
    except (
        RuleProblem
    ) as problem:  # a rule that only the portal can check, such as a referral we may not read
        refusals.remember(ctx, problem)
        if await refusals.explain(ctx):
            ctx.park()
        return
    shown = spread(found)
    if shown and not (window or preferential or when_of(ctx.facts).has_day):
        ctx.data[NEARBY] = free_days(ctx, found)
    only_this = ctx.facts.pop(ONLY_THIS, None)
    if shown and ctx.facts.get(DOCTOR_GENDER) and all(slot.doctor_id is None for slot in shown):
        ctx.facts.pop(DOCTOR_GENDER)  # nothing is told that the portal does not know
        ctx.speaker.say("utter_booking_doctor_not_known")
    if shown:
        ctx.data[FAILED] = 0
        ctx.data[OFFERED] = [slot_to_json(slot) for slot in shown]
        ctx.data[FITTED] = dict(ctx.facts)
        put(ctx)
    elif window and ctx.data.get(OFFERED):
        _no_others(ctx)
    elif only_this:  # given up a moment ago, and taken by somebody else
        for name in (WHEN, FACILITY):
            ctx.facts.pop(name, None)
        ctx.speaker.say("utter_booking_given_up_slot_gone")
        await show(ctx)
    else:
        await say_nothing_free(ctx, patient_id, preferential=preferential)


def _no_others(ctx: Ctx) -> None:
    """Nothing beyond what was shown: says so and keeps the offer open."""
    window: Mapping[str, Any] = ctx.data.pop(WINDOW, None) or {}
    what = str(window.get("what") or "more")
    ctx.speaker.say(f"utter_booking_no_{what}")
    put(ctx, watch=what == "earlier")


def put(ctx: Ctx, *, watch: bool = False) -> None:
    """Puts the offer found last; `watch` adds a notice of what may still be freed."""
    speech, slots, what = describer(ctx), offered(ctx), searched(ctx)
    if all(slot.preferential for slot in slots):
        ctx.speaker.say("utter_booking_preferential")
    ctx.speaker.ask(
        OFFER,
        "utter_booking_offer_one" if len(slots) == 1 else "utter_booking_offer",
        _options(ctx, slots, watch=watch),
        card=_card(ctx, slots, what),
        search=what,
        facts={"slots": [slot_to_json(slot) for slot in slots]},
        slots="\n".join(f"{i}. {speech.option(slot)}" for i, slot in enumerate(slots, 1)),
    )


def _options(ctx: Ctx, slots: Sequence[Slot], *, watch: bool) -> list[Option]:
    speech = describer(ctx)
    return [
        *(
            Option(speech.option(slot), {"do": "slot", "slot": slot_to_json(slot), "look": "slot"})
            for slot in slots
        ),
        say_intent(ctx, "show_more", "show_more"),
        say_intent(ctx, "other_day", "other_day"),
        *([say_intent(ctx, "watch", "watch_slot")] if watch else []),
        say_intent(ctx, "stop_task", "cancel_task"),
    ]


def _card(ctx: Ctx, slots: Sequence[Slot], what: str) -> dict[str, Any]:
    """The offer as a channel may draw it; a row sends what the option of the coming question does."""
    speech, texts = describer(ctx), ctx.speaker.texts
    number = ctx.conversation.prompts + 1
    return {
        "kind": "slots",
        "title": texts.get("utter_head_slots"),
        "lead": texts.get("utter_lead_offer", search=what),
        "items": [
            speech.slot_card(slot, press_payload(f"{number}.{index}")) for index, slot in enumerate(slots)
        ],
        "calendar": _days(ctx, slots),
    }


def _days(ctx: Ctx, slots: Sequence[Slot]) -> dict[str, Any]:
    """For another day than those shown."""
    return ctx.data.get(NEARBY) or days_ahead(ctx, max(local_date(slot.start) for slot in slots))


def searched(ctx: Ctx) -> str:
    """What the offer is for; beyond the day asked for ("inny dzień") that day is not named any more."""
    facts = ctx.facts
    window = ctx.data.get(WINDOW) or {}
    if window.get("open"):
        facts = {**facts, WHEN: search.loosened(when_of(facts), window).to_json()}
    return describer(ctx).search(facts)


def offered(ctx: Ctx) -> list[Slot]:
    """The slots on offer."""
    return [slot_from_json(data) for data in ctx.data.get(OFFERED) or ()]


def ask_what_to_change(
    ctx: Ctx, response: str = "utter_booking_what_to_change", options: Sequence[Option] = ()
) -> None:
    """After "nie": one tap to what should be different; `options` when others are open already."""
    usual = ("other_day", "show_later", "other_doctor", "other_place")
    ctx.speaker.ask(
        CHANGE,
        response,
        options
        or [
            *(say_intent(ctx, name, name) for name in usual),
            say_intent(ctx, "stop_task", "cancel_task"),
        ],
        card=day_card(days_ahead(ctx)),
    )
