"""Adding a file: the consultation, the description, the file; up to the portal's ticket and after it."""

from __future__ import annotations

import re
from typing import Any

from bot.actions.access import let_in, offer_phone
from bot.actions.attachments import deleting
from bot.actions.attachments.files import left, stored
from bot.actions.attachments.keys import (
    BEFORE,
    DESCRIPTION,
    NOT_HERE,
    OFFERED,
    REPORT,
    SLOTS,
    TICKET,
    UPLOADS,
    VISIT,
    WHERE,
)
from bot.actions.booking.slots import SPECIALTY
from bot.actions.booking.steps import Ctx, describer, say_intent
from bot.actions.cancellation import wanted
from bot.actions.cancellation.choosing import booked, describe, pointed_at
from bot.dialogue.state import Option
from bot.language.cues import cue, synonyms
from bot.language.speech import short_slot
from bot.language.text import fold, folded_words
from bot.portal.errors import NotFoundProblem, PortalProblem, RuleProblem
from bot.portal.keys import idempotency_key
from bot.portal.models import Reservation
from bot.portal.rules.attachments import EXTENSIONS, check_size, may_add_file, may_attach_to
from bot.portal.rules.outcome import Refused

SHOWN = 5
LONGEST = 500
"""Characters of a description, as the contract has it."""
_NAME_LENGTH = 40
_NAME_OF_VISIT = 4
"""Words that name a consultation; more of them describe a file."""


async def advance(ctx: Ctx) -> None:
    """Asks what is missing; with everything there the portal is asked for a ticket."""
    if ctx.data.get(TICKET):
        ctx.speaker.say("utter_attachment_on_its_way")
        return
    if not await _room(ctx) or not _fits(ctx):
        return
    visit = await _visit(ctx)
    if visit is None:
        return
    if not ctx.facts.get(DESCRIPTION):
        await _ask_description(ctx, visit)
    elif ctx.facts.get(OFFERED):
        await _announce(ctx, visit)
    else:
        await _ask_file(ctx, visit)


async def _room(ctx: Ctx) -> bool:
    """R77, R80: the level and the five files of the account."""
    outcome = may_add_file(await ctx.world.me(), ctx.world.now)
    if isinstance(outcome, Refused) and outcome.code == "ATTACHMENT_COUNT_LIMIT":
        await deleting.make_room(ctx, outcome)
        return False
    return let_in(ctx, outcome)


def _fits(ctx: Ctx) -> bool:
    """R79: the size that the channel counted, before the portal is asked."""
    offered = ctx.facts.get(OFFERED)
    outcome = check_size(int(offered["size"])) if offered else None
    if isinstance(outcome, Refused):
        ctx.facts.pop(OFFERED)
        ctx.speaker.say(f"utter_attachment_failed_{outcome.code}", rule=outcome.rule, code=outcome.code)
        ctx.end()
        return False
    return True


# --- for which consultation (R83, A13)


_ANSWERS = frozenset({"affirm", "affirm_weak", "deny", "choose_option", "no_preference", "skip"})
"""What answers a question and describes nothing."""


async def attachable(ctx: Ctx) -> list[Reservation]:
    """Booked visits that take a file, the nearest first."""
    return [visit for visit in await booked(ctx) if may_attach_to(visit).ok]


async def read_visit(ctx: Ctx) -> bool:
    """Reads which consultation is meant; remembers one that takes no files."""
    said = wanted.read(ctx.turn, ctx.world.now, await ctx.world.dependants())
    said.pop("every", None)
    shown = pointed_at(ctx, said)  # "dodaj do niej plik" after one visit was shown
    if not said and shown is None:
        return False
    catalogue, me = ctx.world.signed_in()[1], await ctx.world.me()
    possible = await attachable(ctx)
    meant = await booked(ctx)
    if shown is not None:
        meant = [visit for visit in meant if visit.id == shown]
    found = wanted.matching([visit for visit in meant if visit in possible], said, catalogue, me)
    if len(found) == 1:
        ctx.facts[VISIT] = found[0].id
        return True
    refused = [visit for visit in wanted.matching(meant, said, catalogue, me) if visit not in possible]
    if not found and len(refused) == 1:
        ctx.data[NOT_HERE] = refused[0].id
        return True
    return bool(found)


