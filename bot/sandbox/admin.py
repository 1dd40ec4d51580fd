"""`/sandbox/*`: for tests and demonstrations only, not part of the booking API."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.sandbox.clock import parse_moment, rfc3339
from bot.sandbox.engine import Engine
from bot.sandbox.store import dump
from bot.sandbox.tokens import CHAT_LIFETIME

EngineOf = Callable[[Request], Engine]
Admin = Callable[[Engine, dict[str, Any]], Awaitable[object]]


async def reset(engine: Engine, body: dict[str, Any]) -> object:
    """{now?, patch?, world?}: a fresh world; `world` names the only one there is."""
    if body.get("world", "default") != "default":
        raise ValueError("the only world is default")
    await engine.reset(parse_moment(body["now"]) if body.get("now") else None, body.get("patch"))
    return {"server_time": rfc3339(engine.clock.now())}


async def patch(engine: Engine, body: dict[str, Any]) -> object:
    """A patch for the running world."""
    await engine.apply(body)
    return {"server_time": rfc3339(engine.clock.now())}


async def state(engine: Engine, body: dict[str, Any]) -> object:
    return await engine.state()


async def calls(engine: Engine, body: dict[str, Any]) -> object:
    return {"items": list(engine.log)}


async def clock(engine: Engine, body: dict[str, Any]) -> object:
    """{now?, advance_seconds?, frozen?}."""
    engine.clock.set(
        now=parse_moment(body["now"]) if body.get("now") else None,
        advance=timedelta(seconds=float(body.get("advance_seconds", 0))),
        frozen=body.get("frozen"),
    )
    return {"server_time": rfc3339(engine.clock.now()), "frozen": engine.clock.frozen}


async def faults(engine: Engine, body: dict[str, Any]) -> object:
    """{faults: [...]}: replaces those in force."""
    engine.set_faults(body.get("faults", []))
    return {"faults": len(engine.board.rules)}


async def events(engine: Engine, body: dict[str, Any]) -> object:
    """{type, patient, data}."""
    return await engine.emit(str(body.get("type")), str(body.get("patient")), dict(body.get("data", {})))


async def patients(engine: Engine, body: dict[str, Any]) -> object:
    return {"items": await engine.patients()}


async def tokens(engine: Engine, body: dict[str, Any]) -> object:
    """{patient, step_up?, seconds?: how long it is good}."""
    lifetime = timedelta(seconds=float(body.get("seconds", CHAT_LIFETIME.total_seconds())))
    token = engine.token(
        str(body.get("patient")), step_up=bool(body.get("step_up", False)), lifetime=lifetime
    )
    return {"token": token}


_ROUTES: tuple[tuple[str, str, Admin], ...] = (
    ("POST", "reset", reset),
    ("POST", "patch", patch),
    ("GET", "state", state),
    ("GET", "calls", calls),
    ("POST", "clock", clock),
    ("POST", "faults", faults),
    ("POST", "events", events),
    ("GET", "patients", patients),
    ("POST", "tokens", tokens),
)


def add_admin_routes(app: Sanic, engine_of: EngineOf) -> None:
    """Wrong input answers 400, an unknown patient or object 404, both with the reason in English."""
    for method, name, admin in _ROUTES:
        app.add_route(_route(admin, engine_of), f"/sandbox/{name}", methods=[method], name=f"sandbox_{name}")


def _route(admin: Admin, engine_of: EngineOf) -> Callable[[Request], Awaitable[HTTPResponse]]:
    async def serve(request: Request) -> HTTPResponse:
        try:
            body = json.loads(request.body) if request.body else {}
            answer = await admin(engine_of(request), body)
        except KeyError as error:
            return _reply({"error": f"not found: {error}"}, 404)
        except (ValueError, TypeError, AttributeError) as error:
            return _reply({"error": str(error)}, 400)
        return _reply(answer, 200)

    return serve


def _reply(body: object, status: int) -> HTTPResponse:
    return HTTPResponse(dump(body), status=status, content_type="application/json")
