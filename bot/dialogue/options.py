"""Which of the offered options a message means, when it was typed instead of tapped."""

from __future__ import annotations

from bot.dialogue.acts import ANSWERS, POLITE
from bot.dialogue.state import CONSENT, LISTED, Option, Prompt
from bot.dialogue.turn import Turn
from bot.language.choices import find_choice
from bot.language.cues import cue
from bot.language.questions import looks_like_question
from bot.language.text import folded_words

_BESIDE = frozenset({"say", "tell", "leave"})
"""Acts of the buttons below a list: "Pokaż więcej", "Przerwij", "Infolinia"."""
_STEM = 4
_ALIKE = 0.4
_FEW = 8
"""A longer message says something of its own."""
_SENTENCE = 16
"""In a longer message a word of an option's cue may belong to anything."""
_TELLING = 6
"""Letters of a name that stands for an option inside a sentence."""


def named_option(prompt: Prompt, turn: Turn) -> Option | None:
    """The option whose label or name the message says word for word; None when none or several do."""
    said = _content(turn.text)
    same = [option for option in prompt.options if any(_content(name) == said for name in _names(option))]
    return same[0] if said and len(same) == 1 else None


def match_option(prompt: Prompt, turn: Turn, *, by_number: bool = True) -> Option | None:
    """The option whose label, name or number the message says and nothing else; None if unclear."""
    if not prompt.options:
        return None
    said = _content(turn.text)
    if said:
        named = named_option(prompt, turn)
        if named is not None:
            return named
        picked = _numbered(prompt.options, turn) if by_number else None
        if picked is not None:  # "pierwszy" is no "piersi"
            return picked
        part = _closest(prompt.options, said)
        if len(part) == 1:
            return part[0]
        # "To rezerwujmy" is a yes, not "Rezerwacje", and "dziewiątą" an hour, not "Inny dzień".
        if not part and turn.intent not in ANSWERS | POLITE and turn.when is None:  # "dzięki" is no "dzień"
            return _likest(prompt.options, said)
        return None
    return _numbered(prompt.options, turn) if by_number else None


def _numbered(options: list[Option], turn: Turn) -> Option | None:
    """The option of a number or a place in the list; an hour ("ten z dziewiątą") is neither."""
    if turn.when is not None and turn.when.exact_time is not None:
        return None
    for count in (_listed(options), len(options)):
        choice = find_choice(turn.text, count)
        if choice is not None and choice.index is not None and choice.index < count:
            return options[choice.index]
    return None


def option_within(prompt: Prompt, turn: Turn) -> Option | None:
    """The one option named inside a message that says little else: "o nie, pomyłka, przywróć ją".

    Never for a consent or a list: a word inside a sentence agrees to nothing and picks nothing.
    """
    said = folded_words(turn.text)
    if prompt.about in {CONSENT, LISTED, "offer"} or turn.has_facts:
        return None
    if looks_like_question(turn.text):  # "jaki jest do was telefon?" does not choose "Telefonicznie"
        return None
    heard = [o for o in prompt.options if o.cue and len(said) <= _SENTENCE and cue(o.cue).among(said)]
    if len(heard) == 1:
        return heard[0]
    if len(said) > _FEW:
        return None
    text = f" {' '.join(said)} "
    found = [
        option
        for option in prompt.options
        if any(
            len(name) >= _TELLING and f" {name} " in text
            for name in (" ".join(folded_words(n)) for n in option.names)
        )
    ]
    return found[0] if len(found) == 1 else None


def _listed(options: list[Option]) -> int:
    """How many options are the list itself: "ostatni" is its end, not the button that stops all."""
    count = len(options)
    while count and options[count - 1].act.get("do") in _BESIDE:
        count -= 1
    return count


def _closest(options: list[Option], said: tuple[str, ...]) -> list[Option]:
    """Options with a name that holds all that was said; of several, those with the fewest other words."""
    sizes = {
        at: min(len(label) for label in labels)
        for at, option in enumerate(options)
        if (labels := [label for name in _names(option) if _covers(label := _content(name), said)])
    }
    return [options[at] for at, size in sizes.items() if size == min(sizes.values())]


def _likest(options: list[Option], said: tuple[str, ...]) -> Option | None:
    """The one option whose words begin like all that was said ("brzucha": "jamy brzusznej")."""
    ranked = sorted(((_likeness(option, said), at) for at, option in enumerate(options)), reverse=True)
    best, at = ranked[0]
    if best < _ALIKE or (len(ranked) > 1 and ranked[1][0] >= best):
        return None
    return options[at]


def _likeness(option: Option, said: tuple[str, ...]) -> float:
    label = [word for name in _names(option) for word in _content(name)]
    return min(max((_prefix(word, other) for other in label), default=0.0) for word in said)


def _prefix(word: str, other: str) -> float:
    """Share of the longer word that both begin with; nothing under four letters."""
    same = next(
        (i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other))
    )
    return same / max(len(word), len(other)) if same >= _STEM else 0.0


def _names(option: Option) -> list[str]:
    return [option.label, *option.names]


def _content(text: str) -> tuple[str, ...]:
    filler = cue("around_an_option")
    return tuple(word for word in folded_words(text) if not filler.matches(word))


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
