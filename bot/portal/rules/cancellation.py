"""Section F: cancelling and moving visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.portal.clock import elapsed, local
from bot.portal.models import BookedBy, FacilityType, Reservation, ReservationStatus, ServiceKind
from bot.portal.rules.decisions import DEFAULT_DECISIONS, Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Refused, Warned, strictest

_LATE = "LATE_CANCELLATION"


def may_cancel(reservation: Reservation, now: datetime, decisions: Decisions = DEFAULT_DECISIONS) -> Outcome:
    """R6, R54, R56, R57 [S1 S2 S4], A2, A7: an active own visit, booked in the portal, 6 hours ahead."""
    return _may_change(reservation, "cancel", now, decisions)


def may_reschedule(
    reservation: Reservation, now: datetime, decisions: Decisions = DEFAULT_DECISIONS
) -> Outcome:
    """R60: moving a visit frees the old slot, so the rules of cancelling hold for it."""
    return _may_change(reservation, "reschedule", now, decisions)


def one_match(matches: Sequence[Reservation]) -> Outcome:
    """R56 [S2 S4]: two or more visits fit what the patient said: list them, never guess."""
    if not matches:
        return Refused("R56", "NOT_FOUND", remedies=(NextStep.SHOW_RESERVATIONS,))
    if len(matches) > 1:
        ids = tuple(reservation.id for reservation in matches)
        return Refused("R56", "AMBIGUOUS", {"reservation_ids": ids}, (NextStep.CHOOSE_ONE,))
    return Allowed({"reservation_id": matches[0].id})


def sms_reply_works(reservation: Reservation, decisions: Decisions = DEFAULT_DECISIONS) -> bool:
    """R55 [S1], A8: answering the reminder by SMS cancels visits in a facility, not phone consultations."""
    if reservation.slot.kind == ServiceKind.PHONE:
        return decisions.sms_reply_by_phone
    return reservation.slot.kind != ServiceKind.ONLINE


def _may_change(reservation: Reservation, action: str, now: datetime, decisions: Decisions) -> Outcome:
    return strictest(
        _active(reservation, now),
        _own_facility(reservation),
        _portal_booking(reservation, action, decisions),
        _portal_word(reservation, action),
        _in_time(reservation, action, now, decisions),
    )


def _active(reservation: Reservation, now: datetime) -> Outcome:
    """R56: only what is booked and has not begun."""
    ahead = elapsed(now, reservation.slot.start) > timedelta()
    if reservation.status == ReservationStatus.BOOKED and ahead:
        return Allowed()
    return Refused("R56", "NOT_ACTIVE", {"status": reservation.status.raw}, (NextStep.SHOW_RESERVATIONS,))


def _own_facility(reservation: Reservation) -> Outcome:
    """R57 [S2]: partner visits are changed with the facility itself."""
    if reservation.facility_type != FacilityType.PARTNER:
        return Allowed()
    params = {"facility_id": reservation.slot.facility_id}
    return Refused("R57", "PARTNER_NOT_BOOKABLE", params, (NextStep.CALL_FACILITY, NextStep.CALL_INFOLINE))


def _portal_booking(reservation: Reservation, action: str, decisions: Decisions) -> Outcome:
    """R6 [S4], A2: booked by phone or at reception only when the portal's flag allows it."""
    if reservation.booked_by == BookedBy.PORTAL:
        return Allowed()
    flag = reservation.actions.get(action)
    if decisions.trust_cancel_flag and flag is not None and flag.allowed:
        return Allowed()
    return Refused(
        "R6", "NOT_PORTAL_BOOKING", {"booked_by": reservation.booked_by.raw}, (NextStep.CALL_INFOLINE,)
    )


def _portal_word(reservation: Reservation, action: str) -> Outcome:
    """What the portal refuses for reasons of its own; lateness is told with the time left instead."""
    flag = reservation.actions.get(action)
    if flag is None or flag.allowed or flag.code in (None, _LATE):
        return Allowed()
    return Refused("R56", str(flag.code), {"until": flag.until}, (NextStep.CALL_INFOLINE,))


def _in_time(reservation: Reservation, action: str, now: datetime, decisions: Decisions) -> Outcome:
    """R54 [S1], A7: at least 6 hours before; exactly 6 h 00 is on time. Real hours, also on DST nights."""
    # Server time is known to the second: what passed since its answer must not make 6 h 00 late.
    left = elapsed(now.replace(microsecond=0), reservation.slot.start)
    flag = reservation.actions.get(action)
    denied = flag is not None and not flag.allowed
    if left >= decisions.cancel_notice and not denied:
        return Allowed({"left": left})
    params = {
        "left": left,
        "left_minutes": left // timedelta(minutes=1),
        "notice_hours": decisions.cancel_notice // timedelta(hours=1),
        "until": local(reservation.slot.start.astimezone(UTC) - decisions.cancel_notice),
    }
    if decisions.late_cancel_policy == "warn" and not denied:
        return Warned("R54", params, (NextStep.CONFIRM_AGAIN, NextStep.KEEP_VISIT, NextStep.CALL_INFOLINE))
    return Refused("R54", _LATE, params, (NextStep.CALL_INFOLINE, NextStep.KEEP_VISIT))
