"""Referrals, coverage, results, prescriptions, recommendations, reimbursement."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from dateutil.relativedelta import relativedelta

from bot.sandbox.context import Answer, Call, Context
from bot.sandbox.coverage import judge, money, reimbursement_terms
from bot.sandbox.gates import usable_referral
from bot.sandbox.paging import page
from bot.sandbox.problems import Problem, label
from bot.sandbox.registry import operation
from bot.sandbox.store import Doc
from bot.sandbox.views import prescription, recommendation, referral, result

_CENT = Decimal("0.01")


@operation("listReferrals", scope="care:read")
def list_referrals(ctx: Context, call: Call) -> Answer:
    ctx.require_full()
    docs = [referral(doc) for doc in ctx.all_mine("referral", call.query["patient_id"])]
    return Answer(200, page(docs, call.query))


@operation("getCoverage", scope="care:read")
def get_coverage(ctx: Context, call: Call) -> Answer:
    """For this patient and this service; both levels (R93)."""
    service = ctx.service(call.query["service_id"])
    person = ctx.person(call.query["patient_id"])
    urgent = any(
        doc["urgent"] and usable_referral(ctx, person, service, doc) is None
        for doc in ctx.all_mine("referral", person.id)
    )
    judged = judge(ctx, person, service, urgent=urgent)
    return Answer(
        200,
        {
            "service_id": service.id,
            "patient_id": person.id,
            "covered": judged.covered,
            "payer": judged.payer,
            "conditions": list(judged.conditions),
            "limit": judged.limit,
            "referral": service.wire["referral"],
            "price": money(judged.price),
        },
    )


@operation("listResults", scope="care:read")
def list_results(ctx: Context, call: Call) -> Answer:
    """That they are there, never what they say (R102)."""
    _private(ctx)
    docs = sorted(ctx.all_mine("result", call.query["patient_id"]), key=_by("ordered_on"), reverse=True)
    return Answer(200, page([result(doc) for doc in docs], call.query))


@operation("listPrescriptions", scope="care:read")
def list_prescriptions(ctx: Context, call: Call) -> Answer:
    _private(ctx)
    docs = sorted(ctx.all_mine("prescription", call.query["patient_id"]), key=_by("issued_on"), reverse=True)
    return Answer(200, page([prescription(ctx, doc) for doc in docs], call.query))


@operation("renewPrescription", scope="care:write")
def renew_prescription(ctx: Context, call: Call) -> Answer:
    """Only prescriptions from own facilities, once each (R101)."""
    _private(ctx)
    doc = ctx.mine("prescription", call.body["prescription_id"])
    if not doc["renewable"] or doc["renewal"] is not None:
        raise Problem("NOT_ELIGIBLE", {"reason": "renewal", "prescription_id": doc["id"]})
    doc["renewal"] = ctx.session.new_id("renewal")
    ctx.save("prescription", doc)
    return Answer(
        201,
        {
            "id": doc["renewal"],
            "prescription_id": doc["id"],
            "status": "requested",
            "portal_url": label("portal_url"),
        },
    )


@operation("listRecommendations", scope="care:read")
def list_recommendations(ctx: Context, call: Call) -> Answer:
    ctx.require_full()
    docs = sorted(
        ctx.all_mine("recommendation", call.query["patient_id"]), key=_by("issued_on"), reverse=True
    )
    return Answer(200, page([recommendation(doc) for doc in docs], call.query))


@operation("estimateReimbursement", scope="care:read")
def estimate_reimbursement(ctx: Context, call: Call) -> Answer:
    """min(rate x invoice, what is left of the quarter's limit) (R136-R139)."""
    day = date.fromisoformat(call.query["date"]) if call.query["date"] else ctx.today
    amount = Decimal(call.query["amount"])
    first, last = quarter(day)
    used = sum((Decimal(doc["amount"]) for doc in _refunds(ctx, first, last)), Decimal("0.00"))
    body: Doc = {
        "entitled": False,
        "amount": money(_amount(amount)),
        "rate_percent": None,
        "refund": None,
        "quarter": {"from": first.isoformat(), "to": last.isoformat()},
        "quarter_limit": None,
        "quarter_used": money(_amount(used)),
    }
    terms = reimbursement_terms(ctx)
    if terms is not None:
        refund = amount * Decimal(terms["rate_percent"]) / 100
        if terms["quarter_limit"] is not None:
            refund = max(min(refund, Decimal(terms["quarter_limit"]) - used), Decimal(0))
        body |= {
            "entitled": True,
            "rate_percent": terms["rate_percent"],
            "refund": money(_amount(refund)),
            "quarter_limit": money(terms["quarter_limit"]),
        }
    return Answer(200, body)


def quarter(day: date) -> tuple[date, date]:
    """First and last day of the calendar quarter."""
    month = 3 * ((day.month - 1) // 3) + 1
    first = date(day.year, month, 1)
    last: date = first + relativedelta(months=2, day=31)
    return first, last


def _private(ctx: Context) -> None:
    ctx.require_full()
    ctx.require_step_up()


def _refunds(ctx: Context, first: date, last: date) -> list[Doc]:
    return [doc for doc in ctx.all_mine("refund") if first.isoformat() <= doc["paid_on"] <= last.isoformat()]


def _amount(value: Decimal) -> str:
    return str(value.quantize(_CENT, rounding=ROUND_HALF_UP))


def _by(name: str) -> Callable[[Doc], tuple[str, str]]:
    return lambda doc: (doc[name], doc["id"])
