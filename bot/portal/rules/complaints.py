"""Section R: complaints, answered by letter, e-mail or phone."""

from __future__ import annotations

import re

from bot.portal.records import ReplyChannel
from bot.portal.rules.outcome import Allowed, Outcome, Refused

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"(\+48)?[1-9][0-9]{8}", re.ASCII)
_POSTCODE = re.compile(r"\b[0-9]{2}-[0-9]{3}\b", re.ASCII)


def check_contact(channel: ReplyChannel, contact: str) -> Outcome:
    """R141 [S1]: the one datum a form of answer needs: a postal address, an e-mail, a phone number.

    Allowed carries the datum in its plain form. An address must have a Polish postal code.
    """
    text = " ".join(contact.split())
    if channel == ReplyChannel.PHONE:
        text = re.sub(r"[\s()-]", "", text)
        fits = _PHONE.fullmatch(text)
    elif channel == ReplyChannel.EMAIL:
        fits = _EMAIL.fullmatch(text) if len(text) <= 254 else None
    else:
        fits = _POSTCODE.search(text)
    if fits is None:
        return Refused("R141", "INVALID_CONTACT", {"channel": channel.raw})
    return Allowed({"contact": text})
