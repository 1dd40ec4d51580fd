"""The assistant as a server: Rasa's agent behind the front desk, in one process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import urljoin

from rasa.core.channels.channel import register
from sanic import Sanic

from bot.actions.file_place import PortalFiles
from bot.actions.reception import PortalReception
from bot.actions.registry import all_actions
from bot.assistant import load_agent
from bot.channels.demo import demo_blueprint
from bot.channels.desk_settings import DeskSettings
from bot.channels.events.inbox import OpenEvent, PortalEvent
from bot.channels.handoff.opening import people
from bot.channels.identity import PortalTokens
from bot.channels.messengers.opening import adapters
from bot.channels.push.service import push_service
from bot.channels.safety import safety_check
from bot.channels.setup import FrontDeskConfig, open_front_desk, utc_now
from bot.channels.texts import health
from bot.channels.web import WebChannel
from bot.channels.web_base import WebSettings
from bot.dialogue.texts import Texts, load_responses, replies_of
from bot.nlu.dictionaries import Dictionaries, current_lexicon, name_of, set_dictionaries
from bot.nlu.recognition import prepare
from bot.operations.health import Check, health_blueprint
from bot.operations.logs import TRACE
from bot.operations.metrics import METRICS
from bot.operations.model_signature import ModelSignatureError, check
from bot.operations.surface import keep_to_the_list
from bot.portal.clock import PortalClock, seconds_passed
from bot.portal.events import open_event
from bot.portal.grants import ChatGrants
from bot.portal.transport import Wire
from bot.settings import Settings, SettingsError, secret_of
from bot.storage.audit import AuditJournal, Auditor
from bot.storage.audit_logs import open_audit
from bot.storage.rasa_lock import ConversationLocks
from bot.storage.redis_client import RedisAddressError, check_address
from bot.storage.sealing import Sealer
from bot.storage.tracker_store import ConversationStore, open_log

log = logging.getLogger(__name__)
MAX_REQUEST = 64 * 1024 * 1024
"""Bytes the server lets in; every route reads in a stream and stops at its own, smaller limit."""


def build_app(
    settings: Settings, model: Path, portal_url: str, *, demo: bool, desk: DeskSettings | None = None
) -> Sanic:
    """The application: Chat API, the demonstration page when the portal is the sandbox, the assistant.

    `desk`: other limits of the front desk than the usual ones.
    """
    if settings.storage is not None:
        try:
            check_address(settings.storage)
        except RedisAddressError as error:
            raise SettingsError(f"ASYSTENT_REDIS_URL {error}") from None
    if settings.model_key:
        try:
            check(model, settings.model_key)
        except ModelSignatureError as error:
            raise SettingsError(f"ASYSTENT_MODEL_KEY: {error}") from error
    clock = PortalClock(passed=seconds_passed)
    audit = Auditor(open_audit(settings.audit_place), secret_of(settings), utc_now)
    journal = AuditJournal(audit, TRACE.get)
    wire = Wire(portal_url, clock=clock, observe=METRICS.portal_called, journal=journal)
    app = Sanic("asystent", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_REQUEST
    app.config.PROXIES_COUNT = settings.proxies or None
    app.config.FALLBACK_ERROR_FORMAT = "json"

    async def session_of(sender: str) -> Any:
        return await app.ctx.front_desk.stores.sessions.get(sender)

    conversations = _tracker_store(settings)
    reception = PortalReception(wire, session_of, on_dictionaries=_learn_names)
    app.ctx.agent = load_agent(
        model,
        all_actions(reception, Texts.load(settings.project)),
        load_responses(settings.project),
        tracker_store=conversations,
        lock_store=ConversationLocks(),  # of this process: across processes the front desk holds its own
    )
    prepare(current_lexicon(), clock.now())  # built now, not by the first patient's message
    config = FrontDeskConfig(
        secret=secret_of(settings),
        storage=settings.storage_place,
        content_keys=settings.content_keys,
        safety=safety_check,
        portal=PortalTokens(
            settings.portal_issuer, settings.portal_audience, urljoin(portal_url, "/.well-known/jwks.json")
        ),
        desk=desk or DeskSettings(),
        clock=clock.now,
        files=PortalFiles(reception),
        open_event=_event_opener(settings.channels.get("portal_secret")),
        name_of=name_of,
        people=partial(people, settings.channels),
        messengers=partial(adapters, settings.channels),
        grants=ChatGrants(wire),
        health=replies_of(settings.project, health()["topics"]) - set(health()["shown"]),
        push=partial(push_service, settings.channels),
        clamd=settings.clamd,
    )
    channel = WebChannel(
        lambda assistant: open_front_desk(config, assistant),
        WebSettings(frozenset(settings.allowed_origins)),
    )
    register([channel], app, route="/")
    app.blueprint(health_blueprint(_parts(app, conversations)))
    if demo:
        app.blueprint(demo_blueprint(portal_url, settings.project / "widget"))
    keep_to_the_list(app, demo=demo)

    async def close(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        await wire.aclose()
        await audit.close()
        await conversations.close()

    app.register_listener(close, "after_server_stop")
    return app


def _event_opener(secret: str | None) -> OpenEvent | None:
    """Proves and reads the portal's signed events."""
    if secret is None:
        return None

    def read(signature: str, body: bytes, now: datetime) -> PortalEvent:
        event = open_event(signature, body, secret=secret.encode(), now=now)
        return PortalEvent(event.id, event.type.raw, event.patient_id, event.data)

    return read


def _parts(app: Sanic, conversations: ConversationStore) -> dict[str, Check]:
    """What has to work before this process takes messages.

    The portal is not among them: without it the assistant still answers, and says what it cannot do.
    """

    async def messages() -> None:
        await app.ctx.front_desk.stores.outbox.last("health")

    async def kept() -> None:
        await conversations.exists("health")

    async def model() -> None:
        if not app.ctx.agent.is_ready():
            raise RuntimeError("no model")

    return {"model": model, "messages": messages, "conversations": kept}


def _tracker_store(settings: Settings) -> ConversationStore:
    """Conversations, encrypted, in Redis or in a file: they survive a restart."""
    sealer = Sealer.of(settings.content_keys, secret_of(settings))
    return ConversationStore(log=open_log(settings.conversations_place), sealer=sealer)


async def _learn_names(lists: dict[str, Sequence[Any]]) -> None:
    """The portal's current names for the understanding; built in a thread, it takes a moment."""
    rows = {name: [item.dict() for item in items] for name, items in lists.items()}
    await asyncio.to_thread(set_dictionaries, cast(Dictionaries, rows))
