"""Who writes: the portal's token, or a visitor's token of our own; sender ids (T1, T2)."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt

from bot.storage.protocols import Clock

ALGORITHMS = ("ES256", "RS256")
_REQUIRED = ["exp", "iat", "sub", "aud", "iss", "jti"]
_VISITOR_PREFIX = "visitor."
_VISITOR_AUDIENCE = "visitor"
_MAX_TOKEN = 4096
_LEEWAY = timedelta(seconds=30)
_MAX_LIFE = timedelta(hours=1)
_EPOCH = datetime.fromtimestamp(0, UTC)
LEVELS = frozenset({"basic", "full"})


class IdentityError(Exception):
    """The token proves nothing; `code` is token_missing, token_invalid, token_expired or token_revoked."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class IdentityUnavailableError(Exception):
    """The portal's keys cannot be fetched: nothing can be said about the token."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A proven identity. `subject` is the portal's patient or a random visitor."""

    subject: str
    authenticated: bool
    expires_at: datetime
    level: str | None = None
    token: str = field(default="", repr=False)
    token_id: str = ""
    issued_at: datetime = _EPOCH


@dataclass(frozen=True, slots=True)
class PortalTokens:
    """What the portal's tokens must say, and where its public keys are."""

    issuer: str
    audience: str
    jwks_url: str
    key_life: timedelta = timedelta(minutes=10)
    min_fetch_interval: timedelta = timedelta(seconds=10)


class KeySet:
    """The portal's public keys by id, cached; an unknown id causes at most one fetch per interval."""

    def __init__(self, settings: PortalTokens, http: httpx.AsyncClient, clock: Clock) -> None:
        self._settings = settings
        self._http = http
        self._clock = clock
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at: datetime | None = None
        self._fetching = asyncio.Lock()

    async def key(self, kid: str) -> jwt.PyJWK | None:
        """The key, or None when the portal does not know it."""
        if not self._is_fresh(self._settings.key_life) or kid not in self._keys:
            await self._refresh(kid)
        return self._keys.get(kid)

    def _is_fresh(self, life: timedelta) -> bool:
        return self._fetched_at is not None and self._clock() - self._fetched_at < life

    async def _refresh(self, kid: str) -> None:
        async with self._fetching:
            if self._is_fresh(self._settings.min_fetch_interval):
                return
            try:
                answer = await self._http.get(self._settings.jwks_url, timeout=3)
                answer.raise_for_status()
                self._keys = _signing_keys(answer.json())
                self._fetched_at = self._clock()
            except (httpx.HTTPError, ValueError, jwt.PyJWTError) as error:
                if kid not in self._keys:  # known keys stay good while the portal is down
                    raise IdentityUnavailableError("keys cannot be fetched") from error


def _signing_keys(document: Mapping[str, Any]) -> dict[str, jwt.PyJWK]:
    keys: dict[str, jwt.PyJWK] = {}
    for record in document.get("keys", ()):
        if record.get("kid") and record.get("kty") in {"EC", "RSA"} and record.get("use", "sig") == "sig":
            key = jwt.PyJWK(record, algorithm="ES256" if record["kty"] == "EC" else "RS256")
            keys[str(record["kid"])] = key
    return keys


