"""Erase one patient: conversations, messages, buttons, sessions, links, devices; prints a receipt.

With files (no ASYSTENT_REDIS_URL) stop the assistant first. What the portal keeps is not touched. The audit
keeps what was done, under a pseudonym: it is the proof of it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.commands.stored import audit_of, gatekeeper_of, stores_of
from bot.settings import Settings, from_environment


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command."""
    command.add_argument("--patient", required=True, help="the patient's id at the portal (`sub` of a token)")


def execute(options: argparse.Namespace) -> int:
    """0 when nothing is left, 1 when something is; the receipt is JSON."""
    receipt = asyncio.run(erase(from_environment(), options.patient))
    print(json.dumps(receipt, ensure_ascii=False, indent=1))
    return 1 if receipt["left"] else 0


async def erase(settings: Settings, patient: str) -> dict[str, Any]:
    """The receipt: when, how many records of which stores, how many ids are left, the audit's number."""
    from bot.channels.traces import forget_records, traces
    from bot.storage.erasure import Erased, erase_redis, erase_sqlite

    async with stores_of(settings) as stores:
        found = await traces(stores, gatekeeper_of(settings), patient)
        records = await forget_records(stores, found)
    # An event's id is the portal's and may be short: looked for in every key, it would take others with it.
    names = [*found.names, *(key for kind, key in found.records if kind in {"link", "device"})]
    done: list[Erased] = []
    if settings.storage is not None:
        done.append(await erase_redis(settings.storage, names))
    else:
        places = (Path(settings.storage_place), Path(settings.conversations_place))
        done += [await asyncio.to_thread(erase_sqlite, place, names) for place in places if place.exists()]
    receipt = {
        "erased_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "conversations": len(found.conversations),
        "stores": [{"place": item.place, "records": item.records, "left": item.left} for item in done],
        "records": records + sum(item.records for item in done),
        "left": sum(item.left for item in done),
    }
    async with audit_of(settings) as audit:
        who = audit.pseudonym(found.conversations[0])
        outcome = "left" if receipt["left"] else "done"
        receipt["audit"] = await audit.note(
            what="erase", who=who, outcome=outcome, detail=str(receipt["records"])
        )
    return receipt
