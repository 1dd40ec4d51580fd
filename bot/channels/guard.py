"""Every failure of a request becomes a problem document."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from sanic.response import HTTPResponse

from bot.channels.admission import TooManyMessagesError
from bot.channels.identity import IdentityError, IdentityUnavailableError
from bot.channels.problems import ApiProblem
from bot.storage.protocols import StorageError

_log = logging.getLogger(__name__)
_RETRY_SECONDS = 5

Handler = Callable[..., Awaitable[HTTPResponse | None]]


def guarded(handler: Handler) -> Handler:
    """Turns every failure of a handler into a problem document."""

    @wraps(handler)
    async def run(*args: Any, **named: Any) -> HTTPResponse | None:
        try:
            return await handler(*args, **named)
        except ApiProblem as problem:
            return problem.response()
        except IdentityError as error:
            return ApiProblem(401, error.code).response()
        except IdentityUnavailableError:
            return ApiProblem(503, "identity_unavailable", retry_after=_RETRY_SECONDS).response()
        except TooManyMessagesError as error:
            return too_many("too_many_messages", error).response()
        except StorageError:
            _log.exception("storage failed")
            return ApiProblem(503, "unavailable", retry_after=_RETRY_SECONDS).response()
        except Exception:
            _log.exception("request failed")
            return ApiProblem(500, "failed").response()

    return run


def too_many(code: str, error: TooManyMessagesError) -> ApiProblem:
    """429 that says when the same request succeeds."""
    return ApiProblem(429, code, retry_after=max(1, math.ceil(error.wait.total_seconds())))
