"""What a message says of an opinion: its text, its mark, what it is about."""

from __future__ import annotations

from typing import Any

from bot.actions.booking.steps import Ctx
from bot.dialogue.slots import SlotSpec
from bot.dialogue.state import CONSENT
from bot.dialogue.task import ANY
from bot.language.cues import cue
from bot.language.rating import find_rating
from bot.language.telling import questions, tells
from bot.language.text import folded_words
from bot.portal.records import OpinionSubject

TEXT, RATING, SUBJECT = "text", "rating", "subject"
_LIKE = ("give_opinion", "complaint_about_bot", "insult", "chitchat", "thanks", "medical_question")
SLOTS = {
    RATING: SlotSpec(RATING, optional=True),
    TEXT: SlotSpec(TEXT, free_text=True, text_of=_LIKE),
}
_NO_WORDS = frozenset({"affirm", "affirm_weak", "deny", "correct", "skip", "no_preference"})
"""Acts of conversation that are no opinion."""
LONGEST = 4000
"""Characters the portal takes."""
_FEWEST = 2
"""Words of an answer to "Proszę napisać opinię"."""


def take(ctx: Ctx) -> bool:
    """Reads the turn into the facts; False when it said nothing of use."""
    about = ctx.frame.prompt.about if ctx.frame.prompt else ""
    text, facts = ctx.turn.text, ctx.facts
    mark = find_rating(text, asked=about in {RATING, CONSENT})
    if mark is not None:
        facts[RATING] = mark
    worded = _worded(ctx, about)
    if worded:
        facts[TEXT] = text.strip()[:LONGEST]
    if worded or cue("of_booking").heard(text):
        facts.setdefault(SUBJECT, str(_subject(text)))
    if about == "" and mark is None and not worded and cue("rates").heard(text):
        facts.setdefault(RATING, None)  # a mark was announced: it is asked for
    return mark is not None or worded


def _worded(ctx: Ctx, about: str) -> bool:
    text = ctx.turn.text
    if ctx.turn.pressed or about == RATING:
        return about == RATING and tells(text)
    if about == TEXT and ctx.turn.intent in _NO_WORDS and not tells(text):
        return False
    if about == TEXT:
        return len(folded_words(text)) >= _FEWEST and (not questions(text) or tells(text))
    return about == "" and substance(text)


def substance(text: str) -> bool:
    """Whether it is the opinion itself, and not only the wish to give one."""
    said = folded_words(text)
    rest = [word for word in said if not cue("wants_to_give_opinion").matches(word)]
    return not questions(text) and (tells(text) or len(rest) >= 3)


def _subject(text: str) -> OpinionSubject:
    if cue("of_online").heard(text):
        return OpinionSubject.ONLINE_CONSULTATION
    if cue("of_booking").heard(text):
        return OpinionSubject.BOOKING
    return OpinionSubject.SERVICE if cue("names_visit").heard(text) or tells(text) else OpinionSubject.GENERAL


def mark_is_open(facts: dict[str, Any]) -> bool:
    """A mark was announced ("chcę ocenić") and neither given nor left out."""
    return RATING in facts and facts[RATING] is None


def mark(facts: dict[str, Any]) -> int | None:
    """The mark that was given."""
    value = facts.get(RATING, ANY)
    return None if value in {None, ANY} else int(value)
