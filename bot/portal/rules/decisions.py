"""Decisions A1-A23 on what the source documents leave open, each a named setting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class Decisions:
    """One network's reading of the documents; the defaults are those of the catalogue, section 6."""

    #: A21: what the portal's permission flag says wins over the tables of the documents.
    trust_permission_flag: bool = True
    #: A2: visits booked by phone or at reception can be cancelled when the portal's flag says so.
    trust_cancel_flag: bool = True
    #: A5: are treatments bookable in the app? The documents contradict each other.
    rehabilitation_in_app: Literal["unknown", "yes", "no"] = "unknown"
    #: A6: kinds that never count towards the limit of a basic account.
    uncounted_kinds: tuple[str, ...] = ("occupational", "control")
    basic_reservation_limit: int = 10
    #: A7: what happens when less than `cancel_notice` is left; exactly that much is on time.
    late_cancel_policy: Literal["refuse", "warn"] = "refuse"
    cancel_notice: timedelta = timedelta(hours=6)
    #: A8: is "NIE" as the answer to the reminder offered for phone consultations too?
    sms_reply_by_phone: bool = False
    #: A9: both ends inclusive, calendar months, month ends clamp.
    follow_up_opens_months: int = 3
    follow_up_closes_days: int = 7
    follow_up_warn_days: int = 3
    #: A10: a basic account may confirm a pre-reservation.
    basic_may_confirm_follow_up: bool = True
    #: A12: bytes.
    attachment_max_bytes: int = 8 * 1024**2
    attachment_max_files: int = 5
    #: A13: attach to other visits than phone consultations only when the portal allows it.
    attach_to_onsite: Literal["portal_flag", "never"] = "portal_flag"
    #: A15: hours of online internists and paediatricians, local; 24 is midnight.
    online_from_hour: int = 7
    online_to_hour: int = 24
    #: A16: days after a visit in which the doctor may be asked; None leaves it to the portal.
    doctor_question_days: int | None = None
    #: A18: preferential terms until the day before this birthday.
    preferential_below_age: int = 3
    bank_identity_min_age: int = 18
    #: R136-R138, one group contract only (A22); A19: does the cap hold for Premium VIP?
    refund_percent: int = 90
    refund_quarter_limit: int = 650
    vip_refund_percent: int = 100
    vip_cap: Literal["unknown", "applies", "none"] = "unknown"


DEFAULT_DECISIONS = Decisions()
