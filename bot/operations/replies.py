"""What kind of reply was said, read from its name; for counters and for the report of a day."""

from __future__ import annotations

from dataclasses import dataclass

_REFUSED = "refused"
KINDS = {
    "utter_not_understood": "not_understood",
    "utter_not_understood_person": "not_understood",
    "utter_question_not_understood": "not_understood",
    "utter_gibberish": "not_understood",
    "utter_which_did_you_mean": "asked_back",
    "utter_did_you_mean": "asked_back",
    "utter_human": "person",
    "utter_internal_error": "failed",
    "utter_portal_down": "portal_down",
    "utter_portal_down_now": "portal_down",
}
"""Names of replies that are something else than `said` or `refused`."""
OF_THE_HOUSE = {"apology": "failed", "interrupted": "failed"}
"""What the front desk says itself (bot/channels/texts.yml) when a turn failed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`name`: said, refused, or one of KINDS; `rule` that refused (`R42`), else empty."""

    name: str
    rule: str = ""


def kind_of(response: str) -> Kind:
    """Of a reply's name; a refusal (`utter_..._refused_R42`) has its rule, or the topic that refused."""
    name = response.partition("/")[0]
    head, refused, rule = name.partition(_REFUSED)
    if refused and not head.startswith("utter_why"):
        return Kind("refused", rule.strip("_") or head.removeprefix("utter").strip("_") or "other")
    return Kind(KINDS.get(name) or OF_THE_HOUSE.get(name, "said"))
