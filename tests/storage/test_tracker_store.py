"""Rasa's door to the conversation log, against the stock classes where those fail."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.tracker_store import InMemoryTrackerStore, RedisTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    ConversationPaused,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.storage.conversations import ConversationMovedError
from bot.storage.sealing import Sealer
from bot.storage.tracker_events import LONGEST
from bot.storage.tracker_store import ConversationStore, open_log

DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": ["greet", "inform"],
        "actions": ["action_booking"],
        "slots": {
            "conversation": {
                "type": "any",
                "influence_conversation": False,
                "mappings": [{"type": "custom"}],
            },
            "city": {"type": "text", "initial_value": "Warszawa", "mappings": [{"type": "custom"}]},
        },
    }
)


@pytest.fixture(params=["sqlite", "redis"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return request.getfixturevalue("redis_url") if request.param == "redis" else str(tmp_path / "talk.db")


@pytest.fixture
async def opened(place: str, tmp_path: Path) -> AsyncIterator[Any]:
    stores: list[ConversationStore] = []

    def open_store(**options: Any) -> ConversationStore:
        log = open_log(place, prefix=f"s-{tmp_path.name}")
        store = ConversationStore(DOMAIN, log=log, sealer=Sealer.of("", b"secret"), **options)
        stores.append(store)
        return store

    yield open_store
    for store in stores:
        await store.close()


def said(number: int) -> list[Event]:
    return [
        UserUttered(f"wiadomość {number} żółć", {"name": "inform", "confidence": 0.9}),
        SlotSet("conversation", {"turns": number}),
        ActionExecuted("action_booking"),
        BotUttered(f"odpowiedź {number}", metadata={"utter_action": "utter_x"}),
        ActionExecuted("action_listen"),
    ]


def opening() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


async def talk(store: TrackerStore, sender: str, turns: range) -> DialogueStateTracker:
    for number in turns:
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        tracker.model_id = "m"
        if not tracker.events:
            tracker.update_with_events(opening(), DOMAIN)
        tracker.update_with_events(said(number), DOMAIN)
        await store.save(tracker)
    found = await store.retrieve(sender)
    assert found is not None
    return found


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What Rasa and its policies see of where a conversation is."""
    whole = tracker.current_state()
    return {
        key: whole[key]
        for key in (
            "slots",
            "latest_message",
            "followup_action",
            "paused",
            "active_loop",
            "latest_action_name",
            "latest_input_channel",
        )
    }


async def test_a_long_conversation_is_where_stock_rasa_is_and_short(opened: Any) -> None:
    ours, cold, stock = opened(), opened(live=0), InMemoryTrackerStore(DOMAIN)
    for number in range(80):
        turn = range(number, number + 1)
        expected = state(await talk(stock, "a", turn))
        warm = await talk(ours, "a", turn)
        read = await cold.retrieve("a")
        assert state(warm) == expected
        assert state(read) == expected
        assert len(warm.events) <= LONGEST
        assert list(warm.events)[-12:] == list(read.events)[-12:]
    full = await ours.retrieve_full_tracker("a")
    texts = [event.text for event in full.events if isinstance(event, UserUttered)]
    assert texts == [f"wiadomość {number} żółć" for number in range(80)]
    assert state(full) == expected


async def test_stock_redis_store_writes_the_whole_conversation_each_turn_and_ours_one_turn(
    redis_url: str, tmp_path: Path
) -> None:
    import redis

    host, port = redis_url.removeprefix("redis://").removesuffix("/0").split(":")
    stock = RedisTrackerStore(DOMAIN, host=host, port=int(port), key_prefix=tmp_path.name.replace("_", ""))
    client = redis.Redis.from_url(redis_url)
    ours = ConversationStore(DOMAIN, host=redis_url, secret="s")

    async def written(store: TrackerStore, turns: range) -> int:
        before = client.info()["total_net_input_bytes"]
        await talk(store, "growing", turns)
        return int(client.info()["total_net_input_bytes"]) - before

    growth = {}
    for name, store in (("stock", stock), ("ours", ours)):
        early = await written(store, range(10, 14))
        await talk(store, "growing", range(14, 100))
        growth[name] = await written(store, range(100, 104)) / early
    assert growth["stock"] > 3
    assert growth["ours"] < 1.5
    await ours.close()