async def _visit(ctx: Ctx) -> Reservation | None:
    """The consultation; asks which, or says that there is none (R88: book first, then attach)."""
    visits = await attachable(ctx)
    not_here = ctx.data.pop(NOT_HERE, None)
    visit = next((v for v in await booked(ctx) if v.id == not_here), None) if not_here else None
    if visit is not None:
        ctx.speaker.say("utter_attachment_not_to_this", visit=await describe(ctx, visit), rule="R83")
    if not visits:
        service = ctx.world.signed_in()[1].services.get(visit.service_id) if visit else None
        specialty = {SPECIALTY: service.specialty.id} if service and service.specialty else {}
        offer_phone(ctx, "utter_attachments_no_visit", specialty, rule="R88")
        return None
    chosen = next((visit for visit in visits if visit.id == ctx.facts.get(VISIT)), None)
    if chosen is None and len(visits) == 1 and not not_here:
        chosen = visits[0]
        ctx.facts[VISIT] = chosen.id
    if chosen is None:
        await _ask_visit(ctx, visits)
    return chosen


async def _ask_visit(ctx: Ctx, visits: list[Reservation]) -> None:
    options = [_visit_option(ctx, visit) for visit in visits[:SHOWN]]
    options.append(say_intent(ctx, "stop_task", "cancel_task"))
    ctx.speaker.ask(VISIT, SLOTS[VISIT].question("attachments", again=bool(ctx.frame.misses)), options)


def _visit_option(ctx: Ctx, visit: Reservation) -> Option:
    words = describer(ctx)
    service = ctx.world.signed_in()[1].services.get(visit.service_id)
    specialty = service.specialty.name if service and service.specialty else ""
    parts = (short_slot(visit.slot.start, ctx.world.now), specialty, words.doctor_short(visit.slot.doctor_id))
    label = " · ".join(part for part in parts if part)
    names = [name for name in parts[1:] if name]
    return Option(label, {"do": "fill", "facts": {VISIT: visit.id}}, names)


# --- the description (R82)


async def _ask_description(ctx: Ctx, visit: Reservation) -> None:
    spec = SLOTS[DESCRIPTION]
    response = spec.question("attachments", again=bool(ctx.frame.misses))
    ctx.speaker.ask(DESCRIPTION, response, spec=spec, visit=await describe(ctx, visit), rule="R82")


async def read_description(ctx: Ctx) -> bool:
    """The patient's words, as short as the contract wants them; a lone "tak" or a sign describes nothing.

    "Do internisty" names another consultation instead.
    """
    said = folded_words(ctx.turn.text)
    if len(said) <= _NAME_OF_VISIT and cue("before_visit").among(said[:1]):
        current = ctx.facts.get(VISIT)
        if await read_visit(ctx) and ctx.facts.get(VISIT) != current:
            return True
    text = " ".join(ctx.turn.text.split())
    if len(re.findall(r"[^\W\d_]", text)) < 3 or ctx.turn.intent in _ANSWERS:
        return False
    ctx.facts[DESCRIPTION] = text[:LONGEST]
    return True


# --- the file


async def _ask_file(ctx: Ctx, visit: Reservation) -> None:
    """By the channel's own button where it takes files, else by the portal's page (R87)."""
    ctx.data.setdefault(BEFORE, [item.id for item in await stored(ctx)])
    here = bool(ctx.data.get(UPLOADS))
    options = [ctx.option("file_added", {"do": "added"}, *synonyms("file_added"))]
    if here:
        options = [ctx.option("where_in_portal", {"do": "path"}, *synonyms("where_in_portal"))]
    options.append(say_intent(ctx, "stop_task", "cancel_task"))
    ctx.speaker.ask(
        WHERE,
        "utter_attachment_send_here" if here else "utter_attachment_send_in_portal",
        options,
        visit=await describe(ctx, visit),
        description=ctx.facts[DESCRIPTION],
    )


