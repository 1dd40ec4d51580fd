"""Complaints, opinions and questions to the doctor."""

from bot.sandbox.clock import rfc3339
from bot.sandbox.context import Answer, Call, Context
from bot.sandbox.paging import page
from bot.sandbox.problems import Problem
from bot.sandbox.registry import operation
from bot.sandbox.store import Doc
from bot.sandbox.views import complaint, question, reservation_status

_ASKABLE_KINDS = ("onsite", "phone", "control")


@operation("fileComplaint", scope="feedback:write")
def file_complaint(ctx: Context, call: Call) -> Answer:
    """R141: what happened and one way to answer, with its one datum."""
    _own_visit(ctx, call.body)
    _check_contact(call.body["reply"])
    _check_place_and_day(ctx, call.body)
    doc: Doc = {
        "id": ctx.session.new_id("complaint"),
        "account": ctx.account_id,
        "case_number": f"R/{ctx.today.year}/{ctx.session.number('case'):05d}",
        "status": "filed",
        "filed_at": rfc3339(ctx.now),
        "description": call.body["description"],
        "reply": call.body["reply"],
        "reservation_id": call.body.get("reservation_id"),
        "facility_id": call.body.get("facility_id"),
        "happened_on": call.body.get("happened_on"),
    }
    ctx.save("complaint", doc)
    return Answer(201, complaint(doc))


@operation("listComplaints", scope="feedback:write")
def list_complaints(ctx: Context, call: Call) -> Answer:
    return Answer(200, page([complaint(doc) for doc in _in_time(ctx, "complaint", "filed_at")], call.query))


@operation("sendOpinion", scope="feedback:write")
def send_opinion(ctx: Context, call: Call) -> Answer:
    """R142, R144."""
    _own_visit(ctx, call.body)
    doc: Doc = {
        **call.body,
        "id": ctx.session.new_id("opinion"),
        "account": ctx.account_id,
        "received_at": rfc3339(ctx.now),
    }
    ctx.save("opinion", doc)
    return Answer(201, {"id": doc["id"], "received_at": doc["received_at"]})


@operation("askDoctor", scope="care:write")
def ask_doctor(ctx: Context, call: Call) -> Answer:
    """R104: full account, after a completed own visit or phone consultation; no time limit (A16)."""
    ctx.require_full()
    visit = ctx.mine("reservation", call.body["reservation_id"])
    own = visit["facility_type"] == "own" and visit["slot"]["kind"] in _ASKABLE_KINDS
    if not own or reservation_status(ctx, visit) != "completed":
        raise Problem("NOT_ELIGIBLE", {"reason": "no_completed_visit", "reservation_id": visit["id"]})
    doc: Doc = {
        "id": ctx.session.new_id("question"),
        "account": ctx.account_id,
        "reservation_id": visit["id"],
        "text": call.body["text"],
        "status": "sent",
        "asked_at": rfc3339(ctx.now),
    }
    ctx.save("question", doc)
    return Answer(201, question(doc))


@operation("listQuestions", scope="care:read")
def list_questions(ctx: Context, call: Call) -> Answer:
    ctx.require_full()
    return Answer(200, page([question(doc) for doc in _in_time(ctx, "question", "asked_at")], call.query))


def _in_time(ctx: Context, kind: str, field: str) -> list[Doc]:
    return sorted(ctx.all_mine(kind), key=lambda doc: (doc[field], doc["id"]))


def _own_visit(ctx: Context, body: Doc) -> None:
    if "reservation_id" in body:
        ctx.mine("reservation", body["reservation_id"])


def _check_place_and_day(ctx: Context, body: Doc) -> None:
    facility, happened = body.get("facility_id"), body.get("happened_on")
    if facility is not None and facility not in ctx.catalogue.facilities:
        raise Problem("NOT_FOUND", {"facility_id": facility})
    if happened is not None and happened > ctx.today.isoformat():
        raise Problem("INVALID_REQUEST", {"field": "happened_on"})


def _check_contact(reply: Doc) -> None:
    """The datum fits the way of answering, as far as a form can tell."""
    contact = reply["contact"].strip()
    digits = sum(char.isdigit() for char in contact)
    plausible = {
        "email": "@" in contact[1:-1],
        "phone": digits >= 9,
        "letter": len(contact) >= 10 and digits > 0,
    }
    if not plausible[reply["channel"]]:
        raise Problem("INVALID_REQUEST", {"field": "reply.contact"})
