from __future__ import annotations

from typing import Literal

import pytest

from bot.portal.rules.channels import Channel, Feature, available_in
from bot.portal.rules.decisions import Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Refused, Warned

APP = [Feature.PUSH, Feature.CALENDAR, Feature.BIOMETRIC_LOGIN, Feature.BACK_PAIN_PROGRAMME]
BROWSER = [
    Feature.PARTNER_SEARCH,
    Feature.COST_REFUND,
    Feature.REIMBURSEMENT,
    Feature.ONLINE_PAYMENT,
    Feature.MARKETING,
]


@pytest.mark.parametrize("feature", APP)
def test_r105_only_in_the_app(feature: Feature) -> None:
    assert available_in(feature, Channel.APP) == Allowed()
    for channel in (Channel.BROWSER, Channel.OTHER):
        assert available_in(feature, channel) == Refused(
            "R105", "OTHER_CHANNEL", {"channel": "app"}, (NextStep.USE_APP,)
        )


@pytest.mark.parametrize("feature", BROWSER)
def test_r106_only_in_a_browser(feature: Feature) -> None:
    assert available_in(feature, Channel.BROWSER) == Allowed()
    for channel in (Channel.APP, Channel.OTHER):
        assert available_in(feature, channel) == Refused(
            "R106", "OTHER_CHANNEL", {"channel": "browser"}, (NextStep.USE_BROWSER,)
        )


def test_a5_rehabilitation_in_the_app_is_neither_promised_nor_denied() -> None:
    assert available_in(Feature.REHABILITATION, Channel.BROWSER) == Allowed()
    assert isinstance(available_in(Feature.REHABILITATION, Channel.APP), Warned)


@pytest.mark.parametrize(("in_app", "ok"), [("yes", True), ("no", False)])
def test_a5_once_decided(in_app: Literal["yes", "no"], ok: bool) -> None:
    decided = Decisions(rehabilitation_in_app=in_app)
    assert available_in(Feature.REHABILITATION, Channel.APP, decided).ok is ok
