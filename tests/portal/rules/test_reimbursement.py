from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.portal.models import Window
from bot.portal.rules.decisions import Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Refused, Warned
from bot.portal.rules.reimbursement import may_claim, quarter, refund

ON = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("invoice", "used", "amount"),
    [
        ("1000", "0", "650.00"),
        ("722.22", "0", "650.00"),
        ("722.21", "0", "649.99"),
        ("100", "0", "90.00"),
        ("100", "600", "50.00"),
        ("100", "650", "0.00"),
        ("100", "700", "0.00"),
        ("0.05", "0", "0.05"),
        ("0.04", "0", "0.04"),
    ],
)
def test_r136_r137_ninety_percent_up_to_the_quarters_limit(invoice: str, used: str, amount: str) -> None:
    estimate = refund(Decimal(invoice), ON, refunded_this_quarter=Decimal(used))
    assert str(estimate.amount) == amount
    assert (estimate.rate_percent, estimate.cap, estimate.cap_known) == (90, Decimal(650), True)


def test_r138_a19_vip_gets_all_and_the_cap_is_not_known() -> None:
    estimate = refund(Decimal(1000), ON, vip=True)
    assert (estimate.amount, estimate.rate_percent) == (Decimal(1000), 100)
    assert (estimate.cap, estimate.cap_known) == (None, False)


def test_a19_once_decided() -> None:
    applies = refund(Decimal(1000), ON, vip=True, decisions=Decisions(vip_cap="applies"))
    assert (applies.amount, applies.cap, applies.cap_known) == (Decimal(650), Decimal(650), True)
    free = refund(Decimal(1000), ON, vip=True, decisions=Decisions(vip_cap="none"))
    assert (free.amount, free.cap, free.cap_known) == (Decimal(1000), None, True)


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 3, 31), date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_r137_calendar_quarters(day: date, start: date, end: date) -> None:
    assert quarter(day) == Window(start=start, end=end)
    assert refund(Decimal(1), day).quarter == Window(start=start, end=end)


def test_r139_only_when_the_contract_has_it() -> None:
    assert may_claim(True) == Allowed()
    unknown, none = may_claim(None), may_claim(False)
    assert isinstance(unknown, Warned)
    assert isinstance(none, Refused)
    assert unknown.remedies == none.remedies == (NextStep.ASK_HR, NextStep.CALL_INFOLINE)
