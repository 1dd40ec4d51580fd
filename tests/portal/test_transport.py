from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.portal.clock import PortalClock
from bot.portal.errors import (
    AuthProblem,
    ConflictProblem,
    GoneProblem,
    NotFoundProblem,
    PortalProblem,
    PortalUnavailable,
    RateLimitedProblem,
    Remedy,
    RequestProblem,
    RuleProblem,
)
from bot.portal.retry import Breaker, RetryPolicy, Timeouts
from bot.portal.transport import Call, Wire, segment

SERVER_TIME = "2026-11-23T09:00:00+01:00"
GET = Call("GET", "/v1/me")
KEYED = Call("POST", "/v1/holds", json={"slot_id": "s"}, key="key-12345")
UNKEYED = Call("POST", "/v1/holds/h/extend")

Step = httpx.Response | Exception | Callable[[httpx.Request], Any]


def ok(status: int = 200, **body: Any) -> httpx.Response:
    return httpx.Response(status, json={"server_time": SERVER_TIME, **body})


def problem(status: int, code: str, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
    content = {"code": code, "status": status, "detail_pl": "tekst", "server_time": SERVER_TIME, **body}
    return httpx.Response(
        status, json=content, headers={"content-type": "application/problem+json", **(headers or {})}
    )


class Portal:
    """Answers from a script and remembers what it was asked."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.requests: list[httpx.Request] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        if callable(step):
            return await step(request)
        return step


class Pauses:
    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


class Tokens:
    """A token source that hands out token after token once told that one is stale."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.invalidated: list[str] = []

    async def __call__(self) -> str:
        return self.tokens[0]

    def invalidate(self, token: str) -> None:
        self.invalidated.append(token)
        self.tokens.pop(0)


def wire(portal: Portal, pauses: Pauses | None = None, **options: Any) -> Wire:
    return Wire(
        "http://portal.test",
        transport=httpx.MockTransport(portal),
        sleep=pauses or Pauses(),
        jitter=lambda: 0.5,
        **options,
    )


async def failure(portal: Portal, call: Call, **options: Any) -> PortalUnavailable:
    with pytest.raises(PortalUnavailable) as caught:
        await wire(portal, **options).send(call)
    return caught.value


# --- plain answers


async def test_an_answer_with_its_body_and_status() -> None:
    portal = Portal(ok(201, id="h1"))
    answer = await wire(portal).send(KEYED)
    assert (answer.status, answer.body["id"]) == (201, "h1")
    assert portal.requests[0].headers["idempotency-key"] == "key-12345"


async def test_no_content_is_an_empty_answer() -> None:
    answer = await wire(Portal(httpx.Response(204))).send(Call("DELETE", "/v1/holds/h"))
    assert (answer.status, dict(answer.body)) == (204, {})


async def test_server_time_of_answers_and_problems_sets_the_clock() -> None:
    clock = PortalClock(lambda: datetime(2026, 11, 23, 7, 0, tzinfo=UTC))
    sent = wire(Portal(ok(), problem(404, "NOT_FOUND", server_time="2026-11-23T09:30:00+01:00")), clock=clock)
    await sent.send(GET)
    assert clock.offset == timedelta(hours=1)
    with pytest.raises(NotFoundProblem):
        await sent.send(GET)
    assert clock.offset == timedelta(hours=1, minutes=30)


@pytest.mark.parametrize("server_time", ["yesterday", "2026-11-23T09:00:00", 5, None])
async def test_an_unreadable_server_time_changes_nothing(server_time: Any) -> None:
    clock = PortalClock(lambda: datetime(2026, 11, 23, 7, 0, tzinfo=UTC))
    await wire(Portal(ok(server_time=server_time)), clock=clock).send(GET)
    assert clock.offset == timedelta()


# --- problems


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "INVALID_REQUEST", RequestProblem),
        (401, "STEP_UP_REQUIRED", AuthProblem),
        (403, "ACCOUNT_LEVEL_REQUIRED", RuleProblem),
        (404, "NOT_FOUND", NotFoundProblem),
        (409, "SLOT_TAKEN", ConflictProblem),
        (410, "HOLD_EXPIRED", GoneProblem),
        (413, "ATTACHMENT_TOO_LARGE", RuleProblem),
        (415, "ATTACHMENT_TYPE_NOT_ALLOWED", RuleProblem),
        (422, "A_CODE_OF_TOMORROW", RuleProblem),
    ],
)
async def test_a_refusal_is_a_problem_of_its_group_and_is_not_repeated(
    status: int, code: str, kind: type[PortalProblem]
) -> None:
    portal = Portal(problem(status, code))
    with pytest.raises(PortalProblem) as caught:
        await wire(portal).send(KEYED)
    assert type(caught.value) is kind
    assert (caught.value.code, caught.value.status) == (code, status)
    assert len(portal.requests) == 1


