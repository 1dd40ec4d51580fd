"""Token buckets: in the process, and in Redis for many processes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.storage.protocols import Allowance, Rate
from bot.storage.redis_link import RedisLink, milliseconds

MAX_BUCKETS = 100_000
"""Buckets kept in a process; the one not asked for longest goes first (a flood of new addresses)."""

TAKE = """
-- KEYS: bucket; ARGV: burst, refill in milliseconds, now in milliseconds since the epoch
local burst, refill, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'refused')
local tokens, at, refused = tonumber(kept[1]) or burst, tonumber(kept[2]) or now, kept[3] == '1'
-- A clock that was set back gives nothing, and the waiting starts anew: it must not last as long as the step.
if now > at then tokens = math.min(burst, tokens + (now - at) / refill) end
at = now
local allowed = tokens >= 1
if allowed then tokens = tokens - 1 end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', at, 'refused', allowed and '0' or '1')
redis.call('PEXPIRE', KEYS[1], math.ceil(burst * refill) + 1000)
if allowed then return {1, 0, 0} end
return {0, math.ceil((1 - tokens) * refill), refused and 0 or 1}
"""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: datetime
    refused: bool = False


class LocalLimits:
    """See `Limits`; one process. A restart fills every bucket."""

    def __init__(self, most: int = MAX_BUCKETS) -> None:
        self._most = most
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()

    async def take(self, scope: str, key: str, rate: Rate, now: datetime) -> Allowance:
        """Take one token."""
        bucket = self._buckets.setdefault((scope, key), _Bucket(rate.burst, now))
        self._buckets.move_to_end((scope, key))
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        if now > bucket.at:
            bucket.tokens = min(rate.burst, bucket.tokens + (now - bucket.at) / rate.refill)
        # A clock that was set back gives nothing, and the waiting starts anew: not as long as the step.
        bucket.at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            bucket.refused = False
            return Allowance(allowed=True)
        first, bucket.refused = not bucket.refused, True
        return Allowance(False, (1 - bucket.tokens) * rate.refill, first)


class RedisLimits:
    """See `Limits`; one atomic step in Redis, and an unused bucket expires when it would be full."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link

    async def take(self, scope: str, key: str, rate: Rate, now: datetime) -> Allowance:
        """Take one token."""
        values = [rate.burst, milliseconds(rate.refill), int(now.timestamp() * 1000)]
        allowed, wait, first = await self._link.script(TAKE, [self._link.key(f"rate-{scope}", key)], values)
        return Allowance(bool(allowed), timedelta(milliseconds=wait), bool(first))
