"""What is told beside the wish: other doctors, reasons, days gone by, comparisons, lists."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.actions.booking import story
from bot.dialogue.turn import Mention, Turn
from bot.language.times import When
from bot.language.times.model import WARSAW

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=WARSAW)
YESTERDAY = date(2026, 11, 22)
TODAY = date(2026, 11, 23)


def said(text: str, *things: tuple[str, str, str], when: When | None = None) -> Turn:
    """A turn whose mentions are (kind, id, words of the text)."""
    mentions = []
    for kind, identifier, words in things:
        start = text.index(words)
        mentions.append(Mention(kind, (identifier,), words, start, start + len(words)))
    return Turn(text, "book_visit", mentions=tuple(mentions), when=when)


def wanted(turn: Turn) -> list[str]:
    return [mention.ids[0] for mention in story.wish(turn, NOW).mentions]


def test_a_doctor_who_advised_is_not_wanted() -> None:
    turn = said(
        "do kardiologa, bo doktor rodzinna mi kazała",
        ("specialty", "kardiolog", "kardiologa"),
        ("specialty", "rodzinny", "rodzinna"),
    )
    assert wanted(turn) == ["kardiolog"]


def test_the_only_doctor_named_is_wanted_whoever_speaks() -> None:
    turn = said("ortopeda mówi szwagier", ("specialty", "ortopeda", "ortopeda"))
    assert wanted(turn) == ["ortopeda"]


@pytest.mark.parametrize(
    "text",
    [
        "w placówce, bo jak on przez telefon kolano obejrzy",
        "w placówce, ja przez telefon to nie słyszę",
    ],
)
def test_a_reason_against_the_phone_is_no_wish_for_it(text: str) -> None:
    turn = said(text, ("visit_kind", "onsite", "placówce"), ("visit_kind", "phone", "telefon"))
    assert wanted(turn) == ["onsite"]


def test_a_comma_ends_what_is_said_of_a_kind() -> None:
    turn = said(
        "w placówce mi nie pasuje, wolę przez telefon, nie mam auta",
        ("visit_kind", "onsite", "placówce"),
        ("visit_kind", "phone", "telefon"),
    )
    assert wanted(turn) == ["phone"]


def test_what_is_compared_with_is_not_asked_for() -> None:
    turn = said(
        "krioterapia tego samego dnia co masaż",
        ("service", "krioterapia", "krioterapia"),
        ("service", "masaz", "masaż"),
    )
    assert wanted(turn) == ["krioterapia"]


def test_yesterday_of_a_story_is_no_wish() -> None:
    turn = said("wczoraj mi strzeliło w kolanie", when=When(date_from=YESTERDAY, date_to=YESTERDAY))
    assert story.wish(turn, NOW).when is None


def test_the_hours_stay_when_the_day_is_gone() -> None:
    wish = When(date_from=YESTERDAY, date_to=YESTERDAY, time_from=time(16))
    turn = said("wczoraj mi strzeliło, chcę po 16", when=wish)
    assert story.wish(turn, NOW).when == When(time_from=time(16))


def test_of_two_days_the_one_ahead_is_kept() -> None:
    gone, ahead = When(date_from=YESTERDAY, date_to=YESTERDAY), When(date_from=TODAY, date_to=TODAY)
    turn = said("wczoraj się stało, a umówić chcę dziś", when=When(options=(gone, ahead)))
    assert story.wish(turn, NOW).when == ahead


def test_yesterday_alone_is_an_answer() -> None:
    wish = When(date_from=YESTERDAY, date_to=YESTERDAY)
    assert story.wish(said("na wczoraj", when=wish), NOW).when == wish


def test_a_day_that_is_gone_is_not_excluded_either() -> None:
    turn = said("nie wczoraj przecież", when=When(excluded_dates=frozenset({YESTERDAY, TODAY})))
    assert story.wish(turn, NOW).when == When(excluded_dates=frozenset({TODAY}))


def test_things_in_one_breath_are_a_list() -> None:
    turn = said(
        "masaż, krioterapia i kinezyterapia",
        ("service", "masaz", "masaż"),
        ("service", "krio", "krioterapia"),
        ("service", "kinezy", "kinezyterapia"),
    )
    assert [thing.ids[0] for thing in story.listed(turn)] == ["masaz", "krio", "kinezy"]


@pytest.mark.parametrize("text", ["masaż albo krioterapia", "masaż krioterapia"])
def test_a_choice_and_a_compound_are_no_list(text: str) -> None:
    turn = said(text, ("service", "masaz", "masaż"), ("service", "krio", "krioterapia"))
    assert story.listed(turn) == []
