"""Operations that need no access token: the ones that give it."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.sandbox.clock import rfc3339
from bot.sandbox.context import Answer, Call
from bot.sandbox.engine import Engine
from bot.sandbox.problems import Problem
from bot.sandbox.store import Session
from bot.sandbox.tokens import ACCESS_LIFETIME, CHAT_LIFETIME, GRANT_LIFETIME, SCOPES

_NO_STORE = {"Cache-Control": "no-store"}


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
        _NO_STORE,
    )


async def begin_grant(engine: Engine, call: Call) -> Answer:
    """A permission for a linked chat; the portal keeps only what it can recognise it by."""
    now = engine.clock.now()
    account, grant = engine.signer.patient(call.body["subject_token"], now), secrets.token_urlsafe(32)
    until = rfc3339(now + GRANT_LIFETIME)

    def keep(session: Session) -> None:
        session.put("grant", account, {"id": _mark(grant), "account": account, "until": until})

    await engine.store.transact(keep)
    return Answer(201, {"grant": grant, "expires_in": int(GRANT_LIFETIME.total_seconds())}, _NO_STORE)


async def refresh_grant(engine: Engine, call: Call) -> Answer:
    """A chat token without a step-up."""
    now = engine.clock.now()
    granted = await engine.store.transact(lambda session: _granted(session, call.body["grant"]))
    if granted is None or datetime.fromisoformat(granted[0]) <= now:
        raise Problem("INVALID_GRANT")
    _, account, level = granted
    token = engine.signer.chat_token(account, level, now)
    answer = {"token": token, "level": level, "expires_in": int(CHAT_LIFETIME.total_seconds())}
    return Answer(200, answer, _NO_STORE)


async def end_grant(engine: Engine, call: Call) -> Answer:
    """Nothing is made from it any more."""
    await engine.store.transact(lambda session: session.delete("grant", _mark(call.body["grant"])))
    return Answer(204, None)


def _granted(session: Session, grant: str) -> tuple[str, str, str] | None:
    """(until, account, level) of a permission that is there."""
    doc = session.get("grant", _mark(grant))
    account = session.get("account", doc["account"]) if doc is not None else None
    return (doc["until"], account["id"], account["level"]) if doc and account else None


def _mark(grant: str) -> str:
    return hashlib.sha256(grant.encode()).hexdigest()


PUBLIC: dict[str, Callable[[Engine, Call], Awaitable[Answer]]] = {
    "getJwks": get_jwks,
    "exchangeToken": exchange_token,
    "beginGrant": begin_grant,
    "refreshGrant": refresh_grant,
    "endGrant": end_grant,
}
