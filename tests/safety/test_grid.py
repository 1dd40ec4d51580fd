"""Every class of danger at every question of every task: help first, and one tap back to the very question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.actions.registry import all_tasks
from bot.dialogue.texts import Texts
from bot.language.times.model import WARSAW
from bot.rehearsal.runner import find_button
from bot.rehearsal.stage import URGENT, Reply, Session, Stage
from bot.safety.check import reply_for
from bot.safety.finding import RedFlag
from bot.settings import PROJECT

HERE = Path(__file__).parent
TALKS: list[dict[str, Any]] = yaml.safe_load((HERE / "grid.yml").read_text(encoding="utf-8"))
DANGERS: Mapping[str, str] = yaml.safe_load((HERE / "grid_dangers.yml").read_text(encoding="utf-8"))
NOW = datetime(2026, 11, 23, 9, tzinfo=WARSAW)
BACK = "/resume"
NEVER_ASKED = {"booking.doctor", "booking.when"}
"""Asked only when the patient walks back to them: the questions of the offer come first."""

Question = tuple[str, str]


def _questions() -> Iterator[Question]:
    texts = Texts.load(PROJECT)
    for name, task in all_tasks().items():
        for slot, spec in task.slots.items():
            if texts.has(spec.question(name)):
                yield name, slot


def _seen(reply: Reply) -> tuple[str, str, tuple[str, ...]]:
    return reply.response, reply.text, tuple(label for label, _ in reply.buttons)


async def _in_danger(stage: Stage, session: Session, asked: Reply, question: Question) -> list[Reply]:
    """Every danger is answered first; then "wróć" brings the question back, once for all of them."""
    for cls, text in DANGERS.items():
        said = await stage.turn(session, text, None)
        assert [reply.response for reply in said] == [URGENT], (question, text)
        assert said[0].text == reply_for(RedFlag(cls)).text, (question, text)
        assert (said[0].buttons[0][1], await stage.open_question(session)) == (BACK, question)
    again = await stage.turn(session, "To nie jest nagły wypadek, wróć", BACK)
    assert await stage.open_question(session) == question
    assert _seen(again[-1])[0].removesuffix("_again") == _seen(asked)[0].removesuffix("_again"), question
    assert _seen(again[-1])[2] == _seen(asked)[2], question
    return again


def _named(question: Question) -> str:
    return ".".join(question)


@pytest.mark.parametrize("number", range(len(TALKS)))
async def test_every_class_at_every_question(stage: Stage, number: int) -> None:
    talk = TALKS[number]
    options = {name: talk[name] for name in ("uploads", "step_up") if name in talk}
    session = await stage.open(
        f"grid-{number}", NOW, talk["patient"], talk.get("world", {}), "web", None, **options
    )
    met: list[str] = []
    said: list[Reply] = []
    try:
        await stage.catalogue(session)
        for wanted in talk["says"]:
            pressed = find_button(wanted[1:-1], said) if wanted.startswith("[") else (wanted, None)
            assert pressed is not None, wanted
            said += await stage.turn(session, *pressed)
            question = await stage.open_question(session)
            if question is not None:
                met.append(_named(question))
                said += await _in_danger(stage, session, said[-1], question)
    finally:
        await stage.close(session)
    assert met == talk["meets"]


def test_the_talks_meet_every_question() -> None:
    assert set(DANGERS) == {cls.value for cls in RedFlag}
    met = {question for talk in TALKS for question in talk["meets"]}
    assert set(map(_named, _questions())) - met <= NEVER_ASKED
    assert met >= {"booking.offer", "booking.consent", "booking.change"}


@pytest.mark.parametrize("cls", list(RedFlag))
async def test_the_portal_is_down(stage: Stage, cls: RedFlag) -> None:
    """Help needs no portal; the question is there again when the portal is."""
    session = await stage.open(f"down-{cls}", NOW, "full", {}, "web")
    try:
        await stage.catalogue(session)
        asked = (await stage.turn(session, "chcę odwołać wizytę", None))[-1]
        session.sandbox.faults([{"kind": "status", "status": 503, "times": None}])
        said = await stage.turn(session, DANGERS[cls.value], None)
        assert [reply.text for reply in said] == [reply_for(cls).text]
        session.sandbox.faults([])
        assert _seen((await stage.turn(session, "wróć", BACK))[-1])[0] == asked.response
    finally:
        await stage.close(session)
