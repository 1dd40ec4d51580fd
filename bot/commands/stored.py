"""What is stored, opened for the commands of operators: the front desk's stores, the audit, who is who."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.channels.identity import Gatekeeper
from bot.channels.setup import open_stores
from bot.settings import Settings, secret_of
from bot.storage.audit import Auditor
from bot.storage.audit_logs import open_audit
from bot.storage.protocols import Stores
from bot.storage.sealed import with_sealed_content
from bot.storage.sealing import Sealer


def _now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def stores_of(settings: Settings) -> AsyncIterator[Stores]:
    """The stores, readable."""
    stores = await open_stores(settings.storage_place, _now)
    try:
        yield with_sealed_content(stores, sealer_of(settings))
    finally:
        await stores.close()


def sealer_of(settings: Settings) -> Sealer:
    """Opens what the assistant sealed."""
    return Sealer.of(settings.content_keys, secret_of(settings))


def audit_of(settings: Settings) -> Auditor:
    """The audit; a context that closes it."""
    return Auditor(open_audit(settings.audit_place), secret_of(settings), _now)


def gatekeeper_of(settings: Settings) -> Gatekeeper:
    """Makes the ids of patients; it checks no token here, so it needs no portal."""
    return Gatekeeper(secret_of(settings), None, None, _now)
