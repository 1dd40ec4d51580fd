"""Errors of the Chat API: problem+json (RFC 9457) with a stable `code` and a Polish `detail`."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from sanic.response import HTTPResponse, json

from bot.channels import texts

_TOKEN_CODES = frozenset({"token_missing", "token_invalid", "token_expired", "token_revoked"})


class ApiProblem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """Ends a request with an error; `values` fill in the text, `detail` replaces it."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        retry_after: int | None = None,
        reason: str | None = None,
        detail: str | None = None,
        **values: object,
    ) -> None:
        super().__init__(code)
        self.reason = reason
        self.detail = detail
        self.status = status
        self.code = code
        self.retry_after = retry_after
        self.values = values

    def response(self) -> HTTPResponse:
        """The problem document; `retry_after` in seconds."""
        document: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail or texts.problem(self.code, **self.values),
        }
        if self.reason is not None:
            document["reason"] = self.reason
        headers = {"cache-control": "no-store"}
        if self.retry_after is not None:
            document["retry_after"] = self.retry_after
            headers["retry-after"] = str(self.retry_after)
        if self.code in _TOKEN_CODES:
            headers["www-authenticate"] = 'Bearer error="invalid_token"'
        return json(document, self.status, headers=headers, content_type="application/problem+json")
