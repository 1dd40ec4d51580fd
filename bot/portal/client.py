"""``PortalClient``: the booking API over HTTP for one patient."""

from __future__ import annotations

from bot.portal.protocol import Portal

__all__ = ["Portal"]
