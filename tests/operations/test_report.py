"""The report of a day: counts that are right, on days of 23 and 25 hours too, and nothing of a patient in it."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml

from bot.commands import report as command
from bot.commands.report import forget, report, without_words, write
from bot.commands.stored import stores_of
from bot.dialogue.texts import load_responses
from bot.operations.day import ZONE, Span, Tally
from bot.operations.journeys import MEANINGS, OUTCOMES, Journey, Meanings, Said
from bot.operations.replies import KINDS, kind_of
from bot.operations.report_page import _words, page
from bot.settings import PROJECT, Settings
from bot.storage.protocols import Stores, Work

MEANT = Meanings.load(PROJECT)
DAY = date(2026, 10, 25)
"""25 hours: clocks go back at night."""
NOON = datetime(2026, 10, 25, 12, tzinfo=ZONE)
WORDS = ("krwawienie z dróg rodnych", "44051401359", "jan.kowalski@example.pl", "Nowakowska")


def replies(*names: str) -> list[Said]:
    """A reply a turn, in order."""
    return [
        Said("c", NOON + timedelta(seconds=turn), "assistant", name, turn=turn)
        for turn, name in enumerate(names, 1)
    ]


@pytest.mark.parametrize(
    ("names", "outcome"),
    [
        (
            ["utter_ask_booking_city", "utter_booking_read_back", "utter_booked_onsite"],
            {("booking", "done"): 1},
        ),
        (["utter_ask_booking_city", "utter_booking_offer"], {("booking", "left"): 1}),
        (["utter_ask_booking_city", "utter_refused_R42"], {("booking", "impossible"): 1}),
        (["utter_ask_booking_city", "utter_refused_R42", "utter_booking_offer"], {("booking", "left"): 1}),
        (["utter_booking_offer", "utter_booking_nothing_free"], {("booking", "impossible"): 1}),
        (["utter_booking_offer", "utter_task_stopped"], {("booking", "stopped"): 1}),
        (["utter_booking_offer", "utter_human"], {("booking", "person"): 1}),
        (
            ["utter_rescheduling_search", "utter_booking_offer", "utter_moved_onsite"],
            {("rescheduling", "done"): 1},
        ),
        (["utter_rescheduling_search", "utter_booking_offer"], {("rescheduling", "left"): 1}),
        (["utter_cancellation_consent", "utter_change_refused_R54"], {("cancellation", "impossible"): 1}),
        (["utter_cancellation_consent", "utter_cancelled", "utter_cancelled"], {("cancellation", "done"): 2}),
        (["utter_complaint_begin", "utter_ask_complaint_place"], {("complaint", "left"): 1}),
        (["utter_ask_complaint_channels/reply", "utter_how_to_book"], {}),
        (["utter_task_stopped", "utter_refused_R42", "utter_thanks"], {}),
    ],
)
def test_what_became_of_a_task(names: list[str], outcome: dict[tuple[str, str], int]) -> None:
    journey = Journey(MEANT)
    for said in replies(*names):
        journey.hear(said)
    assert dict(journey.over()) == outcome


def test_two_replies_of_one_turn_end_a_task_once() -> None:
    journey = Journey(MEANT)
    for name in ("utter_attachment_added", "utter_attachment_seen"):
        journey.hear(Said("c", NOON, "assistant", name, turn=4))
    assert dict(journey.over()) == {("attachments", "done"): 1}


def test_every_name_that_has_a_meaning_is_a_reply_that_there_is() -> None:
    there = set(load_responses(PROJECT))
    assert set(KINDS) | MEANT.stopped <= there
    for task in MEANT.tasks:
        for begin in (*task.begun, *task.done, *task.impossible, *task.stopped):
            named = {name for name in there if name.startswith(begin)}
            assert {name for name in named if name.partition("/")[0] not in MEANT.informing}, (
                task.name,
                begin,
            )


def test_every_task_with_a_consent_is_counted() -> None:
    """A task that can be got done is in the report: each file with a read-back or a consent."""
    counted = {task.name for task in MEANT.tasks}
    consents = {
        topic
        for name, topic in MEANT.topics.items()
        if name.endswith(("_read_back", "_consent")) and not name.startswith(("utter_head", "utter_lead"))
    }
    assert consents <= counted


def test_the_page_has_words_for_everything() -> None:
    words, written = _words(), yaml.safe_load(MEANINGS.read_text("utf-8"))
    assert set(written["tasks"]) == set(words["tasks"])
    assert set(OUTCOMES) <= set(words["columns"])


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 6, 1), 24), (date(2026, 10, 25), 25)]
)
def test_a_day_is_a_day_of_the_patients(day: date, hours: int) -> None:
    span = Span.of(day)
    assert (span.end.astimezone(UTC) - span.start.astimezone(UTC)) == timedelta(hours=hours)
    figures = Tally(span, MEANT).figures()
    assert (figures["day"], figures["hours"]) == (day.isoformat(), hours)


def said_at(*times: datetime, conversation: str = "c") -> list[Said]:
    return [Said(conversation, at, "patient", number=number) for number, at in enumerate(times, 1)]


@pytest.mark.parametrize(
    ("minutes", "counted"),
    [
        ([-10, 10], 0),  # begun the day before
        ([-45, 10], 1),  # that one was over
        ([10, 35, 60], 1),
        ([10, 45], 2),
        ([25 * 60 - 5, 25 * 60 + 10], 1),  # goes on past midnight
        ([25 * 60 + 5], 0),  # the day after; the 25th hour is still this one
        ([24 * 60 + 30], 1),
    ],
)
def test_sessions_belong_to_the_day_in_which_they_begin(minutes: list[int], counted: int) -> None:
    span = Span.of(DAY)
    tally = Tally(span, MEANT)
    tally.add(said_at(*(span.start.astimezone(UTC) + timedelta(minutes=minute) for minute in minutes)))
    assert tally.figures()["sessions"] == counted


@pytest.fixture(params=["sqlite", "redis"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = None
    if request.param == "redis":
        url = str(request.getfixturevalue("redis_url")).removesuffix("/0") + "/6"
        redis.Redis.from_url(url).flushdb()
    return Settings(state=tmp_path, storage=url, secret=f"{tmp_path.name}-secret-of-an-installation")


async def talk(stores: Stores, conversation: str, begin: datetime, turns: list[Any], **work: Any) -> None:
    """Each turn: what the patient wrote and the name of the reply, which takes two seconds."""
    for number, (text, response) in enumerate(turns):
        at = begin + timedelta(minutes=number)
        body = {"text": text, "work": {"sender": "s", "channel": "web", "authenticated": True} | work}
        asked = await stores.outbox.append(conversation, "patient", body, at, work=Work.DONE)
        author = "agent" if response == "person" else "assistant"
        meta: dict[str, Any] = {"response": response}
        if response == "alarm":
            meta = {"safety": "chest_pain", "reply": "emergency"}
        reply = {"text": f"Odpowiedź o: {text}", "turn": asked.seq, "meta": meta}
        await stores.outbox.append(conversation, author, reply, at + timedelta(seconds=2))


async def a_day(settings: Settings) -> None:
    async with stores_of(settings) as stores:
        booked = [("kardiolog", "utter_booking_offer"), ("1", "utter_booking_read_back")]
        await talk(stores, "c-1", NOON, [*booked, ("tak", "utter_booked_onsite")])
        await talk(stores, "c-2", NOON, [(WORDS[0], "alarm"), (WORDS[1], "utter_not_understood")])
        await talk(
            stores, "c-3", NOON, [("człowiek", "utter_human"), (WORDS[2], "person")], channel="telegram"
        )
        await talk(stores, "c-4", NOON, [("u " + WORDS[3], "utter_booking_offer")], authenticated=False)
        await talk(stores, "c-4", NOON + timedelta(hours=2), [("ile", "utter_refused_R42")])
        await talk(stores, "c-5", NOON - timedelta(days=1), [("wczoraj", "utter_human")])
        await talk(stores, "c-6", NOON + timedelta(days=1), [("jutro", "utter_human")])
        for number in range(150):  # longer than a page of the store
            await talk(stores, "c-7", NOON + timedelta(seconds=number), [("x", "utter_ask_payment/methods")])


async def test_the_figures_of_a_day(settings: Settings) -> None:
    await a_day(settings)
    figures = await report(settings, DAY)
    wanted = {
        "sessions": 6,
        "logged_in": 5,
        "contained": 5,
        "wished_person": 1,
        "with_person": 1,
        "emergencies": 1,
        "messages": 159,
        "not_understood": 1,
        "unanswered": 0,
        "unreadable": 0,
    }
    assert {name: figures[name] for name in wanted} == wanted
    assert figures["answer_seconds"]["p50"] == 2.0
    assert figures["channels"] == {"web": 5, "telegram": 1}
    assert figures["by_hour"]["12"] == 5
    assert figures["by_hour"]["14"] == 1
    assert figures["tasks"]["booking"] == {
        "begun": 2, "done": 1, "impossible": 0, "stopped": 0, "person": 0, "left": 1
    }  # fmt: skip
    assert figures["topics"] == {"booking": 3, "faq": 1}
    assert figures["refusals"] == {"R42": 1}


async def test_nothing_that_was_written_is_in_a_report(settings: Settings, tmp_path: Path) -> None:
    await a_day(settings)
    write(await report(settings, DAY), tmp_path / "reports")
    written = "".join(path.read_text("utf-8") for path in (tmp_path / "reports").iterdir())
    assert [word for word in (*WORDS, "kardiolog", "c-1", "c-4") if word in written] == []


async def test_a_key_that_was_taken_away_is_said(settings: Settings) -> None:
    await a_day(settings)
    other = Settings(
        state=settings.state, storage=settings.storage, secret="another secret of an installation"
    )
    figures = await report(other, DAY)
    assert figures["unreadable"] == figures["messages"] + figures["replies"] + figures["with_person"]


def test_only_names_are_taken_from_a_message() -> None:
    from bot.storage.protocols import Entry

    body = {"text": WORDS[0], "meta": {"response": "utter_human"}, "turn": 3, "card": {"title": WORDS[3]}}
    said = without_words(Entry("c", 4, "assistant", body, NOON))
    assert (said.response, said.turn) == ("utter_human", 3)
    assert not any(word in repr(said) for word in WORDS)


def test_reports_are_kept_for_a_time_and_shown_side_by_side(tmp_path: Path) -> None:
    for back in (0, 1, 5, 500):
        day = DAY - timedelta(days=back)
        tally = Tally(Span.of(day), MEANT)
        tally.add(said_at(datetime.combine(day, NOON.timetz())))
        out = write(tally.figures(), tmp_path)
    (tmp_path / "notes.json").write_text("{}")
    html = write(json.loads((tmp_path / f"{DAY}.json").read_text()), tmp_path).read_text("utf-8")
    assert all(str(DAY - timedelta(days=back)) in html for back in (0, 1, 5))
    assert str(DAY - timedelta(days=500)) not in html
    assert forget(tmp_path, DAY - timedelta(days=400)) == 2
    assert not out.exists()
    assert sorted(path.name for path in tmp_path.glob("*.json")) == [
        *(f"{DAY - timedelta(days=back)}.json" for back in (5, 1, 0)),
        "notes.json",
    ]


def test_a_page_loads_nothing_and_says_what_is_in_it() -> None:
    html = page(Tally(Span.of(DAY), MEANT).figures() | {"refusals": {"<script>": 1}}, [])
    assert "<script" not in html
    assert "http" not in html
    assert "Tego dnia nikt nie pisał" in html


def test_a_day_that_is_forgotten_or_not_there_yet_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from bot.cli import main

    for name in [name for name in os.environ if name.startswith("ASYSTENT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ASYSTENT_STATE", str(tmp_path))
    assert main(["report", "--day", "2020-01-01"]) == 2
    assert main(["report", "--day", "2999-01-01"]) == 2
    assert main(["report"]) == 0
    assert '"sessions": 0' in capsys.readouterr().out
    assert len(list((tmp_path / "reports").glob("*.html"))) == 1
    assert command.KEEP_DAYS > 30


def test_what_the_house_says_when_a_turn_failed_is_a_failure() -> None:
    from bot.channels import texts

    assert [kind_of(texts.apology(name).meta["response"]).name for name in ("apology", "interrupted")] == [
        "failed"
    ] * 2
