"""The patient's chat token turned into an access token for the booking API (OAuth token exchange).

The chat token is signed by the portal and lives minutes; what it is exchanged for is kept in memory
only, never in a tracker or a log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.portal.errors import AuthProblem, PortalUnavailable, RequestProblem
from bot.portal.transport import Call, Wire

_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
_JWT = "urn:ietf:params:oauth:token-type:jwt"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """``value`` stays out of representations, hence out of logs."""

    value: str = field(repr=False)
    expires_at: datetime


class TokenExchange:
    """``POST /oauth/token``: RFC 8693, on behalf of the patient."""

    def __init__(self, wire: Wire, *, audience: str = "booking", path: str = "/oauth/token") -> None:
        self._wire = wire
        self._audience = audience
        self._path = path

    async def exchange(self, chat_token: str) -> AccessToken:
        """A fresh access token. ``AuthProblem`` (``TOKEN_EXPIRED``) when the chat token is no longer good."""
        form = {
            "grant_type": _GRANT,
            "subject_token": chat_token,
            "subject_token_type": _JWT,
            "audience": self._audience,
        }
        try:
            answer = await self._wire.send(Call("POST", self._path, form=form), guarded=False)
        except PortalUnavailable as error:
            # A token issued and lost changes nothing for the patient.
            error.maybe_committed = False
            raise
        except RequestProblem as problem:
            if problem.code != "INVALID_GRANT":
                raise
            raise AuthProblem(
                "TOKEN_EXPIRED", 401, problem.detail_pl, problem.params, problem.remedies
            ) from None
        return self._read(answer.body)

    async def signing_keys(self) -> Mapping[str, Any]:
        """The portal's public keys (JWK Set) that verify chat tokens."""
        return (await self._wire.send(Call("GET", "/.well-known/jwks.json"))).body

    def now(self) -> datetime:
        """Portal time."""
        return self._wire.clock.now()

    def _read(self, body: Mapping[str, object]) -> AccessToken:
        value, seconds = body.get("access_token"), body.get("expires_in")
        if not isinstance(value, str) or not value or not isinstance(seconds, int | float):
            raise PortalUnavailable("malformed token answer")
        return AccessToken(value, self.now() + timedelta(seconds=float(seconds)))


class PatientTokens:
    """Token source of one patient's session: exchanged when first needed and before it runs out."""

    def __init__(
        self, exchange: TokenExchange, chat_token: str, *, margin: timedelta = timedelta(seconds=30)
    ) -> None:
        self._exchange = exchange
        self._chat_token = chat_token
        self._margin = margin
        self._token: AccessToken | None = None
        self._lock = asyncio.Lock()

    async def __call__(self) -> str:
        """A token good for at least ``margin``."""
        async with self._lock:
            token = self._token
            if token is None or token.expires_at - self._exchange.now() <= self._margin:
                asked_with = self._chat_token
                token = await self._exchange.exchange(asked_with)
                if asked_with == self._chat_token:
                    self._token = token
            return token.value

    def invalidate(self, token: str) -> None:
        """Forget ``token`` (the portal refused it), unless it has been replaced already."""
        if self._token is not None and self._token.value == token:
            self._token = None

    def replace_chat_token(self, chat_token: str) -> None:
        """A newer chat token has come: it may prove more (step-up) than what was had for the old one."""
        self._chat_token, self._token = chat_token, None
