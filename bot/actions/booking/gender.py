"""A woman or a man as the doctor: "ginekolog, ale kobieta", "nie u faceta"."""

from __future__ import annotations

import re

from bot.dialogue.turn import Turn
from bot.language.text import fold, words
from bot.portal.models import Gender

FACT = "doctor_gender"
_WOMAN = re.compile(r"kobie(?:ta|te|ty|cie)|lekark\w*|doktork\w*|ginekolozk\w*|babk[aie]")
_MAN = re.compile(r"mezczyzn\w*|facet\w*")
_ABOUT = frozenset("jestem dla jako mloda starsza mam mlody starszy".split())
"""Words before it that tell who the patient is, not the doctor."""
_NOT = frozenset("nie zaden zadnego byle oprocz".split())
_NEAR = 2


def wished(turn: Turn) -> Gender | None:
    """What the doctor should be; None when nothing of it was said, or a doctor was named."""
    if turn.said("doctor"):
        return None
    said = [word.folded for word in words(fold(turn.text))]
    wish = None
    for at, word in enumerate(said):
        woman, man = bool(_WOMAN.fullmatch(word)), bool(_MAN.fullmatch(word))
        before = set(said[max(0, at - _NEAR) : at])
        if not (woman or man) or before & _ABOUT:
            continue
        wish = Gender.FEMALE if woman != bool(before & _NOT) else Gender.MALE
    return wish
