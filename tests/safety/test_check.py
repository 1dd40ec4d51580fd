"""The fixed replies: numbers first, no booking, nothing played down, a way back."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, timedelta

import pytest

from bot.channels.messages import Option, Outgoing
from bot.channels.rendering import link_kind
from bot.channels.safety import safety_check
from bot.safety.check import check, reply_for
from bot.safety.data import load
from bot.safety.finding import RedFlag

CRISIS = {RedFlag.CRISIS_ADULT, RedFlag.CRISIS_CHILD, RedFlag.CRISIS_OTHER}
BODY = set(RedFlag) - CRISIS - {RedFlag.VIOLENCE}


@pytest.mark.parametrize("cls", sorted(BODY))
def test_danger_to_the_body_begins_with_112_then_urgent_help(cls: RedFlag) -> None:
    first, second = reply_for(cls).text.splitlines()[:2]
    assert "112 lub 999" in first
    assert "22 322 99 99" in second
    assert [contact.href for contact in reply_for(cls).contacts] == ["tel:112", "tel:999", "tel:+48223229999"]


@pytest.mark.parametrize("cls", sorted(CRISIS))
def test_crisis_names_every_line(cls: RedFlag) -> None:
    text = reply_for(cls).text
    for number in ("112", "116 123", "116 111", "800 70 2222"):
        assert number in text
    assert text.startswith("Dobrze, że")


def test_children_get_their_own_line_first() -> None:
    assert reply_for(RedFlag.CRISIS_CHILD).contacts[1].href == "tel:116111"


@pytest.mark.parametrize("cls", list(RedFlag))
def test_replies_offer_no_booking_and_play_nothing_down(cls: RedFlag) -> None:
    text = reply_for(cls).text.lower()
    assert not re.search(r"to nic groźnego|umów|zarezerw|termin|bez obaw|nie martw", text)
    assert not re.search(r"\bpan(i|a|u|ią)?\b|łeś\b|łaś\b", text)


@pytest.mark.parametrize("cls", list(RedFlag))
def test_every_number_of_a_text_can_be_tapped(cls: RedFlag) -> None:
    reply = reply_for(cls)
    digits = {re.sub(r"\D", "", contact.href).removeprefix("48") for contact in reply.contacts}
    written = {re.sub(r" ", "", number) for number in re.findall(r"\d[\d ]*\d", reply.text)}
    assert written == digits
    assert all(link_kind(contact.href) == "tel" for contact in reply.contacts)


def test_numbers_were_verified_lately() -> None:
    verified: date = load("replies")["verified_on"]
    assert date.today() - verified < timedelta(days=180)  # noqa: DTZ011


def test_front_desk_gets_the_reply_and_a_way_back() -> None:
    answer = safety_check("mąż nie oddycha")
    assert isinstance(answer, Outgoing)
    assert answer.text == reply_for(RedFlag.BREATHING).text
    assert answer.options == (Option("To nie jest nagły wypadek, wróć", "/resume"),)
    assert answer.meta["version"] == load("replies")["version"]
    assert safety_check("chcę umówić wizytę u okulisty") is None


def test_alarm_carries_finding_and_reply() -> None:
    alarm = check("chcę się zabić")
    assert alarm is not None
    assert alarm.finding.cls is RedFlag.CRISIS_ADULT
    assert alarm.reply.name == "crisis_adult"


def test_works_without_rasa_the_portal_and_storage() -> None:
    started = {"bot.tensorflow_standin"}  # by the interpreter's start-up file of this project
    program = (
        "import sys; from bot.safety.check import check; assert check('nie oddycha');"
        "loaded = {name.split('.')[0] for name in sys.modules};"
        "assert not loaded & {'rasa', 'redis', 'httpx', 'sanic', 'spacy', 'sklearn'}, loaded;"
        "ours = {'.'.join(n.split('.')[:2]) for n in sys.modules if n.startswith('bot.')};"
        f"assert ours - {started} <= {{'bot.safety', 'bot.language'}}, ours"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