def show_path(ctx: Ctx) -> None:
    """The portal's own page instead of the chat."""
    ctx.speaker.ask(
        WHERE,
        "utter_attachment_path",
        [
            ctx.option("file_added", {"do": "added"}, *synonyms("file_added")),
            say_intent(ctx, "stop_task", "cancel_task"),
        ],
    )


async def added_in_portal(ctx: Ctx) -> None:
    """ "Gotowe": what the portal's list says."""
    before = set(ctx.data.get(BEFORE) or ())
    new = [item for item in await stored(ctx) if item.id not in before]
    if not new:
        ctx.speaker.say("utter_attachment_not_seen_yet")
        show_path(ctx)
        return
    ctx.speaker.say("utter_attachment_seen", file=new[-1].file_name, left=await left(ctx))
    ctx.end()


async def _announce(ctx: Ctx, visit: Reservation) -> None:
    """The portal gives a ticket; the channel sends the bytes and reports back (R90)."""
    offered: dict[str, Any] = ctx.facts[OFFERED]
    portal = ctx.world.signed_in()[0]
    try:
        ticket = await portal.announce_attachment(
            file_name(str(ctx.facts[DESCRIPTION]), str(offered["type"])),
            str(offered["type"]),
            int(offered["size"]),
            str(ctx.facts[DESCRIPTION]),
            visit.id,
            key=idempotency_key(ctx.world.sender, "attach", str(offered["file"])),
        )
    except RuleProblem as problem:
        ctx.facts.pop(OFFERED)
        failed(ctx, problem.code)
        return
    ctx.data[TICKET] = ticket.id
    ctx.conversation.close_prompt(ctx.frame)
    ctx.speaker.say("utter_attachment_sending", upload={"file": offered["file"], "attachment_id": ticket.id})


def file_name(description: str, content_type: str) -> str:
    """A name made of the description; the device's own name never comes here (it may tell who one is)."""
    words = re.findall(r"[a-z0-9]+", fold(description))
    return ("-".join(words)[:_NAME_LENGTH].strip("-") or "plik") + EXTENSIONS.get(content_type, "")


async def reported(ctx: Ctx, report: dict[str, Any]) -> None:
    """The channel has sent the bytes, or could not. What the portal's list says is what is told."""
    ctx.data.pop(TICKET, None)
    ctx.data.pop(REPORT, None)
    if report.get("code"):
        await _give_back(ctx, str(report.get("id") or ""))
        ctx.facts.pop(OFFERED, None)
        failed(ctx, str(report["code"]))
        return
    if any(item.id == report.get("id") for item in await stored(ctx)):
        ctx.speaker.say("utter_attachment_added", left=await left(ctx))
    else:
        ctx.speaker.say("utter_attachment_unknown")
    ctx.end()


def failed(ctx: Ctx, code: str) -> None:
    """Why the file was not taken; another one can be sent at once."""
    response = f"utter_attachment_failed_{code}"
    if not ctx.speaker.texts.has(response):
        response = "utter_attachment_failed"
    ctx.speaker.ask(
        WHERE,
        response,
        [
            ctx.option("where_in_portal", {"do": "path"}, *synonyms("where_in_portal")),
            say_intent(ctx, "stop_task", "cancel_task"),
        ],
        code=code,
    )


async def _give_back(ctx: Ctx, ticket: str) -> None:
    """An unused ticket takes a place of a file until it expires."""
    if ticket:
        try:
            await ctx.world.signed_in()[0].delete_attachment(ticket)
        except NotFoundProblem:
            return


async def abandon(ctx: Ctx) -> None:
    """Stopped half-way: the ticket is given back, the description is not kept."""
    ticket = ctx.data.pop(TICKET, None)
    ctx.facts.pop(DESCRIPTION, None)
    ctx.facts.pop(OFFERED, None)
    if ticket:
        try:
            await _give_back(ctx, str(ticket))
        except PortalProblem:
            return  # it expires by itself after ten minutes
