"""What kind of reply was said, for the operators: refusals by rule, questions back, wishes for a person."""

from __future__ import annotations

from bot.channels.messages import Outgoing
from bot.operations.metrics import METRICS

_REFUSED = "refused"
_KINDS = {
    "utter_not_understood": "not_understood",
    "utter_not_understood_person": "not_understood",
    "utter_gibberish": "not_understood",
    "utter_which_did_you_mean": "asked_back",
    "utter_did_you_mean": "asked_back",
    "utter_human": "person",
    "utter_internal_error": "failed",
}


def count_reply(message: Outgoing) -> None:
    """By the name of its reply; a refusal (`utter_..._refused_R42`) by its rule too."""
    response = str(message.meta.get("response") or "").partition("/")[0]
    kind = _KINDS.get(response, "said")
    head, refused, rule = response.partition(_REFUSED)
    if refused and not head.startswith("utter_why"):
        kind = "refused"
        METRICS.refusals.labels(rule.strip("_") or head.removeprefix("utter").strip("_") or "other").inc()
    METRICS.replies.labels(kind).inc()
