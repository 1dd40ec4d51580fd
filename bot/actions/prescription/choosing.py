"""Which prescription: the portal gives date and doctor, never the medicine (R101)."""

from __future__ import annotations

from bot.actions.access import for_whom
from bot.actions.booking.steps import Ctx, describer
from bot.dialogue.slots import SlotSpec
from bot.dialogue.state import Option
from bot.language.cues import synonyms
from bot.language.spoken import day_of
from bot.language.times import When
from bot.language.times.model import WARSAW
from bot.portal.paging import every_page
from bot.portal.records import Prescription, PrescriptionStatus
from bot.portal.rules.care import may_renew

PRESCRIPTION = "prescription"
SLOTS = {PRESCRIPTION: SlotSpec(PRESCRIPTION)}
SHOWN = 5
_PAGES = 3


async def listed(ctx: Ctx, patient: str | None) -> list[Prescription]:
    """The prescriptions on the account, the newest first. Raises PortalError (AuthProblem: step-up)."""
    portal, _ = ctx.world.signed_in()
    found = await every_page(lambda cursor: portal.prescriptions(patient, cursor), most=_PAGES)
    return sorted(found, key=lambda item: item.issued_on, reverse=True)


async def renewable(ctx: Ctx, prescriptions: list[Prescription]) -> list[Prescription]:
    """Those that may be renewed and are not on their way already."""
    me = await ctx.world.me()
    return [
        item
        for item in prescriptions
        if item.status != PrescriptionStatus.RENEWAL_REQUESTED and may_renew(me, item, ctx.world.now).ok
    ]


def narrowed(ctx: Ctx, prescriptions: list[Prescription]) -> list[Prescription]:
    """Those that fit what the message says of them: a doctor, a specialty, a day, "ostatnia"; all without."""
    doctors = ctx.world.signed_in()[1].doctors
    ids = {i for mention in ctx.turn.said("doctor") for i in mention.ids}
    specialties = {i for mention in ctx.turn.said("specialty") for i in mention.ids}
    found = [
        item
        for item in prescriptions
        if (not ids or item.doctor_id in ids)
        and (
            not specialties
            or (item.doctor_id in doctors and specialties & set(doctors[item.doctor_id].specialties))
        )
        and _issued_then(item, ctx.turn.when)
    ]
    return found or prescriptions


def _issued_then(item: Prescription, when: When | None) -> bool:
    if when is None or not (when.date_from and when.date_to):
        return True
    return when.date_from <= item.issued_on <= when.date_to


async def described(ctx: Ctx, item: Prescription) -> str:
    """ "z 24 września, dr Anna Zięba, dla Hani"."""
    parts = (
        ctx.speaker.texts.get("utter_piece_prescription_of", day=_day(ctx, item)),
        describer(ctx).doctor(item.doctor_id),
        await for_whom(ctx, item.patient_id),
    )
    return ", ".join(part for part in parts if part)


async def ask_which(ctx: Ctx, prescriptions: list[Prescription], *, again: bool) -> None:
    """Lists those that may be meant, as buttons."""
    options = [
        Option(
            ctx.speaker.texts.label("prescription", prescription=await described(ctx, item)),
            {"do": "fill", "facts": {PRESCRIPTION: item.id}},
            list(synonyms("newest_one")) if item is prescriptions[0] else [],
        )
        for item in prescriptions[:SHOWN]
    ]
    options.append(ctx.option("stop_task", {"do": "say", "intent": "cancel_task"}))
    ctx.speaker.ask(PRESCRIPTION, SLOTS[PRESCRIPTION].question("prescription", again=again), options)


def _day(ctx: Ctx, item: Prescription) -> str:
    return day_of(item.issued_on, ctx.world.now.astimezone(WARSAW).date())
