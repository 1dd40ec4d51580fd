from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bot.portal.records import OnlineQueue
from bot.portal.rules.decisions import Decisions
from bot.portal.rules.online import may_start
from bot.portal.rules.outcome import Allowed, NextStep, Refused

DAY_AND_EVENING = [{"days": [1, 2, 3, 4, 5, 6, 7], "from": "07:00", "to": "24:00"}]


def online(build: Any, hours: object = DAY_AND_EVENING) -> Any:
    return build.service("online", bookable=False, hours=hours)


def test_r96_full_accounts_only_with_a_phone_consultation_instead(build: Any, now: datetime) -> None:
    outcome = may_start(build.me("basic"), online(build), now)
    assert isinstance(outcome, Refused)
    assert (outcome.rule, outcome.code) == ("R96", "ACCOUNT_LEVEL_REQUIRED")
    assert outcome.remedies[:2] == (NextStep.BOOK_PHONE_CONSULTATION, NextStep.CONFIRM_IDENTITY)


@pytest.mark.parametrize(
    ("hour", "minute", "ok"),
    [(7, 0, True), (23, 59, True), (6, 59, False), (0, 0, False), (3, 0, False)],
)
def test_r97_from_seven_to_midnight(
    hour: int, minute: int, ok: bool, build: Any, warsaw: Callable[..., datetime]
) -> None:
    outcome = may_start(build.me("full"), online(build), warsaw(2026, 11, 23, hour, minute))
    assert outcome.ok is ok
    if not ok:
        assert isinstance(outcome, Refused)
        assert (outcome.rule, outcome.code) == ("R97", "OUTSIDE_SERVICE_HOURS")
        assert outcome.reason_params == {"opens_at": warsaw(2026, 11, 23, 7, 0)}
        assert outcome.remedies == (NextStep.CALL_URGENT_HELP, NextStep.BOOK_PHONE_CONSULTATION)


def test_a15_documented_hours_when_the_dictionary_has_none(
    build: Any, warsaw: Callable[..., datetime]
) -> None:
    me, night = build.me("full"), warsaw(2026, 11, 23, 3, 0)
    assert not may_start(me, online(build, None), night, first_contact=True).ok
    assert may_start(me, online(build, None), warsaw(2026, 11, 23, 7, 0), first_contact=True).ok
    always = Decisions(online_from_hour=0)
    assert may_start(me, online(build, None), night, first_contact=True, decisions=always).ok


def test_r97_no_hours_are_given_for_other_specialists(build: Any, warsaw: Callable[..., datetime]) -> None:
    assert may_start(build.me("full"), online(build, None), warsaw(2026, 11, 23, 3, 0)).ok


def test_r97_the_live_answer_wins_both_ways(build: Any, warsaw: Callable[..., datetime]) -> None:
    me, night, noon = build.me("full"), warsaw(2026, 11, 23, 3), warsaw(2026, 11, 23, 12)
    up = OnlineQueue(specialty_id="int", available=True, wait_minutes=4, portal_url="/online")
    assert may_start(me, online(build), night, queue=up) == Allowed(
        {"wait_minutes": 4, "portal_url": "/online"}
    )
    outcome = may_start(me, online(build), noon, queue=OnlineQueue(specialty_id="int", available=False))
    assert isinstance(outcome, Refused)
    assert (outcome.rule, outcome.remedies) == ("R100", (NextStep.BOOK_PHONE_CONSULTATION,))


def test_a_live_answer_does_not_open_the_level_gate(build: Any, now: datetime) -> None:
    up = OnlineQueue(specialty_id="int", available=True)
    assert not may_start(build.me("basic"), online(build), now, queue=up).ok
