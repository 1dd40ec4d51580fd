"""The five fields of the message to the network (R130), in the order of `EMAIL_FIELDS`."""

from __future__ import annotations

from bot.dialogue.slots import SlotSpec

NAME, PHONE, FACILITY, TOWN, KIND = "full_name", "phone", "facility", "town", "visit_kind"
ONSITE, REMOTE = "onsite", "remote"
OWN = "own"
"""The name is the account owner's: read from the portal when the message is shown."""
STARTED = "started"
"""Fact: the patient wants the message written."""
OFFER = "message_offer"
"""Stage: whether to write it."""

SLOTS = {
    NAME: SlotSpec(NAME, free_text=True),
    PHONE: SlotSpec(PHONE, free_text=True),
    FACILITY: SlotSpec(FACILITY, free_text=True, told_by=("facility",)),
    TOWN: SlotSpec(TOWN, free_text=True, told_by=("city",)),
    KIND: SlotSpec(KIND),
}
