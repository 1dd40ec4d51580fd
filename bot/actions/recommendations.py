"""Recommendations: after which visits there are any, and where they are read (R103)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from bot.actions.access import FullAccountTask, admitted, for_whom, told_how, whose_or_told
from bot.actions.booking.steps import Ctx, describer
from bot.dialogue.slots import SlotSpec
from bot.language.spoken import day_of
from bot.language.times.model import WARSAW
from bot.portal.records import Recommendation
from bot.portal.rules.accounts import Capability

SHOWN = 5


class Recommendations(FullAccountTask):
    """Lists the visits that left recommendations; what they say stays in the portal."""

    name = "recommendations"
    topic = "ask_recommendations"
    slots: ClassVar[Mapping[str, SlotSpec]] = {}

    async def take(self, ctx: Ctx) -> bool:
        """Everything that counts is in the message; nothing is asked."""
        return True

    async def advance(self, ctx: Ctx) -> None:
        """The list, or why there is none."""
        if told_how(ctx) or not await admitted(ctx, Capability.RECOMMENDATIONS, "utter_ask_recommendations"):
            return
        goes_on, patient = await whose_or_told(ctx)
        if not goes_on:
            return
        page = await ctx.world.signed_in()[0].recommendations(patient)
        if page.items:
            lines = "\n".join([await _line(ctx, item) for item in page.items[:SHOWN]])
            ctx.speaker.say("utter_recommendations", visits=lines)
        else:
            ctx.speaker.say("utter_recommendations_none")
        ctx.end()


async def _line(ctx: Ctx, item: Recommendation) -> str:
    service = ctx.world.signed_in()[1].services.get(item.service_id)
    parts = (
        day_of(item.issued_on, ctx.world.now.astimezone(WARSAW).date()),
        service.name if service else "",
        describer(ctx).doctor(item.doctor_id),
        await for_whom(ctx, item.patient_id),
    )
    return ctx.speaker.texts.get("utter_piece_item", item=", ".join(part for part in parts if part))
