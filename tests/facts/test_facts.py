"""Each fact is found in wordings that nobody trained on, by the trained assistant, and the answer says it.

A label of tests/facts/<topic>.yml is `intent/fact`, or `intent` for its general question; the reply has to be
`utter_<label>`. A rule of tests/portal/rules/asked.yml is answered out of the portal's data: whatever the
reply is called, it has to carry the rule's words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.language.text import fold
from bot.language.times.model import WARSAW
from bot.rehearsal.stage import Reply, Stage
from tools.rule_table import ASKED, CATALOGUE, SHOWN, told

pytestmark = pytest.mark.timeout(1200)  # the first test waits for all wordings, on a busy machine for minutes
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=WARSAW)
HERE = Path(__file__).parent
OF_EACH = 2 / 3
"""Of the wordings of one fact, so many are answered with it."""
OF_ALL = 0.9
"""Of all wordings together."""
VISITOR = "none"
DONE = {
    "ask_online_consultation/now": {"utter_online_whom", "utter_online_how", "utter_refused_R100"},
    "ask_referral/needed": {"utter_referral_none", "utter_referral_optional", "utter_referral_required"},
    "ask_referral/validity": {"utter_referrals_book"},
    "ask_rehabilitation/count": {"utter_referrals_book"},
}
"""Facts that a task answers from the portal for whoever is logged in: what it says then."""


def read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


WORDINGS: dict[str, list[str]] = {}
for file in sorted(HERE.glob("*.yml")):
    WORDINGS |= read(file)
ASKED_OF_THE_PORTAL = read(ASKED)
RULES = {
    rule: shown
    for rule, shown in read(SHOWN).items()
    if shown.get("asked") and read(CATALOGUE)[rule]["is"] == "info"
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said to every wording."""

    said: dict[str, list[tuple[str, Sequence[Reply]]]] = field(default_factory=dict)
    """Label or rule -> (wording, the replies to it)."""

    def missed(self, label: str) -> list[str]:
        """Wordings that were answered with something else, and with what."""
        return [
            f"{text!r} -> {' '.join(reply.response for reply in replies)}: {whole(replies)[:120]}"
            for text, replies in self.said[label]
            if not (carries(label, replies) if label in ASKED_OF_THE_PORTAL else names(label, replies))
        ]


def whole(replies: Sequence[Reply]) -> str:
    """Everything that was said in a turn."""
    return "\n".join(reply.text for reply in replies)


def names(label: str, replies: Sequence[Reply]) -> bool:
    """Whether it is the reply of the fact."""
    return " ".join(reply.response for reply in replies) in {f"utter_{label}", *DONE.get(label, ())}


def carries(rule: str, replies: Sequence[Reply]) -> bool:
    """Whether what was said has all the words of the rule."""
    return all(fold(words) in fold(whole(replies)) for words in ASKED_OF_THE_PORTAL[rule]["words"])


@pytest.fixture(scope="module")
def answers(stage: Stage) -> Answers:
    """Every wording as the first message of a patient."""

    async def ask(sender: str, text: str, question: Mapping[str, str]) -> Sequence[Reply]:
        account = question.get("account", "full")
        patient = None if account == VISITOR else account
        session = await stage.open(sender, NOW, patient, {}, question.get("channel", "web"))
        try:
            return await stage.turn(session, text, None)
        finally:
            await stage.close(session)

    async def ask_all() -> Answers:
        found = Answers()
        asked = WORDINGS | {rule: question["texts"] for rule, question in ASKED_OF_THE_PORTAL.items()}
        for label, texts in asked.items():
            question = ASKED_OF_THE_PORTAL.get(label, {})
            found.said[label] = [(t, await ask(f"{label} {n}", t, question)) for n, t in enumerate(texts)]
        return found

    return asyncio.run(ask_all())


@pytest.mark.parametrize("label", [*sorted(WORDINGS), *ASKED_OF_THE_PORTAL])
def test_a_fact_is_found_in_other_words(answers: Answers, label: str) -> None:
    missed = answers.missed(label)
    assert len(missed) <= (1 - OF_EACH) * len(answers.said[label]) + 1e-9, "\n".join(missed)


def test_nearly_all_wordings_are_answered_to_the_point(answers: Answers) -> None:
    wrong = [f"{label}: {missed}" for label in answers.said for missed in answers.missed(label)]
    every = sum(map(len, answers.said.values()))
    print(f"{every - len(wrong)} of {every} wordings are answered to the point")
    assert len(wrong) <= (1 - OF_ALL) * every, "\n".join(wrong)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_who_asks_for_a_rule_hears_it(answers: Answers, rule: str) -> None:
    """The words of the rule are in what was really said to the wordings of its fact."""
    asked = RULES[rule]["asked"]
    said = [
        fold(whole(replies))
        for label in ([asked] if isinstance(asked, str) else asked)
        for _, replies in answers.said[label]
        if " ".join(reply.response for reply in replies) == f"utter_{label}"
    ]
    assert said, f"{asked} was never answered"
    missing = [words for words in told(RULES[rule]) if not any(fold(words) in text for text in said)]
    assert missing == []
