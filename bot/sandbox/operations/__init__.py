"""The documented operations; importing this package registers them all."""

from bot.sandbox.operations import (
    account,
    attachments,
    care,
    feedback,
    follow_ups,
    holds,
    network,
    reservations,
    slots,
    watches,
)
from bot.sandbox.registry import handler_of

__all__ = [
    "account",
    "attachments",
    "care",
    "feedback",
    "follow_ups",
    "handler_of",
    "holds",
    "network",
    "reservations",
    "slots",
    "watches",
]