async def test_a_problem_carries_what_is_to_be_told() -> None:
    remedies = [
        {"rel": "infolinia", "label_pl": "Zadzwoń", "tel": "+48223322888"},
        {"rel": "reservations", "label_pl": "Pokaż", "href": "/x"},
        {"rel": "broken"},
        "nonsense",
    ]
    answer = problem(422, "RESERVATION_LIMIT_REACHED", params={"used": 10, "max": 10}, remedies=remedies)
    with pytest.raises(RuleProblem) as caught:
        await wire(Portal(answer)).send(KEYED)
    assert caught.value.detail_pl == "tekst"
    assert caught.value.params == {"used": 10, "max": 10}
    assert caught.value.remedies == (
        Remedy("infolinia", "Zadzwoń", tel="+48223322888"),
        Remedy("reservations", "Pokaż", href="/x"),
    )


async def test_step_up_is_told_from_an_expired_session() -> None:
    with pytest.raises(AuthProblem) as caught:
        await wire(Portal(problem(401, "STEP_UP_REQUIRED"))).send(GET)
    assert caught.value.step_up


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 422])
async def test_a_4xx_that_is_no_problem_is_no_answer_of_the_portal(status: int) -> None:
    error = await failure(Portal(*[httpx.Response(status, html="<h1>?</h1>") for _ in range(2)]), GET)
    assert not error.maybe_committed


# --- unavailable


MALFORMED = [
    httpx.Response(200, text="<html>"),
    httpx.Response(200, json=[1]),
    httpx.Response(200, content=b""),
    httpx.Response(200, content=b"\xff\xfe{"),
    httpx.Response(200, content=b"[" * 100_000),
    httpx.Response(302, headers={"location": "http://elsewhere.test"}),
    httpx.Response(200, json={"code": "X"}, headers={"content-type": "application/problem+json"}),
]


@pytest.mark.parametrize("answer", MALFORMED, ids=range(len(MALFORMED)))
async def test_a_malformed_answer_is_unavailable_never_empty(answer: httpx.Response) -> None:
    def again() -> httpx.Response:
        return httpx.Response(answer.status_code, content=answer.content, headers=answer.headers)

    portal = Portal(again(), again())
    await failure(portal, GET)
    assert len(portal.requests) == 2
    assert all(request.url.host == "portal.test" for request in portal.requests)


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.PoolTimeout("busy"),
    ],
)
async def test_a_write_that_was_never_sent_is_not_committed(error: Exception) -> None:
    portal = Portal(error, error)
    assert not (await failure(portal, KEYED)).maybe_committed
    assert len(portal.requests) == 2


@pytest.mark.parametrize(
    "step",
    [
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("cut"),
        httpx.WriteError("reset"),
        httpx.Response(500),
        httpx.Response(502, text="bad gateway"),
        problem(503, "UPSTREAM_DOWN"),
        httpx.Response(201, text="{"),
    ],
)
async def test_a_write_without_an_answer_may_be_committed(step: Step) -> None:
    assert (await failure(Portal(step, step), KEYED)).maybe_committed


async def test_a_read_without_an_answer_commits_nothing() -> None:
    step = httpx.ReadTimeout("slow")
    assert not (await failure(Portal(step, step), GET)).maybe_committed


async def test_maintenance_has_not_touched_the_write() -> None:
    step = problem(503, "MAINTENANCE", {"retry-after": "600"})
    error = await failure(Portal(step), KEYED)
    assert (error.code, error.maybe_committed, error.retry_after) == ("MAINTENANCE", False, 600.0)


# --- retries


