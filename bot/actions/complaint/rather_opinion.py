"""A complaint that was never meant: "nie chcę reklamacji, tylko powiedzieć, że ..." is an opinion (R142)."""

from __future__ import annotations

from dataclasses import replace

from bot.actions.booking.steps import Ctx
from bot.actions.opinion.task import GiveOpinion
from bot.dialogue.state import Frame
from bot.language.cues import cue
from bot.language.text import Word, words

_REACH = 4
"""Words between the "nie" and the complaint: "nie chcę składać żadnej reklamacji"."""
_FEWEST = 3


def meant(text: str) -> bool:
    """Whether the message says that it is no complaint, and does not take that back."""
    return "?" not in text and _refused_at(words(text)) is not None


async def begin(ctx: Ctx) -> None:
    """The complaint ends, nothing is sent; what was said beside is the opinion, or it is asked for."""
    said = _rest(ctx.turn.text)
    ctx.end()
    ctx.frame = Frame(GiveOpinion.name, topic=GiveOpinion.topic)
    ctx.conversation.stack.append(ctx.frame)
    ctx.speaker.say("utter_complaint_rather_opinion")
    ctx.turn = replace(ctx.turn, text=said, intent="give_opinion", fact=None)
    opinion = GiveOpinion()
    await opinion.take(ctx)
    await opinion.ask(ctx)


def _refused_at(said: list[Word]) -> int | None:
    """Where the complaint stands that is not wanted; the "nie" comes before it."""
    for at, word in enumerate(said):
        if cue("a_complaint").matches(word.folded):
            before = [other.folded for other in said[max(0, at - _REACH) : at]]
            if cue("no_complaint").among(before) and not cue("a_complaint").among(before):
                return at
    return None


def _rest(text: str) -> str:
    """What is told beside: without the refusal and without "tylko powiedzieć, że"."""
    said = words(text)
    at = _refused_at(said)
    if at is None:
        return ""
    start = at + 1
    while start < len(said) and cue("before_an_opinion").matches(said[start].folded):
        start += 1
    return text[said[start].start :] if len(said) - start >= _FEWEST else ""
