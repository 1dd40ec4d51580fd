"""Reading the portal's HTTP answers: JSON objects, problems, and everything that is neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from bot.portal.errors import PortalError, PortalProblem, PortalUnavailable, Remedy, problem_class

#: Whoever answers so has not touched the request.
_NOT_STARTED = frozenset({"MAINTENANCE"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A usable answer. ``body`` is empty for 204 and 304."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def json_object(response: httpx.Response) -> Mapping[str, Any] | None:
    """The body when it is a JSON object, else None."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def server_time(body: Mapping[str, Any] | None) -> datetime | None:
    """``server_time`` of an answer, aware; None when missing or unreadable."""
    text = body.get("server_time") if body else None
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def read(
    response: httpx.Response, body: Mapping[str, Any] | None, *, writes: bool, retry_after: float | None
) -> Answer | PortalError:
    """The answer, or the error it stands for. ``writes``: the request may have changed something.

    ``body`` is ``json_object(response)``.
    """
    if response.status_code in (204, 304):
        return Answer(response.status_code, {}, response.headers)
    if response.status_code >= 500:
        return _unavailable(response.status_code, body, writes, retry_after)
    if response.is_success:
        if body is None or _is_problem(response):
            return PortalUnavailable("malformed answer", maybe_committed=writes)
        return Answer(response.status_code, body, response.headers)
    return _problem(response.status_code, body, retry_after)


def _is_problem(response: httpx.Response) -> bool:
    content_type: str = response.headers.get("content-type", "")
    return content_type.startswith("application/problem+json")


def _unavailable(
    status: int, body: Mapping[str, Any] | None, writes: bool, retry_after: float | None
) -> PortalUnavailable:
    code = _text(body, "code") or None
    return PortalUnavailable(
        f"{status} {code or ''}".strip(),
        maybe_committed=writes and code not in _NOT_STARTED,
        code=code,
        retry_after=retry_after,
        remedies=_remedies(body),
    )


def _problem(status: int, body: Mapping[str, Any] | None, retry_after: float | None) -> PortalError:
    code = _text(body, "code")
    if not code and status == 401:
        code = "TOKEN_EXPIRED"  # a gateway in front of the portal speaks no problem+json
    if not code and status == 429:
        code = "RATE_LIMITED"
    if not code:
        return PortalUnavailable(f"{status} without a code")
    params = body.get("params") if body else None
    return problem_class(status)(
        code,
        status,
        _text(body, "detail_pl"),
        params if isinstance(params, Mapping) else None,
        _remedies(body),
        retry_after,
    )


def _text(body: Mapping[str, Any] | None, name: str) -> str:
    value = body.get(name) if body else None
    return value if isinstance(value, str) else ""


def _remedies(body: Mapping[str, Any] | None) -> tuple[Remedy, ...]:
    raw = body.get("remedies") if body else None
    if not isinstance(raw, list):
        return ()
    return tuple(
        Remedy(
            _text(item, "rel"),
            _text(item, "label_pl"),
            _text(item, "href") or None,
            _text(item, "tel") or None,
        )
        for item in raw
        if isinstance(item, Mapping) and _text(item, "label_pl")
    )


def outcome_unknown(error: PortalError) -> bool:
    """Whether a write that ended so may have been carried out.

    409 with ``Retry-After`` is the portal still working on the same key.
    """
    if isinstance(error, PortalUnavailable):
        return error.maybe_committed
    return isinstance(error, PortalProblem) and error.status == 409 and error.retry_after is not None
