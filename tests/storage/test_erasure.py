"""After erasing a patient a search of the whole store finds nothing of them, and everything of others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis

from bot.commands.erase import erase, names_of
from bot.settings import Settings
from bot.storage import Button, PatientSession, open_embedded, open_redis
from bot.storage.protocols import Work
from bot.storage.sealing import Sealer
from bot.storage.tracker_store import open_log

NOW = datetime.now(UTC)


@pytest.fixture(params=["sqlite", "redis"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = request.getfixturevalue("redis_url") if request.param == "redis" else None
    return Settings(state=tmp_path, storage=url, secret=f"{tmp_path.name}-secret-of-an-installation")


async def live(settings: Settings, patient: str) -> list[str]:
    """Leaves traces of a patient in every store."""
    names = names_of(settings, patient)
    sender, conversation = names[0], names[len(names) // 2]
    stores = await (open_redis if settings.storage else open_embedded)(settings.storage_place)
    await stores.outbox.append(conversation, "patient", {"text": "boli"}, NOW, once="1", work=Work.WAITING)
    later = NOW + timedelta(hours=1)
    await stores.buttons.issue(Button(conversation, 1, "/x", "X", False, later), NOW)
    await stores.sessions.put(sender, PatientSession(patient, "token", "full", "web", later))
    await stores.close()
    log = open_log(settings.conversations_place)
    await log.append(sender, 0, Sealer.of("", b"s").seal(b"boli", "p"), NOW, "w")
    await log.close()
    return names


def whole(settings: Settings) -> bytes:
    if settings.storage is None:
        return b"".join(file.read_bytes() for file in settings.state.iterdir())
    client = redis.Redis.from_url(settings.storage)
    return b"".join(key + (client.dump(key) or b"") for key in client.scan_iter())


async def test_nothing_is_left_of_one_and_all_of_the_other(settings: Settings) -> None:
    gone, stays = await live(settings, "anna"), await live(settings, "jan")
    assert any(name.encode() in whole(settings) for name in gone)
    receipt: dict[str, Any] = await erase(settings, "anna")
    assert receipt["records"] >= 4
    assert receipt["left"] == 0
    dump = whole(settings)
    assert not any(name.encode() in dump for name in gone)
    assert any(name.encode() in dump for name in stays)
    assert (await erase(settings, "anna"))["records"] == 0