async def test_two_workers_with_one_conversation_lose_nothing_silently(opened: Any, redis_url: str) -> None:
    first, second = opened(), opened()
    await talk(first, "a", range(1))
    mine, other = await first.retrieve("a"), await second.retrieve("a")
    mine.update_with_events(said(1), DOMAIN)
    other.update_with_events(said(2), DOMAIN)
    await first.save(mine)
    with pytest.raises(ConversationMovedError):
        await second.save(other)
    again = await second.retrieve("a")
    assert again.latest_message.text == "wiadomość 1 żółć"

    # Stock: the second save is taken, and what the tracker says depends on who was last.
    host, port = redis_url.removeprefix("redis://").removesuffix("/0").split(":")
    stock = RedisTrackerStore(DOMAIN, host=host, port=int(port), key_prefix="stockrace")
    await talk(stock, "a", range(1))
    mine, other = await stock.retrieve("a"), await stock.retrieve("a")
    mine.update_with_events(said(1), DOMAIN)
    other.update_with_events(said(2), DOMAIN)
    await stock.save(mine)
    await stock.save(other)  # no error


async def test_a_turn_that_failed_leaves_no_trace(opened: Any) -> None:
    store = opened()
    await talk(store, "a", range(2))
    broken = await store.retrieve("a")
    broken.update_with_events(said(9), DOMAIN)  # and then the process, or the turn, dies
    assert (await store.retrieve("a")).latest_message.text == "wiadomość 1 żółć"


async def test_sessions_restart_pause_and_revert(opened: Any) -> None:
    ours, cold, stock = opened(), opened(live=0), InMemoryTrackerStore(DOMAIN)
    steps: list[list[Event]] = [
        opening() + said(0),
        [SlotSet("city", "Kraków"), *said(1)],
        [UserUttered("cofnij", {"name": "inform"}), UserUtteranceReverted(), ActionExecuted("action_listen")],
        *(said(number) for number in range(2, 16)),
        [*opening()[:2], SlotSet("city", "Kraków"), ActionExecuted("action_listen"), *said(16)],
        *(said(number) for number in range(17, 34)),
        [*said(40), Restarted(), ActionExecuted("action_listen")],
        *(said(number) for number in range(41, 60)),
        [*said(60), ConversationPaused()],
    ]
    for step in steps:
        for store in (ours, stock):
            tracker = await store.get_or_create_tracker("a", append_action_listen=False)
            tracker.update_with_events(step, DOMAIN)
            await store.save(tracker)
        expected = state(await stock.retrieve("a"))
        assert state(await ours.retrieve("a")) == expected
        assert state(await cold.retrieve("a")) == expected
    stock_full = await ours.retrieve_full_tracker("a")
    assert len(stock_full.events) == sum(len(step) for step in steps)


async def test_a_tracker_made_elsewhere_is_added_and_not_taken_for_the_whole(opened: Any) -> None:
    store = opened()
    await talk(store, "a", range(3))
    foreign = DialogueStateTracker("a", DOMAIN.slots)
    foreign.update_with_events(said(7), DOMAIN)
    await store.save(foreign)
    full = await store.retrieve_full_tracker("a")
    texts = [event.text for event in full.events if isinstance(event, UserUttered)]
    assert texts == [f"wiadomość {number} żółć" for number in (0, 1, 2, 7)]


async def test_nothing_readable_is_stored(opened: Any, place: str, redis_url: str, tmp_path: Path) -> None:
    import redis

    store = opened()
    await talk(store, "canary", range(20))
    await store.close()
    dump = b"".join((tmp_path / name).read_bytes() for name in os.listdir(tmp_path))
    client = redis.Redis.from_url(redis_url)
    for key in client.scan_iter(f"s-{tmp_path.name}*"):
        dump += client.dump(key)
    assert len(dump) > 1000
    for word in ("wiadomość", "odpowiedź", "action_booking", 'conversation"'):
        assert word.encode() not in dump
        assert json.dumps(word).strip('"').encode() not in dump


async def test_the_endpoints_file_opens_it(place: str, tmp_path: Path) -> None:
    endpoint = EndpointConfig(
        url=place, type="bot.storage.tracker_store.ConversationStore", secret="s", keys=""
    )
    store = TrackerStore.create(endpoint, DOMAIN)
    assert isinstance(store, ConversationStore)
    await talk(store, tmp_path.name, range(2))
    assert tmp_path.name in list(await store.keys())
    assert await store.exists(tmp_path.name)
    assert await store.delete(tmp_path.name)
    assert not await store.exists(tmp_path.name)
    await store.close()


def test_a_store_without_a_place_or_a_secret_is_refused() -> None:
    with pytest.raises(ValueError):
        ConversationStore(DOMAIN, secret="s")
    with pytest.raises(ValueError):
        ConversationStore(DOMAIN, host="x.db")
