"""A journal of writes: what was begun at the portal and how it ended, kept by whoever runs the assistant.

Contents never get into it: no body, no description, no name. A write that cannot be noted is not made.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.portal.answers import Answer
from bot.portal.errors import PortalError, PortalProblem, PortalUnavailable

_log = logging.getLogger(__name__)
_LONGEST_ID = 64

DONE, REFUSED, UNKNOWN, UNAVAILABLE = "done", "refused", "unknown", "unavailable"
"""How a write ends. One that was begun and has no end was cut off: its outcome is unknown too."""


class Journal(Protocol):
    """Both raise anything when nothing could be noted."""

    async def begun(self, what: str, key: str | None) -> str:
        """Notes a write (`POST /v1/holds`) under its idempotency key; answers with the note's id."""
        ...

    async def ended(self, note: str, outcome: str, detail: str = "") -> None:
        """Notes its outcome; `detail` is a code of a refusal or the id of what was made."""
        ...


async def noted(
    journal: Journal, what: str, key: str | None, work: Callable[[], Awaitable[Answer]]
) -> Answer:
    """Does a write between two notes. Raises what `work` raises, and PortalUnavailable without a journal."""
    try:
        note = await journal.begun(what, key)
    except Exception as error:
        _log.error("a write was not made: it cannot be noted (%s)", type(error).__name__)
        raise PortalUnavailable("no journal") from error
    try:
        answer = await work()
    except PortalProblem as error:
        await _end(journal, note, REFUSED, error.code)
        raise
    except PortalUnavailable as error:
        await _end(journal, note, UNKNOWN if error.maybe_committed else UNAVAILABLE)
        raise
    except PortalError:
        await _end(journal, note, UNKNOWN)
        raise
    await _end(journal, note, DONE, _made(answer))
    return answer


async def _end(journal: Journal, note: str, outcome: str, detail: str = "") -> None:
    """The write is made: a journal that fails now must not make it look as if it were not."""
    try:
        await journal.ended(note, outcome, detail)
    except Exception as error:
        _log.error("the outcome of a write cannot be noted: %s (%s)", outcome, type(error).__name__)


def _made(answer: Answer) -> str:
    made = answer.body.get("id") if isinstance(answer.body, dict) else None
    return str(made)[:_LONGEST_ID] if isinstance(made, str) else ""
