"""More than two thousand crafted messages: none becomes a command, none reaches anybody else's things."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_SPEC = importlib.util.spec_from_file_location("crafted", Path(__file__).with_name("crafted.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
crafted = importlib.util.module_from_spec(_SPEC)
sys.modules["crafted"] = crafted
_SPEC.loader.exec_module(crafted)

TEXTS, BODIES, IDS = 1300, 500, 300
SERVER_MADE = {"channel", "turn", "now", "authenticated", "level", "message_id", "uploads"}
VICTIM = "victim"


async def _in_parallel(calls: Iterable[Any], at_once: int = 20) -> list[Any]:
    waiting, done = list(calls), []
    for start in range(0, len(waiting), at_once):
        done += await asyncio.gather(*waiting[start : start + at_once])
    return done


async def _quiet(served: Any, heard: int) -> None:
    """Until everything that was taken has been answered."""
    for _ in range(3000):
        if len(served.assistant.heard) >= heard:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"only {len(served.assistant.heard)} of {heard} were heard")


def test_there_are_two_thousand() -> None:
    assert TEXTS + BODIES + IDS >= 2000
    assert len(set(crafted.texts(TEXTS))) > 1000


async def test_a_typed_command_is_only_text(served: Any) -> None:
    attackers = [await served.patient("mallory"), await served.patient()]
    texts = list(crafted.texts(TEXTS))
    answers = await _in_parallel(attackers[number % 2].send(text) for number, text in enumerate(texts))
    taken = [answer for answer in answers if answer.status_code == 202]
    assert {answer.status_code for answer in answers} <= {202, 422}
    assert len(taken) == len(answers)
    await _quiet(served, len(texts))
    for heard in served.assistant.heard:
        assert heard.payload is None
        assert heard.text
        assert not heard.text.lstrip().startswith(("/", "\\", "\uff0f"))
        assert set(heard.metadata) <= SERVER_MADE


async def test_fields_and_buttons_nobody_offered_do_nothing(served: Any) -> None:
    victim, attacker = await served.patient(VICTIM), await served.patient("mallory")
    tokens = [option["token"] for option in (await victim.ask("opcje"))[0]["options"]]
    before = len(served.assistant.heard)
    bodies = list(crafted.bodies(BODIES, tokens))
    answers = await _in_parallel(attacker.post(body) for body in bodies)
    assert {answer.status_code for answer in answers} == {202}
    plain = sum("text" in body for body in bodies)
    await _quiet(served, before + plain)
    heard = served.assistant.heard[before:]
    assert len(heard) == plain
    assert {one.payload for one in heard} == {None}
    assert len({one.sender for one in heard}) == 1
    assert heard[0].sender != served.assistant.heard[0].sender
    for one in heard:
        assert set(one.metadata) <= SERVER_MADE
        assert one.metadata["now"] > "2026"
        assert one.metadata["turn"] > 0
    # The victim's own buttons still work: nobody used them up.
    seq = (await victim.press(tokens[2])).json()["seq"]
    assert "nieaktualna" not in (await victim.replies(after=seq))[0]["text"]


async def test_foreign_and_invented_conversations_are_not_there(served: Any) -> None:
    victim, attacker = await served.patient(VICTIM), await served.patient("mallory")
    await victim.ask("sekret")
    heard = len(served.assistant.heard)

    async def try_all(conversation: str) -> set[int]:
        async with attacker.client() as http:
            path = f"/conversations/{conversation}"
            return {
                (await http.get(f"{path}/messages")).status_code,
                (await http.post(f"{path}/messages", json={"text": "x"})).status_code,
                (await http.delete(f"{path}/session")).status_code,
            }

    targets = [victim.conversation, *crafted.ids(victim.conversation, IDS)]
    assert set().union(*await _in_parallel(try_all(target) for target in targets)) <= {404}
    assert len(served.assistant.heard) == heard
    assert (await victim.send("nadal ja")).status_code == 202
