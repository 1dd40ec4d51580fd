"""A copy of everything that is kept of one patient, as JSON on standard output (RODO 15 and 20).

Messages, what the assistant noted while it answered, sessions, links, devices, files on their way, and what
was done for the patient. Tokens and keys are left out. What the portal keeps is the portal's to give.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from datetime import UTC, datetime
from typing import Any

from bot.commands.stored import audit_of, gatekeeper_of, sealer_of, stores_of
from bot.settings import Settings, from_environment


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command."""
    command.add_argument("--patient", required=True, help="the patient's id at the portal (`sub` of a token)")


def execute(options: argparse.Namespace) -> int:
    """0; the copy of a patient nobody knows is empty."""
    copy = asyncio.run(export(from_environment(), options.patient))
    print(json.dumps(copy, ensure_ascii=False, indent=1))
    return 0


async def export(settings: Settings, patient: str) -> dict[str, Any]:
    """The copy; that it was made is noted in the audit."""
    from bot.channels.traces import everything, traces
    from bot.storage.tracker_store import ConversationStore, open_log

    log = ConversationStore(log=open_log(settings.conversations_place), sealer=sealer_of(settings))

    async def events_of(sender: str) -> list[Any]:
        return [event.as_dict() for event in await log.events(sender)]

    try:
        async with stores_of(settings) as stores:
            found = await traces(stores, gatekeeper_of(settings), patient)
            copy = await everything(stores, found, events_of)
    finally:
        await log.close()
    async with audit_of(settings) as audit:
        names = {audit.pseudonym(name) for name in found.conversations}
        copy["audit"] = await audit.of(names)
        await audit.note(what="export", who=audit.pseudonym(found.conversations[0]), outcome="done")
    return {"patient": patient, "exported_at": datetime.now(UTC).isoformat(timespec="seconds")} | copy
