"""Logs as JSON lines without personal data, from the standard library's loggers and from structlog alike.

What patients write is never logged on purpose. What gets into a line by accident (a library's message)
passes `redact`: PESEL and other long numbers, phones, e-mails, tokens. What an exception says is left out
unless it is about the machine.
Fields that structlog's callers add are dropped, except for those known to be harmless.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Collection, MutableMapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

import structlog

TRACE: ContextVar[str] = ContextVar("trace", default="")
"""Id of what is being done; the same in every line of one turn."""
_SHORTEST = 6
"""Letters of a value that is looked for: a shorter one would be in many words."""
HARMLESS = frozenset({"event", "action_name", "len_extraction_events", "parse_data_intent"})
_MACHINE = frozenset({"redis", "httpx", "httpcore", "sqlite3", "ssl", "asyncio"})
_LEFT_OUT = "[its text is left out]"
_PATTERNS = (
    (re.compile(r"(?<=://)[^\s/@]{1,512}@"), "[secret]@"),
    (re.compile(r"\bbot\d{4,20}:[\w-]{20,80}"), "[token]"),
    (re.compile(r"\beyJ[\w-]{5,}\.[\w-]+\.?[\w-]*"), "[token]"),
    (re.compile(r"(?i)\bbearer\s+\S+"), "[token]"),
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"), "[e-mail]"),
    (re.compile(r"(?<![\w.-])\d{11}(?![\w-])"), "[pesel]"),
    (re.compile(r"(?<![\w.-])(?:\+?48[ -]?)?\d{3}[ -]?\d{3}[ -]?\d{3}(?![\w-])"), "[phone]"),
    (re.compile(r"(?<![\w.-])\d(?:[ -]?\d){9,27}(?![\w-])"), "[number]"),
)


def _of_the_machine(kind: type[BaseException] | None) -> bool:
    """Whether an exception speaks of connections and files."""
    return kind is not None and (issubclass(kind, OSError) or kind.__module__.partition(".")[0] in _MACHINE)


def redact(text: str) -> str:
    """The text without what could name or reach a person."""
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


class JsonFormatter(logging.Formatter):
    """One JSON object a line, redacted as a whole, tracebacks included.

    `secrets`: values of this installation that no line may show, whatever they look like.
    """

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__()
        self._secrets = sorted((value for value in secrets if len(value) >= _SHORTEST), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Time (UTC), level, logger, trace, message, and the traceback if there is one."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._clean(record.getMessage()),
        }
        if trace := TRACE.get():
            line["trace"] = trace
        if record.exc_info:
            line["error"] = self._clean(self._without_texts(record.exc_info))
        return json.dumps(line, ensure_ascii=False)

    @staticmethod
    def _without_texts(info: Any) -> str:
        """The traceback; what an exception says only where it is about the machine.

        Any other may quote what a patient wrote (a KeyError does), and no pattern finds symptoms.
        """
        waiting = [traceback.TracebackException(*info)]
        first = waiting[0]
        while waiting:
            one = waiting.pop()
            if not _of_the_machine(one.exc_type):
                one._str = _LEFT_OUT  # type: ignore[attr-defined]
            waiting += [other for other in (one.__cause__, one.__context__) if other is not None]
            waiting += one.exceptions or []
        return "".join(first.format()).rstrip()

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return redact(text)


def configure(level: int = logging.INFO, stream: TextIO | None = None, secrets: Collection[str] = ()) -> None:
    """One handler on the root for everybody (standard error); structlog's lines go the same way."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("rasa", "sanic.access", "httpx", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _only_harmless],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _only_harmless(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> str:
    return " ".join(f"{name}={fields[name]}" for name in sorted(HARMLESS & set(fields)))
