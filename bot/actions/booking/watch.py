"""A watch for freed slots: the patient is told when something suitable appears."""

from __future__ import annotations

from bot.actions.booking import search
from bot.actions.booking.steps import HORIZON, Ctx, describer
from bot.language.spoken import day_of
from bot.language.times.model import WARSAW
from bot.portal.errors import PortalProblem
from bot.portal.keys import idempotency_key
from bot.portal.records import WatchRequest

NOTICE_HOURS = 3
"""A slot that frees up later than this before the visit is of little use."""


async def create(ctx: Ctx, patient_id: str) -> None:
    """Sets up a watch for what was searched, and says what it watches for and until when."""
    portal, catalogue = ctx.world.signed_in()
    query = search.build(ctx.facts, catalogue, ctx.world.now, patient_id).query
    today = ctx.world.now.astimezone(WARSAW).date()
    last = max(today, query.end or today + HORIZON)
    wanted = WatchRequest(
        service_id=query.service_id,
        expires_on=last,
        patient_id=patient_id,
        city_ids=query.city_ids,
        facility_ids=query.facility_ids,
        doctor_ids=query.doctor_ids,
        start=query.start,
        end=last,
        min_notice_hours=NOTICE_HOURS,
    )
    key = idempotency_key(ctx.world.sender, f"watch-{ctx.conversation.turns}", query.service_id)
    try:
        watch = await portal.create_watch(wanted, key=key)
    except PortalProblem as problem:
        ctx.speaker.say("utter_portal_refused", detail=problem.detail_pl)
        return
    words = describer(ctx)
    ctx.speaker.say(
        "utter_watch_created",
        search=words.search(ctx.facts),
        watch=watch.id,
        last_day=day_of(watch.expires_on, today),
    )
