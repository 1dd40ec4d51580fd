"""Refusals as patients hear them: what is not possible, why, and the ways out in one tap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.booking.slots import CITY, CLASH, KIND, PROBLEM, SERVICE
from bot.actions.booking.steps import CHANGE, REFUSED, Ctx, say_intent, ways_out
from bot.dialogue.state import Option
from bot.language.inflection import locative_city
from bot.portal.errors import PortalProblem
from bot.portal.models import City, Service
from bot.portal.rules.outcome import Refused


def log_in(ctx: Ctx) -> None:
    """R1: booking needs a portal account; information and urgent help do not."""
    ctx.speaker.say("utter_login_required")


def refuse(ctx: Ctx, refused: Refused, service: Service | None = None) -> None:
    """A rule of ours: its own response, by rule when the reason differs, else by code."""
    reason = refused.reason_params.get("reason")
    names = [
        f"utter_refused_{refused.rule}_{reason}",
        f"utter_refused_{refused.rule}",
        f"utter_refused_{refused.code}",
    ]
    response = next((name for name in names if ctx.speaker.texts.has(name)), "utter_refused")
    values = plain(refused.reason_params)
    values |= {"service": service.name if service else "", "rule": refused.rule, "code": refused.code}
    ctx.speaker.ask(REFUSED, response, ways_out(ctx, refused.remedies), **values)


def plain(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters that can stand in a reply."""
    return {name: value for name, value in params.items() if isinstance(value, int | str)}


_WAYS = {
    "RESERVATION_LIMIT_REACHED": ("show_reservations", "confirm_identity", "call_infoline"),
    "ACCOUNT_LEVEL_REQUIRED": ("confirm_identity", "call_infoline"),
    "PROXY_NOT_ALLOWED": ("call_infoline",),
    "AGE_RESTRICTED": ("call_infoline",),
    "REFERRAL_REQUIRED": ("book_consultation", "call_infoline"),
    "NOT_COVERED": ("call_infoline",),
}
"""Refusals of the portal that another slot does not change, and the ways out of them."""


def remember(ctx: Ctx, problem: PortalProblem) -> None:
    """Keeps what the portal refused until it is explained."""
    ctx.data[PROBLEM] = {
        "code": problem.code,
        "detail": problem.detail_pl,
        "params": dict(problem.params),
    }


async def explain(ctx: Ctx) -> bool:
    """The portal itself refused: its words; ours where the code is one we know. True when no other
    slot would help (R42: checked again at the confirmation)."""
    problem = ctx.data.pop(PROBLEM, None) or {}
    code, params = str(problem.get("code") or ""), dict(problem.get("params") or {})
    response = f"utter_refused_{code}"
    if not ctx.speaker.texts.has(response):
        response = "utter_portal_refused"
    detail = problem.get("detail") or ctx.speaker.texts.get("utter_no_detail")
    service = ctx.world.signed_in()[1].services.get(ctx.facts.get(SERVICE) or "")
    values = plain(params) | {"detail": detail, "code": code, "service": service.name if service else ""}
    if code in _WAYS:
        ctx.speaker.ask(REFUSED, response, ways_out(ctx, _WAYS[code]), **values)
        return True
    options = [say_intent(ctx, "show_more", "show_more"), say_intent(ctx, "stop_task", "cancel_task")]
    options += ways_out(ctx, ["call_infoline"])
    ctx.speaker.ask(CHANGE, response, options, **values)
    return False


def clash(ctx: Ctx, conflict: Mapping[str, Any]) -> None:
    """The same service is booked already, or another visit is at that time (R44).

    The same service can be moved to the new slot in one operation of the portal (R60).
    """
    code = str(conflict.get("code"))
    ctx.data[CLASH] = True
    options = []
    if code == "DUPLICATE_SERVICE" and conflict.get("id"):
        options.append(ctx.option("replace", {"do": "replace", "id": conflict["id"], "old": conflict["old"]}))
    options += [
        say_intent(ctx, "other_day", "other_day"),
        ctx.option("way_show_reservations", {"do": "leave", "action": "list_visits"}),
        say_intent(ctx, "keep_visit", "cancel_task"),
    ]
    old = str(conflict.get("old") or "")
    response = f"utter_refused_{code}" if old else f"utter_refused_{code}_unnamed"
    ctx.speaker.ask(CHANGE, response, options, code=code, old=old)


async def partner_town(ctx: Ctx, city: City) -> None:
    """R67, R73: a town with partner facilities only: their phones, or a Konsultacja Telefoniczna."""
    portal, _ = ctx.world.signed_in()
    page = await portal.partner_facilities(city.id)
    lines = [
        ctx.speaker.texts.get("utter_piece_partner", name=f.name, address=f.address, phone=f.phone or "")
        for f in page.items[:3]
    ]
    options: list[Option] = [
        ctx.option(
            "way_book_phone_consultation",
            {"do": "switch", "facts": {KIND: "phone", CITY: None, "service": None}},
        )
    ]
    options += ways_out(ctx, ["call_infoline"])
    ctx.speaker.ask(
        REFUSED,
        "utter_refused_R67" if lines else "utter_refused_R67_no_facility",
        options,
        city=locative_city(city.name),
        facilities="\n".join(lines),
        rule="R67",
        code="PARTNER_NOT_BOOKABLE",
    )
