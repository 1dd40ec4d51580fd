"""The portal as the place where a channel's files end up (R77-R80, R90)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions.world import Reception
from bot.portal.errors import PortalProblem
from bot.portal.rules.attachments import may_add_file
from bot.portal.rules.outcome import Refused

_THERE_ALREADY = "UPLOAD_DONE"


@dataclass(frozen=True, slots=True)
class Places:
    """Files of the account (R80); `code` of the rule when no file may be added."""

    used: int
    most: int
    code: str | None = None


class PortalFiles:
    """Asks and fills the portal on behalf of the sender's patient."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    async def room(self, sender: str) -> Places:
        """Places of the account. Raises PortalError when the portal does not say."""
        world = await self._reception.world(sender)
        if not world.logged_in:
            return Places(0, 0, "LOGIN_REQUIRED")
        me = await world.me()
        limit = me.limits.attachments
        outcome = may_add_file(me, world.now)
        return Places(limit.used, limit.max, outcome.code if isinstance(outcome, Refused) else None)

    async def send(self, sender: str, attachment_id: str, content: bytes) -> str | None:
        """Send the bytes of an announced file; the portal's code when it did not take them."""
        world = await self._reception.world(sender)
        if not world.logged_in:
            return "LOGIN_REQUIRED"
        try:
            await world.signed_in()[0].upload(attachment_id, content)
        except PortalProblem as problem:
            # Sent before, by a process that died or whose answer was lost: the portal has it.
            return None if problem.code == _THERE_ALREADY else problem.code
        return None
