"""Operations that need no access token: the ones that give it."""

from collections.abc import Awaitable, Callable

from bot.sandbox.context import Answer, Call
from bot.sandbox.engine import Engine
from bot.sandbox.problems import Problem
from bot.sandbox.tokens import ACCESS_LIFETIME, SCOPES


async def get_jwks(engine: Engine, call: Call) -> Answer:
    return Answer(200, {"keys": engine.signer.jwks()})


async def exchange_token(engine: Engine, call: Call) -> Answer:
    """RFC 8693: the chat token's patient, the booking audience, 10 minutes."""
    wanted = frozenset(call.body.get("scope", " ".join(SCOPES)).split())
    if not wanted <= frozenset(SCOPES) or not wanted:
        raise Problem("INVALID_REQUEST", {"field": "scope"})
    token = engine.signer.access_token(call.body["subject_token"], wanted, engine.clock.now())
    return Answer(
        200,
        {
            "access_token": token,
            "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "token_type": "Bearer",
            "expires_in": int(ACCESS_LIFETIME.total_seconds()),
            "scope": " ".join(sorted(wanted)),
        },
        {"Cache-Control": "no-store"},
    )


PUBLIC: dict[str, Callable[[Engine, Call], Awaitable[Answer]]] = {
    "getJwks": get_jwks,
    "exchangeToken": exchange_token,
}
