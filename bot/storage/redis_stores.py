"""The Redis set of stores, shared by any number of assistant processes."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.storage.held_files import RedisHeldFiles
from bot.storage.limits import RedisLimits
from bot.storage.protocols import Clock, Stores
from bot.storage.records import RedisRecords
from bot.storage.redis_link import RedisLink
from bot.storage.redis_live import RedisLocks, RedisSignals
from bot.storage.redis_outbox import RedisOutbox
from bot.storage.redis_records import RedisButtons, RedisDedupe, RedisSessions
from bot.storage.revocations import RedisRevocations


def _utc_now() -> datetime:
    return datetime.now(UTC)


async def open_redis(url: str, prefix: str = "asystent", clock: Clock = _utc_now) -> Stores:
    """Prepare the stores; start-up does not depend on Redis being reachable."""
    link = RedisLink.open(url, prefix)
    return Stores(
        outbox=RedisOutbox(link),
        dedupe=RedisDedupe(link),
        buttons=RedisButtons(link),
        sessions=RedisSessions(link, clock),
        revocations=RedisRevocations(link, clock),
        locks=RedisLocks(link),
        signals=RedisSignals(link),
        limits=RedisLimits(link),
        files=RedisHeldFiles(link),
        records=RedisRecords(link),
        close=link.close,
    )
