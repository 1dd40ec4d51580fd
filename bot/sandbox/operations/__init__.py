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

__all__ = [
    "account",
    "attachments",
    "care",
    "feedback",
    "follow_ups",
    "holds",
    "network",
    "reservations",
    "slots",
    "watches",
]
