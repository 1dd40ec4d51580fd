"""Section D: how many reservations an account may hold."""

from __future__ import annotations

from bot.portal.models import Level, Me, ReservationLimit, Service
from bot.portal.rules.decisions import DEFAULT_DECISIONS, Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Refused, Warned


def counts_to_limit(service: Service, decisions: Decisions = DEFAULT_DECISIONS) -> bool:
    """R34, R43, A6: occupational medicine and pre-reservations are outside the shared counter."""
    return service.kind.raw not in decisions.uncounted_kinds


def may_reserve_another(
    me: Me,
    service: Service,
    *,
    replacing: bool = False,
    decisions: Decisions = DEFAULT_DECISIONS,
) -> Outcome:
    """R42-R44 [S2 S4]: a basic account holds at most 10 reservations; a full one any number.

    Checked before the search and again before confirming. ``replacing``: a visit is moved, none is
    added. The portal's own count and limit are taken as they are (A6).
    """
    limit = me.limits.reservations
    if replacing or not counts_to_limit(service, decisions):
        return Allowed()
    most = _most(me.level, limit, decisions)
    if limit.can_reserve is False or (most is not None and limit.used >= most):
        return Refused(
            "R42",
            "RESERVATION_LIMIT_REACHED",
            {"used": limit.used, "max": most},
            (NextStep.SHOW_RESERVATIONS, NextStep.CONFIRM_IDENTITY, NextStep.CALL_INFOLINE),
        )
    if most is not None and limit.used == most - 1:
        return Warned("R43", {"used": limit.used, "max": most})
    return Allowed()


def _most(level: Level, limit: ReservationLimit, decisions: Decisions) -> int | None:
    if level == Level.FULL:
        return None
    return limit.max if limit.max is not None else decisions.basic_reservation_limit
