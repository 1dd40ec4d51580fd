"""The Sanic application: documented routes from the document, `/sandbox` routes from `admin`."""

import asyncio
import logging
import re
import uuid
from collections.abc import Awaitable, Callable
from functools import cache
from urllib.parse import parse_qs

from sanic import Sanic
from sanic.exceptions import MethodNotSupported, NotFound, PayloadTooLarge, SanicException
from sanic.handlers import ErrorHandler
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.signals import RESERVED_NAMESPACES

from bot.sandbox.admin import add_admin_routes
from bot.sandbox.clock import SandboxClock, rfc3339
from bot.sandbox.context import Answer
from bot.sandbox.contract import Operation, operations
from bot.sandbox.engine import Engine
from bot.sandbox.pipeline import Incoming, Outcome, problem_answer, respond
from bot.sandbox.problems import Problem
from bot.sandbox.store import Store, dump

ENGINE_SCOPE = "sandbox.engine"
FAULT_HEADER = "X-Sandbox-Fault"
_LOG = logging.getLogger(__name__)
_REQUEST_BYTES = 16 * 1024 * 1024


def create_app(store: Store, clock: SandboxClock) -> Sanic:
    """A portal over `store`. `reset` its engine (`app.ctx.engine`) once to have a world in it."""
    return build_app(Engine(store, clock))


def build_app(engine: Engine | None) -> Sanic:
    """The application of one engine, or (None) one that finds its engine in the ASGI scope."""
    app = Sanic(f"sandbox-{uuid.uuid4().hex}", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _REQUEST_BYTES
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.engine = engine
    for op in operations().values():
        path = re.sub(r"{(\w+)}", r"<\1:str>", op.path)
        app.add_route(_route(op), path, methods=[op.method], name=op.id)
    add_admin_routes(app, engine_of)
    app.error_handler.add(SanicException, _on_sanic_error)
    app.error_handler.add(Exception, _on_error)
    return app


def ready_for_asgi(app: Sanic) -> Sanic:
    """What the server does at start, for callers that send no ASGI lifespan events."""
    # Sanic's start removes the dispatch of signals nobody listens to, in all applications of the process;
    # without that every one of them needs a listener.
    for event in RESERVED_NAMESPACES["http"]:
        app.add_signal(_nothing, event)
    app.signalize()
    app.finalize()
    ErrorHandler.finalize(app.error_handler, config=app.config)
    return app


async def _nothing(**context: object) -> None:
    """Listens and does nothing."""


@cache
def shared_app() -> Sanic:
    """One application for all in-process sandboxes: building routes takes longer than making a world."""
    return ready_for_asgi(build_app(None))


def engine_of(request: Request) -> Engine:
    """The engine a request is for."""
    engine: Engine | None = request.app.ctx.engine
    return engine if engine is not None else request.transport.scope[ENGINE_SCOPE]


def _route(op: Operation) -> Callable[..., Awaitable[HTTPResponse]]:
    async def serve(request: Request, **path_params: str) -> HTTPResponse:
        incoming = Incoming(
            method=request.method,
            path=request.path,
            path_params=path_params,
            query=parse_qs(request.query_string, keep_blank_values=True),
            headers={name.lower(): value for name, value in request.headers.items()},
            raw=request.body,
            form=dict(request.form) if op.body_type == "application/x-www-form-urlencoded" else {},
        )
        return await _send(request, await respond(engine_of(request), op, incoming))

    return serve


async def _send(request: Request, outcome: Outcome) -> HTTPResponse:
    response = to_response(outcome.answer)
    fault = outcome.fault
    if fault is None:
        return response
    if fault.kind == "malformed":
        response.body = response.body[: len(response.body) // 2] + b'"'
        return response
    if request.app.ctx.engine is None:
        # In process the transport makes the client's error of it, without waiting.
        response.headers[FAULT_HEADER] = fault.kind
        return response
    if fault.kind == "timeout":
        await asyncio.sleep(fault.seconds)
    request.transport.abort()
    return response


def to_response(answer: Answer) -> HTTPResponse:
    """JSON, or a problem document from 400 on."""
    if answer.body is None:
        return HTTPResponse(status=answer.status, headers=answer.headers)
    kind = "application/problem+json" if answer.status >= 400 else "application/json"
    return HTTPResponse(dump(answer.body), status=answer.status, headers=answer.headers, content_type=kind)


def _on_sanic_error(request: Request, error: SanicException) -> HTTPResponse:
    if isinstance(error, NotFound):
        problem = Problem("NOT_FOUND")
    elif isinstance(error, MethodNotSupported):
        problem = Problem("METHOD_NOT_ALLOWED")
    elif isinstance(error, PayloadTooLarge):
        problem = Problem("ATTACHMENT_TOO_LARGE")
    else:
        return _on_error(request, error)
    response = _problem_response(request, problem)
    response.headers.update(getattr(error, "headers", None) or {})
    return response


def _on_error(request: Request, error: Exception) -> HTTPResponse:
    status = getattr(error, "status_code", 500)
    if status < 500:
        return _problem_response(request, Problem("INVALID_REQUEST", {"field": "request"}))
    _LOG.error("request failed: %s %s", request.method, request.path, exc_info=error)
    return _problem_response(request, Problem("INTERNAL_ERROR"))


def _problem_response(request: Request, problem: Problem) -> HTTPResponse:
    answer = problem_answer(problem)
    now = rfc3339(engine_of(request).clock.now())
    return to_response(Answer(answer.status, {**(answer.body or {}), "server_time": now}, answer.headers))
