from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.portal.models import Coverage, Price
from bot.portal.rules.coverage import covered
from bot.portal.rules.outcome import Allowed, NextStep, Refused, Warned

PRICE = Price(amount=Decimal("220.00"))


def test_r93_covered() -> None:
    outcome = covered(Coverage(service_id="s1", covered=True, payer="Pakiet Srebrny"))
    assert isinstance(outcome, Allowed)
    assert outcome.params["payer"] == "Pakiet Srebrny"


def test_r93_not_covered() -> None:
    assert covered(Coverage(service_id="s1", covered=False)) == Refused(
        "R93", "NOT_COVERED", {"service_id": "s1"}, (NextStep.CALL_INFOLINE,)
    )


def test_r93_not_covered_but_for_a_price() -> None:
    outcome = covered(Coverage(service_id="s1", covered=False, price=PRICE))
    assert isinstance(outcome, Warned)
    assert outcome.params == {"known": True, "price": PRICE}


def test_r93_silence_is_not_an_answer() -> None:
    outcome = covered(None)
    assert isinstance(outcome, Warned)
    assert outcome.params == {"known": False}
    assert outcome.remedies == (NextStep.OPEN_PORTAL, NextStep.CALL_INFOLINE)


def test_r124_an_urgent_referral_whatever_the_package(build: Any) -> None:
    urgent, plain = build.referral(urgent=True), build.referral()
    for answer in (None, Coverage(covered=False), Coverage(covered=False, price=PRICE)):
        assert covered(answer, urgent) == Allowed({"referral_id": "ref1", "urgent": True})
        assert not isinstance(covered(answer, plain), Allowed)


def test_r124_an_urgent_referral_is_the_reason_when_no_package_pays(build: Any) -> None:
    urgent = build.referral(urgent=True)
    nobody = Coverage(service_id="s1", covered=True, payer=None)
    assert covered(nobody, urgent) == Allowed({"referral_id": "ref1", "urgent": True})
    package = Coverage(service_id="s1", covered=True, payer="Pakiet Srebrny")
    assert covered(package, urgent) == Allowed({"payer": "Pakiet Srebrny", "limit": None})
