"""HTTP to the portal: time limits, keyed retries, silent token refresh, server time.

Knows nothing of single endpoints; ``bot.portal.client`` does.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, runtime_checkable
from urllib.parse import quote

import httpx

from bot.portal.answers import Answer, json_object, outcome_unknown, read, server_time
from bot.portal.clock import PortalClock
from bot.portal.errors import (
    AuthProblem,
    NotFoundProblem,
    PortalError,
    PortalProblem,
    PortalUnavailable,
    RateLimitedProblem,
)
from bot.portal.journal import Journal, noted
from bot.portal.retry import Breaker, RetryPolicy, Timeouts, retry_after_seconds

TokenSource: TypeAlias = Callable[[], Awaitable[str]]
Sleep: TypeAlias = Callable[[float], Awaitable[None]]
Observe: TypeAlias = Callable[[str, float], None]

#: Nothing was sent yet when these are raised.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
#: Worth a fresh token; ``STEP_UP_REQUIRED`` is not.
_STALE_TOKEN = frozenset({"TOKEN_EXPIRED", "TOKEN_INVALID"})
#: Repeating these changes nothing more than the first time (RFC 9110, 9.2.2).
_IDEMPOTENT = frozenset({"GET", "PUT", "DELETE"})


@runtime_checkable
class RefreshableTokens(Protocol):
    """A token source that can be told that its token is no longer good."""

    def invalidate(self, token: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Call:
    """One request. ``path`` is relative to the base address (``segment`` quotes ids)."""

    method: str
    path: str
    params: Sequence[tuple[str, str]] = ()
    json: Any = None
    form: Mapping[str, str] | None = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    #: Seconds for the whole call, when the usual limit does not fit (large uploads).
    limit: float | None = None

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def repeatable(self) -> bool:
        """GET, naturally idempotent methods, and writes with an idempotency key."""
        return self.method in _IDEMPOTENT or self.key is not None


def segment(identifier: str) -> str:
    """An opaque id as one path segment. What cannot be an id is ``NOT_FOUND`` without asking."""
    if identifier in ("", ".", ".."):
        raise NotFoundProblem("NOT_FOUND", 404)
    return quote(identifier, safe="")


@dataclass(slots=True)
class _Trace:
    """What is known of a write while it is under way."""

    maybe_committed: bool = False


class Wire:
    """One per process: the connection pool, server time and health shared by all patients."""

    def __init__(
        self,
        base_url: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - immutable
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - immutable
        sleep: Sleep = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        clock: PortalClock | None = None,
        breaker: Breaker | None = None,
        observe: Observe = lambda outcome, seconds: None,
        journal: Journal | None = None,
    ) -> None:
        """`observe` hears of every call: answered, refused, unavailable or left_alone, and its seconds.

        `journal` notes every write made for a patient.
        """
        self._journal = journal
        self.clock = clock or PortalClock()
        self._observe = observe
        self._timeouts = timeouts
        self._retry = retry
        self._sleep = sleep
        self._jitter = jitter
        self._breaker = breaker or Breaker(time.monotonic)
        self._http = httpx.AsyncClient(
            base_url=base_url,
            transport=transport,
            timeout=httpx.Timeout(
                connect=timeouts.connect, read=timeouts.read, write=timeouts.write, pool=timeouts.pool
            ),
            # A redirect would carry the patient's token elsewhere; proxies of the machine are not ours.
            follow_redirects=False,
            trust_env=False,
        )

    async def aclose(self) -> None:
        """Close the connection pool."""
        await self._http.aclose()

    async def send(self, call: Call, tokens: TokenSource | None = None, *, guarded: bool = True) -> Answer:
        """Make the call within the time limit; ``tokens`` signs it for a patient.

        ``guarded=False`` is for calls made inside another one, which minds the breaker for both.
        """
        if self._journal is None or tokens is None or not call.writes:
            return await self._send(call, tokens, guarded=guarded)
        what = f"{call.method} {call.path}"
        return await noted(self._journal, what, call.key, lambda: self._send(call, tokens, guarded=guarded))

    async def _send(self, call: Call, tokens: TokenSource | None, *, guarded: bool) -> Answer:
        waiting = self._breaker.closed_in() if guarded else 0.0
        if waiting:
            self._observe("left_alone", 0.0)
            raise PortalUnavailable("portal is failing, left alone", retry_after=waiting)
        trace, started, outcome = _Trace(), time.perf_counter(), "unavailable"
        try:
            async with asyncio.timeout(call.limit or self._timeouts.total):
                answer = await self._tries(call, tokens, trace)
            outcome = "answered"
        except TimeoutError:
            self._note(healthy=False, guarded=guarded)
            raise PortalUnavailable("time limit", maybe_committed=trace.maybe_committed) from None
        except PortalError as error:
            outcome = "refused" if isinstance(error, PortalProblem) else outcome
            self._note(healthy=isinstance(error, PortalProblem), guarded=guarded)
            raise _settle(error, trace) from None
        finally:
            self._observe(outcome, time.perf_counter() - started)
        self._note(healthy=True, guarded=guarded)
        return answer

    def _note(self, *, healthy: bool, guarded: bool) -> None:
        if guarded and healthy:
            self._breaker.succeeded()
        elif guarded:
            self._breaker.failed()

    async def _tries(self, call: Call, tokens: TokenSource | None, trace: _Trace) -> Answer:
        attempt = 1
        while True:
            outcome = await self._signed(call, tokens, trace)
            if isinstance(outcome, Answer):
                return outcome
            pause = self._pause(call, outcome, attempt)
            if pause is None:
                raise outcome
            await self._sleep(pause)
            attempt += 1

    def _pause(self, call: Call, error: PortalError, attempt: int) -> float | None:
        """Seconds before another try, None when there is to be none."""
        worth_it = isinstance(error, PortalUnavailable | RateLimitedProblem) or outcome_unknown(error)
        # 429 is a refusal to look at the request at all, so even a write without a key may be repeated.
        if not worth_it or not (call.repeatable or isinstance(error, RateLimitedProblem)):
            return None
        retry_after = getattr(error, "retry_after", None)
        return self._retry.pause(attempt, retry_after, self._jitter)

    async def _signed(self, call: Call, tokens: TokenSource | None, trace: _Trace) -> Answer | PortalError:
        """One try; an expired token is replaced once, silently."""
        if tokens is None:
            return await self._once(call, None, trace)
        token = await tokens()
        outcome = await self._once(call, token, trace)
        if not isinstance(outcome, AuthProblem) or outcome.code not in _STALE_TOKEN:
            return outcome
        source: object = tokens
        if isinstance(source, RefreshableTokens):
            source.invalidate(token)
        fresh = await tokens()
        return outcome if fresh == token else await self._once(call, fresh, trace)

    async def _once(self, call: Call, token: str | None, trace: _Trace) -> Answer | PortalError:
        known_before, trace.maybe_committed = trace.maybe_committed, trace.maybe_committed or call.writes
        try:
            response = await self._http.request(
                call.method,
                call.path,
                params=list(call.params) or None,
                json=call.json,
                data=call.form,
                content=call.content,
                headers=self._headers(call, token),
            )
        except _NOT_SENT as error:
            trace.maybe_committed = known_before
            return PortalUnavailable(type(error).__name__)
        except httpx.HTTPError as error:
            return PortalUnavailable(type(error).__name__, maybe_committed=call.writes)
        outcome = self._read(call, response)
        trace.maybe_committed = call.writes and _unsettled(outcome, known_before)
        return outcome

    def _read(self, call: Call, response: httpx.Response) -> Answer | PortalError:
        body = json_object(response) if response.content else None
        moment = server_time(body)
        if moment is not None:
            self.clock.observe(moment)
        pause = retry_after_seconds(response.headers.get("retry-after"), self.clock.now())
        return read(response, body, writes=call.writes, retry_after=pause)

    def _headers(self, call: Call, token: str | None) -> dict[str, str]:
        headers = {"Accept": "application/json", **call.headers}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if call.key is not None:
            headers["Idempotency-Key"] = call.key
        return headers


def _unsettled(outcome: Answer | PortalError, known_before: bool) -> bool:
    """Whether the write may have been carried out, by this try or an earlier one with the same key."""
    if isinstance(outcome, Answer):
        return False
    if outcome_unknown(outcome):
        return True
    definite = isinstance(outcome, PortalProblem) and not isinstance(
        outcome, AuthProblem | RateLimitedProblem
    )
    return known_before and not definite


def _settle(error: PortalError, trace: _Trace) -> PortalError:
    """The error to raise, saying whether an earlier try may have been carried out."""
    if not trace.maybe_committed:
        return error
    if isinstance(error, PortalUnavailable):
        error.maybe_committed = True
        return error
    retry_after = error.retry_after if isinstance(error, PortalProblem) else None
    return PortalUnavailable(str(error), maybe_committed=True, retry_after=retry_after)
