"""Routes for patients' files (docs/chat-api.yaml, tag files)."""

from __future__ import annotations

import logging
import re
import secrets
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.channels import texts, web_requests
from bot.channels.files.desk import FileDesk, Given
from bot.channels.files.kinds import MAX_BYTES, MEDIA_TYPES, FileRefusedError, display_name
from bot.channels.guard import guarded
from bot.channels.problems import ApiProblem
from bot.channels.web_base import NO_STORE, WebBase

_log = logging.getLogger(__name__)
_BATCH = re.compile(r"[A-Za-z0-9-]{1,64}")
_STATUS = {
    "too_large": 413, "login": 403, "level": 403, "too_fast": 429, "scanner_down": 503, "portal_down": 503,
    "no_room": 409, "too_slow": 408,
}  # fmt: skip
_UNSUPPORTED = frozenset({"type", "phone_photo", "film", "document"})
_AGAIN_SECONDS = 30


class FileRoutes(WebBase):
    """Places left, and upload."""

    @guarded
    async def places(self, request: Request, conversation: str) -> HTTPResponse:
        """How many more files the account takes, and which."""
        visitor, identity = await self._who(request, conversation)
        await self._sessions.keep(visitor, identity)
        answer: dict[str, Any] = {
            "allowed": False,
            "max_size": MAX_BYTES,
            "media_types": sorted(MEDIA_TYPES.values()),
        }
        if visitor.uploads:
            try:
                room = await self._file_desk().room(visitor)
            except Exception as error:
                _log.warning("places for files are not known")
                raise ApiProblem(503, "unavailable", retry_after=_AGAIN_SECONDS) from error
            answer |= {"allowed": room.code is None, "used": room.used, "max": room.most}
        return json(answer, headers=NO_STORE)

    @guarded
    async def upload(self, request: Request, conversation: str) -> HTTPResponse:
        """Take one file, streamed; a refusal names the reason, and the conversation says it too."""
        visitor, identity = await self._who(request, conversation)
        given = Given(
            client_message_id=web_requests.client_id(request.args.get("client_message_id")),
            name=str(request.args.get("name") or ""),
            batch=_batch(request.args.get("batch")),
            declared=web_requests.number(str(request.headers.get("content-length", "")), None),
        )
        await self._sessions.keep(visitor, identity)
        try:
            receipt = await self._file_desk().receive(visitor, given, request.stream)
        except FileRefusedError as refusal:
            raise _problem(refusal.code, given.name) from refusal
        return json({"seq": receipt.seq, "duplicate": not receipt.new}, 202, headers=NO_STORE)

    def _file_desk(self) -> FileDesk:
        if self._files is None:
            raise ApiProblem(404, "not_found")
        return self._files


def _batch(value: str | None) -> str:
    if value is not None and not _BATCH.fullmatch(value):
        raise ApiProblem(422, "unknown_field")
    return value or secrets.token_hex(8)


def _problem(reason: str, name: str) -> ApiProblem:
    status = _STATUS.get(reason, 415 if reason in _UNSUPPORTED else 422)
    again = _AGAIN_SECONDS if status in {429, 503} else None
    detail = texts.file(reason, name=display_name(name))
    return ApiProblem(status, "file_refused", retry_after=again, reason=reason, detail=detail)
