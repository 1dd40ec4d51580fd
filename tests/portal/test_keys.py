from __future__ import annotations

from uuid import UUID

from bot.portal.keys import idempotency_key


def test_the_same_request_has_the_same_key() -> None:
    key = idempotency_key("conversation", "reserve", "hold1")
    assert key == idempotency_key("conversation", "reserve", "hold1")
    assert UUID(key).version == 5


def test_the_key_is_stable_between_releases() -> None:
    # A conversation saved before an upgrade must find the answer stored under its key.
    assert idempotency_key("c", "reserve", "h") == "5fc6098c-39b9-5774-9e42-6d205135e1e2"


def test_every_part_counts_and_parts_do_not_run_together() -> None:
    keys = {
        idempotency_key("a", "b", "c"),
        idempotency_key("ab", "", "c"),
        idempotency_key("a", "bc", ""),
        idempotency_key("a", "b", "d"),
        idempotency_key("x", "b", "c"),
    }
    assert len(keys) == 5