@pytest.mark.parametrize("call", [GET, KEYED, Call("DELETE", "/v1/holds/h"), Call("PUT", "/v1/x")])
async def test_reads_and_keyed_writes_are_tried_twice_with_the_same_key(call: Call) -> None:
    portal, pauses = Portal(httpx.ReadTimeout("slow"), ok()), Pauses()
    await wire(portal, pauses).send(call)
    assert pauses.seconds == [0.1]  # half of the 0.2 s bound
    first, second = portal.requests
    assert first.headers.get("idempotency-key") == second.headers.get("idempotency-key") == call.key
    assert first.content == second.content


async def test_there_is_no_third_try() -> None:
    portal = Portal(*[httpx.ReadTimeout("slow")] * 3)
    await failure(portal, KEYED)
    assert len(portal.requests) == 2


async def test_a_write_without_a_key_is_never_repeated() -> None:
    portal = Portal(httpx.ReadTimeout("slow"), ok())
    assert (await failure(portal, UNKEYED)).maybe_committed
    assert len(portal.requests) == 1


async def test_rate_limiting_waits_as_told_and_tries_once_more() -> None:
    portal, pauses = Portal(problem(429, "RATE_LIMITED", {"retry-after": "2"}), ok()), Pauses()
    await wire(portal, pauses).send(UNKEYED)
    assert pauses.seconds == [2.0]


async def test_rate_limiting_beyond_the_bound_is_told() -> None:
    portal, pauses = Portal(problem(429, "RATE_LIMITED", {"retry-after": "30"})), Pauses()
    with pytest.raises(RateLimitedProblem) as caught:
        await wire(portal, pauses).send(KEYED)
    assert caught.value.retry_after == 30.0
    assert pauses.seconds == []


async def test_503_with_a_short_retry_after_is_tried_again() -> None:
    portal, pauses = Portal(problem(503, "UPSTREAM_DOWN", {"retry-after": "1"}), ok()), Pauses()
    await wire(portal, pauses).send(GET)
    assert pauses.seconds == [1.0]


async def test_a_key_still_in_progress_is_asked_for_again() -> None:
    portal = Portal(problem(409, "IDEMPOTENCY_IN_PROGRESS", {"retry-after": "1"}), ok(201, id="r1"))
    assert (await wire(portal).send(KEYED)).body["id"] == "r1"


async def test_a_key_in_progress_to_the_end_has_an_unknown_outcome() -> None:
    step = problem(409, "IDEMPOTENCY_IN_PROGRESS", {"retry-after": "1"})
    assert (await failure(Portal(step, step), KEYED)).maybe_committed


@pytest.mark.parametrize(
    "second",
    [
        httpx.ConnectError("refused"),
        problem(503, "MAINTENANCE"),
        problem(429, "RATE_LIMITED"),
        problem(401, "STEP_UP_REQUIRED"),
        httpx.Response(403, text="a proxy"),
    ],
)
async def test_an_unknown_first_try_stays_unknown_whatever_stops_the_second(second: Step) -> None:
    assert (await failure(Portal(httpx.ReadTimeout("slow"), second), KEYED)).maybe_committed


async def test_a_definite_refusal_of_the_same_key_settles_the_first_try() -> None:
    portal = Portal(httpx.ReadTimeout("slow"), problem(410, "HOLD_EXPIRED"))
    with pytest.raises(GoneProblem):
        await wire(portal).send(KEYED)


# --- time limits


async def hang(request: httpx.Request) -> httpx.Response:
    await asyncio.sleep(60)
    raise AssertionError("not reached")


@pytest.mark.parametrize(("call", "committed"), [(KEYED, True), (GET, False)])
async def test_the_whole_call_has_a_time_limit(call: Call, committed: bool) -> None:
    error = await failure(Portal(hang), call, timeouts=Timeouts(total=0.05))
    assert error.maybe_committed is committed


async def test_a_call_may_have_a_limit_of_its_own() -> None:
    async def slow(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.1)
        return ok()

    call = Call("PUT", "/v1/attachments/a/content", content=b"%PDF-", limit=5.0)
    assert (await wire(Portal(slow), timeouts=Timeouts(total=0.02)).send(call)).status == 200


async def test_the_limit_covers_pauses() -> None:
    error = await failure_with_real_pause(Portal(problem(503, "UPSTREAM_DOWN", {"retry-after": "3"}), ok()))
    assert error.reason == "time limit"


