"""Nothing a patient wrote, was told or offered, and no token, can be read from the stores."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis

from bot.storage import Button, PatientSession, open_embedded, open_redis
from bot.storage.protocols import Work
from bot.storage.sealed import with_sealed_content
from bot.storage.sealing import Sealer

CANARIES = ("boli mnie brzuch", "44051401359", "slot-okulista", "Okulista, 15:20", "tajny-token", "pat-7")
A_MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("kind", ["embedded", "redis"])
async def test_a_dump_shows_nothing(kind: str, tmp_path: Path, redis_url: str, clock: Any) -> None:
    prefix = f"dump-{tmp_path.name}"
    opened = (
        await open_redis(redis_url, prefix, clock)
        if kind == "redis"
        else await open_embedded(tmp_path / "desk.db", clock)
    )
    stores = with_sealed_content(opened, Sealer.of("", b"secret"))
    later = clock() + A_MINUTE
    said = {"text": f"{CANARIES[0]} {CANARIES[1]}"}
    await stores.outbox.append("c", "patient", said, clock(), once="1", work=Work.WAITING)
    await stores.buttons.issue(Button("c", 1, CANARIES[2], CANARIES[3], False, later), clock())
    await stores.sessions.put("s", PatientSession(CANARIES[5], CANARIES[4], "full", "web", later))
    await stores.records.put("chat", "k", {"name": CANARIES[0]}, A_MINUTE)
    found = await stores.outbox.next_work("c")
    assert found is not None
    assert found.body == said
    await stores.close()
    if kind == "redis":
        client = redis.Redis.from_url(redis_url)
        dump = b"".join(key + client.dump(key) for key in client.scan_iter(f"{prefix}*"))
    else:
        dump = b"".join((tmp_path / name).read_bytes() for name in os.listdir(tmp_path))
    assert len(dump) > 500
    for canary in CANARIES:
        assert canary.encode() not in dump


async def test_what_was_kept_before_there_was_a_key_is_read(tmp_path: Path, clock: Any) -> None:
    plain = await open_embedded(tmp_path / "desk.db", clock)
    await plain.outbox.append("c", "patient", {"text": "dawniej"}, clock())
    await plain.sessions.put("s", PatientSession("p", "t", "full", "web", clock() + A_MINUTE))
    stores = with_sealed_content(plain, Sealer.of("", b"secret"))
    assert (await stores.outbox.after("c", 0))[0].body == {"text": "dawniej"}
    session = await stores.sessions.get("s")
    assert session is not None
    assert session.token == "t"
    await stores.close()
