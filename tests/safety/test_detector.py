"""Every class in many spellings; what takes the danger away; nothing remembered between messages."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bot.language.text import fold
from bot.safety.detector import detect
from bot.safety.finding import RedFlag
from bot.safety.rules import book

CASES: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "cases.yml").read_text(encoding="utf-8")
)
PHRASES = [(cls, phrase) for cls, phrases in CASES.items() for phrase in phrases]


def _without_a_letter(text: str) -> str:
    """The longest word loses a letter in its middle."""
    word = max(text.split(), key=len)
    return text.replace(word, word[: len(word) // 2] + word[len(word) // 2 + 1 :], 1)


def _with_swapped_letters(text: str) -> str:
    word = max(text.split(), key=len)
    middle = len(word) // 2
    return text.replace(word, word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :], 1)


def _in_company(text: str) -> str:
    return f"Dzień dobry, proszę mi pomóc. {text}. Co mam zrobić?"


CHANGES: dict[str, Callable[[str], str]] = {
    "as written": str,
    "no Polish letters": fold,
    "capitals": str.upper,
    "a letter missing": _without_a_letter,
    "letters swapped": _with_swapped_letters,
    "exclamations": lambda text: f"{text}!!!",
    "emoji": lambda text: f"😭 {text} 🙏🙏",
    "company": _in_company,
    "no blanks after commas": lambda text: text.replace(", ", ","),
    "lines": lambda text: text.replace(", ", "\n"),
}


def test_every_class_has_cases() -> None:
    assert set(CASES) == {cls.value for cls in RedFlag}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("cls", "phrase"), PHRASES)
def test_every_class_in_every_spelling(cls: str, phrase: str, change: str) -> None:
    finding = detect(CHANGES[change](phrase))
    assert finding is not None
    if change in {"as written", "capitals", "exclamations", "emoji", "no Polish letters"}:
        assert finding.cls == cls


@pytest.mark.parametrize(
    ("text", "cls"),
    [
        ("niemogeoddychac", RedFlag.BREATHING),
        ("duszęsię", RedFlag.BREATHING),
        ("mam bul w klatce piersiowej", RedFlag.CHEST_PAIN),
        ("mysli samobujcze", RedFlag.CRISIS_ADULT),
        ("nie moge oddyyyychac", RedFlag.BREATHING),
    ],
)
def test_run_together_sound_alike_and_drawn_out(text: str, cls: RedFlag) -> None:
    finding = detect(text)
    assert finding is not None
    assert finding.cls is cls


@pytest.mark.parametrize(
    "text",
    [
        "nie mam duszności",
        "duszności na szczęście nie mam",
        "bez gorączki i bez drgawek",
        "rok temu miałem zawał",
        "w 2019 roku przeszłam udar, potrzebuję kontroli",
        "umieram z nudów",
        "zabije mnie ta kolejka",
        "serce mi pęka",
        "kardiolog po zawale",
        "kontrola po udarze",
        "ból kolana od miesiąca",
        "boli mnie brzuch od tygodnia, chcę do gastrologa",
        "ojciec zmarł na zawał, chcę się przebadać",
        "jakie są objawy zawału?",
        "pobranie krwi w ciąży",
        "nie dam rady w czwartek",
        "żegnam",
        "",
        "???",
    ],
)
def test_harmless(text: str) -> None:
    assert detect(text) is None


@pytest.mark.parametrize(
    ("harmless", "danger"),
    [
        ("rok temu miałem zawał", "rok temu miałem zawał, a teraz znowu mam silny ból w klatce piersiowej"),
        ("nie mam duszności", "nie mam gorączki, ale nie mogę oddychać"),
        ("umów mnie do kardiologa", "umów mnie do kardiologa, teraz mam silny ból w klatce piersiowej"),
    ],
)
def test_a_guard_spares_only_its_own_part(harmless: str, danger: str) -> None:
    assert detect(harmless) is None
    assert detect(danger) is not None


def test_span_points_into_the_message() -> None:
    text = "Dzień dobry. Mama nie oddycha!"
    finding = detect(text)
    assert finding is not None
    assert text[slice(*finding.span)] == "nie oddycha"


def test_nothing_is_remembered() -> None:
    alone = [detect(phrase) for _, phrase in PHRASES]
    backwards = [detect(phrase) for _, phrase in reversed(PHRASES)]
    assert alone == backwards[::-1]
    assert detect("dzień dobry") is None


HOSTILE = [
    "a" * 2000,
    "nie " * 500,
    "ból " * 500,
    "krew," * 400,
    "serce boli " * 180,
    "niemoge" * 285,
    "się" * 666,
    "\u0301" * 2000,
    "🙏" * 2000,
    "ŁÓŻKO " * 333,
    "1,2.3" * 400,
    "(" * 2000,
    "ІЇЄ" * 666,
    "\n" * 2000,
    "___" * 600,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_takes_no_time(text: str) -> None:
    detect("rozgrzewka")
    begun = time.process_time()
    detect(text)
    assert time.process_time() - begun < 0.1


@pytest.mark.parametrize("text", [*HOSTILE, *(phrase for _, phrase in PHRASES)], ids=str.__len__)
def test_one_pass_finds_what_single_searches_find(text: str) -> None:
    """An automaton out of memory would find nothing and say nothing."""
    signs = book().signs
    folded = fold(text)
    assert set(signs.spans(folded)) == signs.found_singly(folded)


def test_ordinary_message_takes_under_two_milliseconds() -> None:
    text = "Dzień dobry, chcę umówić wizytę u kardiologa, bo kłuje mnie czasem w klatce, najlepiej w środę."
    detect(text)
    begun = time.process_time()
    for _ in range(200):
        detect(text)
    assert (time.process_time() - begun) / 200 < 0.002