async def failure_with_real_pause(portal: Portal) -> PortalUnavailable:
    sent = Wire("http://portal.test", transport=httpx.MockTransport(portal), timeouts=Timeouts(total=0.05))
    with pytest.raises(PortalUnavailable) as caught:
        await sent.send(GET)
    return caught.value


# --- tokens


async def test_the_call_is_signed_with_the_patients_token() -> None:
    portal = Portal(ok())
    await wire(portal).send(GET, Tokens("t1"))
    assert portal.requests[0].headers["authorization"] == "Bearer t1"


@pytest.mark.parametrize("code", ["TOKEN_EXPIRED", "TOKEN_INVALID"])
async def test_a_stale_token_is_replaced_once_and_silently(code: str) -> None:
    portal, tokens, pauses = Portal(problem(401, code), ok()), Tokens("t1", "t2"), Pauses()
    await wire(portal, pauses).send(KEYED, tokens)
    assert tokens.invalidated == ["t1"]
    assert [request.headers["authorization"] for request in portal.requests] == ["Bearer t1", "Bearer t2"]
    assert pauses.seconds == []


async def test_a_second_stale_token_is_told() -> None:
    portal = Portal(*[problem(401, "TOKEN_EXPIRED")] * 3)
    with pytest.raises(AuthProblem):
        await wire(portal).send(GET, Tokens("t1", "t2", "t3"))
    assert len(portal.requests) == 2


async def test_a_gateway_401_without_a_problem_is_an_expired_token() -> None:
    portal = Portal(httpx.Response(401), ok())
    await wire(portal).send(GET, Tokens("t1", "t2"))
    assert len(portal.requests) == 2


async def test_step_up_does_not_cost_a_token() -> None:
    tokens = Tokens("t1", "t2")
    with pytest.raises(AuthProblem):
        await wire(Portal(problem(401, "STEP_UP_REQUIRED"))).send(GET, tokens)
    assert tokens.invalidated == []


async def test_a_source_that_cannot_refresh_is_not_asked_for_ever() -> None:
    async def same() -> str:
        return "t1"

    portal = Portal(problem(401, "TOKEN_EXPIRED"))
    with pytest.raises(AuthProblem):
        await wire(portal).send(GET, same)
    assert len(portal.requests) == 1


# --- breaker


def failing(count: int) -> Sequence[Step]:
    return [httpx.ConnectError("refused")] * count


async def test_a_failing_portal_is_left_alone_and_tried_again_later() -> None:
    seconds = [0.0]
    breaker = Breaker(lambda: seconds[0], failures=3, window=30, open_for=15)
    portal = Portal(*failing(3), ok(), ok())
    sent = wire(portal, breaker=breaker, retry=RetryPolicy(tries=1))
    for _ in range(3):
        with pytest.raises(PortalUnavailable):
            await sent.send(GET)
    with pytest.raises(PortalUnavailable) as caught:
        await sent.send(KEYED)
    assert (caught.value.retry_after, caught.value.maybe_committed) == (15.0, False)
    assert len(portal.requests) == 3
    seconds[0] = 15.0
    await sent.send(GET)
    await sent.send(GET)
    assert len(portal.requests) == 5


async def test_refusals_do_not_open_the_breaker() -> None:
    portal = Portal(*[problem(422, "NOT_ELIGIBLE")] * 20)
    sent = wire(portal)
    for _ in range(20):
        with pytest.raises(RuleProblem):
            await sent.send(KEYED)
    assert len(portal.requests) == 20


# --- ids in paths


@pytest.mark.parametrize("identifier", ["", ".", ".."])
def test_what_cannot_be_an_id_is_not_found(identifier: str) -> None:
    with pytest.raises(NotFoundProblem) as caught:
        segment(identifier)
    assert (caught.value.code, caught.value.status) == ("NOT_FOUND", 404)


@pytest.mark.parametrize("identifier", ["../me", "a/b", "a?x=1", "a#b", "a%2Fb", "ż"])
async def test_an_id_stays_one_segment(identifier: str) -> None:
    portal = Portal(httpx.Response(204))
    await wire(portal).send(Call("DELETE", f"/v1/holds/{segment(identifier)}"))
    raw = portal.requests[0].url.raw_path.decode()
    assert raw.startswith("/v1/holds/")
    assert raw.count("/") == 3
    assert "?" not in raw
