"""What a rule answers. No Polish text here: codes, parameters and names of next steps only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, TypeAlias


class NextStep(StrEnum):
    """What may be offered after a refusal or a warning."""

    SHOW_RESERVATIONS = "show_reservations"
    CONFIRM_IDENTITY = "confirm_identity"
    CONFIRM_IDENTITY_FORM = "confirm_identity_form"
    VISIT_OWN_FACILITY = "visit_own_facility"
    LOG_IN = "log_in"
    CALL_INFOLINE = "call_infoline"
    CALL_FACILITY = "call_facility"
    CALL_URGENT_HELP = "call_urgent_help"
    CALL_EMERGENCY = "call_emergency"
    BOOK_PHONE_CONSULTATION = "book_phone_consultation"
    BOOK_CONSULTATION = "book_consultation"
    START_ONLINE_CONSULTATION = "start_online_consultation"
    KEEP_VISIT = "keep_visit"
    RESCHEDULE = "reschedule"
    SEARCH_AGAIN = "search_again"
    SEARCH_SAME_DOCTOR = "search_same_doctor"
    SEARCH_OTHER_DOCTORS = "search_other_doctors"
    CHOOSE_ONE = "choose_one"
    DELETE_ATTACHMENT = "delete_attachment"
    OPEN_PORTAL = "open_portal"
    ASK_HR = "ask_hr"
    CONFIRM_AGAIN = "confirm_again"
    USE_BROWSER = "use_browser"
    USE_APP = "use_app"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Go on; ``params`` carries what the rule worked out."""

    params: Mapping[str, Any] = field(default_factory=dict)
    ok: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Warned:
    """Allowed, after the patient has been told; ``remedies`` may be offered beside going on."""

    rule: str
    params: Mapping[str, Any] = field(default_factory=dict)
    remedies: tuple[str, ...] = ()
    ok: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Refused:
    """Not allowed: rule id, code of the API contract, facts for the reply, ways out in order."""

    rule: str
    code: str
    reason_params: Mapping[str, Any] = field(default_factory=dict)
    remedies: tuple[str, ...] = ()
    ok: ClassVar[bool] = False


Outcome: TypeAlias = Allowed | Warned | Refused


def strictest(*outcomes: Outcome) -> Outcome:
    """The first refusal, else the first warning, else allowed with the parameters of all."""
    for kind in (Refused, Warned):
        for outcome in outcomes:
            if isinstance(outcome, kind):
                return outcome
    merged: dict[str, Any] = {}
    for outcome in outcomes:
        if isinstance(outcome, Allowed):
            merged.update(outcome.params)
    return Allowed(merged)
