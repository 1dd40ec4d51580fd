"""What the frame of the attachments task keeps, and under which key."""

from __future__ import annotations

from bot.actions.ask_doctor import VISIT as VISIT
from bot.dialogue.slots import SlotSpec

# --- facts

MODE = "mode"
"""What is being done: ADD, DELETE or LIST."""
ADD, DELETE, LIST = "add", "delete", "list"
DESCRIPTION = "description"
"""What the file is, in the patient's words; the doctor reads it (R82). Dropped with the task."""
OFFERED = "offered"
"""A file that the channel checked and keeps for us: `file` (its handle), `type` (MIME), `size` (bytes)."""
FILE = "file"
"""Id of the file to delete."""
THEN_ADD = "then_add"
"""Deleting makes room; after it adding goes on (R80)."""

# --- data

TICKET = "ticket"
"""Id of the announced file whose bytes the channel is sending."""
BEFORE = "before"
"""Ids of the files there were when the patient was sent to the portal's own page."""
QUEUE = "queue"
"""Ids of the files still to be gone through ("wszystkie", one by one)."""
REPORT = "report"
"""What the channel reported: `id`, and `code` when the file was not taken."""
UPLOADS = "uploads"
"""Whether the channel takes files itself; a turn without words of the patient does not tell."""
NOT_HERE = "not_here"
"""The visit that was named takes no files (R83)."""

WHERE = "where"
"""Stage: the patient was told how to send the file."""

SLOTS = {
    spec.name: spec
    for spec in (
        SlotSpec(VISIT),
        SlotSpec(
            DESCRIPTION,
            free_text=True,
            text_of=(
                "attach_document", "get_results", "ask_referral", "ask_recommendations", "ask_prescription",
                "ask_sick_leave", "inform", "ask_vaccination", "ask_pregnancy_care", "visit_history",
            ),
        ),
        SlotSpec(FILE),
    )
}  # fmt: skip
