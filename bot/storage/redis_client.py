"""Redis addresses: one server, or a master that Sentinels know.

`redis://host:6379/0`, `rediss://...` with TLS; `redis+sentinel://:password@host1:26379,host2:26379/mymaster/0`,
`rediss+sentinel://...`. The password is that of the servers and of the Sentinels.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import redis.asyncio as aioredis
from redis.asyncio.sentinel import Sentinel

_DIRECT = ("redis://", "rediss://")
_SENTINEL = ("redis+sentinel://", "rediss+sentinel://")
_SENTINEL_PORT = 26379


class RedisAddressError(ValueError):
    """An address that cannot be used; says how it should look. Never repeats the password."""


def is_redis(place: str) -> bool:
    """Whether a place of storage is a Redis, not a file."""
    return place.startswith((*_DIRECT, *_SENTINEL))


def open_client(url: str, **options: Any) -> aioredis.Redis[Any]:
    """A client with a pool; nothing is contacted yet. `options` are redis-py's.

    Behind Sentinels every new connection asks them who is the master now, so a failover needs no restart.
    Raises RedisAddressError for an address that cannot be read.
    """
    if not url.startswith(_SENTINEL):
        client: aioredis.Redis[Any] = aioredis.from_url(url, **options)
        return client
    hosts, service, settings = _parts(url)
    sentinel = Sentinel(
        hosts,
        sentinel_kwargs={name: settings[name] for name in settings if name != "db"},
        **settings,
    )
    found: aioredis.Redis[Any] = sentinel.master_for(service, **options)
    return found


def check_address(url: str) -> None:
    """Raises RedisAddressError for an address that cannot be used."""
    if not is_redis(url):
        raise RedisAddressError(f"must start with one of {', '.join((*_DIRECT, *_SENTINEL))}")
    if url.startswith(_SENTINEL):
        _parts(url)


def _parts(url: str) -> tuple[list[tuple[str, int]], str, dict[str, Any]]:
    scheme, _, rest = url.partition("://")
    where, _, path = rest.partition("/")
    credentials, _, hosts = where.rpartition("@")
    service, _, database = path.partition("/")
    if not hosts or not service or not (database or "0").isdigit():
        raise RedisAddressError("must look like redis+sentinel://:password@host:26379,host:26379/mymaster/0")
    user, _, password = credentials.partition(":")
    settings: dict[str, Any] = {"db": int(database or 0)}
    if user:
        settings["username"] = unquote(user)
    if password:
        settings["password"] = unquote(password)
    if scheme.startswith("rediss"):
        settings["ssl"] = True
    return [_host(host) for host in hosts.split(",")], unquote(service), settings


def _host(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":") if ":" in text else (text, "", str(_SENTINEL_PORT))
    if not host or not port.isdigit():
        raise RedisAddressError("each Sentinel is a host and a port, as in host:26379")
    return host.strip("[]"), int(port)
