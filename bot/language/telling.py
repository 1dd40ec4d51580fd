"""Whether a message tells what happened: a story is no request, whatever it may look like."""

from __future__ import annotations

from functools import lru_cache

from bot.language.cues import cue
from bot.language.morphology import WORDS_KEPT, readings
from bot.language.spelling import accented
from bot.language.text import folded_words, words

_PAST = frozenset({"praet", "imps"})
"""Tags of SGJP: „czekałam”, „kazano”."""
_SHORTEST = 4
"""Words; what is shorter ("zgubiłam") tells too little to be a story."""
_LONG = 25
_SHORTEST_STRIPPED = 5
_QUESTION = 14
"""Words; a longer message that ends with a question mark may be a story as well."""


def tells(text: str) -> bool:
    """True for a message about what was or how something was, False for a question or a bare request.

    „Czekałam godzinę i nikt nie przeprosił” tells; „chciałabym umówić wizytę” wishes.
    """
    said = words(text)
    if len(said) < _SHORTEST or (questions(text) and len(said) < _QUESTION):
        return False
    stripped = text.isascii()
    return len(said) >= _LONG or any(_past(word.text, stripped=stripped) for word in said)


def questions(text: str) -> bool:
    """Whether it is put as a question: it ends with a question mark, or begins with a question word."""
    said = folded_words(text)
    return text.rstrip().endswith("?") or (bool(said) and cue("question_word").matches(said[0]))


@lru_cache(maxsize=WORDS_KEPT)
def _past(word: str, *, stripped: bool) -> bool:
    """A verb in the past tense; in a `stripped` message also one written without its Polish letters.

    A polite wish („chciałam”) is none.
    """
    if cue("no_past").among(folded_words(word)):
        return False
    lower = word.lower()
    spellings = {lower} if readings(lower) else set(accented(word))
    if stripped and len(lower) >= _SHORTEST_STRIPPED:  # "mail" may be „maił”
        spellings |= set(accented(word))
    return any(form.pos in _PAST for spelling in spellings for form in readings(spelling))
