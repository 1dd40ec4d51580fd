"""What kind of reply was said, for the operators: refusals by rule, questions back, wishes for a person."""

from __future__ import annotations

from bot.channels.messages import Outgoing
from bot.operations.metrics import METRICS
from bot.operations.replies import kind_of


def count_reply(message: Outgoing) -> None:
    """By the name of its reply; a refusal by its rule too."""
    kind = kind_of(str(message.meta.get("response") or ""))
    if kind.rule:
        METRICS.refusals.labels(kind.rule).inc()
    METRICS.replies.labels(kind.name).inc()
