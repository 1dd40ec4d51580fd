"""The database under the sandbox: what is unique stays unique, what fails leaves nothing."""

from datetime import datetime, timedelta

import pytest

from bot.sandbox.store import Session, Store, savepoint

NOW = datetime.fromisoformat("2026-11-23T09:00:00+01:00")
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def store() -> Store:
    return Store()


async def test_a_slot_has_one_owner(store: Store) -> None:
    def race(session: Session) -> list[bool]:
        return [session.claim("slot", owner, owner, NOW, LATER) for owner in ("first", "second")]

    assert await store.transact(race) == [True, False]
    assert await store.transact(lambda s: s.claim("slot", "third", "third", NOW, None)) is False


async def test_a_claim_ends_when_it_expires(store: Store) -> None:
    await store.transact(lambda s: s.claim("slot", "first", "first", NOW, LATER))
    just_before = LATER - timedelta(microseconds=1)
    assert await store.transact(lambda s: s.claimed(just_before)) == {"slot"}
    assert await store.transact(lambda s: s.claim("slot", "second", "second", just_before, None)) is False
    assert await store.transact(lambda s: s.claimed(LATER)) == frozenset()
    assert await store.transact(lambda s: s.claim("slot", "second", "second", LATER, None)) is True
    assert await store.transact(lambda s: s.claimed(LATER + timedelta(days=99))) == {"slot"}


async def test_a_failure_leaves_nothing(store: Store) -> None:
    def fail(session: Session) -> None:
        session.put("visit", "someone", {"id": "1"})
        session.claim("slot", "1", "someone", NOW, None)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await store.transact(fail)
    assert await store.transact(lambda s: (s.every("visit"), s.claimed(NOW))) == ([], frozenset())


async def test_a_savepoint_undoes_only_its_part(store: Store) -> None:
    def partly(session: Session) -> None:
        def step() -> None:
            session.put("visit", "someone", {"id": "2"})
            raise KeyError

        session.put("visit", "someone", {"id": "1"})
        with pytest.raises(KeyError):
            savepoint(session, step)

    await store.transact(partly)
    assert await store.transact(lambda s: s.every("visit")) == [{"id": "1"}]


async def test_ids_are_repeatable_and_differ() -> None:
    async def some() -> list[str]:
        store = Store()
        ids = await store.transact(lambda s: [s.new_id("hold") for _ in range(50)])
        store.close()
        return ids

    first = await some()
    assert len(set(first)) == 50
    assert first == await some()
