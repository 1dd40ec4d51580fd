"""Section H: partner facilities are booked only with them directly."""

from __future__ import annotations

from bot.portal.models import City, Facility, FacilityType, Service, ServiceKind
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Refused

_WAYS = (NextStep.CALL_FACILITY, NextStep.BOOK_PHONE_CONSULTATION, NextStep.CALL_INFOLINE)


def may_book_at(facility: Facility) -> Outcome:
    """R67, R74 [S0 S1 S2 S3]: a partner facility takes bookings by phone or in person only."""
    if facility.type != FacilityType.PARTNER:
        return Allowed()
    params = {"facility_id": facility.id, "phone": facility.phone}
    return Refused("R67", "PARTNER_NOT_BOOKABLE", params, _WAYS)


def may_book_in(city: City, service: Service) -> Outcome:
    """R67, R73 [S1 S2]: in a town without own facilities only phone consultations can be booked."""
    if city.own_facilities or service.kind == ServiceKind.PHONE:
        return Allowed()
    return Refused("R67", "PARTNER_NOT_BOOKABLE", {"city_id": city.id}, _WAYS)
