"""The attachments task: add, list and delete files; the channel's reports of a file that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.access import FullAccountTask, admitted
from bot.actions.attachments import adding, deleting, files
from bot.actions.attachments.keys import (
    ADD,
    DELETE,
    DESCRIPTION,
    FILE,
    LIST,
    MODE,
    OFFERED,
    QUEUE,
    REPORT,
    SLOTS,
    THEN_ADD,
    TICKET,
    UPLOADS,
    VISIT,
    WHERE,
)
from bot.actions.booking.steps import CONSENT, Ctx
from bot.dialogue.hearing import agrees, not_a_yes
from bot.language.cues import cue
from bot.portal.rules.accounts import Capability, may_use

_MODES = {"attach_document": ADD, "file_offered": ADD, "delete_document": DELETE, "list_documents": LIST}
_REPORTS = frozenset({"file_uploaded", "file_failed"})
_YES = frozenset({"affirm", "affirm_weak"})
_AGREES = ("affirm_weak", "delete_document")
_INFO = {ADD: "utter_attach_document", DELETE: "utter_delete_document", LIST: "utter_attach_document"}


class Attachments(FullAccountTask):
    """The whole life of a file in conversation (R77-R90)."""

    name = "attachments"
    topic = "ask_attachments"
    only_asks = False
    slots = SLOTS

    async def take(self, ctx: Ctx) -> bool:
        """Reads what is to be done and with which file or consultation."""
        if "uploads" in ctx.turn.metadata:
            ctx.data[UPLOADS] = bool(ctx.turn.metadata["uploads"])
        if not ctx.world.logged_in or not await self._permitted(ctx):
            ctx.facts.setdefault(MODE, _MODES.get(ctx.turn.intent, ADD))
            return True
        about = ctx.frame.prompt.about if ctx.frame.prompt else ""
        if ctx.turn.intent in _REPORTS or ctx.turn.intent == "file_offered":
            return self._from_channel(ctx)
        if about == DESCRIPTION:
            return await adding.read_description(ctx)
        mode = _MODES.get(ctx.turn.intent)
        if mode is not None and about not in {VISIT, FILE}:
            ctx.facts[MODE] = mode
            ctx.facts.pop(FILE, None)
        if ctx.facts.get(MODE) == DELETE or about == FILE:
            return deleting.read(ctx, await files.stored(ctx)) or not about
        said = await adding.read_visit(ctx) if ctx.facts.get(MODE) != LIST else False
        return said or mode is not None

    async def advance(self, ctx: Ctx) -> None:
        """What comes next of what is being done."""
        mode = str(ctx.facts.get(MODE) or ADD)
        if not await admitted(ctx, Capability.ATTACHMENTS, _INFO[mode]):
            return
        report = ctx.data.get(REPORT)
        if report:
            await adding.reported(ctx, dict(report))
        elif mode == LIST:
            await _list(ctx)
        elif mode == DELETE or ctx.facts.get(FILE) or ctx.data.get(QUEUE):
            await deleting.advance(ctx)
        else:
            await adding.advance(ctx)

    async def respond(self, ctx: Ctx, about: str) -> bool:
        """Answers to the question for a "tak", and where the file is to be sent."""
        if about == CONSENT and ctx.turn.intent != "repeat":
            return await self._at_consent(ctx)
        if about == WHERE and ctx.turn.intent not in _REPORTS | {"file_offered"}:
            return await self._at_where(ctx)
        return await super().respond(ctx, about)

    async def act(self, ctx: Ctx, act: Mapping[str, Any]) -> None:
        """Options of its own."""
        match act.get("do"):
            case "delete":
                await self._delete(ctx)
            case "other_file":
                ctx.facts.pop(FILE, None)
                ctx.data.pop(QUEUE, None)
                ctx.facts.setdefault(MODE, DELETE)
                await self._ask_file_to_delete(ctx)
            case "added":
                await adding.added_in_portal(ctx)
            case "path":
                adding.show_path(ctx)
            case _:
                await self.advance(ctx)

    async def ask_again(self, ctx: Ctx, *, missed: bool = False) -> None:
        """The open question once more."""
        if missed and ctx.frame.prompt is not None and ctx.frame.prompt.about == CONSENT:
            ctx.speaker.say(not_a_yes(ctx.turn, "utter_attachment_consent_unclear"))
        await self.advance(ctx)

    async def abandon(self, ctx: Ctx) -> None:
        """An unused ticket is given back."""
        if ctx.world.logged_in:
            await adding.abandon(ctx)

    def put_off(self, ctx: Ctx) -> str:
        """A file may be added another day; one that is being deleted is told of as when stopped."""
        adding = self.stopped(ctx) == "utter_attachment_stopped"
        return super().put_off(ctx) if adding else self.stopped(ctx)

    def stopped(self, ctx: Ctx) -> str:
        """Nothing was added by stopping, nothing deleted."""
        if ctx.facts.get(THEN_ADD) and not ctx.facts.get(FILE):
            return "utter_attachment_stopped_no_room"
        deleting_one = ctx.facts.get(MODE) == DELETE or ctx.facts.get(FILE)
        return "utter_attachments_left" if deleting_one else "utter_attachment_stopped"

    def stops(self, ctx: Ctx) -> bool:
        """ "Tego nie ruszaj" leaves one of several; the next comes."""
        about = ctx.frame.prompt.about if ctx.frame.prompt else ""
        if about == FILE and cue("throws_away").heard(ctx.turn.text):
            return False  # "no to wywal tę wysypkę" says which, or that it has to be asked
        return about != CONSENT or not (ctx.data.get(QUEUE) and cue("this_one").heard(ctx.turn.text))

    async def step_back(self, ctx: Ctx, about: str) -> bool:
        """One question back: from the file to its description, from that to the consultation."""
        if about == DESCRIPTION and len(await adding.attachable(ctx)) < 2:
            return False
        before = {WHERE: (DESCRIPTION,), DESCRIPTION: (VISIT,), CONSENT: (FILE,)}
        return await self.take_again(ctx, *before.get(about, ()))

    async def _permitted(self, ctx: Ctx) -> bool:
        return may_use(await ctx.world.me(), Capability.ATTACHMENTS, ctx.world.now).ok

    # --- the channel

    def _from_channel(self, ctx: Ctx) -> bool:
        said = {
            m.kind: m.ids[0] for m in ctx.turn.mentions if m.kind.startswith(("file", "attachment", "code"))
        }
        if ctx.turn.intent in _REPORTS:
            ctx.data[REPORT] = {"id": said.get("attachment_id", ""), "code": said.get("code", "")}
            if ctx.turn.intent == "file_uploaded":
                ctx.data[REPORT]["code"] = ""
            return True
        ctx.facts[MODE] = ADD
        ctx.data.pop(TICKET, None)
        ctx.facts[OFFERED] = {
            "file": said.get("file", ""),
            "type": said.get("file_type", ""),
            "size": int(said.get("file_size", "0")),
        }
        return True

    # --- answers

    async def _at_consent(self, ctx: Ctx) -> bool:
        turn = ctx.turn
        if turn.intent in {"deny", "cancel_task"}:
            await deleting.leave(ctx)
        elif agrees(turn, *_AGREES):
            await self._delete(ctx)
        else:
            items = await files.stored(ctx)
            others = [item for item in files.meant(turn.text, items) if item.id != ctx.facts.get(FILE)]
            if len(others) == 1 and len(items) > 2:
                ctx.facts[FILE] = others[0].id
            else:
                ctx.frame.misses += 1
                ctx.speaker.say(not_a_yes(ctx.turn, "utter_attachment_consent_unclear"))
            await self.advance(ctx)
        return True

    async def _at_where(self, ctx: Ctx) -> bool:
        if ctx.turn.intent in _YES or cue("file_is_there").heard(ctx.turn.text):
            await adding.added_in_portal(ctx)
            return True
        if ctx.turn.intent == "list_documents":
            ctx.speaker.say("utter_attachment_room", left=await files.left(ctx))
            await self.advance(ctx)
            return True
        if ctx.turn.intent == "inform" and await adding.read_description(ctx):  # another one, said afterwards
            await self.advance(ctx)
            return True
        if ctx.turn.intent == "correct":
            await self.take_again(ctx, DESCRIPTION)
            return True
        if ctx.turn.intent == "deny":
            await self.abandon(ctx)
            ctx.speaker.say(self.stopped(ctx))
            ctx.end()
            return True
        return False

    async def _delete(self, ctx: Ctx) -> None:
        await deleting.delete(ctx)
        if ctx.facts.get(MODE) == ADD and ctx.frame in ctx.conversation.stack and not ctx.facts.get(FILE):
            await self.advance(ctx)

    async def _ask_file_to_delete(self, ctx: Ctx) -> None:
        await deleting.advance(ctx)


async def _list(ctx: Ctx) -> None:
    items = await files.stored(ctx)
    if items:
        ctx.speaker.say("utter_attachments", files=files.lines(ctx, items), left=await files.left(ctx))
    else:
        ctx.speaker.say("utter_attachments_none")
    ctx.end()
