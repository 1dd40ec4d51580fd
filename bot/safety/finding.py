"""What the detector can find."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RedFlag(StrEnum):
    """Classes of danger (R110): signs of the body, crisis of the mind, violence."""

    CHEST_PAIN = "chest_pain"
    STROKE = "stroke"
    BREATHING = "breathing"
    ANAPHYLAXIS = "anaphylaxis"
    UNCONSCIOUS = "unconscious"
    BLEEDING = "bleeding"
    PREGNANCY = "pregnancy"
    CHILD = "child"
    POISONING = "poisoning"
    SEPSIS = "sepsis"
    INJURY = "injury"
    SUDDEN = "sudden"
    CRISIS_ADULT = "crisis_adult"
    CRISIS_CHILD = "crisis_child"
    CRISIS_OTHER = "crisis_other"
    VIOLENCE = "violence"


@dataclass(frozen=True, slots=True)
class Finding:
    """A class, the rule that fired, and the part of the text it rests on (offsets into the text)."""

    cls: RedFlag
    rule: str
    span: tuple[int, int]