class Gatekeeper:
    """Turns a bearer token into an identity; issues visitors' tokens; makes sender ids."""

    def __init__(
        self,
        secret: bytes,
        portal: PortalTokens | None,
        http: httpx.AsyncClient | None,
        clock: Clock,
        visitor_life: timedelta = timedelta(hours=24),
    ) -> None:
        if len(secret) < 32:
            raise ValueError("the secret of the front desk needs at least 32 bytes")
        self._secret = secret
        self._portal = portal
        self._keys = KeySet(portal, http, clock) if portal and http else None
        self._clock = clock
        self._visitor_life = visitor_life

    async def identify(self, bearer: str | None) -> Identity:
        """Raises IdentityError, or IdentityUnavailableError while the keys cannot be had."""
        if not bearer:
            raise IdentityError("token_missing")
        if len(bearer) > _MAX_TOKEN or not bearer.isascii():
            raise IdentityError("token_invalid")
        if bearer.startswith(_VISITOR_PREFIX):
            return self._visitor(bearer.removeprefix(_VISITOR_PREFIX), bearer)
        return await self._patient(bearer)

    def new_visitor(self) -> Identity:
        """A fresh anonymous identity with its token."""
        now = self._clock()
        expires_at = now + self._visitor_life
        subject = secrets.token_urlsafe(18)
        claims: dict[str, Any] = {
            "iss": _VISITOR_AUDIENCE,
            "aud": _VISITOR_AUDIENCE,
            "sub": subject,
            "jti": secrets.token_urlsafe(9),
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        token = jwt.encode(claims, self._derived("visitor-key"), algorithm="HS256")
        return Identity(
            subject, False, expires_at, token=_VISITOR_PREFIX + token, token_id=claims["jti"], issued_at=now
        )

    def sender(self, identity: Identity, channel: str) -> str:
        """Opaque id under which the assistant knows this person on this channel."""
        kind = "patient" if identity.authenticated else "visitor"
        return f"{channel}-{self._digest('sender', kind, channel, identity.subject)}"

    def conversation(self, sender: str) -> str:
        """Public id of the sender's conversation; it cannot be turned back."""
        return f"c-{self._digest('conversation', sender)}"

    def _derived(self, purpose: str) -> bytes:
        return hmac.new(self._secret, purpose.encode(), hashlib.sha256).digest()

    def _digest(self, *parts: str) -> str:
        return hmac.new(self._secret, "\x00".join(parts).encode(), hashlib.sha256).hexdigest()[:40]

    def _visitor(self, token: str, bearer: str) -> Identity:
        key = self._derived("visitor-key")
        claims = self._decode(token, key, "HS256", _VISITOR_AUDIENCE, _VISITOR_AUDIENCE)
        return Identity(
            claims["sub"],
            False,
            _moment(claims["exp"]),
            token=bearer,
            token_id=claims["jti"],
            issued_at=_moment(claims["iat"]),
        )

    async def _patient(self, token: str) -> Identity:
        if self._portal is None or self._keys is None:
            raise IdentityError("token_invalid")
        key = await self._keys.key(_key_id(token))
        if key is None:
            raise IdentityError("token_invalid")
        # The algorithm is that of the key, never the one the token names.
        portal = self._portal
        claims = self._decode(token, key.key, key.algorithm_name, portal.audience, portal.issuer)
        if claims["exp"] - claims["iat"] > _MAX_LIFE.total_seconds():
            raise IdentityError("token_invalid")
        level = claims.get("level")
        return Identity(
            subject=claims["sub"],
            authenticated=True,
            expires_at=_moment(claims["exp"]),
            level=level if level in LEVELS else None,
            token=token,
            token_id=claims["jti"],
            issued_at=_moment(claims["iat"]),
        )

    def _decode(self, token: str, key: Any, algorithm: str, audience: str, issuer: str) -> dict[str, Any]:
        options = {"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
        try:
            claims: dict[str, Any] = jwt.decode(
                token, key, algorithms=[algorithm], audience=audience, issuer=issuer, options=options
            )
        except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
            raise IdentityError("token_invalid") from error
        self._check_content(claims, audience)
        return claims

    def _check_content(self, claims: Mapping[str, Any], audience: str) -> None:
        """Types, and times against our own clock (PyJWT has only the machine's)."""
        times = [claims["exp"], claims["iat"], claims.get("nbf", claims["iat"])]
        if any(isinstance(value, bool) or not isinstance(value, int | float) for value in times):
            raise IdentityError("token_invalid")
        names = [claims["sub"], claims["jti"]]
        if any(not isinstance(name, str) or not 0 < len(name) <= 200 for name in names):
            raise IdentityError("token_invalid")
        if claims["aud"] != audience:  # one audience only: a token for several is good at none
            raise IdentityError("token_invalid")
        now = self._clock().timestamp()
        leeway = _LEEWAY.total_seconds()
        if not all(abs(value) < 2**40 for value in times) or max(times[1:]) > now + leeway:
            raise IdentityError("token_invalid")
        if claims["exp"] <= now - leeway:
            raise IdentityError("token_expired")


def _key_id(token: str) -> str:
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise IdentityError("token_invalid") from error
    kid = header.get("kid")
    if header.get("alg") not in ALGORITHMS or not isinstance(kid, str) or not 0 < len(kid) <= 200:
        raise IdentityError("token_invalid")
    return kid


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
