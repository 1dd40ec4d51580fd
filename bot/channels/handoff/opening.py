"""The desk of people whose settings are there."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from bot.channels.handoff.chatwoot import Chatwoot
from bot.channels.handoff.model import DeskOfPeople
from bot.channels.handoff.signed import SignedDesk


def people(settings: Mapping[str, str], http: httpx.AsyncClient) -> tuple[str, DeskOfPeople] | None:
    """`settings`: names as in bot/settings.py without the prefix, in small letters.

    Our own contract when `desk_url` is there, Chatwoot when `chatwoot_url` is; None without both. Raises
    KeyError for a desk that lacks the rest.
    """
    if url := settings.get("desk_url"):
        return "desk", SignedDesk(http, url, settings["desk_secret"].encode())
    if url := settings.get("chatwoot_url"):
        return "chatwoot", Chatwoot(
            http,
            url.rstrip("/"),
            settings["chatwoot_token"],
            settings["chatwoot_account"],
            settings["chatwoot_inbox"],
            settings["chatwoot_secret"],
        )
    return None
