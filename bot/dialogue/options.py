"""Which of the offered options a message means, when it was typed instead of tapped."""

from __future__ import annotations

from bot.dialogue.state import Option, Prompt
from bot.dialogue.turn import Turn
from bot.language.choices import find_choice
from bot.language.text import fold, words

_FILLERS = frozenset(
    [
        "prosze",
        "poprosze",
        "to",
        "ten",
        "ta",
        "te",
        "ja",
        "wybieram",
        "biore",
        "chce",
        "wole",
        "chyba",
        "moze",
        "niech",
        "bedzie",
        "opcja",
        "opcje",
        "na",
        "w",
        "we",
        "z",
        "do",
        "dla",
        "od",
        "i",
        "a",
        "tak",
        "no",
        "jednak",
        "dobrze",
        "ok",
        "okej",
    ]
)


def match_option(prompt: Prompt, turn: Turn, *, by_number: bool = True) -> Option | None:
    """The option whose label, name or number the message says and nothing else; None if unclear."""
    if not prompt.options:
        return None
    said = _content(turn.text)
    if said:
        same = [option for option in prompt.options if any(_content(n) == said for n in _names(option))]
        if len(same) == 1:
            return same[0]
        part = [
            option for option in prompt.options if any(_covers(_content(n), said) for n in _names(option))
        ]
        if len(part) == 1:
            return part[0]
    if by_number:
        choice = find_choice(turn.text, len(prompt.options))
        if choice is not None and choice.index is not None and choice.index < len(prompt.options):
            return prompt.options[choice.index]
    return None


def _names(option: Option) -> list[str]:
    return [option.label, *option.names]


def _content(text: str) -> tuple[str, ...]:
    return tuple(w.folded for w in words(fold(text)) if w.folded not in _FILLERS)


def _covers(label: tuple[str, ...], said: tuple[str, ...]) -> bool:
    """All said words stand in the label, and they say enough of it to be meant."""
    letters = sum(len(word) for word in said)
    return letters >= 4 and all(any(_same(word, other) for other in label) for word in said)


def _same(word: str, other: str) -> bool:
    """Equal, or equal but for a Polish ending ("przychodnia", "przychodni")."""
    if word == other:
        return True
    stem = min(len(word), len(other)) - 2
    return stem >= 4 and word[:stem] == other[:stem] and abs(len(word) - len(other)) <= 2
