"""Which function answers which operation of the document, and the scope it needs."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.context import Handler


@dataclass(frozen=True, slots=True)
class Registered:
    handler: Handler
    scope: str | None


HANDLERS: dict[str, Registered] = {}


def operation(operation_id: str, scope: str) -> Callable[[Handler], Handler]:
    """Register a patient's operation."""

    def register(handler: Handler) -> Handler:
        HANDLERS[operation_id] = Registered(handler, scope)
        return handler

    return register


def handler_of(operation_id: str) -> Registered:
    """KeyError names an operation the document has and the sandbox does not."""
    return HANDLERS[operation_id]
