"""Several visits wanted in one conversation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from bot.actions.booking import queue
from bot.actions.booking.steps import Ctx
from bot.dialogue.state import Frame
from bot.dialogue.turn import Turn
from bot.language.times import When

SKIN = ("specialty", "dermatolog", "dermatologa")
HEART = ("specialty", "kardiolog", "kardiologa")


def test_one_more_is_queued_behind_the_open_one(
    said: Callable[..., Turn], make_ctx: Callable[..., Ctx]
) -> None:
    turn = said("jeszcze do kardiologa", HEART, intent="book_visit")
    ctx = make_ctx(turn, specialty="dermatolog")
    assert queue.second_request(ctx)
    queued, first = ctx.conversation.stack
    assert first is ctx.frame
    assert first.facts == {"specialty": "dermatolog"}
    assert queued.facts["specialty"] == "kardiolog"
    assert not ctx.speaker.silent


def test_without_a_word_for_one_more_it_is_a_correction(
    said: Callable[..., Turn], make_ctx: Callable[..., Ctx]
) -> None:
    turn = said("umów do kardiologa", HEART, intent="book_visit")
    ctx = make_ctx(turn, specialty="dermatolog")
    assert not queue.second_request(ctx)
    assert ctx.conversation.stack == [ctx.frame]


def test_the_same_said_again_is_not_a_second_one(
    said: Callable[..., Turn], make_ctx: Callable[..., Ctx]
) -> None:
    turn = said("jeszcze raz: do dermatologa", SKIN, intent="book_visit")
    assert not queue.second_request(make_ctx(turn, specialty="dermatolog"))


def test_the_first_wish_is_never_a_second_one(
    said: Callable[..., Turn], make_ctx: Callable[..., Ctx]
) -> None:
    assert not queue.second_request(make_ctx(said("jeszcze do kardiologa", HEART, intent="book_visit")))


def test_two_in_one_breath_the_second_waits(said: Callable[..., Turn], make_ctx: Callable[..., Ctx]) -> None:
    ctx = make_ctx(
        said(
            "do dermatologa i kardiologa",
            SKIN,
            HEART,
        )
    )
    turn = queue.in_turn(ctx)
    assert [mention.ids[0] for mention in turn.mentions] == ["dermatolog"]
    queued, first = ctx.conversation.stack
    assert first is ctx.frame
    assert queued.facts["specialty"] == "kardiolog"


def test_one_thing_is_read_as_it_is(said: Callable[..., Turn], make_ctx: Callable[..., Ctx]) -> None:
    ctx = make_ctx(said("do dermatologa", SKIN))
    assert queue.in_turn(ctx) is ctx.turn
    assert ctx.speaker.silent


def test_what_is_queued_takes_over_town_and_hours_but_not_the_day(
    make_ctx: Callable[..., Ctx], now: datetime
) -> None:
    wish = When(date_from=now.date(), date_to=now.date(), time_from=time(16))
    ctx = make_ctx(city=["warszawa"], when=wish.to_json())
    open_one, named = Frame("booking"), Frame("booking", facts={"city": ["krakow"]})
    ctx.conversation.stack[:0] = [open_one, named, Frame("other")]
    queue.carry(ctx)
    assert open_one.facts == {"city": ["warszawa"], "when": When(time_from=time(16)).to_json()}
    assert named.facts["city"] == ["krakow"]
    assert ctx.conversation.stack[2].facts == {}
