"""Tokens of the sandbox portal: ES256 chat tokens for the widget, access tokens for the assistant."""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from bot.sandbox.problems import Problem

ISSUER = "sandbox-portal"
CHAT_AUDIENCE = "assistant"
ACCESS_AUDIENCE = "booking"
CHAT_LIFETIME = timedelta(minutes=15)
ACCESS_LIFETIME = timedelta(minutes=10)
GRANT_LIFETIME = timedelta(days=30)
_LEEWAY = timedelta(seconds=5)
_REQUIRED = ["iss", "aud", "sub", "jti", "iat", "exp"]
SCOPES = (
    "profile:read", "slots:read", "reservations:read", "reservations:write", "care:read", "care:write",
    "attachments:read", "attachments:write", "feedback:write",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Access:
    """What a checked access token says."""

    account: str
    scopes: frozenset[str]
    stepped_up: bool


@dataclass
class Signer:
    """One key, made at start and never written anywhere."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    _issued: int = 0

    @property
    def kid(self) -> str:
        numbers = self.key.public_key().public_numbers()
        return hashlib.sha256(f"{numbers.x}:{numbers.y}".encode()).hexdigest()[:16]

    def jwks(self) -> list[dict[str, str]]:
        """Public keys, as of RFC 7517."""
        numbers = self.key.public_key().public_numbers()
        return [
            {
                "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": self.kid,
                "x": _coordinate(numbers.x), "y": _coordinate(numbers.y),
            }
        ]  # fmt: skip

    def chat_token(
        self,
        account: str,
        level: str,
        now: datetime,
        *,
        stepped_up: bool = False,
        lifetime: timedelta = CHAT_LIFETIME,
    ) -> str:
        """What the portal hands to the widget; `level` is for display only, the portal's record decides."""
        claims: dict[str, Any] = {"level": level}
        if stepped_up:
            claims["acr"] = "step-up"
        return self._sign(account, CHAT_AUDIENCE, now, lifetime, claims)

    def access_token(self, chat_token: str, scopes: frozenset[str], now: datetime) -> str:
        """Access token on behalf of the chat token's patient; Problem INVALID_GRANT."""
        claims = self._chat_claims(chat_token, now)
        extra = {"scope": " ".join(sorted(scopes)), "act": {"sub": "assistant"}}
        if claims.get("acr") == "step-up":
            extra["acr"] = "step-up"
        return self._sign(claims["sub"], ACCESS_AUDIENCE, now, ACCESS_LIFETIME, extra)

    def patient(self, chat_token: str, now: datetime) -> str:
        """Account of a chat token; Problem INVALID_GRANT."""
        return str(self._chat_claims(chat_token, now)["sub"])

    def _chat_claims(self, chat_token: str, now: datetime) -> dict[str, Any]:
        try:
            return self._read(chat_token, CHAT_AUDIENCE, now)
        except (jwt.InvalidTokenError, _ExpiredError) as error:
            raise Problem("INVALID_GRANT") from error

    def access(self, token: str, now: datetime) -> Access:
        """Problem TOKEN_EXPIRED or TOKEN_INVALID."""
        try:
            claims = self._read(token, ACCESS_AUDIENCE, now)
        except _ExpiredError as error:
            raise Problem("TOKEN_EXPIRED") from error
        except jwt.InvalidTokenError as error:
            raise Problem("TOKEN_INVALID") from error
        return Access(claims["sub"], frozenset(claims["scope"].split()), claims.get("acr") == "step-up")

    def _sign(
        self, account: str, audience: str, now: datetime, lifetime: timedelta, extra: dict[str, Any]
    ) -> str:
        self._issued += 1
        issued_at = int(now.timestamp())
        claims = {
            "iss": ISSUER, "aud": audience, "sub": account, "jti": f"{self.kid}-{self._issued}",
            "iat": issued_at, "exp": issued_at + int(lifetime.total_seconds()), **extra,
        }  # fmt: skip
        return str(jwt.encode(claims, self.key, algorithm="ES256", headers={"kid": self.kid}))

    def _read(self, token: str, audience: str, now: datetime) -> dict[str, Any]:
        # PyJWT knows only the machine's clock; times are checked here against the sandbox's.
        claims: dict[str, Any] = jwt.decode(
            token, self.key.public_key(), algorithms=["ES256"], audience=audience, issuer=ISSUER,
            options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False},
        )  # fmt: skip
        if claims["exp"] <= now.timestamp():
            raise _ExpiredError
        if claims["iat"] > (now + _LEEWAY).timestamp():
            raise jwt.ImmatureSignatureError
        return claims


class _ExpiredError(Exception):
    """The token was good once."""


def _coordinate(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()
