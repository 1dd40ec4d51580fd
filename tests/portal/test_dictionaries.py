from __future__ import annotations

import asyncio

import pytest

from bot.portal.dictionaries import DictionaryCache, Fetched
from bot.portal.errors import PortalUnavailable


class Source:
    """A dictionary at the portal: its version, and whether the portal is up."""

    def __init__(self) -> None:
        self.version = "v1"
        self.down = False
        self.asked: list[str | None] = []

    async def __call__(self, etag: str | None) -> Fetched | None:
        self.asked.append(etag)
        await asyncio.sleep(0)
        if self.down:
            raise PortalUnavailable("down")
        return None if etag == self.version else Fetched((self.version,), self.version)


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def time() -> Seconds:
    return Seconds()


@pytest.fixture
def cache(time: Seconds) -> DictionaryCache:
    return DictionaryCache(max_age=300, max_stale=3600, monotonic=time)


async def test_a_fresh_copy_is_not_asked_for_again(
    cache: DictionaryCache, source: Source, time: Seconds
) -> None:
    await cache.get("cities", source)
    time.now = 299
    assert await cache.get("cities", source) == ("v1",)
    assert source.asked == [None]


async def test_an_old_copy_is_checked_by_its_version(
    cache: DictionaryCache, source: Source, time: Seconds
) -> None:
    await cache.get("cities", source)
    time.now = 300
    assert await cache.get("cities", source) == ("v1",)
    time.now = 599
    await cache.get("cities", source)
    assert source.asked == [None, "v1"]


async def test_a_changed_dictionary_replaces_the_copy(
    cache: DictionaryCache, source: Source, time: Seconds
) -> None:
    await cache.get("cities", source)
    time.now, source.version = 300, "v2"
    assert await cache.get("cities", source) == ("v2",)


async def test_patients_asking_at_once_share_one_request(cache: DictionaryCache, source: Source) -> None:
    answers = await asyncio.gather(*[cache.get("cities", source) for _ in range(50)])
    assert set(answers) == {("v1",)}
    assert len(source.asked) == 1


async def test_dictionaries_are_kept_apart(cache: DictionaryCache, source: Source) -> None:
    await cache.get("cities", source)
    await cache.get("doctors", source)
    assert source.asked == [None, None]


async def test_an_old_copy_serves_while_the_portal_is_down(
    cache: DictionaryCache, source: Source, time: Seconds
) -> None:
    await cache.get("cities", source)
    time.now, source.down = 3599, True
    assert await cache.get("cities", source) == ("v1",)
    time.now = 3600
    with pytest.raises(PortalUnavailable):
        await cache.get("cities", source)


async def test_without_a_copy_an_outage_is_told(cache: DictionaryCache, source: Source) -> None:
    source.down = True
    with pytest.raises(PortalUnavailable):
        await cache.get("cities", source)


async def test_not_modified_without_a_copy_is_no_answer(cache: DictionaryCache) -> None:
    async def confused(etag: str | None) -> Fetched | None:
        return None

    with pytest.raises(PortalUnavailable):
        await cache.get("cities", confused)
