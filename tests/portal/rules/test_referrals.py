"""What a referral is good for today (R31, R103)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.portal.models import Referral
from bot.portal.rules.referrals import standing

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"expires": date(2026, 11, 23)}, "usable"),
        ({"expires": date(2026, 11, 22)}, "expired"),
        ({"remaining": 0, "total": 10}, "used_up"),
        ({"remaining": 1, "total": 10}, "usable"),
        ({"kind": "rehab", "issuer": "external", "remaining": 10}, "external"),
        ({"kind": "exam", "issuer": "external", "remaining": 1}, "usable"),
    ],
)
def test_r103_how_a_referral_stands(fields: dict[str, Any], expected: str) -> None:
    referral = Referral.parse_obj({"id": "ref", "kind": "exam", **fields})
    assert standing(referral, TODAY) == expected
