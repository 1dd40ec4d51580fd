"""Seal everything that is kept with the newest key, so that an older one can be taken away.

First put the new key in front (ASYSTENT_CONTENT_KEYS=new:...,old:...) and start every process anew. Then run
this, as the assistant goes on; when the receipt has nothing unreadable and nothing changed, the old key can
go.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.cli import CommandError
from bot.commands.stored import audit_of, sealer_of
from bot.settings import Settings, from_environment
from bot.storage.protocols import StorageError
from bot.storage.resealing import reseal_redis, reseal_sqlite


def arguments(command: argparse.ArgumentParser) -> None:
    """No options."""


def execute(options: argparse.Namespace) -> int:
    """0 when everything is sealed with the newest key, 1 when something is not; the receipt is JSON."""
    try:
        receipt = asyncio.run(reseal(from_environment()))
    except StorageError as error:
        raise CommandError("the stores cannot be read; what was done stays done") from error
    print(json.dumps(receipt, ensure_ascii=False, indent=1))
    return int(any(store["unreadable"] or store["changed"] for store in receipt["stores"]))


async def reseal(settings: Settings) -> dict[str, Any]:
    """The receipt: when, and for each store what was sealed anew; noted in the audit."""
    sealer = sealer_of(settings)
    if settings.storage is not None:
        stores = [await reseal_redis(settings.storage, sealer)]
    else:
        places = (Path(settings.storage_place), Path(settings.conversations_place))
        stores = [await asyncio.to_thread(reseal_sqlite, place, sealer) for place in places if place.exists()]
    receipt = {
        "resealed_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "stores": [asdict(store) for store in stores],
    }
    async with audit_of(settings) as audit:
        renewed = sum(store.renewed for store in stores)
        await audit.note(what="reseal", outcome="done", detail=str(renewed))
    return receipt
