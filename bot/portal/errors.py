"""What can go wrong: the portal said no (``PortalProblem``) or did not say (``PortalUnavailable``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Remedy:
    """A way out offered by the portal; shown as it is, never invented."""

    rel: str
    label_pl: str
    href: str | None = None
    tel: str | None = None


class PortalError(Exception):
    """Base of everything the portal client raises."""


class PortalUnavailable(PortalError):  # noqa: N818 - a state of the portal, named so in the contract
    """No usable answer: 503, connection, time-out or malformed JSON. Never the same as an empty list.

    ``maybe_committed``: a write may have been carried out; repeat it with the same key, or read the
    state, before telling the patient anything.
    """

    def __init__(
        self,
        reason: str,
        *,
        maybe_committed: bool = False,
        code: str | None = None,
        retry_after: float | None = None,
        remedies: tuple[Remedy, ...] = (),
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.maybe_committed = maybe_committed
        self.code = code
        self.retry_after = retry_after
        self.remedies = remedies


class PortalProblem(PortalError):  # noqa: N818 - RFC 9457 calls it a problem
    """The portal refused, with a code of the contract. ``retry_after`` is in seconds."""

    def __init__(
        self,
        code: str,
        status: int,
        detail_pl: str = "",
        params: Mapping[str, Any] | None = None,
        remedies: tuple[Remedy, ...] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{status} {code}")
        self.code = code
        self.status = status
        self.detail_pl = detail_pl
        self.params: Mapping[str, Any] = dict(params or {})
        self.remedies = remedies
        self.retry_after = retry_after


class AuthProblem(PortalProblem):
    """401: the session is over (``TOKEN_EXPIRED``) or the portal wants more proof (``STEP_UP_REQUIRED``)."""

    @property
    def step_up(self) -> bool:
        return self.code == "STEP_UP_REQUIRED"


class RuleProblem(PortalProblem):
    """403, 413, 415, 422: a rule of the portal forbids it."""


class NotFoundProblem(PortalProblem):
    """404: no such object for this patient (theirs or not, the answer is the same)."""


class ConflictProblem(PortalProblem):
    """409: somebody was faster, or it collides with another visit."""


class GoneProblem(PortalProblem):
    """410: the hold or the pre-reservation has expired."""


class RateLimitedProblem(PortalProblem):
    """429, after the one automatic retry."""


class RequestProblem(PortalProblem):
    """Any other 4xx: our request was wrong."""


_BY_STATUS: dict[int, type[PortalProblem]] = {
    401: AuthProblem,
    403: RuleProblem,
    404: NotFoundProblem,
    409: ConflictProblem,
    410: GoneProblem,
    413: RuleProblem,
    415: RuleProblem,
    422: RuleProblem,
    429: RateLimitedProblem,
}


def problem_class(status: int) -> type[PortalProblem]:
    """The group of problems an HTTP status belongs to."""
    return _BY_STATUS.get(status, RequestProblem)
