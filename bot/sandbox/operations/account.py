"""GET /v1/me."""

from bot.sandbox.context import Answer, Call, Context, Person
from bot.sandbox.coverage import reimbursement_terms
from bot.sandbox.gates import BASIC_LIMIT, reservations_used
from bot.sandbox.operations.attachments import FILE_LIMIT, files_used
from bot.sandbox.problems import message
from bot.sandbox.registry import operation
from bot.sandbox.store import Doc

_BOTH_LEVELS = (
    "booking", "cancellation", "occupational", "coverage", "prereservations", "complaints", "opinions",
    "watches",
)  # fmt: skip
_FULL_ONLY = (
    "history",
    "rehabilitation",
    "online",
    "referrals",
    "recommendations",
    "attachments",
    "questions",
)
_STEP_UP = ("results", "prescriptions")
_BANK_AGE = 18


@operation("getMe", scope="profile:read")
def get_me(ctx: Context, call: Call) -> Answer:
    account = ctx.account
    used = reservations_used(ctx)
    fields = ("id", "first_name", "last_name", "birth_date", "phone_masked", "gender")
    body: Doc = {
        "patient": {name: account[name] for name in fields},
        "level": account["level"],
        "permissions": _permissions(ctx),
        "limits": {
            "reservations": {
                "max": None if ctx.full else BASIC_LIMIT,
                "used": used,
                "can_reserve": ctx.full or used < BASIC_LIMIT,
            },
            "attachments": {"max": FILE_LIMIT, "used": files_used(ctx)},
        },
        "packages": [
            {"id": p["id"], "name": ctx.catalogue.packages[p["id"]]["name"], "valid_to": p["valid_to"]}
            for p in account["packages"]
        ],
        "dependants": [_dependant(ctx, doc) for doc in ctx.dependants()],
        "uses_partner_facilities": account["partner"],
        "channel_flags": {"watches": True, "uploads": True, "complaints": True, "live_agent": False},
    }
    return Answer(200, body)


def _permissions(ctx: Context) -> Doc:
    allowed = {"allowed": True, "code": None, "message": None}
    permissions = dict.fromkeys(_BOTH_LEVELS, allowed)
    permissions |= {name: allowed if ctx.full else _refused("ACCOUNT_LEVEL_REQUIRED") for name in _FULL_ONLY}
    for name in _STEP_UP:
        code = (
            None
            if ctx.full and ctx.stepped_up
            else "STEP_UP_REQUIRED"
            if ctx.full
            else "ACCOUNT_LEVEL_REQUIRED"
        )
        permissions[name] = _refused(code) if code else allowed
    adult = ctx.owner().age(ctx.today) >= _BANK_AGE
    permissions["bank_identity"] = allowed if adult else _refused("AGE_RESTRICTED", "bank_identity")
    entitled = reimbursement_terms(ctx) is not None
    permissions["reimbursements"] = allowed if entitled else _refused("NOT_ELIGIBLE")
    return permissions


def _refused(code: str, reason: str = "default") -> Doc:
    return {"allowed": False, "code": code, "message": message(code, reason)}


def _dependant(ctx: Context, doc: Doc) -> Doc:
    person: Person = ctx.person(doc["id"])
    fields = ("id", "first_name", "birth_date", "gender", "relation")
    return {
        **{name: doc[name] for name in fields},
        "age": person.age(ctx.today),
        "preferential": person.under_three(ctx.today),
    }
