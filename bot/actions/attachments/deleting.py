"""Deleting files: which one, shown, an explicit "tak"; several one by one (R80, R81)."""

from __future__ import annotations

from contextlib import suppress

from bot.actions.attachments import files
from bot.actions.attachments.keys import ADD, FILE, MODE, QUEUE, SLOTS, THEN_ADD
from bot.actions.booking.steps import CONSENT, Ctx, say_intent
from bot.dialogue.state import Option
from bot.language.cues import synonyms
from bot.portal.errors import NotFoundProblem
from bot.portal.records import Attachment
from bot.portal.rules.outcome import Refused


async def make_room(ctx: Ctx, refused: Refused) -> None:
    """R80: the list of files to delete one of; adding goes on afterwards."""
    ctx.facts[THEN_ADD] = True
    items = await files.stored(ctx)
    ctx.speaker.ask(
        FILE,
        "utter_refused_R80",
        _options(ctx, items),
        used=str(refused.reason_params["used"]),
        max=str(refused.reason_params["max"]),
        files=files.lines(ctx, items),
        rule=refused.rule,
        code=refused.code,
    )


def read(ctx: Ctx, items: list[Attachment]) -> bool:
    """Reads which file the message means."""
    if not ctx.turn.text:
        return False
    if files.every(ctx.turn.text) and len(items) > 1:
        ctx.data[QUEUE] = [item.id for item in items]
        ctx.facts.pop(FILE, None)
        return True
    found = files.meant(ctx.turn.text, items)
    if len(found) == 1 and len(items) > 1:
        ctx.facts[FILE] = found[0].id
        return True
    return False


async def advance(ctx: Ctx) -> None:
    """Asks which file, or for the "tak"."""
    items = await files.stored(ctx)
    if not items:
        ctx.speaker.say("utter_attachments_none")
        ctx.end()
        return
    if ctx.data.get(QUEUE) and not ctx.facts.get(FILE):
        ctx.speaker.say("utter_attachments_one_by_one")
        await _next(ctx)
        return
    chosen = next((item for item in items if item.id == ctx.facts.get(FILE)), None)
    if chosen is None and len(items) == 1:
        chosen = items[0]
        ctx.facts[FILE] = chosen.id
    if chosen is None:
        question = SLOTS[FILE].question("attachments", again=bool(ctx.frame.misses))
        ctx.speaker.ask(FILE, question, _options(ctx, items), files=files.lines(ctx, items))
        return
    _ask_consent(ctx, chosen)


def _options(ctx: Ctx, items: list[Attachment]) -> list[Option]:
    return [*files.options(items), say_intent(ctx, "leave_files", "cancel_task")]


def _ask_consent(ctx: Ctx, item: Attachment) -> None:
    ctx.speaker.ask(
        CONSENT,
        "utter_attachment_delete_consent",
        [
            ctx.option("delete_it", {"do": "delete", "look": "act"}, *synonyms("delete_it")),
            say_intent(ctx, "leave_file", "deny"),
            ctx.option("other_file", {"do": "other_file"}, *synonyms("other_file")),
        ],
        file=files.line(ctx, item),
    )


async def delete(ctx: Ctx) -> None:
    """After the "tak". A file that is gone already is gone."""
    chosen = str(ctx.facts[FILE])
    with suppress(NotFoundProblem):
        await ctx.world.signed_in()[0].delete_attachment(chosen)
    ctx.facts.pop(FILE)
    if await _next(ctx, deleted=True):
        return
    places = await files.left(ctx)
    if ctx.facts.pop(THEN_ADD, False):
        ctx.speaker.say("utter_attachment_deleted_go_on")
        ctx.facts[MODE] = ADD
        ctx.world.forget_me()
        return
    ctx.speaker.say("utter_attachment_deleted", left=places)
    ctx.end()


async def leave(ctx: Ctx) -> None:
    """This one stays; the next of several comes."""
    ctx.facts.pop(FILE, None)
    if not await _next(ctx):
        ctx.speaker.say("utter_attachments_left")
        ctx.end()


async def _next(ctx: Ctx, *, deleted: bool = False) -> bool:
    """The next file of "wszystkie"; False when there is none."""
    items = {item.id: item for item in await files.stored(ctx)} if ctx.data.get(QUEUE) else {}
    while ctx.data.get(QUEUE):
        identifier = ctx.data[QUEUE].pop(0)
        if identifier in items:
            if deleted:
                ctx.speaker.say("utter_attachment_deleted_one")
            ctx.facts[FILE] = identifier
            _ask_consent(ctx, items[identifier])
            return True
    return False
