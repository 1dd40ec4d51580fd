"""Pages of a list are read to the end, or to a bound."""

from bot.portal.models import Page
from bot.portal.paging import every_page

PAGES = {None: Page((1, 2), "b"), "b": Page((3,), "c"), "c": Page((4,), None)}


async def test_all_pages_are_read_in_order_and_no_more() -> None:
    asked: list[str | None] = []

    async def fetch(cursor: str | None) -> Page[int]:
        asked.append(cursor)
        return PAGES[cursor]

    assert await every_page(fetch, most=9) == [1, 2, 3, 4]
    assert asked == [None, "b", "c"]


async def test_no_more_pages_than_allowed() -> None:
    async def fetch(cursor: str | None) -> Page[int]:
        return PAGES[cursor]

    assert await every_page(fetch, most=2) == [1, 2, 3]
