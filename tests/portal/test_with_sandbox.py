"""The client against the sandbox portal: every operation round-trips, faults end in the right error."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
import yaml

from bot.portal.client import PortalClient
from bot.portal.clock import PortalClock
from bot.portal.dictionaries import DictionaryCache
from bot.portal.errors import (
    AuthProblem,
    ConflictProblem,
    GoneProblem,
    NotFoundProblem,
    PortalUnavailable,
    RuleProblem,
)
from bot.portal.grants import ChatGrants
from bot.portal.keys import idempotency_key
from bot.portal.models import (
    FacilityType,
    Hold,
    Level,
    Reservation,
    ReservationStatus,
    Service,
    ServiceKind,
    SlotQuery,
)
from bot.portal.records import (
    AttachmentStatus,
    OpinionSubject,
    ReplyChannel,
    WatchRequest,
)
from bot.portal.rules import accounts, booking, cancellation, follow_up, limits
from bot.portal.rules.outcome import Refused, Warned
from bot.portal.tokens import PatientTokens, TokenExchange
from bot.portal.transport import Wire
from bot.sandbox import BASE_URL, DEFAULT_NOW, Sandbox


class World:
    """A sandbox, and clients of its named patients over one wire."""

    def __init__(self) -> None:
        self.sandbox = Sandbox()
        self.pauses: list[float] = []
        self.wire = Wire(
            BASE_URL,
            transport=self.sandbox.transport(),
            sleep=self._pause,
            jitter=lambda: 0.5,
            clock=PortalClock(
                lambda: DEFAULT_NOW
            ),  # so that portal time is the sandbox's, to the microsecond
        )
        self.exchange = TokenExchange(self.wire)
        self.dictionaries = DictionaryCache()

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def patient(self, name: str, *, step_up: bool = False) -> PortalClient:
        tokens = PatientTokens(self.exchange, self.sandbox.token(name, step_up=step_up))
        return PortalClient.on(self.wire, tokens, self.dictionaries)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    await world.sandbox.reset()
    yield world
    world.sandbox.close()


def key(subject: str) -> str:
    return idempotency_key("conversation", "test", subject)


async def service(portal: PortalClient, kind: ServiceKind, specialty: str = "dermatolog") -> Service:
    return next(
        each
        for each in await portal.services()
        if each.kind == kind and each.specialty is not None and each.specialty.id == specialty
    )


async def held(portal: PortalClient, skip: int = 0) -> Hold:
    phone = await service(portal, ServiceKind.PHONE)
    tomorrow = (DEFAULT_NOW + timedelta(days=1)).date()
    page = await portal.slots(SlotQuery(phone.id, start=tomorrow, limit=10))
    slot = page.items[skip]
    return await portal.hold(slot.id, (await portal.me()).patient.id, key=key(slot.id))


async def booked(portal: PortalClient, skip: int = 0) -> Reservation:
    hold = await held(portal, skip)
    return await portal.reserve(hold.id, hold.valuations[0].id, key=key(hold.id))


# --- one flow for each group of operations; together they reach every operation


async def account_and_dictionaries(world: World) -> None:
    portal = world.patient("full")
    me = await portal.me()
    assert (me.level, me.limits.reservations.max) == (Level.FULL, None)
    cities, doctors = await portal.cities(), await portal.doctors()
    assert any(city.own_facilities for city in cities)
    assert {facility.type for facility in await portal.facilities()} == {
        FacilityType.OWN,
        FacilityType.PARTNER,
    }
    languages = {language.id for language in await portal.languages()}
    assert all(set(doctor.languages) <= languages for doctor in doctors)
    assert (await portal.find_facilities(FacilityType.OWN, cities[0].id, limit=3)).items
    assert all(
        facility.type == FacilityType.PARTNER
        for facility in (await portal.partner_facilities(cities[0].id)).items
    )
    assert (await world.exchange.signing_keys())["keys"]


async def two_phase_booking(world: World) -> None:
    portal = world.patient("full")
    hold = await held(portal)
    assert await portal.get_hold(hold.id) == hold
    assert hold.expires_at - portal.clock.now() == timedelta(minutes=10)
    assert (await portal.extend(hold.id)).extended
    visit = await portal.reserve(hold.id, hold.valuations[0].id, key=key(hold.id))
    assert (visit.status, visit.slot.id) == (ReservationStatus.BOOKED, hold.slot.id)
    assert await portal.reservation(visit.id) == visit
    assert visit.id in {each.id for each in (await portal.reservations("booked")).items}
    assert cancellation.may_cancel(visit, portal.clock.now()).ok
    cancelled = await portal.cancel(visit.id, key=key(visit.id))
    assert (cancelled.reservation_id, cancelled.late) == (visit.id, False)


async def releasing(world: World) -> None:
    portal = world.patient("full")
    hold = await held(portal)
    await portal.release(hold.id)
    await portal.release(hold.id)
    with pytest.raises((NotFoundProblem, GoneProblem)):
        await portal.get_hold(hold.id)


async def follow_up_visit(world: World) -> None:
    portal = world.patient("followup_inside")
    (kept,) = (await portal.prereservations()).items
    assert kept.window == follow_up.window(kept.suggested_date)
    assert follow_up.may_confirm(kept, portal.clock.now()).ok
    hold = await portal.hold_prereservation(kept.id, key=key(kept.id))
    assert (hold.prereservation_id, hold.slot.doctor_id) == (kept.id, kept.doctor_id)
    (referral,) = (await portal.referrals()).items
    assert kept.service_id in referral.service_ids


async def coverage_and_queue(world: World) -> None:
    portal = world.patient("full")
    dermatologist = await service(portal, ServiceKind.PHONE)
    assert (await portal.coverage(dermatologist.id)).service_id == dermatologist.id
    online = await service(portal, ServiceKind.ONLINE, "internista")
    assert online.specialty is not None
    queue = await portal.online_queue(online.specialty.id)
    assert queue.service_id == online.id
    estimate = await world.patient("group").estimate_reimbursement(Decimal(1000))
    assert estimate.refund is not None
    assert estimate.refund.amount == Decimal("350.00")  # 300 of 650 are gone


async def files_for_the_doctor(world: World) -> None:
    portal = world.patient("full")
    content = b"%PDF-1.4\n%%EOF\n"
    ticket = await portal.announce_attachment(
        "wynik.pdf", "application/pdf", len(content), "morfologia", key=key("file")
    )
    stored = await portal.upload(ticket.id, content)
    assert (stored.status, stored.size) == (AttachmentStatus.STORED, len(content))
    assert stored.id in {each.id for each in (await portal.attachments()).items}
    await portal.delete_attachment(stored.id)
    assert stored.id not in {each.id for each in (await portal.attachments()).items}


async def care(world: World) -> None:
    portal = world.patient("full", step_up=True)
    assert (await portal.results()).items
    prescriptions = (await portal.prescriptions()).items
    renewable = next(each for each in prescriptions if each.renewable and each.status == "active")
    renewal = await portal.renew_prescription(renewable.id, key=key(renewable.id))
    assert renewal.prescription_id == renewable.id
    assert (await portal.recommendations()).items
    visits = (await portal.reservations(ReservationStatus.COMPLETED)).items
    question = await portal.ask_doctor(visits[0].id, "Czy mogę biegać?", key=key("question"))
    assert question.id in {each.id for each in (await portal.questions()).items}


async def watching(world: World) -> None:
    portal = world.patient("full")
    dermatologist = await service(portal, ServiceKind.PHONE)
    until = (portal.clock.now() + timedelta(days=20)).date()
    watch = await portal.create_watch(WatchRequest(dermatologist.id, until), key=key("watch"))
    assert watch.expires_on == until
    assert [each.id for each in (await portal.watches()).items] == [watch.id]
    await portal.delete_watch(watch.id)
    assert (await portal.watches()).items == ()


async def feedback(world: World) -> None:
    portal = world.patient("basic_0")
    complaint = await portal.file_complaint(
        "Długo czekałem.", ReplyChannel.PHONE, "501234567", key=key("complaint")
    )
    assert complaint.case_number
    assert [each.id for each in (await portal.complaints()).items] == [complaint.id]
    opinion = await portal.send_opinion(OpinionSubject.BOOKING, rating=5, key=key("opinion"))
    assert opinion.received_at == DEFAULT_NOW


async def linked_chat(world: World) -> None:
    grants = ChatGrants(world.wire)
    grant = await grants.begin(world.sandbox.token("full"))
    assert grant is not None
    assert await grants.refresh(grant) is not None
    await grants.end(grant)
    assert await grants.refresh(grant) is None


FLOWS: list[Callable[[World], Awaitable[None]]] = [
    account_and_dictionaries,
    two_phase_booking,
    releasing,
    follow_up_visit,
    coverage_and_queue,
    files_for_the_doctor,
    care,
    watching,
    feedback,
    linked_chat,
]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
async def test_flow(flow: Callable[[World], Awaitable[None]], world: World) -> None:
    await flow(world)


def documented() -> set[tuple[str, str]]:
    text = files("bot.portal").joinpath("openapi.yaml").read_text(encoding="utf-8")
    paths: dict[str, dict[str, Any]] = yaml.safe_load(text)["paths"]
    methods = ("get", "post", "put", "delete", "patch")
    return {(method.upper(), path) for path, item in paths.items() for method in item if method in methods}


async def test_the_flows_reach_every_operation_of_the_document() -> None:
    reached: set[tuple[str, str]] = set()
    for flow in FLOWS:
        world = World()
        await flow(world)
        for call in world.sandbox.calls():
            if call["status"] < 300:
                reached |= {
                    (method, path)
                    for method, path in documented()
                    if method == call["method"]
                    and re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), call["path"])
                }
        world.sandbox.close()
    assert reached == documented()


# --- problems and faults


async def test_the_limit_of_a_basic_account_by_rule_and_by_portal(world: World) -> None:
    portal = world.patient("basic_10")
    me = await portal.me()
    phone = await service(portal, ServiceKind.PHONE)
    ours = limits.may_reserve_another(me, phone)
    assert isinstance(ours, Refused)
    with pytest.raises(RuleProblem) as theirs:
        await held(portal)
    assert theirs.value.code == ours.code
    assert theirs.value.params["used"] == ours.reason_params["used"]
    assert theirs.value.remedies


async def test_the_ninth_and_the_rule_that_warns(world: World) -> None:
    me = await world.patient("basic_9").me()
    phone = await service(world.patient("basic_9"), ServiceKind.PHONE)
    assert isinstance(limits.may_reserve_another(me, phone), Warned)


@pytest.mark.parametrize("name", ["full", "basic_0", "basic_10", "teen_17", "vip"])
async def test_the_table_of_levels_by_rule_and_by_portal(name: str, world: World) -> None:
    me = await world.patient(name).me()
    silent = me.copy(update={"permissions": {}})
    ours = {str(each): accounts.may_use(silent, each, DEFAULT_NOW).ok for each in accounts.Capability}
    # Limits, contracts and step-up are not of the level.
    of_level = {
        module: flag.allowed
        for module, flag in me.permissions.items()
        if module in ours and flag.code in (None, "ACCOUNT_LEVEL_REQUIRED")
    }
    assert of_level == {module: ours[module] for module in of_level}
    assert len(of_level) >= 15
    if me.level == Level.BASIC:
        bank = accounts.may_confirm_by_bank(silent, DEFAULT_NOW)
        assert bank.ok is me.permissions["bank_identity"].allowed


@pytest.mark.parametrize("name", ["followup_early", "followup_late", "followup_inside"])
async def test_follow_ups_by_rule_and_by_portal(name: str, world: World) -> None:
    portal = world.patient(name)
    (kept,) = (await portal.prereservations()).items
    ours = follow_up.may_confirm(kept, (await _clock(portal)).now())
    if not isinstance(ours, Refused):
        assert (await portal.hold_prereservation(kept.id, key=key(kept.id))).id
        return
    with pytest.raises((RuleProblem, GoneProblem)) as theirs:
        await portal.hold_prereservation(kept.id, key=key(kept.id))
    assert theirs.value.code == ours.code


async def _clock(portal: PortalClient) -> Any:
    await portal.me()
    return portal.clock


@pytest.mark.parametrize("name", ["visit_3h", "visit_6h", "phone_booked", "partner"])
async def test_cancelling_by_rule_and_by_portal(name: str, world: World) -> None:
    portal = world.patient(name)
    for visit in (await portal.reservations("booked")).items:
        ours = cancellation.may_cancel(visit, portal.clock.now())
        if not isinstance(ours, Refused):
            cancelled = await portal.cancel(visit.id, key=key(visit.id))
            assert cancelled.status == ReservationStatus.CANCELLED
            continue
        with pytest.raises(RuleProblem) as theirs:
            await portal.cancel(visit.id, key=key(visit.id))
        assert theirs.value.code == ours.code


async def test_what_is_anothers_is_not_there(world: World) -> None:
    visit = await booked(world.patient("full"))
    with pytest.raises(NotFoundProblem):
        await world.patient("basic_0").reservation(visit.id)


async def test_a_slot_somebody_took(world: World) -> None:
    hold = await held(world.patient("full"))
    other = world.patient("vip")
    with pytest.raises(ConflictProblem) as caught:
        await other.hold(hold.slot.id, (await other.me()).patient.id, key=key("late"))
    assert caught.value.code == "SLOT_TAKEN"


async def test_an_expired_hold(world: World) -> None:
    portal = world.patient("full")
    hold = await held(portal)
    world.sandbox.set_clock(advance=timedelta(minutes=10))
    with pytest.raises(GoneProblem):
        await portal.reserve(hold.id, hold.valuations[0].id, key=key(hold.id))
    assert not booking.hold_alive(hold, portal.clock.now()).ok


async def test_results_want_a_step_up(world: World) -> None:
    with pytest.raises(AuthProblem) as caught:
        await world.patient("full").results()
    assert caught.value.step_up


async def test_an_access_token_that_ran_out_is_renewed_silently(world: World) -> None:
    portal = world.patient("full")
    await portal.me()
    world.sandbox.set_clock(advance=timedelta(minutes=11))
    await portal.me()
    assert [call["status"] for call in world.sandbox.calls() if call["path"] == "/v1/me"][-1] == 200


async def test_a_chat_token_that_ran_out_ends_the_session(world: World) -> None:
    portal = world.patient("full")
    world.sandbox.set_clock(advance=timedelta(minutes=16))
    with pytest.raises(AuthProblem) as caught:
        await portal.me()
    assert (caught.value.code, caught.value.step_up) == ("TOKEN_EXPIRED", False)


async def live(world: World) -> int:
    state = await world.sandbox.state()
    return sum(1 for each in state["reservations"] if each["status"] == "booked")


@pytest.mark.parametrize("kind", ["drop_response", "malformed"])
async def test_a_booking_whose_answer_was_lost_is_made_once(kind: str, world: World) -> None:
    portal = world.patient("full")
    hold = await held(portal)
    before = await live(world)
    world.sandbox.faults([{"kind": kind, "method": "POST", "path": "/v1/reservations", "times": 1}])
    visit = await portal.reserve(hold.id, hold.valuations[0].id, key=key(hold.id))
    assert visit.slot.id == hold.slot.id
    assert await live(world) == before + 1


async def test_a_booking_lost_twice_has_an_unknown_outcome_and_the_key_finds_it(world: World) -> None:
    portal = world.patient("full")
    hold = await held(portal)
    before = await live(world)
    world.sandbox.faults(
        [{"kind": "drop_response", "method": "POST", "path": "/v1/reservations", "times": 2}]
    )
    with pytest.raises(PortalUnavailable) as caught:
        await portal.reserve(hold.id, hold.valuations[0].id, key=key(hold.id))
    assert caught.value.maybe_committed
    again = await portal.reserve(hold.id, hold.valuations[0].id, key=key(hold.id))
    assert again.slot.id == hold.slot.id
    assert await live(world) == before + 1


async def test_an_outage_is_never_an_empty_list(world: World) -> None:
    portal = world.patient("full")
    phone = await service(portal, ServiceKind.PHONE)
    world.sandbox.faults([{"kind": "status", "path": "/v1/slots", "status": 503, "times": None}])
    with pytest.raises(PortalUnavailable) as caught:
        await portal.slots(SlotQuery(phone.id))
    assert caught.value.code == "UPSTREAM_DOWN"
    assert world.pauses == [0.1]


async def test_rate_limiting_is_waited_out_once(world: World) -> None:
    portal = world.patient("full")
    await portal.me()
    world.sandbox.faults([{"kind": "status", "path": "/v1/me", "status": 429, "retry_after": 2, "times": 1}])
    assert (await portal.me()).patient.id
    assert world.pauses == [2.0]
