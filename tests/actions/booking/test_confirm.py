"""What comes of a "tak": booked, refused, or not known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.booking import closing, confirm, holds
from bot.actions.booking.steps import Ctx
from bot.portal.errors import AuthProblem, ConflictProblem, GoneProblem, PortalProblem, PortalUnavailable
from bot.portal.models import Hold, Reservation, Slot

LOST = PortalUnavailable("no answer", maybe_committed=True)


@pytest.fixture
def slot(make_slot: Callable[..., Slot]) -> Slot:
    return make_slot("2026-11-24 15:30")


@pytest.fixture
def ctx(make_ctx: Callable[..., Ctx], held: Callable[[Slot], Hold], slot: Slot) -> Ctx:
    ctx = make_ctx(service="skin", city=["warszawa"])
    holds.keep(ctx, held(slot))
    return ctx


def uttered(dispatcher: CollectingDispatcher) -> list[str]:
    return [message["response"] for message in dispatcher.messages]


async def test_booked(ctx: Ctx, portal: Any, reservation: Callable[[Slot], Reservation], slot: Slot) -> None:
    portal.answer = reservation(slot)
    assert await confirm.confirm(ctx) == portal.answer
    assert portal.reserved == [("h1", None)]


async def test_a_visit_that_is_moved_is_named_to_the_portal(
    ctx: Ctx, portal: Any, reservation: Callable[[Slot], Reservation], slot: Slot
) -> None:
    portal.answer = reservation(slot)
    ctx.data["replaces"] = {"id": "old", "old": "x"}
    await confirm.confirm(ctx)
    assert portal.reserved == [("h1", "old")]


@pytest.mark.parametrize("problem", [GoneProblem("HOLD_EXPIRED", 410), ConflictProblem("SLOT_TAKEN", 409)])
async def test_a_slot_that_is_gone_is_not_held_any_more(
    ctx: Ctx, portal: Any, problem: PortalProblem
) -> None:
    portal.answer = problem
    assert await confirm.confirm(ctx) == problem.code
    assert "hold" not in ctx.data
    assert ctx.data["problem"]["code"] == problem.code


async def test_an_ended_session_is_no_outcome(ctx: Ctx, portal: Any) -> None:
    portal.answer = AuthProblem("TOKEN_EXPIRED", 401)
    with pytest.raises(AuthProblem):
        await confirm.confirm(ctx)
    assert "hold" in ctx.data


async def test_a_lost_answer_is_looked_up_and_found(
    ctx: Ctx, portal: Any, reservation: Callable[[Slot], Reservation], slot: Slot
) -> None:
    portal.answer, portal.booked = LOST, [reservation(slot)]
    assert await confirm.confirm(ctx) == portal.booked[0]


async def test_a_lost_answer_without_a_visit_is_not_booked(
    ctx: Ctx, portal: Any, reservation: Callable[[Slot], Reservation], make_slot: Callable[..., Slot]
) -> None:
    portal.answer, portal.booked = LOST, [reservation(make_slot("2026-11-24 08:00"))]
    assert await confirm.confirm(ctx) == confirm.NOT_BOOKED
    assert "unsure" not in ctx.data


async def test_a_portal_that_says_nothing_leaves_it_open(
    ctx: Ctx, portal: Any, reservation: Callable[[Slot], Reservation], slot: Slot
) -> None:
    portal.answer = portal.booked = LOST
    assert await confirm.confirm(ctx) == confirm.UNKNOWN
    assert ctx.data["unsure"] is True
    assert closing.stopped(ctx) == "utter_booking_stopped_unsure"


async def test_unknown_is_told_as_unknown_and_asked_again(
    ctx: Ctx, portal: Any, dispatcher: CollectingDispatcher
) -> None:
    portal.answer = portal.booked = LOST
    await closing.book(ctx)
    assert uttered(dispatcher) == ["utter_booking_unknown"]
    assert ctx.frame.prompt is not None
    assert ctx.frame.prompt.about == "again"
    assert portal.released == [], "what may be booked is not given back"


async def test_after_the_hold_ran_out_an_unknown_outcome_is_only_looked_at(
    ctx: Ctx,
    portal: Any,
    reservation: Callable[[Slot], Reservation],
    slot: Slot,
    dispatcher: CollectingDispatcher,
) -> None:
    ctx.data["unsure"] = True
    ctx.world.now += timedelta(minutes=11)
    portal.booked = [reservation(slot)]
    await closing.book(ctx)
    assert portal.reserved == []
    assert "utter_booked_onsite" in uttered(dispatcher)
    assert ctx.conversation.stack == []


async def test_booked_ends_the_task_and_brings_nothing_back(
    ctx: Ctx,
    portal: Any,
    reservation: Callable[[Slot], Reservation],
    slot: Slot,
    dispatcher: CollectingDispatcher,
) -> None:
    portal.answer = reservation(slot)
    ctx.conversation.parked = ctx.frame
    await closing.book(ctx)
    assert "utter_booked_onsite" in uttered(dispatcher)
    assert ctx.conversation.stack == []
    assert ctx.conversation.parked is None


@pytest.mark.parametrize("unknown_at", ["release", "nothing held"])
async def test_giving_back_never_fails(ctx: Ctx, portal: Any, unknown_at: str) -> None:
    async def fails(_: str) -> None:
        raise LOST

    portal.release = fails
    if unknown_at == "nothing held":
        ctx.data.pop("hold")
    await holds.release(ctx)
    assert "hold" not in ctx.data


def test_a_hold_ends_by_the_portals_clock(ctx: Ctx) -> None:
    assert not holds.expired(ctx)
    ctx.world.now += timedelta(minutes=10)
    assert holds.expired(ctx)
    del ctx.data["hold"]
    assert holds.expired(ctx)
