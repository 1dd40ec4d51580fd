"""The audit of writes: is it whole (`verify`), what did it note (`list`), forget the oldest (`prune`).

`verify` prints the head, number and seal of the newest entry. Keep it elsewhere, and give it to the next
`verify --head`: then it also shows when the end was cut off.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from datetime import UTC, date, datetime, time

from bot.channels.traces import own
from bot.cli import CommandError
from bot.commands.stored import audit_of, gatekeeper_of
from bot.settings import Settings, from_environment
from bot.storage.protocols import StorageError


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command."""
    command.add_argument("what", choices=["verify", "list", "prune"])
    command.add_argument("--head", help="verify: NUMBER:SEAL that an earlier run printed")
    command.add_argument("--patient", help="list: only what was done for this patient (`sub` of a token)")
    command.add_argument("--before", type=date.fromisoformat, help="prune: entries before this day (UTC)")


def execute(options: argparse.Namespace) -> int:
    """0 when the chain is whole, 1 when it is not."""
    settings = from_environment()
    try:
        if options.what == "verify":
            return asyncio.run(verify(settings, _head(options.head)))
        if options.what == "list":
            return asyncio.run(show(settings, options.patient))
        if options.before is None:
            raise CommandError("prune needs --before YYYY-MM-DD")
        return asyncio.run(prune(settings, datetime.combine(options.before, time.min, UTC)))
    except StorageError as error:
        raise CommandError("the audit cannot be read") from error


async def verify(settings: Settings, head: tuple[int, str] | None) -> int:
    """Prints the head, or what is wrong."""
    async with audit_of(settings) as auditor:
        newest, wrong = await auditor.verify(head)
    for line in wrong:
        print(f"error: {line}", file=sys.stderr)
    if newest is not None:
        print(f"{newest.number}:{newest.seal}")
    return int(bool(wrong))


async def show(settings: Settings, patient: str | None) -> int:
    """One JSON object a line."""
    async with audit_of(settings) as auditor:
        if patient is None:
            async for link in auditor.links():
                print(link.text)
            return 0
        names = own(gatekeeper_of(settings), patient).conversations
        for fields in await auditor.of({auditor.pseudonym(name) for name in names}):
            print(json.dumps(fields, ensure_ascii=False))
    return 0


async def prune(settings: Settings, before: datetime) -> int:
    """Prints how many entries went."""
    async with audit_of(settings) as auditor:
        print(await auditor.prune(before))
    return 0


def _head(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    number, _, seal = text.partition(":")
    if not number.isdigit() or not seal:
        raise CommandError("--head must look like 17:0af3..., as `audit verify` printed it")
    return int(number), seal
