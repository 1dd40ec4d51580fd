"""The way of a request: faults, who is it, is it well-formed, was it answered before, do it, log it."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox import idempotency
from bot.sandbox.catalogue import catalogue
from bot.sandbox.clock import rfc3339
from bot.sandbox.context import Answer, Call, Context
from bot.sandbox.contract import Operation
from bot.sandbox.engine import Engine
from bot.sandbox.faults import Fault
from bot.sandbox.operations import handler_of
from bot.sandbox.problems import Problem
from bot.sandbox.public import PUBLIC
from bot.sandbox.store import Doc, Session, dump, savepoint
from bot.sandbox.tokens import Access


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as it came; header names in lower case."""

    method: str
    path: str
    path_params: dict[str, str]
    query: dict[str, list[str]]
    headers: Mapping[str, str]
    raw: bytes
    form: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer, and what a fault does to it on the way back."""

    answer: Answer
    fault: Fault | None = None


async def respond(engine: Engine, op: Operation, incoming: Incoming) -> Outcome:
    """Answer a documented operation."""
    taken = engine.board.take(incoming.method, incoming.path)
    if "timeout" in taken:
        _record(engine, incoming, None, Answer(0, None))
        return Outcome(Answer(504, None), taken["timeout"])
    # A client that hangs up does not stop the portal half way.
    account, answer = await asyncio.shield(asyncio.ensure_future(_answer(engine, op, incoming, taken)))
    _record(engine, incoming, account, answer)
    return Outcome(_with_time(engine, answer), taken.get("drop_response") or taken.get("malformed"))


def problem_answer(problem: Problem) -> Answer:
    """Problem document and its headers."""
    headers = {} if problem.retry_after is None else {"Retry-After": str(problem.retry_after)}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Answer(problem.status, problem.body(), headers)


async def _answer(
    engine: Engine, op: Operation, incoming: Incoming, taken: dict[str, Fault]
) -> tuple[str | None, Answer]:
    access: Access | None = None
    try:
        if op.public:
            await _delay(taken)
            _fail(taken)
            return None, await PUBLIC[op.id](engine, _read(op, incoming))
        access = _authenticate(engine, op, incoming)
        key = _key(op, incoming)
        call = _read(op, incoming)
        return access.account, await _perform(engine, op, incoming, call, access, key, taken)
    except Problem as problem:
        return access.account if access else None, problem_answer(problem)
    except _FaultError as fault:
        return access.account if access else None, fault.answer


async def _perform(
    engine: Engine,
    op: Operation,
    incoming: Incoming,
    call: Call,
    access: Access,
    key: str | None,
    taken: dict[str, Fault],
) -> Answer:
    def work(session: Session) -> Answer:
        answer = savepoint(session, lambda: _execute(engine, op, session, call, access, taken))
        return _conditional(incoming, answer)

    if key is None:
        await _delay(taken)
        _fail(taken)
        return await engine.store.transact(work)
    return await _perform_once(engine, op, incoming, call, access, key, taken)


async def _perform_once(
    engine: Engine,
    op: Operation,
    incoming: Incoming,
    call: Call,
    access: Access,
    key: str,
    taken: dict[str, Fault],
) -> Answer:
    """Take the key, do the work, keep the answer in the transaction of the work."""
    account = access.account
    print_ = idempotency.fingerprint(incoming.method, incoming.path, call.body)
    known = await engine.store.transact(
        lambda session: idempotency.begin(session, account, key, print_, engine.clock.now())
    )
    if known is not None:
        return known

    def work(session: Session) -> Answer:
        try:
            answer = savepoint(session, lambda: _execute(engine, op, session, call, access, taken))
        except Problem as problem:
            answer = problem_answer(problem)
        idempotency.finish(session, account, key, answer)
        return answer

    try:
        await _delay(taken)
        _fail(taken)
        return await engine.store.transact(work)
    except BaseException:
        await engine.store.transact(lambda session: idempotency.abandon(session, account, key))
        raise


def _execute(
    engine: Engine, op: Operation, session: Session, call: Call, access: Access, taken: dict[str, Fault]
) -> Answer:
    account = session.get("account", access.account)
    if account is None or account["level"] == "none":
        raise Problem("TOKEN_INVALID")
    context = Context(
        session=session,
        catalogue=catalogue(),
        now=engine.clock.now(),
        account=account,
        stepped_up=access.stepped_up,
        taken_by_fault="slot_taken" in taken,
        world=session.get("world", "settings") or {},
    )
    return handler_of(op.id).handler(context, call)


def _authenticate(engine: Engine, op: Operation, incoming: Incoming) -> Access:
    scheme, _, token = incoming.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem("TOKEN_MISSING")
    access = engine.signer.access(token.strip(), engine.clock.now())
    scope = handler_of(op.id).scope
    if scope not in access.scopes:
        raise Problem("INSUFFICIENT_SCOPE", {"scope": scope})
    return access


def _key(op: Operation, incoming: Incoming) -> str | None:
    if not op.keyed:
        return None
    key = incoming.headers.get("idempotency-key")
    if not key:
        raise Problem("IDEMPOTENCY_KEY_MISSING")
    parameter = next(p for p in op.parameters if p.name == "Idempotency-Key")
    if not parameter.validator.is_valid(key):
        raise Problem("INVALID_REQUEST", {"field": "Idempotency-Key"})
    return key


def _read(op: Operation, incoming: Incoming) -> Call:
    op.check_path(incoming.path_params)
    query = op.query(incoming.query)
    return Call(incoming.path_params, query, _body(op, incoming), incoming.raw)


def _body(op: Operation, incoming: Incoming) -> dict[str, Any]:
    if op.body is None:
        return {}
    if op.body_type == "application/x-www-form-urlencoded":
        body: Any = {name: values[0] for name, values in incoming.form.items() if len(values) == 1}
    else:
        body = _json(incoming)
    op.check_body(body)
    checked: dict[str, Any] = body
    return checked


def _json(incoming: Incoming) -> object:
    if incoming.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Problem("INVALID_REQUEST", {"field": "Content-Type"})
    try:
        body: object = json.loads(incoming.raw, parse_constant=_refuse)
        # Lone surrogates are valid JSON and no text: they could not be stored.
        dump(body).encode()
    except (ValueError, RecursionError) as error:
        raise Problem("INVALID_REQUEST", {"field": "body"}) from error
    return body


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _conditional(incoming: Incoming, answer: Answer) -> Answer:
    tag = answer.headers.get("ETag")
    wanted = [
        entry.strip().removeprefix("W/") for entry in incoming.headers.get("if-none-match", "").split(",")
    ]
    return Answer(304, None, answer.headers) if tag is not None and {tag, "*"} & set(wanted) else answer


async def _delay(taken: dict[str, Fault]) -> None:
    if "latency" in taken:
        await asyncio.sleep(taken["latency"].seconds)


class _FaultError(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def _fail(taken: dict[str, Fault]) -> None:
    if "status" not in taken:
        return
    fault = taken["status"]
    answer = problem_answer(Problem(fault.problem_code, retry_after=fault.retry_after))
    body = {**(answer.body or {}), "status": fault.status}
    raise _FaultError(Answer(fault.status, body, answer.headers))


def _with_time(engine: Engine, answer: Answer) -> Answer:
    if answer.body is None:
        return answer
    return Answer(answer.status, {**answer.body, "server_time": rfc3339(engine.clock.now())}, answer.headers)


def _record(engine: Engine, incoming: Incoming, account: str | None, answer: Answer) -> None:
    entry: Doc = {
        "at": rfc3339(engine.clock.now()),
        "method": incoming.method,
        "path": incoming.path,
        "query": incoming.query,
        "body": _shown_body(incoming),
        "status": answer.status,
        "code": (answer.body or {}).get("code"),
        "idempotency_key": incoming.headers.get("idempotency-key"),
        "replayed": "Idempotency-Replayed" in answer.headers,
        "patient": account,
    }
    engine.log.append(entry)


def _shown_body(incoming: Incoming) -> object:
    """JSON as it was; of tokens and files only that there was one."""
    if not incoming.raw:
        return None
    secret = incoming.path.startswith("/oauth/")
    try:
        body: object = None if secret else json.loads(incoming.raw)
    except (ValueError, RecursionError):
        body = None
    return body if body is not None else {"bytes": len(incoming.raw)}
