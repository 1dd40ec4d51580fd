"""What is asked of the portal, and what of its answers is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from bot.actions.booking import search
from bot.actions.booking.search import HORIZON, Search, build
from bot.actions.catalogue import Catalogue
from bot.language.times import When
from bot.portal.models import Pool, Slot, SlotPage

TUESDAY = date(2026, 11, 24)


def of(now: datetime, catalogue: Catalogue, window: dict[str, Any] | None = None, **facts: Any) -> Search:
    return build({"service": "skin", **facts}, catalogue, now, "me", window)


def test_a_search_without_a_date_ends_at_the_horizon(now: datetime, catalogue: Catalogue) -> None:
    wanted = of(now, catalogue, city=["warszawa"])
    assert (wanted.earliest, wanted.latest) == (now, now + HORIZON)
    assert (wanted.query.start, wanted.query.city_ids) == (now.date(), ("warszawa",))


def test_a_day_is_searched_to_its_last_minute(now: datetime, catalogue: Catalogue) -> None:
    wanted = of(now, catalogue, when=When(date_from=TUESDAY, date_to=TUESDAY).to_json())
    assert (wanted.query.start, wanted.query.end) == (TUESDAY, TUESDAY)
    assert wanted.latest - wanted.earliest == timedelta(days=1)


def test_today_starts_now(now: datetime, catalogue: Catalogue, make_slot: Callable[..., Slot]) -> None:
    wanted = of(now, catalogue, when=When(date_from=now.date(), date_to=now.date()).to_json())
    assert wanted.earliest == now
    assert not wanted.fits(make_slot("2026-11-23 08:40"))
    assert wanted.fits(make_slot("2026-11-23 09:20"))


def test_of_several_days_the_span_covers_all(now: datetime, catalogue: Catalogue) -> None:
    either = When(options=(When(dates=(TUESDAY,)), When(dates=(date(2026, 11, 27),))))
    wanted = of(now, catalogue, when=either.to_json())
    assert (wanted.query.start, wanted.query.end) == (TUESDAY, date(2026, 11, 27))


def test_earlier_ends_where_the_offer_began_and_keeps_the_hours(
    now: datetime, catalogue: Catalogue, make_slot: Callable[..., Slot]
) -> None:
    wish = When(date_from=date(2026, 11, 30), date_to=date(2026, 11, 30), time_from=time(16))
    window = {"from": now.isoformat(), "to": "2026-11-30T16:00:00+01:00", "open": True}
    wanted = of(now, catalogue, window, when=wish.to_json())
    assert wanted.fits(make_slot("2026-11-24 16:30"))
    assert not wanted.fits(make_slot("2026-11-24 15:30"))
    assert not wanted.fits(make_slot("2026-11-30 16:00"))


def test_later_goes_beyond_the_day_asked_for(
    now: datetime, catalogue: Catalogue, make_slot: Callable[..., Slot]
) -> None:
    wish = When(date_from=TUESDAY, date_to=TUESDAY)
    window = {"from": "2026-11-24T15:31:00+01:00", "open": True}
    wanted = of(now, catalogue, window, when=wish.to_json())
    assert wanted.fits(make_slot("2026-12-20 08:00"))
    assert wanted.latest >= wanted.earliest + HORIZON


def test_more_leaves_out_what_was_shown_and_another_day_its_day(
    now: datetime, catalogue: Catalogue, make_slot: Callable[..., Slot]
) -> None:
    slot = make_slot("2026-11-24 15:30")
    assert not of(now, catalogue, {"skip": [slot.id]}).fits(slot)
    assert not of(now, catalogue, {"not_days": ["2026-11-24"]}).fits(slot)
    assert of(now, catalogue, {"skip": ["other"]}).fits(slot)


def test_an_unwanted_town_and_doctor_are_left_out(
    now: datetime, catalogue: Catalogue, make_slot: Callable[..., Slot]
) -> None:
    wanted = of(now, catalogue, not_city=["warszawa"], not_doctor=["zieba"])
    assert wanted.query.exclude_doctor_ids == ("zieba",)
    assert not wanted.fits(make_slot("2026-11-24 15:30"))


def test_a_call_is_not_tied_to_a_place(now: datetime, catalogue: Catalogue) -> None:
    query = of(now, catalogue, service="skin-phone", city=["warszawa"], facility=["mokotow"]).query
    assert (query.city_ids, query.facility_ids) == ((), ())


def test_a_district_is_its_facilities(now: datetime, catalogue: Catalogue) -> None:
    query = of(now, catalogue, city=["warszawa"], district="Mokotów").query
    assert query.facility_ids == ("mokotow",)


def test_a_woman_is_looked_for_in_town_and_a_man_not_kept(
    now: datetime, catalogue: Catalogue, make_slot: Callable[..., Slot]
) -> None:
    wanted = of(now, catalogue, city=["warszawa"], doctor_gender="f")
    assert wanted.query.doctor_ids == ("zieba",)
    assert not wanted.fits(make_slot("2026-11-24 15:30", "nowak-skin"))


def page(items: list[Slot], cursor: str | None = None) -> SlotPage:
    return SlotPage(items=tuple(items), searched_from=TUESDAY, searched_to=TUESDAY, next_cursor=cursor)


async def test_pages_are_read_until_there_are_enough(
    now: datetime, catalogue: Catalogue, portal: Any, make_slot: Callable[..., Slot]
) -> None:
    fits, too_early = make_slot("2026-11-24 15:30"), make_slot("2026-11-23 08:00")
    portal.pages = [page([too_early], "next"), page([fits])]
    assert await search.run(portal, of(now, catalogue)) == [fits]
    assert [query.cursor for query in portal.queries] == [None, "next"]


async def test_a_long_list_is_not_read_for_ever(
    now: datetime, catalogue: Catalogue, portal: Any, make_slot: Callable[..., Slot]
) -> None:
    portal.pages = [page([], "next") for _ in range(50)]
    assert await search.run(portal, of(now, catalogue)) == []
    assert len(portal.queries) < 50


async def test_the_preferential_pool_comes_first_and_no_slot_twice(
    now: datetime, catalogue: Catalogue, portal: Any, make_slot: Callable[..., Slot]
) -> None:
    late, early = make_slot("2026-11-26 10:00", preferential=True), make_slot("2026-11-24 10:00")
    portal.pages = [page([late]), page([early, late])]
    assert await search.run(portal, of(now, catalogue), preferential=True) == [late, early]
    assert [query.pool for query in portal.queries] == [Pool.PREFERENTIAL, None]


@pytest.mark.parametrize("field", ["from", "to"])
def test_bounds_are_aware(now: datetime, catalogue: Catalogue, field: str) -> None:
    wanted = of(now, catalogue, {field: "2026-11-25T00:00:00+01:00"})
    moment: datetime = wanted.earliest if field == "from" else wanted.latest
    assert moment.utcoffset() == timedelta(hours=1)
