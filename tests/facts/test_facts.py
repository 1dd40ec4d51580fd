"""Each fact is found in wordings that nobody trained on (tests/facts/<topic>.yml), by the trained assistant.

A label is `intent/fact`, or `intent` for its general question; the reply has to be `utter_<label>`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from bot.language.times.model import WARSAW
from bot.rehearsal.stage import Stage

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=WARSAW)
HERE = Path(__file__).parent
OF_EACH = 2 / 3
"""Of the wordings of one fact, so many are answered with it."""
OF_ALL = 0.85
"""Of all wordings together."""
DONE = {
    "ask_online_consultation/now": {"utter_online_whom", "utter_online_how", "utter_refused_R100"},
    "ask_referral/needed": {"utter_referral_none", "utter_referral_optional", "utter_referral_required"},
    "ask_referral/validity": {"utter_referrals_book"},
}
"""Facts that a task answers from the portal for whoever is logged in: what it says then."""


def wordings() -> dict[str, list[str]]:
    """Label -> wordings, of all files."""
    found: dict[str, list[str]] = {}
    for file in sorted(HERE.glob("*.yml")):
        found |= yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return found


WORDINGS = wordings()
Answered = Mapping[str, Sequence[tuple[str, str]]]
"""Label -> (wording, names of the replies) of those that were answered with something else."""


@pytest.fixture(scope="module")
def missed(stage: Stage) -> Answered:
    """Every wording as the first message of a patient."""

    async def ask(sender: str, text: str) -> str:
        session = await stage.open(sender, NOW, "full", {}, "web")
        try:
            return " ".join(reply.response for reply in await stage.turn(session, text, None))
        finally:
            await stage.close(session)

    async def ask_all() -> dict[str, list[tuple[str, str]]]:
        wrong: dict[str, list[tuple[str, str]]] = {}
        for label, texts in WORDINGS.items():
            said = [(text, await ask(f"{label} {number}", text)) for number, text in enumerate(texts)]
            right = {f"utter_{label}", *DONE.get(label, ())}
            wrong[label] = [(text, reply) for text, reply in said if reply not in right]
        return wrong

    return asyncio.run(ask_all())


@pytest.mark.parametrize("label", sorted(WORDINGS))
def test_a_fact_is_found_in_other_words(missed: Answered, label: str) -> None:
    assert len(missed[label]) <= (1 - OF_EACH) * len(WORDINGS[label]) + 1e-9, missed[label]


def test_nearly_all_wordings_are_answered_to_the_point(missed: Answered) -> None:
    wrong = [f"{label}: {text!r} -> {reply}" for label, found in missed.items() for text, reply in found]
    assert len(wrong) <= (1 - OF_ALL) * sum(map(len, WORDINGS.values())), "\n".join(wrong)
