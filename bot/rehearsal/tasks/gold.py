"""Gold replay: a task is done straight through the portal's client, and must get the full reward.

It shows that the task is possible in its world and that the judge accepts what is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.actions.booking.describe import doctor_name
from bot.actions.booking.steps import slot_to_json
from bot.actions.catalogue import Catalogue
from bot.language.cases import Case
from bot.language.speech import spoken_date, spoken_duration, spoken_slot
from bot.language.text import fold
from bot.language.times.model import WARSAW
from bot.portal.errors import PortalProblem
from bot.portal.keys import idempotency_key
from bot.portal.models import Pool, Reservation, ReservationStatus, Service, SlotQuery
from bot.portal.paging import every_page
from bot.portal.protocol import Portal
from bot.portal.records import ReplyChannel, WatchRequest
from bot.rehearsal.expect import slot_problems
from bot.rehearsal.stage import URGENT, Reply, Session, Stage
from bot.rehearsal.tasks.reward.evidence import Evidence, Turn, changes, wanted_visits
from bot.rehearsal.tasks.reward.facts import fact_problems
from bot.rehearsal.tasks.reward.portal import portal_problems
from bot.rehearsal.tasks.task import Said, Task
from bot.rehearsal.tasks.wordings import Wordings

_PAGES = 30


async def replay(stage: Stage, wordings: Wordings, task: Task) -> list[str]:
    """What keeps the gold of a task from its full reward; nothing when it is sound."""
    session = await stage.open(
        f"gold-{task.name}", task.clock, task.patient, task.world, task.channel, step_up=task.step_up
    )
    try:
        catalogue = await stage.catalogue(session)
        before = await session.sandbox.state()
        problems = await _do(session, catalogue, wordings, task) if task.patient else []
        after = await session.sandbox.state()
        replies = [*_told(before, after, catalogue, session.now()), *map(_uttered, task.say)]
        turns = [Turn(Said("", "gold"), replies, [])]
        evidence = Evidence(task, wordings, catalogue, turns, before, after, session.now())
        return [*problems, *portal_problems(evidence), *fact_problems(evidence)]
    finally:
        await stage.close(session)


async def _do(session: Session, catalogue: Catalogue, wordings: Wordings, task: Task) -> list[str]:
    portal = (await session.reception.world(session.sender)).signed_in()[0]
    problems: list[str] = []
    gone = list(task.gold.get("cancelled") or ())
    if not _moves(task):
        problems += [await _cancel(portal, matcher, catalogue, task) for matcher in gone]
        gone = []
    for number, wanted in enumerate(wanted_visits(task, wordings)):
        replaced = await _visit(portal, gone.pop(0), catalogue) if gone else None
        booked = await _book(portal, catalogue, wanted, replaced, f"{task.name}-{number}")
        if not booked:
            problems.append(f"impossible: no slot fits {wanted}")
    problems += [await _cancel(portal, matcher, catalogue, task) for matcher in gone]
    await _make(portal, wordings, task)
    return [problem for problem in problems if problem]


async def _cancel(portal: Portal, matcher: Mapping[str, Any], catalogue: Catalogue, task: Task) -> str:
    """Cancels the visit that fits; says when there is none."""
    visit = await _visit(portal, matcher, catalogue)
    if visit is None:
        return f"impossible: no visit fits {matcher}"
    await portal.cancel(visit.id, key=idempotency_key(task.name, "cancel", visit.id))
    return ""


def _moves(task: Task) -> bool:
    return any(goal.want.startswith("move") for goal in task.goals) or bool(task.gold.get("replaces"))


async def _visit(portal: Portal, matcher: Mapping[str, Any], catalogue: Catalogue) -> Reservation | None:
    visits = await every_page(
        lambda cursor: portal.reservations(ReservationStatus.BOOKED, cursor=cursor), most=_PAGES
    )
    fits = (v for v in visits if not list(slot_problems(matcher, slot_to_json(v.slot), catalogue)))
    return next(fits, None)


async def _book(
    portal: Portal, catalogue: Catalogue, wanted: Mapping[str, Any], replaced: Reservation | None, key: str
) -> bool:
    """Takes the first slot that fits, as anybody could."""
    me = await portal.me()
    people = {str(wanted.get("patient") or "")}
    child = next((d for d in me.dependants if str(d.id).endswith(tuple(people - {""}) or ("?",))), None)
    patient = child.id if child else me.patient.id
    for service in _services(catalogue, wanted):
        if service.kind == "control" and await _control(portal, key):
            return True
        referral = await _referral(portal, service) if service.referral != "none" else None
        for pool in (None, Pool.PREFERENTIAL):
            query = SlotQuery(
                service.id,
                city_ids=tuple(
                    c.id
                    for c in catalogue.cities.values()
                    if fold(str(wanted.get("city") or "")) == fold(c.name)
                ),
                start=_date(wanted.get("date_from")),
                end=_date(wanted.get("date_to")),
                patient_id=patient,
                referral_id=referral,
                pool=pool,
                limit=50,
            )
            if await _take(portal, catalogue, query, wanted, replaced, key):
                return True
    return False


async def _take(
    portal: Portal,
    catalogue: Catalogue,
    query: SlotQuery,
    wanted: Mapping[str, Any],
    replaced: Reservation | None,
    key: str,
) -> bool:
    for _ in range(_PAGES):
        page = await portal.slots(query)
        for slot in page.items:
            if list(slot_problems(wanted, slot_to_json(slot), catalogue)):
                continue
            old = replaced.id if replaced else None
            hold_key = idempotency_key(key, "hold", slot.id)
            try:
                hold = await portal.hold(slot.id, str(query.patient_id), query.referral_id, old, key=hold_key)
            except PortalProblem as problem:
                if problem.code == "OVERLAP":
                    continue
                raise
            if hold.conflicts:
                continue
            await portal.reserve(
                hold.id, hold.valuations[0].id, old, key=idempotency_key(key, "reserve", hold.id)
            )
            return True
        if page.next_cursor is None:
            return False
        query = replace(query, cursor=page.next_cursor)
    return False


async def _control(portal: Portal, key: str) -> bool:
    for kept in (await portal.prereservations()).items:
        hold = await portal.hold_prereservation(kept.id, key=idempotency_key(key, "hold", kept.id))
        await portal.reserve(hold.id, hold.valuations[0].id, key=idempotency_key(key, "reserve", hold.id))
        return True
    return False


async def _referral(portal: Portal, service: Service) -> str | None:
    page = await portal.referrals()
    return next((r.id for r in page.items if service.id in r.service_ids and r.issuer == "luxmed"), None)


def _services(catalogue: Catalogue, wanted: Mapping[str, Any]) -> list[Service]:
    kind = str(wanted.get("kind") or "")
    names = fold(str(wanted.get("service") or ""))
    specialty = fold(str(wanted.get("specialty") or ""))
    return [
        service
        for service in catalogue.services.values()
        if service.bookable
        and (not kind or service.kind == kind)
        and (not names or names in fold(service.name))
        and (not specialty or (service.specialty is not None and specialty == fold(service.specialty.name)))
    ]


async def _make(portal: Portal, wordings: Wordings, task: Task) -> None:
    """Whatever else the gold makes or removes."""
    made = task.gold.get("made") or {}
    for number, wanted in enumerate(made.get("complaints") or ()):
        values = next(goal.values for goal in task.goals if goal.want == "complaint")
        channel = str(wanted["reply"]["channel"])
        await portal.file_complaint(
            wordings.label("description", values["description"]),
            ReplyChannel(channel),
            wordings.label(channel, values[channel]),
            key=idempotency_key(task.name, "complaint", str(number)),
        )
    for number, wanted in enumerate(made.get("watches") or ()):
        request = WatchRequest(str(wanted["service_id"]), task.clock.date() + timedelta(days=30))
        await portal.create_watch(request, key=idempotency_key(task.name, "watch", str(number)))
    gone = list((task.gold.get("gone") or {}).get("attachments") or ())
    for item in (await portal.attachments()).items if gone else ():
        if any(fold(str(want["file_name"])) == fold(item.file_name) for want in gone):
            await portal.delete_attachment(item.id)


def _told(
    before: Mapping[str, Any], after: Mapping[str, Any], catalogue: Catalogue, now: datetime
) -> list[Reply]:
    """What was done, as it would be told."""
    new, gone = changes(before, after)
    told = [(visit, "utter_booked_onsite") for visit in new] + [(visit, "utter_cancelled") for visit in gone]
    return [Reply(_visit_in_words(visit["slot"], catalogue, now), name) for visit, name in told]


def _visit_in_words(slot: Mapping[str, Any], catalogue: Catalogue, now: datetime) -> str:
    doctor = catalogue.doctors.get(str(slot.get("doctor_id")))
    start = datetime.fromisoformat(str(slot["start"])).astimezone(WARSAW)
    return f"{spoken_slot(start, now)}, {doctor_name(doctor, Case.INST) if doctor else ''}"


def _uttered(fact: Mapping[str, Any]) -> Reply:
    """A typed fact as a reply that says it."""
    values = {name: value for name, value in fact.items() if name in {"rule", "code"}}
    answers = fact.get("answer")
    response = f"utter_{answers[0] if isinstance(answers, list) else answers}" if answers else ""
    if fact.get("urgent"):
        response = URGENT
    return Reply("; ".join(_in_words(name, value) for name, value in fact.items()), response, values=values)


def _in_words(name: str, value: Any) -> str:
    match name:
        case "date":
            return spoken_date(_date(value) or date.min, date.min)
        case "price":
            return f"{str(value).replace('.', ',')} zł"
        case "minutes":
            return spoken_duration(int(value))
        case "rule" | "code" | "answer" | "urgent":
            return ""
    return str(value)


def _date(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


async def replay_all(stage: Stage, wordings: Wordings, tasks: Sequence[Task]) -> dict[str, list[str]]:
    """Problems by task, of those that have any; an exception is a problem of the task."""
    problems: dict[str, list[str]] = {}
    for task in tasks:
        try:
            found = await replay(stage, wordings, task)
        except Exception as error:  # the portal refusing the gold is what this looks for
            found = [f"impossible: {type(error).__name__}: {error}"]
        if found:
            problems[task.name] = found
    return problems
