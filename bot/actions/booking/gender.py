"""A woman or a man as the doctor: "ginekolog, ale kobieta", "nie u faceta"."""

from __future__ import annotations

from bot.dialogue.turn import Turn
from bot.language.cues import cue
from bot.language.text import folded_words
from bot.portal.models import Gender

_NEAR = 2
"""How many words before it say whether the doctor is meant, and wanted."""


def wished(turn: Turn) -> Gender | None:
    """What the doctor should be; None when nothing of it was said, or a doctor was named."""
    if turn.said("doctor"):
        return None
    said = folded_words(turn.text)
    wish = None
    for at, word in enumerate(said):
        woman, man = cue("woman").matches(word), cue("man").matches(word)
        before = said[max(0, at - _NEAR) : at]
        if not (woman or man) or cue("about_the_patient").among(before):
            continue
        wish = Gender.FEMALE if woman != cue("not_that_one").among(before) else Gender.MALE
    return wish
