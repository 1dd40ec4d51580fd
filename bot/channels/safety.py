"""The safety room's alarm as a message of the front desk."""

from __future__ import annotations

from bot.channels.messages import Link, Option, Outgoing
from bot.safety.check import check, prepare

# When the server starts, not in its event loop at the first message.
prepare()


def safety_check(text: str) -> Outgoing | None:
    """The fixed answer to an emergency or crisis (R110, R111), or None; a `SafetyCheck`."""
    alarm = check(text)
    if alarm is None:
        return None
    reply = alarm.reply
    return Outgoing(
        text=reply.text,
        options=tuple(Option(choice.label, choice.payload) for choice in reply.choices),
        links=tuple(Link(contact.label, contact.href) for contact in reply.contacts),
        meta={
            "safety": alarm.finding.cls.value,
            "rule": alarm.finding.rule,
            "reply": reply.name,
            "version": reply.version,
        },
    )
