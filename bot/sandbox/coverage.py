"""What a patient's packages pay for (R93), and what urgent referrals change (R124)."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.catalogue import Service
from bot.sandbox.clock import parse_moment
from bot.sandbox.context import Context, Person
from bot.sandbox.problems import label
from bot.sandbox.store import Doc


@dataclass(frozen=True, slots=True)
class Coverage:
    """The judgement for one person and one service."""

    covered: bool
    payer: str | None
    conditions: tuple[str, ...]
    limit: Doc | None
    price: str | None

    @property
    def obtainable(self) -> bool:
        """Paid by the package or for sale."""
        return self.covered or self.price is not None


def money(amount: str | None) -> Doc | None:
    return None if amount is None else {"amount": amount, "currency": "PLN"}


def judge(ctx: Context, person: Person, service: Service, *, urgent: bool) -> Coverage:
    """First package that pays wins; CITO is realised whatever the package says (R124)."""
    conditions = _conditions(service)
    exhausted: Doc | None = None
    for package in _valid_packages(ctx):
        if not _includes(package, service):
            continue
        limit = _limit(ctx, person, package, service)
        if limit is None or limit["remaining"] > 0:
            return Coverage(True, package["name"], tuple(conditions), limit, None)
        exhausted = limit
    if urgent:
        return Coverage(True, None, (*conditions, label("condition_urgent")), exhausted, None)
    if exhausted is not None:
        conditions.append(label("condition_limit_used"))
    return Coverage(False, None, tuple(conditions), exhausted, service.price)


def _valid_packages(ctx: Context) -> list[Doc]:
    today = ctx.today.isoformat()
    return [
        ctx.catalogue.packages[entry["id"]]
        for entry in ctx.account["packages"]
        if entry["id"] in ctx.catalogue.packages and (entry["valid_to"] is None or entry["valid_to"] >= today)
    ]


def reimbursement_terms(ctx: Context) -> Doc | None:
    """Terms of treatment outside the network, when a package has them (R136, R138)."""
    found = (package["reimbursement"] for package in _valid_packages(ctx) if "reimbursement" in package)
    return next(found, None)


def _includes(package: Doc, service: Service) -> bool:
    names = {service.id, service.specialty_id}
    if service.kind not in package["kinds"] or names & set(package.get("except", [])):
        return False
    if service.kind in ("rehab", "occupational", "home"):
        return True
    listed: Any = package["specialties"] if service.specialty_id else package["services"]
    return listed == "all" or bool(names & set(listed))


def _limit(ctx: Context, person: Person, package: Doc, service: Service) -> Doc | None:
    limits = package.get("limits", {})
    scope = next((name for name in (service.id, service.specialty_id, service.kind) if name in limits), None)
    if scope is None:
        return None
    total = int(limits[scope]["total"])
    used = sum(1 for visit in ctx.all_mine("reservation", person.id) if _counts(ctx, visit, scope))
    return {"total": total, "used": used, "remaining": max(total - used, 0), "unit": limits[scope]["unit"]}


def _counts(ctx: Context, visit: Doc, scope: str) -> bool:
    service = ctx.catalogue.services[visit["service_id"]]
    this_year = parse_moment(visit["slot"]["start"]).year == ctx.today.year
    return (
        visit["status"] == "booked"
        and this_year
        and scope in (service.id, service.specialty_id, service.kind)
    )


def _conditions(service: Service) -> list[str]:
    if service.kind == "rehab":
        return [label("condition_referral_luxmed")]
    return [label("condition_referral_required")] if service.wire["referral"] == "required" else []
