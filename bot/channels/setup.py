"""Opens the front desk with everything behind it."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from bot.channels.core import FrontDesk
from bot.channels.desk_settings import DeskSettings
from bot.channels.events.inbox import EventInbox, OpenEvent
from bot.channels.events.wording import NameOf
from bot.channels.files.checking import FileCheck
from bot.channels.files.clamd import Clamd
from bot.channels.files.desk import FileDesk, FilePlace
from bot.channels.handoff.model import DeskOfPeople
from bot.channels.handoff.switchboard import Switchboard
from bot.channels.identity import Gatekeeper, PortalTokens
from bot.channels.messages import Assistant, SafetyCheck
from bot.channels.messengers.chats import Chats
from bot.channels.messengers.delivery import Delivery
from bot.channels.messengers.hub import Hub
from bot.channels.messengers.linking import Grants, Linking
from bot.channels.messengers.model import Adapter
from bot.channels.push.bell import Bell, BellSettings
from bot.channels.push.service import PushService
from bot.storage import Stores, open_embedded, open_redis
from bot.storage.protocols import Clock
from bot.storage.redis_client import is_redis
from bot.storage.sealed import with_sealed_content
from bot.storage.sealing import Sealer

OpenMessengers = Callable[[httpx.AsyncClient], Mapping[str, Adapter]]
OpenPeople = Callable[[httpx.AsyncClient], "tuple[str, DeskOfPeople] | None"]
OpenPush = Callable[[httpx.AsyncClient], PushService | None]


def no_name(kind: str, name: str) -> str:
    """Nothing is known by name."""
    return ""


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FrontDeskConfig:
    """`storage` is a Redis address (`bot/storage/redis_client.py`), else the path of an SQLite file."""

    secret: bytes = field(repr=False)
    storage: str = field(repr=False)
    safety: SafetyCheck
    content_keys: str = field(default="", repr=False)
    """Encrypt content at rest (`Sealer.of`); empty: a key made of `secret`."""
    portal: PortalTokens | None = None
    desk: DeskSettings = field(default_factory=DeskSettings)
    clock: Clock = utc_now
    files: FilePlace | None = None
    """Where patients' files go; without it no channel takes files."""
    open_event: OpenEvent | None = None
    """Proves and reads the portal's events; without it there are none."""
    name_of: NameOf = no_name
    people: OpenPeople | None = None
    """Makes the desk of people that is set up, with its name; None when there is none."""
    messengers: OpenMessengers | None = None
    """Makes the adapters of the messengers that are switched on; contacts nobody."""
    grants: Grants | None = None
    """The portal's permissions for linked chats; without them a link lasts as long as the patient's token."""
    push: OpenPush | None = None
    """Makes the operator's push service that is set up; without it no phone is woken."""
    bell: BellSettings = field(default_factory=BellSettings)
    health: frozenset[str] = frozenset()
    """Names of replies that tell of a patient's own health: not for every channel."""
    clamd: str | None = None
    """Address of the virus scanner, "host:port" or a socket's path."""

    @classmethod
    def parse(cls, settings: Mapping[str, Any]) -> FrontDeskConfig:
        """From credentials.yml: secret, storage, safety ("module:function"), and optionally issuer,
        audience, jwks_url and turn_timeout (seconds). Raises KeyError when a setting is missing."""
        portal = None
        if settings.get("jwks_url"):
            portal = PortalTokens(settings["issuer"], settings["audience"], settings["jwks_url"])
        desk = DeskSettings(turn_timeout=timedelta(seconds=float(settings.get("turn_timeout", 30))))
        safety = _named(str(settings["safety"]))
        return cls(
            str(settings["secret"]).encode(), str(settings["storage"]), safety, portal=portal, desk=desk
        )


def _named(path: str) -> SafetyCheck:
    module, _, name = path.partition(":")
    check: SafetyCheck = getattr(importlib.import_module(module), name)
    return check


@dataclass(frozen=True, slots=True)
class Opened:
    """The open front desk; `stores.sessions` is what actions ask for the patient."""

    desk: FrontDesk
    gatekeeper: Gatekeeper
    stores: Stores
    files: FileDesk | None = None
    hub: Hub | None = None
    events: EventInbox | None = None
    switchboard: Switchboard | None = None
    bell: Bell | None = None


@asynccontextmanager
async def open_front_desk(config: FrontDeskConfig, assistant: Assistant) -> AsyncIterator[Opened]:
    """The front desk, its stores and its HTTP client, closed at the end of the block."""
    stores = await open_stores(config.storage, config.clock)
    stores = with_sealed_content(stores, Sealer.of(config.content_keys, config.secret))
    try:
        async with httpx.AsyncClient(follow_redirects=False) as http:
            desk = FrontDesk(stores, assistant, config.safety, config.clock, config.desk)
            desk.health = config.health
            files = _file_desk(config, desk)
            gatekeeper = Gatekeeper(config.secret, config.portal, http, config.clock)
            hub = _hub(config, desk, gatekeeper, files, http)
            events = None
            if config.open_event is not None:
                events = EventInbox(desk, gatekeeper, config.open_event, config.name_of, hub)
            board = _switchboard(config, desk, hub, http)
            bell = _bell(config, desk, http)
            yield Opened(desk, gatekeeper, stores, files, hub, events, board, bell)
    finally:
        await stores.close()


def _hub(
    config: FrontDeskConfig,
    desk: FrontDesk,
    gatekeeper: Gatekeeper,
    files: FileDesk | None,
    http: httpx.AsyncClient,
) -> Hub | None:
    adapters = config.messengers(http) if config.messengers else {}
    if not adapters:
        return None
    chats = Chats(desk.stores, gatekeeper)
    linking = Linking(desk.stores, chats, config.clock, config.grants)
    delivery = Delivery(desk.stores, chats, adapters, config.clock)
    return Hub(desk, chats, linking, delivery, adapters, files)


def _switchboard(
    config: FrontDeskConfig, desk: FrontDesk, hub: Hub | None, http: httpx.AsyncClient
) -> Switchboard | None:
    found = config.people(http) if config.people else None
    if found is None:
        return None
    name, people = found
    board = Switchboard(desk, people, name, hub.delivery.deliver if hub else None)
    desk.people = board
    return board


def _bell(config: FrontDeskConfig, desk: FrontDesk, http: httpx.AsyncClient) -> Bell | None:
    service = config.push(http) if config.push else None
    if service is None:
        return None
    bell = Bell(desk.stores, service, config.clock, config.bell)
    desk.ring = bell.waiting
    return bell


def _file_desk(config: FrontDeskConfig, desk: FrontDesk) -> FileDesk | None:
    if config.files is None:
        return None
    scanner = Clamd(config.clamd) if config.clamd else None
    files = FileDesk(desk, FileCheck(scanner), config.files)
    desk.courier = files.deliver
    return files


async def open_stores(storage: str, clock: Clock) -> Stores:
    """Redis for a redis address, else one SQLite file."""
    if is_redis(storage):
        return await open_redis(storage, clock=clock)
    return await open_embedded(storage, clock)
