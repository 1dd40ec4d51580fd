"""Section G: control visits kept for the patient (pre-reservations)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from bot.portal.clock import local_date
from bot.portal.models import PreReservation, Window
from bot.portal.rules.decisions import DEFAULT_DECISIONS, Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Refused, Warned


def window(suggested: date, decisions: Decisions = DEFAULT_DECISIONS) -> Window:
    """R62 [S1], A9: from 3 months to 7 days before the suggested date; a 31st clamps to the month's end."""
    return Window(
        start=suggested - relativedelta(months=decisions.follow_up_opens_months),
        end=suggested - timedelta(days=decisions.follow_up_closes_days),
    )


def may_confirm(
    prereservation: PreReservation, now: datetime, decisions: Decisions = DEFAULT_DECISIONS
) -> Outcome:
    """R62, R63 [S1], A9: inside the window, both days inclusive, on Europe/Warsaw dates.

    The portal's own window wins. A doctor who has left: other doctors, preferential terms.
    """
    days = prereservation.window or window(prereservation.suggested_date, decisions)
    today = local_date(now)
    if today < days.start:
        return Refused("R62", "PREBOOK_TOO_EARLY", {"from": days.start, "to": days.end})
    if today > days.end:
        return Refused(
            "R62",
            "PREBOOK_EXPIRED",
            {"from": days.start, "to": days.end, "doctor_id": prereservation.doctor_id},
            (NextStep.SEARCH_SAME_DOCTOR, NextStep.SEARCH_AGAIN),
        )
    if not prereservation.doctor_available:
        params = {"reason": "doctor_unavailable", "preferential": True}
        return Refused("R63", "NOT_ELIGIBLE", params, (NextStep.SEARCH_OTHER_DOCTORS,))
    left = (days.end - today).days
    if left <= decisions.follow_up_warn_days:
        return Warned("R62", {"to": days.end, "days_left": left})
    return Allowed({"to": days.end, "days_left": left})
