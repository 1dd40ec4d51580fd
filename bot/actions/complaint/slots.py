"""What a complaint needs, and the other keys of its frame."""

from __future__ import annotations

from bot.dialogue.slots import SlotSpec

DESCRIPTION = "description"
"""What happened, in the patient's words; later additions are lines of their own."""
VISIT = "visit"
"""Id of the visit it is about; ANY when it is about none of them."""
FACILITY = "facility"
"""Id of the facility, where no visit says it; ANY when there was none."""
DAY = "day"
"""ISO date, where no visit says it; ANY when nobody remembers."""
CHANNEL = "channel"
"""letter, email or phone."""
CONTACT = "contact"
"""The one datum that the channel needs."""

PARTIAL = "partial"
"""Data: an address that still lacks something; the missing piece may come alone."""
TOWN = "town"
"""Data: ids of the facilities in the town that was named, to choose from."""
DRAFT = "draft"
"""Number of this complaint in the conversation; part of its idempotency key."""
GREETED = "greeted"
"""Whether the patient was told that the complaint is being written down."""
SENT_AT = "sent_at"
"""Data: when it was sent last, while the outcome is not known (ISO)."""

CHANGE, AGAIN = "change", "again"
"""Stages: what is to be changed; what became of it is not known."""

_STORY = ("file_complaint", "give_opinion", "insult", "medical_question", "complaint_about_bot",
          "visit_cancelled_by_clinic")  # fmt: skip

_CALL_ME = ("human", "ask_contact", "change_data", "out_of_scope")
"""What "niech ktoś zadzwoni" and a bare address sound like."""

SLOTS = {
    DESCRIPTION: SlotSpec(DESCRIPTION, free_text=True, text_of=_STORY),
    VISIT: SlotSpec(VISIT, optional=True),
    FACILITY: SlotSpec(FACILITY, optional=True),
    DAY: SlotSpec(DAY, optional=True, free_text=True),
    CHANNEL: SlotSpec(CHANNEL, dependants=(CONTACT,), free_text=True, text_of=_CALL_ME),
    CONTACT: SlotSpec(CONTACT, free_text=True, text_of=_CALL_ME),
}
