"""Section K: online consultations, started at once and never booked."""

from __future__ import annotations

from datetime import datetime

from bot.portal.models import Hours, Me, Service
from bot.portal.records import OnlineQueue
from bot.portal.rules.accounts import Capability, may_use
from bot.portal.rules.decisions import DEFAULT_DECISIONS, Decisions
from bot.portal.rules.hours import next_opening, open_at
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Refused

FIRST_CONTACT = frozenset({"internista", "pediatra"})
"""Specialties whose hours the documents give (R97)."""


def may_start(
    me: Me | None,
    service: Service,
    now: datetime,
    *,
    queue: OnlineQueue | None = None,
    first_contact: bool = False,
    decisions: Decisions = DEFAULT_DECISIONS,
) -> Outcome:
    """R96-R98 [S1 S2 S4], A15: full account only; internists and paediatricians from 7 to 24.

    The portal's live answer (``queue``) wins over hours. ``first_contact``: an internist or a
    paediatrician, whose hours are the documents' when the dictionary gives none.
    """
    level = may_use(me, Capability.ONLINE, now, decisions)
    if isinstance(level, Refused):
        return Refused(
            level.rule, level.code, level.reason_params, (NextStep.BOOK_PHONE_CONSULTATION, *level.remedies)
        )
    if queue is not None:
        return _live(queue)
    hours = service.hours or ((_documented_hours(decisions),) if first_contact else ())
    if not hours or open_at(hours, now):
        return Allowed()
    return Refused(
        "R97",
        "OUTSIDE_SERVICE_HOURS",
        {"opens_at": next_opening(hours, now)},
        (NextStep.CALL_URGENT_HELP, NextStep.BOOK_PHONE_CONSULTATION),
    )


def _live(queue: OnlineQueue) -> Outcome:
    """R97, R100: whether anybody of the specialty is on duty now."""
    if queue.available:
        return Allowed({"wait_minutes": queue.wait_minutes, "portal_url": queue.portal_url})
    return Refused("R100", "NOT_ELIGIBLE", {"reason": "nobody_on_duty"}, (NextStep.BOOK_PHONE_CONSULTATION,))


def _documented_hours(decisions: Decisions) -> Hours:
    return Hours(start=f"{decisions.online_from_hour:02}:00", end=f"{decisions.online_to_hour:02}:00")
