"""How complaints are filed and answered, and what became of those the portal has of this account."""

from __future__ import annotations

from bot.actions.answer import answer_to
from bot.actions.booking.steps import Ctx
from bot.language.cues import cue
from bot.language.questions import looks_like_question
from bot.language.spoken import day_of
from bot.language.telling import tells
from bot.language.text import folded_words
from bot.portal.clock import local_date
from bot.portal.records import Complaint

ASKS = "ask_complaint_channels"
"""Intent of questions about complaints."""
_STATUS = "status"
"""Its fact: what became of mine?"""
_SHOWN = 5
_SHORT = 8
"""Words; a longer message tells what happened."""


def only_asks(ctx: Ctx) -> bool:
    """A question about complaints; "gdzie się skarży? proszę przyjąć moją" files one."""
    text = ctx.turn.text
    return ctx.turn.intent == ASKS and not tells(text) and not cue("files_now").heard(text)


def asks_how_long(ctx: Ctx) -> bool:
    """ "A ile się czeka?", "jak długo to trwa?" in the middle of a complaint."""
    text = ctx.turn.text
    short = len(folded_words(text)) <= _SHORT and looks_like_question(text)
    return short and cue("how_long").heard(text) and cue("of_waiting").heard(text)


def asks_for_contact(ctx: Ctx) -> bool:
    """ "A jaki jest numer na infolinię?": no answer to how the reply should come."""
    asked = looks_like_question(ctx.turn.text) and cue("names_contact").heard(ctx.turn.text)
    return asked and len(folded_words(ctx.turn.text)) <= _SHORT


async def answer(ctx: Ctx) -> None:
    """Says one reply: to the point of the question, or the patient's complaints with their state."""
    filed: tuple[Complaint, ...] = ()
    if ctx.turn.fact == _STATUS and ctx.world.logged_in:
        filed = (await ctx.world.signed_in()[0].complaints()).items
    if filed:
        lines = "\n".join(_line(ctx, complaint) for complaint in reversed(filed[-_SHOWN:]))
        ctx.speaker.say("utter_complaints", complaints=lines)
    else:
        ctx.speaker.say(answer_to(ctx.turn, ctx.speaker.texts))


def _line(ctx: Ctx, complaint: Complaint) -> str:
    """ "R/2026/00001 z 23 listopada: w trakcie wyjaśniania"."""
    texts = ctx.speaker.texts
    filed = day_of(local_date(complaint.filed_at), local_date(ctx.world.now))
    state = texts.get(f"utter_piece_complaint_{complaint.status.value}")
    return texts.get("utter_piece_complaint_line", number=complaint.case_number, day=filed, state=state)
