"""Makes the adapters of the messengers whose settings are there; contacts nobody."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from bot.channels.messengers import whatsapp
from bot.channels.messengers.messenger import Messenger
from bot.channels.messengers.model import Adapter
from bot.channels.messengers.telegram import Telegram
from bot.channels.messengers.whatsapp import WhatsApp


def adapters(settings: Mapping[str, str], http: httpx.AsyncClient) -> dict[str, Adapter]:
    """`settings`: names as in bot/settings.py without the prefix, in small letters.

    A messenger with its token is switched on. Raises KeyError for one that lacks the rest.
    """
    found: dict[str, Adapter] = {}
    if token := settings.get("telegram_token"):
        found["telegram"] = Telegram(http, token, settings["telegram_secret"], settings["telegram_name"])
    if token := settings.get("messenger_token"):
        found["messenger"] = Messenger(
            http, token, settings["meta_secret"], settings["meta_verify"], settings["messenger_page"]
        )
    if token := settings.get("whatsapp_token"):
        signed = settings.get("whatsapp_health") == "1"
        found["whatsapp"] = WhatsApp(
            http,
            token,
            settings["meta_secret"],
            settings["meta_verify"],
            settings["whatsapp_number_id"],
            settings["whatsapp_phone"],
            capability=whatsapp.SIGNED_OFF if signed else whatsapp.CAPABILITY,
        )
    return found
