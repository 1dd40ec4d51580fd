"""Erase one patient: conversations, messages, buttons, sessions; prints a receipt.

With files (no ASYSTENT_REDIS_URL) stop the assistant first. What the portal keeps is not touched.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.settings import Settings, from_environment

CHANNELS = ("web", "telegram", "messenger", "whatsapp")


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command."""
    command.add_argument("--patient", required=True, help="the patient's id at the portal (`sub` of a token)")


def execute(options: argparse.Namespace) -> int:
    """0 when nothing is left, 1 when something is; the receipt is JSON."""
    receipt = asyncio.run(erase(from_environment(), options.patient))
    print(json.dumps(receipt, ensure_ascii=False, indent=1))
    return 1 if receipt["left"] else 0


async def erase(settings: Settings, patient: str) -> dict[str, Any]:
    """The receipt: when, in which stores, how many records, how many ids are still found."""
    from bot.storage.erasure import Erased, erase_redis, erase_sqlite

    names = names_of(settings, patient)
    done: list[Erased] = []
    if settings.storage is not None:
        done.append(await erase_redis(settings.storage, names))
    else:
        places = (Path(settings.storage_place), Path(settings.conversations_place))
        done += [await asyncio.to_thread(erase_sqlite, place, names) for place in places if place.exists()]
    return {
        "erased_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "stores": [{"place": item.place, "records": item.records, "left": item.left} for item in done],
        "records": sum(item.records for item in done),
        "left": sum(item.left for item in done),
    }


def names_of(settings: Settings, patient: str) -> list[str]:
    """Ids under which the stores know a signed-in patient; they cannot be turned back into the patient."""
    from bot.channels.identity import Gatekeeper, Identity
    from bot.settings import secret_of

    gate = Gatekeeper(secret_of(settings), None, None, lambda: datetime.now(UTC))  # type: ignore[arg-type]
    identity = Identity(patient, authenticated=True, expires_at=datetime.now(UTC))
    senders = [gate.sender(identity, channel) for channel in CHANNELS]
    return [*senders, *(gate.conversation(sender) for sender in senders)]
