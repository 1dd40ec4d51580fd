"""A patient's permission for a linked chat: thirty days, from which the portal makes short-lived chat tokens.

What it gives is never more than a plain log-in: results and prescriptions still ask for a fresh proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.portal.errors import PortalUnavailable, RequestProblem
from bot.portal.transport import Call, Wire

_PATH = "/oauth/grants"
_OVER = "INVALID_GRANT"


@dataclass(frozen=True, slots=True)
class ChatToken:
    """As the portal hands it to the widget."""

    value: str = field(repr=False)
    level: str
    expires_at: datetime


class ChatGrants:
    """`/oauth/grants`. Every method raises PortalError when the portal gives no usable answer."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def begin(self, chat_token: str) -> str | None:
        """A grant of the token's patient; None when the token is no longer good."""
        answer = await self._post("", {"subject_token": chat_token})
        if answer is None:
            return None
        return _text(answer, "grant")

    async def refresh(self, grant: str) -> ChatToken | None:
        """A fresh chat token, None when the grant is over: ended by the patient, or too old."""
        answer = await self._post("/refresh", {"grant": grant})
        if answer is None:
            return None
        seconds = answer.get("expires_in")
        if not isinstance(seconds, int | float):
            raise PortalUnavailable("malformed grant answer")
        until = self._wire.clock.now() + timedelta(seconds=float(seconds))
        return ChatToken(_text(answer, "token"), _text(answer, "level"), until)

    async def end(self, grant: str) -> None:
        """The chat was unlinked."""
        await self._post("/end", {"grant": grant})

    async def _post(self, path: str, form: Mapping[str, str]) -> Mapping[str, object] | None:
        try:
            return (await self._wire.send(Call("POST", _PATH + path, form=form), guarded=False)).body or {}
        except PortalUnavailable as error:
            error.maybe_committed = False  # a grant or token issued and lost changes nothing for the patient
            raise
        except RequestProblem as problem:
            if problem.code != _OVER:
                raise
            return None


def _text(answer: Mapping[str, object], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise PortalUnavailable("malformed grant answer")
    return value
