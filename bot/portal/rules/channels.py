"""Section M: what exists only in the app or only in a browser."""

from __future__ import annotations

from enum import StrEnum

from bot.portal.rules.decisions import DEFAULT_DECISIONS, Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Refused, Warned


class Channel(StrEnum):
    """Where the patient writes from, as the front desk knows it (R108)."""

    BROWSER = "browser"
    APP = "app"
    OTHER = "other"


class Feature(StrEnum):
    PUSH = "push"
    CALENDAR = "calendar"
    BIOMETRIC_LOGIN = "biometric_login"
    BACK_PAIN_PROGRAMME = "back_pain_programme"
    REHABILITATION = "rehabilitation"
    PARTNER_SEARCH = "partner_search"
    COST_REFUND = "cost_refund"
    REIMBURSEMENT = "reimbursement"
    ONLINE_PAYMENT = "online_payment"
    MARKETING = "marketing"


_APP_ONLY = frozenset({Feature.PUSH, Feature.CALENDAR, Feature.BIOMETRIC_LOGIN, Feature.BACK_PAIN_PROGRAMME})


def available_in(feature: Feature, channel: Channel, decisions: Decisions = DEFAULT_DECISIONS) -> Outcome:
    """R105, R106, R108 [S2], A5: where the portal has a feature.

    Rehabilitation is certain in a browser; whether the app has it the documents leave open (R33).
    """
    if feature in _APP_ONLY:
        if channel is Channel.APP:
            return Allowed()
        return Refused("R105", "OTHER_CHANNEL", {"channel": "app"}, (NextStep.USE_APP,))
    if channel is Channel.BROWSER:
        return Allowed()
    if feature is Feature.REHABILITATION and decisions.rehabilitation_in_app == "yes":
        return Allowed()
    if feature is Feature.REHABILITATION and decisions.rehabilitation_in_app == "unknown":
        return Warned("R33", {"channel": "browser"}, (NextStep.USE_BROWSER,))
    return Refused("R106", "OTHER_CHANNEL", {"channel": "browser"}, (NextStep.USE_BROWSER,))
