"""What counts as acting on a message that is none of the portal's matters (`bench/strangers.py`)."""

import pytest
import yaml

from bench.strangers import ASKS, DOES_NOTHING, SAYS_NO, acted_on
from bot.settings import PROJECT


@pytest.mark.parametrize(
    "replies",
    [
        ("utter_out_of_scope/animals",),
        ("utter_gibberish",),
        ("utter_which_did_you_mean",),
        ("utter_all_right",),
    ],
)
def test_refusing_asking_and_doing_nothing_are_not_acting(replies: tuple[str, ...]) -> None:
    assert not acted_on(replies)


@pytest.mark.parametrize(
    "replies",
    [
        ("utter_ask_payment/invoice",),
        ("utter_booking_offer",),
        ("utter_emergency",),
        ("utter_human",),
        ("utter_out_of_scope", "utter_booking_offer"),
    ],
)
def test_an_answer_a_task_an_alarm_and_a_referral_are(replies: tuple[str, ...]) -> None:
    assert acted_on(replies)


def test_every_quiet_reply_exists() -> None:
    names = {
        name
        for file in (PROJECT / "data" / "responses").glob("*.yml")
        for name in yaml.safe_load(file.read_text("utf-8"))["responses"]
    }
    assert {*SAYS_NO, *ASKS, *DOES_NOTHING} <= names
